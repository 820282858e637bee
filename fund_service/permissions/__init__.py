"""Who may do and see what; what stands in neither table is denied.

relations.py   how somebody must stand to what is named, before a role counts
deeds.py       command → roles and relation
views.py       what can be read → roles and relation
actors.py      who asks: a subject, in all of its roles or in one
inviting.py    who may let the holder of an account in
checking.py    the question itself: may this actor ask for it, may it see it
reading_log.py who may read which event of the log, in the feed and in timelines
redaction.py   what of a row, or of an event, is told to whom
table.py       both tables as rows, for `fund permissions`
"""
