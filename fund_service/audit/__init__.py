"""An auditor's questions about a call, answered from log and screens as of one position.

reading.py     the events of a call, read from the log
exceptions.py  what is worth a look, with names and sentences
samples.py     samples by a stated method and a published seed
treatment.py   the equal-treatment ledger
totals.py      control totals of log, ledger and screens
events.py      events by their positions, in words
"""
