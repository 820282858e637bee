"""The working paper: what an auditor notes and finds about something in a call, what the office answers, what follows.

It touches nothing of the call: no decision of the fund looks at it.

events.py  commands.py  aggregate.py  decisions.py   as everywhere in the domain
"""
