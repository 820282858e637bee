"""What happens by itself: Temporal workflows that wait for the calendar and for people, and act by commands only.

process.py     what every workflow is made of: its chapters, waiting, acting, hearing of events, going on in a new run
call.py award.py coaching.py application.py grant.py   the five processes, each readable as its story
reconciliation.py   looks over a live fund from time to time
reactions.py   which event starts or tells which workflow          endings.py     which event ends one
ports.py       what workflows need from the fund, and what histories hold
activities.py  one activity, one command                           options.py     time limits and retries

Recorded histories are replayed for ever: names in them (workflows, chapters, signals, queries, activities) stay, and
messages only gain fields with a default. Other deeds or waits than before stand behind `workflow.patched("<what>")`,
beside those of before, for good.
"""
