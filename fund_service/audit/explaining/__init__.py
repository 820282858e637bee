"""Why something is as it is: a tree of statements, each computed anew from the log and compared with what was recorded.

statements.py  what an explanation is made of
readers.py     who is told: what of a thing, which events, by which names
record.py      the events of some things up to a position, as they are cited, and the world as it was then
sums.py        each sum of a grant and of a support line, down to the events that moved it
ranking.py     each place in a ranking, down to scores, weights, thresholds, tie-break and envelope
outcome.py     what became of one application, step by step
refusals.py    why a request was refused: the rule, what was asked, the state that it met
supposing.py   a ranking as it would be with another envelope, committee or weight; nothing is recorded
"""
