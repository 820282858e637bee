"""The call: its published rules, its calendar, its ranking and its envelope.

rules.py    what an edition publishes      ranking.py    from scores to a ranking, every point explained
awarding.py   decisions about ranking, award list, release, reserve
correcting.py decisions about corrections of a published call, extensions of its deadline among them
calendar.py   what decisions ask of the calendar
events.py  commands.py  aggregate.py  decisions.py  as everywhere in the domain
"""
