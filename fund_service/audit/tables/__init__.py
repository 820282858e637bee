"""Everything as tables, for whoever analyses it elsewhere: the log, the read models, and what auditors ask of a call.

tables.py          which tables there are, made anew from the log with no key at hand
events.py          every event of the log as a row
of_call.py         the caps of a call, its scores, control totals, exceptions and equal treatment as rows
files.py           the tables as files: CSV, a workbook, Parquet, DuckDB
duck.py            DuckDB, an optional extra, kept from network, extensions and home
asking.py          the ready questions of a file that DuckDB reads
ready_questions.sql  the questions
"""
