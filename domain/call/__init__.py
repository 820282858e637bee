"""The call: its published rules, its calendar, its ranking and its envelope.

rules.py        what an edition publishes
calendar.py     what decisions ask of the calendar
decisions.py    published, its windows opened and closed, settled
correcting.py   corrections of what is published, extensions of the deadline among them
answering.py    questions about it, answered for all
cancelling.py   ended by two persons before the outcomes
ranking.py      from scores to a ranking, every point explained
establishing.py the ranking of a line, and anew where an application drops out
awarding.py     award list, release, reserve
events.py  commands.py  aggregate.py   as everywhere in the domain
"""
