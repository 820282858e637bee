"""The evaluation of one application: evaluators, declarations, scores. Its id follows from the pilot action's.

decisions.py    who may judge, what a score needs, who is reminded and who is late
committee.py    who leaves half-way, who is replaced, when fewer evaluators must do
conflicts.py    conflicts of interest, declared or alleged
consensus.py    what the evaluators agree on where their scores lie too far apart
proposing.py    who could take the free seats
completion.py   when an evaluation is complete, and what opens it again
"""
