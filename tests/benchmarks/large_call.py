"""A call with as many applications as are wanted.

Two apply through the fund's own door: one submits, the other is ready to. What was recorded of the first is recorded
again for every other applicant under names and ids of its own, many in one transaction, or it would take an hour.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from domain.call.commands import CloseApplicationWindow, OpenApplicationWindow
from domain.evaluation.commands import AssignEvaluator
from domain.messages import Change, Event
from domain.people import ENGINE
from domain.pilot_action.commands import CheckEligibility
from domain.pilot_action.events import DraftSectionSaved
from domain.values import ProtectedText
from fund_service.composition import Parts
from tests.benchmarks.commands import record
from tests.fund_service.small_fund import (
    CALENDAR,
    CALL_ID,
    EVALUATORS,
    OFFICE,
    Applicant,
    SmallFund,
    action_of,
    id_of,
    officers,
    partnership_of,
)

JUDGED_BY_ONE: Final = 8
"""An evaluator has so many applications."""
_AT_ONCE: Final = 100
_SOUNDS: Final = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "ro", "su", "ta", "ve", "zi")


class LargeCall(SmallFund):
    """The small fund with many applicants, of whom the last has not submitted yet."""

    def __init__(self, parts: Parts, number: int, saves: int = 1) -> None:
        """Let so many apply, who save each section so often."""
        super().__init__(parts.fund)
        self._parts = parts
        self._saves = saves
        self.first, *self.others, self.last = [_applicant(at) for at in range(number)]

    def open(self) -> None:
        """Tell the story until the window is open and all have applied but the last."""
        self.found()
        for one in (self.first, self.last):
            self.pair(one)
        self.at = CALENDAR.applications_open
        self.act(OpenApplicationWindow, ENGINE, call_id=CALL_ID)
        self.draft(self.last)
        self.apply(self.first)
        history = (Change(id, one.event) for id in _ids(self.first) for one in self._parts.log.history(id))
        told = [again for one in history for again in [one] * self._times(one.event)]
        for at in range(0, len(self.others), _AT_ONCE):
            some = self.others[at : at + _AT_ONCE]
            record(self._parts, [change for other in some for change in _retold(told, self.first, other)])
        self._reach()

    def _times(self, event: Event) -> int:
        return self._saves if isinstance(event, DraftSectionSaved) else 1

    def close(self) -> None:
        """Close the window, and give one evaluator what one can judge."""
        self.at = CALENDAR.applications_close
        self.act(CloseApplicationWindow, ENGINE, call_id=CALL_ID)
        self.at = CALENDAR.eligibility_checked
        for one in self.others[:JUDGED_BY_ONE]:
            self.act(CheckEligibility, ENGINE, pilot_action_id=action_of(one))
            self.act(AssignEvaluator, OFFICE, pilot_action_id=action_of(one), evaluator=id_of(EVALUATORS[0]))
        self._reach()

    def _reach(self) -> None:
        self._parts.facts.put("clock", self.at.isoformat())
        self._parts.projector.catch_up()


class LongCall(LargeCall):
    """A call of many events, whose screens of today nobody follows: they are not looked at."""

    def _reach(self) -> None:
        self._parts.facts.put("clock", self.at.isoformat())


def _applicant(at: int) -> Applicant:
    return Applicant(
        f"{_name(at)} {at}", f"{_name(at * 7 + 3)} abroad {at}", "Asia", f"Cooler {_name(at)}", 900_000, {}
    )


def _name(at: int) -> str:
    return "".join((_SOUNDS[at % 13], _SOUNDS[at // 13 % 13], _SOUNDS[at // 169 % 13])).capitalize()


def _ids(one: Applicant) -> list[UUID]:
    """Return the streams of an applicant: members, officers, partnership, pilot action."""
    return [id_of(one.city), id_of(one.partner), *officers(one), partnership_of(one), action_of(one)]


def _retold(told: list[Change], first: Applicant, other: Applicant) -> Iterator[Change]:
    """Yield what was recorded of one applicant as if it were of another."""
    ids = dict(zip(_ids(first), _ids(other), strict=True))
    names = {first.city: other.city, first.partner: other.partner, first.title: other.title}
    pattern = re.compile("|".join(map(re.escape, names)))

    def again(value: Any) -> Any:
        match value:
            case UUID():
                return ids.get(value, value)
            case str() if type(value) is str:
                return pattern.sub(lambda found: names[found[0]], value)
            case ProtectedText():
                return ProtectedText(again(value.subject), again(value.text))
            case BaseModel():
                return value.model_copy(update={name: again(getattr(value, name)) for name in type(value).model_fields})
            case tuple() | frozenset():
                return type(value)(map(again, value))
            case Mapping():
                return {again(name): again(inside) for name, inside in value.items()}
            case _:
                return value

    for stream, event in told:
        yield Change(ids[stream], again(event))
