"""The grant: an offer of support in kind, its acceptance, and the ledger of what the fund orders and delivers."""
