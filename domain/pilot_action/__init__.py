"""The pilot action and the versions of its application.

case.py       what every decision looks at      drafting.py    proposed, and drafted section by section
submitting.py versions, confirmations, submission, withdrawal      checking.py   after closing
events.py  commands.py  aggregate.py  as everywhere in the domain
"""
