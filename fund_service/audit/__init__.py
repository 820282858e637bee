"""What auditors do with a fund.

explaining/    figures and decisions told down to the events that they rest on, computed anew from the log
"""
