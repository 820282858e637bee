"""What the fund decides about personal data: they go when nobody needs them, and never while somebody holds them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from domain.account.aggregate import ACCOUNT
from domain.account.commands import (
    DecideErasure,
    GrantRole,
    HoldErasure,
    LiftHold,
    OpenAccount,
    RecordErasure,
    RevokeRole,
)
from domain.account.events import ErasureDecided, ErasureHeld, ErasureHoldLifted, Ground, PersonalDataErased
from domain.call.events import CallCancelled, CallSettled
from domain.errors import NotFound
from domain.grant.commands import AcceptGrant, DeclineGrant
from domain.messages import Change, Command
from domain.people import ENGINE, Role
from domain.values import BRUSSELS, ProtectedText
from domain.working_paper.commands import OpenWorkingPaper
from tests.given import (
    AUDRA,
    CALENDAR,
    CALL_ID,
    ELLA,
    EVA,
    HAMBURG,
    SAM,
    SUE,
    TICK,
    Pair,
    Story,
    ask,
    fact,
    given,
    until,
)

LISBON = Pair("Lisbon", "Lima", place=2)
PLAYED = until("offered", HAMBURG, LISBON).after(ask(AcceptGrant), ask(DeclineGrant, LISBON))
SETTLED = CallSettled(by=ENGINE, effective_at=CALENDAR.settled, envelope_cents=0, spent_cents=0)
OVER = PLAYED.after(Change(CALL_ID, SETTLED))
"""Hamburg had a grant, Lisbon refused its own; the call was settled on 30 September 2027."""
OPENED = given(ask(OpenAccount))
"""An account without any role, whose subject did nothing yet."""
HELD = OPENED.after(ask(HoldErasure))
DECIDED = OPENED.after(ask(DecideErasure))


def midnight(year: int, month: int, day: int) -> datetime:
    """Return the first instant of a day in Brussels."""
    return datetime(year, month, day, tzinfo=BRUSSELS)


def without_role(story: Story, subject: UUID, role: Role) -> Story:
    """Return the story, had the subject, who has an account for that, no longer its only role."""
    if story.find(ACCOUNT, subject) is None:
        story = story.after(
            ask(OpenAccount, subject=subject, organisation_id=LISBON.partner),
            ask(GrantRole, subject=subject, role=role),
        )
    return story.after(ask(RevokeRole, subject=subject, role=role))


@pytest.mark.parametrize(
    ("subject", "role", "first_day"),
    [
        (HAMBURG.officer, Role.APPLICANT, midnight(2032, 10, 1)),
        (HAMBURG.partner_officer, Role.PARTNER, midnight(2032, 10, 1)),
        (LISBON.officer, Role.APPLICANT, midnight(2028, 10, 1)),
        (LISBON.partner_officer, Role.PARTNER, midnight(2028, 10, 1)),
        (EVA, Role.EVALUATOR, midnight(2032, 10, 1)),
        (SUE, Role.SECRETARIAT, midnight(2032, 10, 1)),
    ],
    ids=["its officer", "its partner", "one without a grant", "the partner of that", "an evaluator", "the secretariat"],
)
def test_personal_data_stay_as_long_as_the_records_with_them_are_kept(
    subject: UUID, role: Role, first_day: datetime
) -> None:
    story = without_role(OVER, subject, role)
    erasing = {"subject": subject, "by": SAM}
    story.when(ask(DecideErasure, at=first_day - TICK, **erasing)).refused("D16", "are kept until")
    story.when(ask(DecideErasure, at=first_day, **erasing)).then(fact(ErasureDecided, ground=Ground.ASKED))


def test_an_evaluator_of_an_application_without_a_grant_stands_in_the_records_of_the_choice() -> None:
    over = until("assigned", LISBON).after(Change(CALL_ID, SETTLED))
    erasing = ask(DecideErasure, subject=ELLA, at=midnight(2032, 10, 1) - TICK)
    without_role(over, ELLA, Role.EVALUATOR).when(erasing).refused("D16", "30 September 2032")


def test_an_auditor_stands_in_the_records_of_the_call_that_was_looked_into() -> None:
    audited = OVER.after(ask(OpenAccount, subject=AUDRA, organisation_id=None), ask(OpenWorkingPaper))
    erasing = {"subject": AUDRA, "by": SAM}
    audited.when(ask(DecideErasure, at=midnight(2032, 10, 1) - TICK, **erasing)).refused("D16", "30 September 2032")
    assert audited.when(ask(DecideErasure, at=midnight(2032, 10, 1), **erasing)).code is None


def test_a_call_that_goes_on_needs_its_records() -> None:
    without_role(PLAYED, LISBON.officer, Role.APPLICANT).when(
        ask(DecideErasure, subject=LISBON.officer, at=midnight(2099, 1, 1))
    ).refused("D16", "has not ended")


def test_the_years_after_a_cancelled_call_run_from_its_cancellation() -> None:
    cancelled = CallCancelled(
        by=SUE, effective_at=midnight(2026, 2, 3), proposed_by=SAM, reason="Why.", pilot_action_ids=(), lines=()
    )
    story = without_role(PLAYED.after(Change(CALL_ID, cancelled)), LISBON.officer, Role.APPLICANT)
    erasing: dict[str, Any] = {"subject": LISBON.officer}
    story.when(ask(DecideErasure, at=midnight(2027, 2, 4) - TICK, **erasing)).refused("D16", "Wed 3 February 2027")
    story.when(ask(DecideErasure, at=midnight(2027, 2, 4), **erasing)).then(fact(ErasureDecided, ground=Ground.ASKED))


def test_who_has_a_role_is_not_erased() -> None:
    OVER.when(ask(DecideErasure, at=midnight(2040, 1, 1))).refused("stage", "still has the role applicant")


def test_who_did_nothing_is_erased_at_once_and_again_when_wanted() -> None:
    OPENED.when(ask(DecideErasure, ground=Ground.UNNEEDED)).then(fact(ErasureDecided, ground=Ground.UNNEEDED))
    erased = DECIDED.after(ask(RecordErasure))
    erased.when(ask(DecideErasure)).then(fact(ErasureDecided, ground=Ground.ASKED))


def test_what_is_decided_is_carried_out_once() -> None:
    done = fact(PersonalDataErased, decided_by=SUE, ground=Ground.ASKED)
    DECIDED.when(ask(RecordErasure)).then(done)
    DECIDED.after(ask(RecordErasure)).when(ask(RecordErasure)).refused("stage", "erased already")
    OPENED.when(ask(RecordErasure)).refused("stage", "Nobody decided")


def test_what_is_held_is_not_erased_until_a_second_person_lifts_the_hold() -> None:
    HELD.when(ask(DecideErasure)).refused("E17", "held back")
    HELD.when(ask(LiftHold, by=SUE)).refused("D18")
    reason = ProtectedText(subject=SAM, text="The court has decided.")
    HELD.when(ask(LiftHold)).then(fact(ErasureHoldLifted, held_by=SUE, reason=reason))
    HELD.after(ask(LiftHold)).when(ask(DecideErasure)).then(fact(ErasureDecided, ground=Ground.ASKED))


def test_a_hold_is_set_once_and_for_a_reason() -> None:
    reason = ProtectedText(subject=SUE, text="An appeal is before the court.")
    OPENED.when(ask(HoldErasure)).then(fact(ErasureHeld, reason=reason))
    OPENED.when(ask(HoldErasure, reason=" ")).refused("D18", "No reason")
    HELD.when(ask(HoldErasure)).refused("stage", "already")
    HELD.when(ask(LiftHold, reason=" ")).refused("D18", "No reason")
    OPENED.when(ask(LiftHold)).refused("stage", "Nobody holds")


def test_a_hold_stops_what_was_decided_and_is_not_carried_out_yet() -> None:
    stopped = DECIDED.after(ask(HoldErasure))
    assert stopped.get(ACCOUNT, HAMBURG.officer).erasure is None
    stopped.when(ask(RecordErasure)).refused("stage", "Nobody decided")


@pytest.mark.parametrize("command", [HoldErasure, LiftHold, DecideErasure, RecordErasure])
def test_who_has_no_account_has_no_personal_data_here(command: type[Command]) -> None:
    given().when(ask(command)).raises(NotFound)
