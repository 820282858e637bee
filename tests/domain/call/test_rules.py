"""What a call may be published with, and what it says of its own dates."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.call.events import CallCorrected, CallPublished, CorrectionProposed
from domain.call.rules import CallRules
from domain.messages import Event
from domain.people import Blindness
from domain.rulebook.programme import CAP_CENTS
from fund_service.editions.loader import edition

SHIPPED = edition("iurc-2026")


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    """The shipped rules with one value changed."""
    rules: Any = SHIPPED.model_dump(mode="json")
    place = rules
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return dict(rules)


def test_rules_come_back_from_json_as_they_were() -> None:
    assert CallRules.model_validate_json(SHIPPED.model_dump_json()) == SHIPPED


def test_no_applicant_sees_an_evaluator_where_the_rules_say_nothing_of_it() -> None:
    rules = changed("title", to="Ours")
    del rules["evaluation"]["blindness"]
    assert CallRules.model_validate(rules).evaluation.blindness is Blindness.EVALUATORS_HIDDEN


def test_a_cap_at_the_programmes_cap_is_published() -> None:
    assert CallRules.model_validate(changed("lines", 0, "cap_cents", to=CAP_CENTS)).lines[0].cap_cents == CAP_CENTS


wrong = pytest.mark.parametrize(
    ("rules", "says"),
    [
        (changed("lines", 0, "cap_cents", to=CAP_CENTS + 1), r"the cap is €10,000\.01, above .* €10,000\.00 \(S01\)"),
        (changed("criteria", 0, "weight", to=24), "add up to 99; they must add up to 100"),
        (changed("criteria", 1, "id", to="relevance"), "criteria named twice: relevance"),
        (changed("tie_break", "criteria", to=["beauty"]), "names 'beauty', which is not a criterion"),
        (changed("calendar", "scores_due", to="2026-03-27T17:00:01+01:00"), "consensus_due .* comes before scores_due"),
        (changed("acceptance", "reminder_days_before", to=15), "the reminder lies before the offer"),
        (changed("form", 5, "questions", 0, "kind", to="text"), "resources in kind not exactly once"),
        (changed("zone", to="Europe/Atlantis"), "there is no time zone 'Europe/Atlantis'"),
        (changed("coaching", "places", to={"AA": 40}), "no places are given for LAC"),
    ],
    ids=["cap", "weights", "twice", "tie-break", "order", "reminder", "resources", "zone", "strand"],
)
"""Rules that are not in order, and what is said of them."""


@wrong
def test_rules_that_cannot_be_right_are_not_published(rules: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        CallRules.model_validate(rules)


@wrong
def test_rules_that_were_recorded_are_read_whatever_the_checks_of_today_say(rules: dict[str, Any], says: str) -> None:
    recorded = CallRules.model_validate(rules, context={"protector": None})
    assert recorded.model_dump(mode="json", exclude={"calendar"}) == {
        name: value for name, value in rules.items() if name != "calendar"
    }


def test_two_steps_of_the_calendar_may_fall_on_one_instant() -> None:
    due = "2026-03-27T17:00:00+01:00"
    assert CallRules.model_validate(changed("calendar", "scores_due", to=due)).calendar.scores_due.isoformat() == (
        "2026-03-27T16:00:00+00:00"
    )


def test_the_window_is_closed_when_the_last_request_in_time_is_answered() -> None:
    assert SHIPPED.window_closed_at - SHIPPED.calendar.applications_close == timedelta(seconds=60)


@pytest.mark.parametrize(
    ("released", "months", "expires"),
    [
        ("2026-03-31T12:00:00+02:00", 6, datetime(2026, 9, 30, 10, tzinfo=UTC)),
        ("2026-03-31T12:00:00+02:00", 8, datetime(2026, 11, 30, 11, tzinfo=UTC)),
        ("2026-08-31T12:00:00+02:00", 6, datetime(2027, 2, 28, 11, tzinfo=UTC)),
        ("2026-06-15T12:00:00+02:00", 6, datetime(2026, 12, 15, 11, tzinfo=UTC)),
    ],
    ids=["a shorter month", "into winter time", "over the year", "December"],
)
def test_the_reserve_ends_whole_months_after_the_release_at_the_same_time_in_brussels(
    released: str, months: int, expires: datetime
) -> None:
    rules = CallRules.model_validate(changed("calendar", "outcomes_released", to=released))
    assert rules.reserve_expires(rules.lines[0].model_copy(update={"reserve_months": months})) == expires


def test_a_line_is_found_by_its_id_only() -> None:
    assert SHIPPED.line("pilot_action") is SHIPPED.lines[0]
    assert SHIPPED.line("visit") is None


# --- dates that are in order and yet cannot fit (D25)


def warned(**points: str) -> list[str]:
    """The warnings about the shipped rules with some steps at other instants."""
    rules = SHIPPED.model_dump(mode="json")
    return list(CallRules.model_validate({**rules, "calendar": {**rules["calendar"], **points}}).warnings())


def test_the_shipped_dates_fit() -> None:
    assert warned() == []


@pytest.mark.parametrize(("due", "days"), [("2026-03-24T17:00:00+01:00", 1), ("2026-03-25T00:00:01+01:00", None)])
def test_replies_to_clarification_need_two_working_days(due: str, days: int | None) -> None:
    found = [warning for warning in warned(clarifications_due=due) if "working days" in warning]
    assert [f"have {days} of at least 2 working days" in warning for warning in found] == ([True] if days else [])


def test_two_steps_at_one_instant_are_warned_of() -> None:
    (warning,) = warned(consensus_due="2026-03-27T12:00:00+01:00")
    assert warning == "consensus_due comes at the same instant as scores_due, which leaves no time between them (D25)."


@pytest.mark.parametrize(
    ("closes", "count"),
    [("2026-03-21T00:00:00+01:00", 0), ("2026-03-21T00:00:01+01:00", 1), ("2026-03-22T17:00:00+01:00", 1)],
    ids=["the end of Friday", "Saturday", "Sunday"],
)
def test_a_deadline_on_a_day_off_is_warned_of(closes: str, count: int) -> None:
    assert len(warned(applications_close=closes)) == count


def test_an_extended_deadline_that_comes_after_a_later_step_is_no_rule() -> None:
    calendar = SHIPPED.calendar
    assert (
        SHIPPED.with_deadline(calendar.applications_close + timedelta(hours=1), "Later.").deadline_wording == "Later."
    )
    with pytest.raises(ValidationError, match="eligibility_checked comes before the last request in time is answered"):
        SHIPPED.with_deadline(calendar.eligibility_checked, "Too late.")


@pytest.mark.parametrize("kind", [CallPublished, CorrectionProposed, CallCorrected])
def test_rules_recorded_before_blindness_was_said_hide_evaluators_from_applicants(kind: type[Event]) -> None:
    (with_blindness,) = kind.UPCASTERS
    before = {"reason": "Why.", "rules": {"title": "A call", "evaluation": {"evaluators": 3}}}
    hidden = {"evaluators": 3, "blindness": "evaluators_hidden"}
    assert with_blindness(before) == {"reason": "Why.", "rules": {"title": "A call", "evaluation": hidden}}
    assert before["rules"] == {"title": "A call", "evaluation": {"evaluators": 3}}
