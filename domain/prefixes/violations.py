"""What is found in a log: a rule that does not hold, in one sentence, at one place."""

from typing import Final, NamedTuple
from uuid import UUID

LOG: Final = "log"
"""Stands for a rule where the log itself is not as the fund writes it: a gap, a text that its key does not open."""

FOLLOWS: Final = "follows"
"""Stands for a rule where what was recorded is not what follows from the request under the rules."""

PERMISSION: Final = "permission"
"""Stands for a rule where whoever did it had no role for it at that moment."""


class Violation(NamedTuple):
    """What does not hold at a prefix of the log: `rule` is the id of a rule, `stage`, or one of the words above.

    `detail` is one sentence; `position` and `stream` say which event is the first that is wrong.
    """

    rule: str
    detail: str
    position: int
    stream: UUID
