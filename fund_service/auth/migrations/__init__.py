"""How an older directory becomes today's, by Alembic: one file in versions/ for each step.

A new step is written by hand: the tables in `directory.py` are changed, the step beside it, and `NEWEST` names it; a
test shows that the steps lead to the tables.
"""

from typing import Final

NEWEST: Final = "0011"
"""The last step, so that a directory which has it is opened without loading Alembic."""
