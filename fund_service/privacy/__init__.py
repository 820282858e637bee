"""What is known of a person: told to them whole, and erased for good.

personal.py   which of the directory's tables hold something of a person, and what of it may be shown
exporting.py  everything about a person as one document
erasing.py    carries out what was decided: the key is destroyed, the directory's rows go
"""
