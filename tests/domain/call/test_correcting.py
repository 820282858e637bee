"""A published call changes only by a correction of two persons; an extension of the deadline is one (D07, D21)."""

from datetime import datetime
from typing import Any

import pytest

from domain.call.aggregate import CALL, published
from domain.call.commands import CloseApplicationWindow, ConfirmCorrection, ProposeCorrection
from domain.call.correcting import judged_points
from domain.call.events import CallCorrected, CallSettled, CorrectedPoint, CorrectionProposed
from domain.call.rules import CallRules
from domain.errors import NotFound
from tests.given import (
    BEFORE_CLOSING,
    CALENDAR,
    CALL_ID,
    CLOSES,
    DAY,
    EXTENDED,
    HOUR,
    LATER,
    OPENS,
    RULES,
    SAM,
    SUE,
    TICK,
    ask,
    corrected,
    fact,
    given,
    until,
)

OPENED = until("opened")
PROPOSED = OPENED.after(ask(ProposeCorrection))
REASON = "The service was away."
EXTENSION = (
    CorrectedPoint(point="deadline_wording", old=RULES.deadline_wording, new=EXTENDED.deadline_wording),
    CorrectedPoint(point="calendar.applications_close", old="2026-03-20T16:00:00Z", new="2026-03-20T17:00:00Z"),
)


def moved(**points: datetime) -> CallRules:
    """The rules in force with some steps at other instants."""
    return RULES.model_copy(update={"calendar": CALENDAR.model_copy(update=points)})


def with_weights(first: int, second: int, rules: CallRules = EXTENDED) -> CallRules:
    """Rules with other weights of the first two criteria."""
    one, two, *others = rules.criteria
    changed = (one.model_copy(update={"weight": first}), two.model_copy(update={"weight": second}), *others)
    return rules.model_copy(update={"criteria": changed})


# --- proposed by one, confirmed by another


def test_an_extension_is_proposed_with_its_reason_and_what_it_changes() -> None:
    OPENED.when(ask(ProposeCorrection, reason=f" {REASON}\n")).then(
        fact(CorrectionProposed, correction=1, reason=REASON, points=EXTENSION, rules=EXTENDED)
    )


def test_a_second_person_confirms_it_and_all_are_told_in_one_event() -> None:
    told = {"correction": 1, "proposed_by": SUE, "reason": REASON, "points": EXTENSION, "material": False}
    PROPOSED.when(ask(ConfirmCorrection)).then(fact(CallCorrected, **told, rules=EXTENDED))


def test_the_rules_in_force_are_the_published_ones_until_the_confirmation() -> None:
    assert published(PROPOSED.get(CALL, CALL_ID)) == RULES
    assert published(PROPOSED.after(ask(ConfirmCorrection)).get(CALL, CALL_ID)) == EXTENDED


def test_who_proposed_a_correction_does_not_confirm_it() -> None:
    PROPOSED.when(ask(ConfirmCorrection, by=SUE)).refused("D18", "a second person must confirm")
    assert PROPOSED.when(ask(ConfirmCorrection, by=SAM)).code is None


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_correction_gives_its_reason(reason: str) -> None:
    OPENED.when(ask(ProposeCorrection, reason=reason)).refused("D21", "gives no reason")


def test_only_the_correction_that_waits_is_confirmed_and_once() -> None:
    OPENED.when(ask(ConfirmCorrection)).refused("stage", "No correction 1 waits")
    PROPOSED.after(ask(ConfirmCorrection)).when(ask(ConfirmCorrection)).refused("stage", "No correction 1 waits")


def test_a_later_proposal_takes_the_place_of_the_one_before() -> None:
    second = PROPOSED.after(ask(ProposeCorrection, rules=corrected(title="Another title")))
    second.when(ask(ConfirmCorrection)).refused("stage", "No correction 1 waits")
    assert second.when(ask(ConfirmCorrection, correction=2)).code is None


def test_a_call_that_was_never_published_is_not_corrected() -> None:
    given().when(ask(ProposeCorrection)).raises(NotFound)
    given().when(ask(ConfirmCorrection)).raises(NotFound)


def test_a_settled_call_is_not_corrected() -> None:
    settled = OPENED.after(fact(CallSettled, on=CALL_ID, envelope_cents=0, spent_cents=0))
    settled.when(ask(ProposeCorrection)).refused("stage", "is settled")


# --- before the deadline in force


@pytest.mark.parametrize(("at", "code"), [(BEFORE_CLOSING, None), (CLOSES, "D07"), (CLOSES + TICK, "D07")])
def test_a_deadline_is_extended_only_before_it(at: datetime, code: str | None) -> None:
    assert OPENED.when(ask(ProposeCorrection, at=at)).code == code
    assert PROPOSED.when(ask(ConfirmCorrection, at=at)).code == code


@pytest.mark.parametrize(("at", "code"), [(CLOSES, None), (LATER - TICK, None), (LATER, "D07")])
def test_an_extended_deadline_is_extended_again_only_before_the_extended_one(at: datetime, code: str | None) -> None:
    again = EXTENDED.with_deadline(LATER + HOUR, "20 March 2026, 19:00 Brussels time.")
    extended = PROPOSED.after(ask(ConfirmCorrection))
    assert extended.when(ask(ProposeCorrection, rules=again, at=at)).code == code


