"""The fund as it was: the log up to a moment of the past, and all that follows from it, read as one reads today's.

moments.py   which moment somebody means: a position of the log, or an instant; and what held at another one
past_log.py  the log with nothing beyond the moment
screens.py   screens as of a moment, followed further when a question touches them
kept.py      the file in which they stand as of every position; versions.py, its tables
keeper.py    takes them on in the background, so that whoever looks back finds them there
past_clock.py what the fund's clock showed then
"""
