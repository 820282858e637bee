"""What auditors ask and prove: of a call, of the whole log, and of a copy of either that they took away.

offline/        everything that verifies: the standard library alone, and handed out as one file with each bundle
witness_log.py  the tree over every record and the checkpoints that were signed; tiles.py, records.py, belonging.py
checkpoints.py  how the log is named and signed; signing.py, keeper.py when
exporting.py    the bundle of a call; derived.py what follows from its records, readme.py, one_file.py
proving.py      a bundle verified with the fund's own code; live.py the log of an open fund
receipts.py     receipts proven to whoever has them

reading.py      the events of a call, read from the log
exceptions.py   what is worth a look, with names and sentences
samples.py      samples by a stated method and a published seed
dossier.py      all about each item of a sample as one ZIP
papers.py       working papers with what people wrote in them
treatment.py    the equal-treatment ledger
totals.py       control totals of log, ledger and screens
events.py       events by their positions, in words
tables/         everything as tables: CSV, a workbook, Parquet, DuckDB with ready questions

replaying.py    the log read again in an empty place, and compared with what is live
compared.py     the rows of two databases, compared as they stream by
spilled.py      the states of a long log, most of them on the disk
differing.py    what changed between two moments
explaining/     figures and decisions down to the events that they rest on, computed anew from the log
"""
