"""A calibration example: score it yourself, then see what an invented panel gave. Nothing of it is recorded."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from domain.call.aggregate import CALL, announced
from domain.call.rules import CallRules, Criterion
from domain.errors import NotFound
from fund_service.api.asking import Asking, Open
from fund_service.editions.calibrating import Example, calibration_example
from fund_service.web.judged import POINTS, WORKLIST, Given
from fund_service.web.lists import Listed
from fund_service.web.pages import Pages
from fund_service.web.scored import SCALE

CALIBRATION: Final = "/me/evaluations/example"
_WHO: Final = ("Panel, first", "Panel, second", "Panel, third")


class ShownCriterion(NamedTuple):
    """A criterion with the points of who looks, as they stand in the address, and what the panel gave."""

    criterion: Criterion
    own: str
    given: tuple[Given, ...]
    note: str


def example_of(asking: Asking) -> tuple[CallRules, Example] | None:
    """Return the rules of the newest call whose edition has an example, with the example."""
    for call in reversed(asking.calls):
        state, found = asking.world.find(CALL, call.id), calibration_example(call.edition)
        if state is not None and found is not None:
            return announced(state), found
    return None


def calibration_page(pages: Pages) -> None:
    """Enter the page; what one chooses stands in its address alone."""

    @pages.page(CALIBRATION, "calibration.html", Open.SIGNED_IN)
    def example(asking: Asking, wanted: Listed) -> Mapping[str, Any]:
        found = example_of(asking)
        if found is None:
            raise NotFound("There is no calibration example for this edition.", "Go on to your evaluations.")
        rules, example = found
        criteria = tuple(_shown(rules, example, wanted.query))
        complete = all(one.own for one in criteria)
        shown = {"example": example, "criteria": criteria, "meanings": POINTS, "worklist": WORKLIST}
        return {**shown, "complete": complete, "begun": any(one.own for one in criteria)}


def _shown(rules: CallRules, example: Example, chosen: Mapping[str, str]) -> Iterator[ShownCriterion]:
    for criterion in (one for one in rules.criteria if one.id in example.panel):
        own, panel = chosen.get(criterion.id, ""), example.panel[criterion.id]
        points = [one.points for one in panel]
        given = tuple(
            Given(who, one.points, one.why, points[:at].count(one.points))
            for at, (who, one) in enumerate(zip(_WHO, panel, strict=True))
        )
        yield ShownCriterion(criterion, own if own in SCALE else "", given, example.notes.get(criterion.id, ""))
