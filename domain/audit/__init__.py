"""What an auditor asks of a call, as pure functions over its events: nothing here accuses, it says what to look at.

history.py     the events of a call up to a position, and what each stream is about
findings.py    what a question finds, and what a question is
people.py      who did what: one person in two stages, a role changed before a deed, a role that nobody used
decisions.py   how it was decided: overrides, missing reasons, divergence without a consensus
times.py       when: late acts, moved deadlines, clocks that went back
orders.py      orders just under a limit, or split below it
exceptions.py  all questions in one table, in the order in which they are asked
outcomes.py    what became of each application
populations.py what a sample can be drawn from
sampling.py    samples by a stated method and a published seed
treatment.py   the equal-treatment ledger: what each applicant was given and waited for
totals.py      the sums of a call as its events alone tell them
"""
