"""The account: a subject, whom it acts for, and its roles; no personal data (design decision 11).

decisions.py    opened, roles granted and taken away, marked as a shared mailbox
deputies.py     who holds the role of an office for dates
succession.py   who follows the only officer of a city or region that left
erasing.py      personal data that go, or are held back
events.py  commands.py  aggregate.py   as everywhere in the domain
"""
