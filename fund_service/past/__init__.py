"""The fund as it was: the log up to a moment of the past, and all that follows from it, read as one reads today's.

moments.py   which moment somebody means: a position of the log, or an instant; and what held at another one
past_log.py  the log with nothing beyond the moment
screens.py   screens as of a moment, each made when a question touches it, and kept for the next one
past_clock.py what the fund's clock showed then
"""
