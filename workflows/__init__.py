"""What happens by itself: Temporal workflows that wait for the calendar and for people, and act by commands only.

process.py     what every workflow is made of: waiting, acting, hearing of events
call.py coaching.py application.py grant.py   the four processes, each readable as its story
reactions.py   which event starts or tells which workflow          activities.py  one activity, one command
ports.py       what workflows need from the fund                   options.py     time limits and retries
"""
