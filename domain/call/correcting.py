"""What the fund decides about a change of a published call: proposed with reasons, confirmed by a second person (D21).

An extension of the deadline is a correction that moves only the deadline and the words about it (D07).
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from domain.account.deputies import two_persons_decide
from domain.call.aggregate import CALL, Call, Window, published
from domain.call.commands import ConfirmCorrection, ProposeCorrection
from domain.call.events import CallCorrected, CorrectedPoint, CorrectionProposed
from domain.call.rules import CallRules
from domain.errors import Refused, WrongStage
from domain.messages import Change, Decision, World
from domain.rulebook.ours.applying import deadline_is_extended_before_it
from domain.rulebook.ours.publishing import (
    corrected_dates_move_later,
    correction_changes_something,
    correction_gives_its_reason,
    material_correction_extends_the_deadline,
    what_is_fixed_stays,
)

FIXED = ("edition", "zone", "request_seconds", "coaching")
"""What no correction changes; nor does it add or drop a support line."""

NOT_MATERIAL = ("title", "summary", "deadline_wording", "notes", "calendar", "holidays")
"""Texts and dates: a change in them does not touch what an applicant applied for; a change of anything else does."""


def propose_correction(command: ProposeCorrection, world: World) -> Decision:
    """Propose other rules for a published call; nobody outside is told before a second person confirms (D21)."""
    call = world.get(CALL, command.call_id)
    rules = published(call)
    correction_gives_its_reason(command.reason)
    points = tuple(corrected_points(rules, command.rules))
    _may_be_corrected(call, command.rules, points, command.at)
    event = CorrectionProposed(
        **command.stamp(),
        correction=call.corrections + 1,
        reason=command.reason.strip(),
        points=points,
        rules=command.rules,
    )
    return [Change(command.call_id, event)]


def confirm_correction(command: ConfirmCorrection, world: World) -> Decision:
    """Confirm a correction as a second person: its rules are in force and all are told at this instant (D07, D21)."""
    call = world.get(CALL, command.call_id)
    proposed = call.correction
    if proposed is None or proposed.correction != command.correction:
        raise WrongStage(
            f"No correction {command.correction} waits for a second person.", "Read the one proposed last."
        )
    two_persons_decide(proposed.by, command, world)
    _may_be_corrected(call, proposed.rules, proposed.points, command.at)
    event = CallCorrected(
        **command.stamp(),
        correction=proposed.correction,
        proposed_by=proposed.by,
        reason=proposed.reason,
        points=proposed.points,
        material=is_material(proposed.points),
        rules=proposed.rules,
    )
    return [Change(command.call_id, event)]


class JudgedPoint(NamedTuple):
    """A point that differs: whether a change of it is material, and why it may not be changed so now, or None."""

    point: CorrectedPoint
    material: bool
    refused: Refused | None


def judged_points(call: Call, corrected: CallRules, at: datetime) -> Iterator[JudgedPoint]:
    """Yield every point that other rules would change, judged by itself. Raises WrongStage for a cancelled call."""
    for one in corrected_points(published(call), corrected):
        try:
            _point_may_change(call, corrected, one.point, at)
        except Refused as refused:
            yield JudgedPoint(one, is_material((one,)), refused)
        else:
            yield JudgedPoint(one, is_material((one,)), None)


def _may_be_corrected(call: Call, corrected: CallRules, points: tuple[CorrectedPoint, ...], at: datetime) -> None:
    if call.settled:
        raise WrongStage("The call is settled.")
    correction_changes_something(len(points))
    what_is_fixed_stays([one.point for one in points if _is_fixed(one.point)])
    for one in points:
        _point_may_change(call, corrected, one.point, at)


def _point_may_change(call: Call, corrected: CallRules, point: str, at: datetime) -> None:
    before, after = published(call).calendar, corrected.calendar
    what_is_fixed_stays([point] if _is_fixed(point) else [])
    if _is_material(point):
        material_correction_extends_the_deadline(before.applications_close, after.applications_close)
    if point == "calendar.applications_close":
        deadline_is_extended_before_it(at, before.applications_close)
        if call.applications is Window.CLOSED:
            raise WrongStage("The window for applications is closed.")
    part, _, step = point.partition(".")
    if part == "calendar":
        corrected_dates_move_later(step, getattr(before, step), getattr(after, step), at)


def _is_fixed(point: str) -> bool:
    steps = point.split(".")
    return steps[0] in FIXED or (steps[0] == "lines" and steps[-1] == "id")


def is_material(points: tuple[CorrectedPoint, ...]) -> bool:
    """Return whether a change touches what applicants applied for, so that they confirm their submission anew (D21)."""
    return any(_is_material(one.point) for one in points)


def _is_material(point: str) -> bool:
    return point.split(".")[0] not in NOT_MATERIAL


def corrected_points(old: CallRules, new: CallRules) -> Iterator[CorrectedPoint]:
    """Yield every point of the rules that differs, with its old and new value."""
    before, after = dict(_points("", old.model_dump(mode="json"))), dict(_points("", new.model_dump(mode="json")))
    for point in dict.fromkeys((*before, *after)):
        if before.get(point) != after.get(point):
            yield CorrectedPoint(point=point, old=before.get(point, ""), new=after.get(point, ""))


def _points(path: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from _points(f"{path}.{name}" if path else name, inner)
        case [{"id": _}, *_]:
            for inner in value:
                yield from _points(f"{path}.{inner['id']}", inner)
        case str():
            yield path, value
        case _:
            yield path, json.dumps(value)
