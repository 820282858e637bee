"""Places and partnerships from a file: every row is tried first, and nothing is asked when one is bad.

csv_file.py        from a CSV file to its rows, or what is wrong with it
plan.py            what would be asked of the fund, row by row; tried in one supposed world, then carried out
organisations.py   rows that register, and admit, cities and regions
partnerships.py    rows that pair them
"""
