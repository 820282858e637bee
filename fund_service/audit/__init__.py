"""What auditors do with a fund.

replaying.py   the log read again in an empty place, and compared with what is live
compared.py    the rows of two databases, compared as they stream by
spilled.py     the states of a long log, most of them on the disk
"""
