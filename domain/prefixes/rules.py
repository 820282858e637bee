"""How each rule is looked for in a log: by decisions made again, by what follows from them, or not, and why not."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from domain.rulebook import RULES
from domain.rulebook.applied import LATER, commands_by_rule

LAWS: Final = frozenset({"S01", "D04", "D06", "D12"})
"""What holds of every state besides, by whatever decisions it came about (laws.py)."""

COMPARED: Final[Mapping[str, str]] = {
    "S04": "the ranking is computed again",
    "D03": "the ranking is computed again, with its tie-break",
    "E13": "the ranking is computed again, thresholds first",
    "E11": "each outcome follows from the ranking, and is compared",
    "D23": "each outcome after closing follows from the check, and is compared",
    "E23": "the end of every period is reckoned again",
    "E20": "the end of every period is reckoned again, in the zone of the call",
    "S22": "as D09",
    "E08": "as D06",
    "E05": "as S02",
}
"""Rules without a check of their own: what they lead to is decided again, and compared with what was recorded."""

_BEFOREHAND: Final = "it stands in the rules that the call was published with, and refuses nothing afterwards"
_READING: Final = "it is about what people see, and what is read is no event"
_NOBODY: Final = "it refuses nothing"
_ANSWERS: Final = "it is asked in the form, and people judge the answer"

NOT_SHOWN: Final[Mapping[str, str]] = {
    **dict.fromkeys(("S14", "S33", "E19", "E21", "D28", "S38"), _BEFOREHAND),
    **dict.fromkeys(("E18", "D27", "E01"), _READING),
    **dict.fromkeys(("S03", "S06", "S25", "S32", "S35", "S46", "E04"), _NOBODY),
    **dict.fromkeys(("S26", "S27", "S28", "S40", "E02"), _ANSWERS),
    "E22": "the log itself is how it is kept",
}
"""Rules that no recorded fact can break, with the reason."""


class Shown(NamedTuple):
    """How a rule is looked for: `made again` in these requests, `compared`, or `not shown`; `why` says more."""

    rule: str
    how: Literal["made again", "compared", "not shown"]
    why: str
    requests: tuple[str, ...] = ()


def shown(rule: str) -> Shown:
    """Return how a rule of the rulebook is looked for."""
    requests = commands_by_rule().get(rule, ())
    if requests:
        law = ", and of every state besides" if rule in LAWS else ""
        return Shown(rule, "made again", f"its check is made again{law}", requests)
    if rule in COMPARED:
        return Shown(rule, "compared", COMPARED[rule])
    return Shown(rule, "not shown", NOT_SHOWN[rule] if rule in NOT_SHOWN else LATER[rule])


def every_rule() -> tuple[Shown, ...]:
    """Return how each rule is looked for, in the rulebook's order."""
    return tuple(shown(rule.id) for rule in RULES)
