"""The partnership: its members, its roadmap and its coaching.

standing.py     what makes it one that can act
decisions.py    formed, its members confirm, its roadmap is agreed
coaching.py     an offer with the same minimum for all who ask
merging.py      a member leaves, several become one
events.py  commands.py  aggregate.py   as everywhere in the domain
"""
