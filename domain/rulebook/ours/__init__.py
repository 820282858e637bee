"""D rules: our defaults, configurable and labelled so; the notes give the values of the shipped 2026 edition.

    publishing.py   D21 D28: how what is published is corrected, and what in it is an example
    coaching.py     D24: an offer, the same for all
    applying.py     D07–D10 D19 D26 D27: deadline, submitted version, one place, partners, form
    attaching.py    D30: files that are attached
    evaluating.py   D01 D02 D06 D25: scores, committee, declarations, dates
    awarding.py     D03 D04 D11 D17 D23: order, envelope, offers, release, outcomes
    resources.py    D12–D14 D20 D38: orders, offers, deliveries and changes within the commitment
    afterwards.py   D15 D16: appeals and records
    people.py       D05 D18 D22 D31–D33: who may act
    auditing.py     D34–D37: what an auditor finds, its answer, its follow-up

Every check raises RuleViolated with its rule unless the rule holds.
"""
