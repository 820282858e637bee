"""What auditors do with a fund.

differing.py   what changed between two moments, thing by thing, with the events
"""