def test_once_the_closing_is_recorded_not_even_an_earlier_request_extends_the_deadline() -> None:
    closed = PROPOSED.after(ask(CloseApplicationWindow))
    closed.when(ask(ConfirmCorrection)).refused("stage", "window for applications is closed")


# --- what may change, and when

APPROVAL = CALENDAR.approval_due


@pytest.mark.parametrize(
    ("rules", "at", "code"),
    [
        (RULES, OPENS, "D21"),
        (corrected(title="Another title"), OPENS, None),
        (RULES.model_copy(update={"title": "Another title"}), CLOSES + DAY, None),
        (RULES.model_copy(update={"notes": ("One note.",)}), CLOSES + DAY, None),
        (RULES.model_copy(update={"holidays": ()}), CLOSES + DAY, None),
        (RULES.model_copy(update={"zone": "Europe/Paris"}), OPENS, "D21"),
        (RULES.model_copy(update={"request_seconds": 90}), OPENS, "D21"),
        (moved(applications_close=CLOSES - TICK), OPENS, "D21"),
        (moved(approval_due=APPROVAL + HOUR), APPROVAL - TICK, None),
        (moved(approval_due=APPROVAL + HOUR), APPROVAL, "D21"),
        (moved(approval_due=APPROVAL - TICK), OPENS, "D21"),
        (with_weights(30, 20), BEFORE_CLOSING, None),
        (with_weights(30, 20, RULES), BEFORE_CLOSING, "D21"),
        (with_weights(30, 20, RULES), CLOSES, "D21"),
        (with_weights(30, 20), CLOSES, "D07"),
    ],
    ids=[
        "nothing",
        "a text with the deadline",
        "a text",
        "the notes",
        "the holidays",
        "the zone",
        "the time limit of requests",
        "an earlier deadline",
        "a later step in the last instant before it",
        "a step that is over",
        "an earlier step",
        "weights with a longer deadline",
        "weights without",
        "weights after the deadline",
        "weights with a deadline that passed",
    ],
)
def test_a_correction_changes_what_it_may_and_when_it_may(rules: CallRules, at: datetime, code: str | None) -> None:
    assert OPENED.when(ask(ProposeCorrection, rules=rules, at=at)).code == code


def test_a_correction_adds_no_line_of_support() -> None:
    lines = (*RULES.lines, RULES.lines[0].model_copy(update={"id": "visits"}))
    OPENED.when(ask(ProposeCorrection, rules=corrected(lines=lines))).refused("D21", "lines.visits.id")


@pytest.mark.parametrize(
    ("fields", "material"),
    [
        ({"summary": "Another summary."}, False),
        ({"holidays": ()}, False),
        ({"declarations": RULES.declarations[1:]}, True),
        ({"lines": (RULES.lines[0].model_copy(update={"envelope_cents": 9_000_000}),)}, True),
        ({"form": RULES.form[:-1]}, True),
    ],
    ids=["a text", "holidays", "declarations", "the envelope", "the form"],
)
def test_a_correction_of_what_applicants_apply_for_is_material(fields: dict[str, Any], material: bool) -> None:
    story = OPENED.after(ask(ProposeCorrection, rules=corrected(**fields)))
    (confirmed,) = story.when(ask(ConfirmCorrection)).changes
    assert confirmed.event.material is material
    assert story.after(ask(ConfirmCorrection)).get(CALL, CALL_ID).material == int(material)


def test_a_later_text_does_not_hide_that_a_correction_was_material() -> None:
    material = corrected(declarations=RULES.declarations[1:])
    texts = material.model_copy(update={"title": "Another title"})
    story = OPENED.after(
        ask(ProposeCorrection, rules=material),
        ask(ConfirmCorrection),
        ask(ProposeCorrection, rules=texts),
        ask(ConfirmCorrection, correction=2),
    )
    assert story.get(CALL, CALL_ID).material == 1


def test_every_point_is_told_with_its_old_and_its_new_value() -> None:
    lines = (RULES.lines[0].model_copy(update={"envelope_cents": 9_000_000}),)
    (proposed,) = OPENED.when(ask(ProposeCorrection, rules=corrected(lines=lines))).changes
    assert proposed.event.points[1:-1] == (
        CorrectedPoint(point="lines.pilot_action.envelope_cents", old="8000000", new="9000000"),
    )


def test_each_point_of_other_rules_is_judged_by_itself() -> None:
    rules = with_weights(30, 20, moved(approval_due=APPROVAL - TICK)).model_copy(update={"zone": "Europe/Paris"})
    rules = rules.model_copy(update={"title": "Another title"})
    judged = {one.point.point: one for one in judged_points(OPENED.get(CALL, CALL_ID), rules, OPENS)}
    refused = {point: one.refused.code for point, one in judged.items() if one.refused is not None}
    first, second = (f"criteria.{one.id}.weight" for one in RULES.criteria[:2])
    assert refused == {"zone": "D21", "calendar.approval_due": "D21", first: "D21", second: "D21"}
    assert {point for point, one in judged.items() if one.material} == {"zone", first, second}
    assert judged["title"].refused is None
    assert "earlier" in str(judged["calendar.approval_due"].refused)
