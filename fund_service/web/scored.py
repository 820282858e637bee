"""The boxes in which somebody gives points for criteria and says why, and what is wrong there."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from domain.call.rules import CallRules, Criterion
from domain.errors import RuleViolated
from domain.rulebook.ours.evaluating import justification_is_given
from fund_service.web.heard import Heard
from fund_service.web.judged import POINTS
from fund_service.web.typed import Pairs
from fund_service.web.wishes import Wish

SCALE: Final = frozenset(str(points) for points in POINTS)


class Part(NamedTuple):
    """One criterion of a form: what stands in its boxes, what it still needs, what is wrong beside which box."""

    criterion: Criterion
    name: str
    points: str
    why: str
    needs: str
    wrong_points: str
    wrong_why: str

    @property
    def state(self) -> str:
        """How far it is: none, part or done."""
        if not self.needs:
            return "done"
        return "part" if self.points or self.why.strip() else "none"


def parts_of(rules: CallRules, criteria: Iterable[Criterion], wish: Wish, heard: Heard) -> Iterator[Part]:
    """Yield the parts of a form for these criteria. What is missing is wrong once somebody has sent it so."""
    sent = heard.error is not None and not wish.restored
    for criterion in criteria:
        name = f"scores.{criterion.id}"
        points, why = wish.value(f"{name}.points"), wish.value(f"{name}.justification")
        no_points = "" if points in SCALE else "No points yet."
        too_short = _too_short(why, rules.evaluation.justification_length, criterion)
        yield Part(
            criterion=criterion,
            name=name,
            points=points,
            why=why,
            needs=no_points or too_short,
            wrong_points=no_points if sent else "",
            wrong_why=heard.mistakes.get(f"{name}.justification", too_short if sent else ""),
        )


def given_in(fields: Pairs) -> int:
    """Return for how many criteria points stand in a form."""
    return sum(name.endswith(".points") and value in SCALE for name, value in fields)


def _too_short(why: str, least: int, criterion: Criterion) -> str:
    """Return what the rule says of a justification; nothing where it is long enough (D01)."""
    try:
        justification_is_given(why, least, criterion.name)
    except RuleViolated as short:
        return short.detail
    return ""
