"""What is allowed in an edition and cannot be meant is a warning before its call is published (D25)."""

from datetime import datetime, timedelta

import pytest

from domain.call.rules import CallRules
from fund_service.editions.fitting import misfits
from fund_service.editions.loader import edition

RULES = edition("iurc-2026")
BEFORE = RULES.calendar.published - timedelta(days=1)


def with_calendar(**steps: str) -> CallRules:
    """Return the shipped edition with some steps at other instants."""
    instants = {name: datetime.fromisoformat(instant) for name, instant in steps.items()}
    return RULES.model_copy(update={"calendar": RULES.calendar.model_copy(update=instants)})


def test_the_shipped_edition_fits() -> None:
    assert misfits(RULES, BEFORE) == []
    assert misfits(RULES, RULES.calendar.coaching_opens) == []


def test_a_step_that_has_passed_is_told() -> None:
    (told,) = misfits(RULES, RULES.calendar.coaching_opens + timedelta(microseconds=1))
    assert told.endswith("steps that have passed already: 1, the last of them coaching opens.")


MISFITS = [
    ({"clarifications_due": "2026-03-24T17:00:00+01:00"}, "Replies to clarification have 1 of at least 2 working days"),
    ({"applications_close": "2026-03-13T17:00:00+01:00"}, "9 of 10 working days for applicants to finish"),
    ({"scores_due": "2026-03-25T12:00:00+01:00"}, "2 of 3 working days for evaluators to read and score"),
    ({"approval_due": "2026-03-27T18:00:00+01:00"}, "0 of 1 working days for approvers to approve"),
    ({"applications_close": "2026-03-21T17:00:00+01:00"}, "applications_close falls on a day off: Sat 21 March 2026"),
    ({"approval_due": "2026-04-03T17:00:00+02:00"}, "Approval due falls on a day off: Fri 3 April 2026"),
    ({"implementation_ends": "2026-04-01T00:00:00+02:00"}, "after the implementation has ended"),
]


@pytest.mark.parametrize(("steps", "sentence"), MISFITS, ids=[sentence for _, sentence in MISFITS])
def test_dates_that_cannot_fit_are_told(steps: dict[str, str], sentence: str) -> None:
    assert any(sentence in told for told in misfits(with_calendar(**steps), BEFORE))


def with_line(**changed: int) -> CallRules:
    """Return the shipped edition with another line."""
    return RULES.model_copy(update={"lines": (RULES.lines[0].model_copy(update=changed),)})


def test_an_envelope_below_the_cap_is_told_at_the_cent() -> None:
    cap = RULES.lines[0].cap_cents
    assert misfits(with_line(envelope_cents=cap), BEFORE) == []
    (told,) = misfits(with_line(envelope_cents=cap - 1), BEFORE)
    assert "€9,999.99, is below its cap, €10,000.00" in told


def test_a_reserve_that_ends_before_an_offer_can_lapse_is_told() -> None:
    long = RULES.acceptance.model_copy(update={"days": 40})
    (told,) = misfits(with_line(reserve_months=1).model_copy(update={"acceptance": long}), BEFORE)
    assert "before the first offer can lapse" in told


def test_a_reserve_that_outlives_the_implementation_is_told() -> None:
    (told,) = misfits(with_line(reserve_months=24), BEFORE)
    assert "after the implementation has ended" in told
