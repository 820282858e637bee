"""The grant: an offer of support in kind, its acceptance, and the ledger of what the fund orders and delivers.

decisions.py    offered, accepted, declined, lapsed
ordering.py     ordered within the commitment, cancelled
comparing.py    offers that were compared before an order
delivering.py   delivered, invoiced, acknowledged, certified, reversed
proving.py      documents: evidence of an order, and what goes with the report
closing.py      the final report, and what is left
events.py  commands.py  aggregate.py   as everywhere in the domain
"""
