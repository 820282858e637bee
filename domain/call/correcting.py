"""What the fund decides about a change of a published call: proposed with reasons, confirmed by a second person (D21).

An extension of the deadline is a correction that moves only the deadline and the words about it (D07).
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from domain.call.aggregate import CALL, Call, Window, published
from domain.call.commands import ConfirmCorrection, ProposeCorrection
from domain.call.events import CallCorrected, CorrectedPoint, CorrectionProposed
from domain.call.rules import CallRules
from domain.errors import WrongStage
from domain.messages import Change, Decision, World
from domain.rulebook.ours.applying import deadline_is_extended_before_it
from domain.rulebook.ours.people import a_second_person_confirms
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
    a_second_person_confirms(proposed.by, command.by)
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


def _may_be_corrected(call: Call, corrected: CallRules, points: tuple[CorrectedPoint, ...], at: datetime) -> None:
    if call.settled:
        raise WrongStage("The call is settled.")
    rules = published(call)
    closes, extended = rules.calendar.applications_close, corrected.calendar.applications_close
    correction_changes_something(len(points))
    what_is_fixed_stays([one.point for one in points if _is_fixed(one.point)])
    if is_material(points):
        material_correction_extends_the_deadline(closes, extended)
    if extended != closes:
        deadline_is_extended_before_it(at, closes)
        if call.applications is Window.CLOSED:
            raise WrongStage("The window for applications is closed.")
    dates = zip(rules.calendar.points(), corrected.calendar.points(), strict=True)
    for (step, old), (_, new) in dates:
        corrected_dates_move_later(step, old, new, at)


def _is_fixed(point: str) -> bool:
    steps = point.split(".")
    return steps[0] in FIXED or (steps[0] == "lines" and steps[-1] == "id")


def is_material(points: tuple[CorrectedPoint, ...]) -> bool:
    """Return whether a change touches what applicants applied for, so that they confirm their submission anew (D21)."""
    return any(one.point.split(".")[0] not in NOT_MATERIAL for one in points)


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
