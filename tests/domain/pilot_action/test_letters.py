"""A partner may confirm by a letter that one officer records and another verifies by the deadline (D10, D18)."""

from datetime import datetime

import pytest

from domain.messages import Command
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.commands import (
    ConfirmParticipation,
    PutForwardVersion,
    RecordLetter,
    SaveDraftSection,
    VerifyLetter,
)
from domain.pilot_action.events import LetterRecorded, LetterVerified, ParticipationConfirmed
from domain.values import ProtectedText
from tests.given import BEFORE_CLOSING, CLOSES, HAMBURG, SAM, SUE, ask, fact, named, until

PUT_FORWARD = until("put forward")
RECORDED = PUT_FORWARD.after(ask(RecordLetter))
DIGEST = PUT_FORWARD.get(PILOT_ACTION, HAMBURG.pilot_action).versions[-1].digest
NAMED = {"organisation_id": HAMBURG.partner, "version": 1, "digest": DIGEST}


def test_a_recorded_letter_does_not_count_yet() -> None:
    reference = ProtectedText(subject=SUE, text="Scan 7")
    PUT_FORWARD.when(ask(RecordLetter)).then(fact(LetterRecorded, **NAMED, reference=reference))
    assert RECORDED.get(PILOT_ACTION, HAMBURG.pilot_action).versions[-1].confirmed_by == frozenset()


def test_a_letter_that_a_second_officer_verified_confirms_the_version() -> None:
    RECORDED.when(ask(VerifyLetter)).then(
        fact(LetterVerified, **NAMED, recorded_by=SUE), fact(ParticipationConfirmed, **NAMED)
    )
    confirmed = RECORDED.after(ask(VerifyLetter)).get(PILOT_ACTION, HAMBURG.pilot_action)
    assert confirmed.versions[-1].confirmed_by == {HAMBURG.partner}


def test_who_recorded_a_letter_does_not_verify_it() -> None:
    RECORDED.when(ask(VerifyLetter, by=SUE)).refused("D18")
    PUT_FORWARD.after(ask(RecordLetter, by=SAM)).when(ask(VerifyLetter, by=SAM)).refused("D18")


def test_a_letter_is_recorded_before_it_is_verified_and_once() -> None:
    PUT_FORWARD.when(ask(VerifyLetter)).refused("stage", "No letter")
    RECORDED.when(ask(RecordLetter, by=SAM)).refused("stage", "recorded already")


both = pytest.mark.parametrize("kind", [RecordLetter, VerifyLetter])


@both
@pytest.mark.parametrize(("at", "code"), [(BEFORE_CLOSING, None), (CLOSES, "D07")], ids=["just inside", "closing"])
def test_a_letter_is_recorded_and_verified_by_the_deadline(kind: type[Command], at: datetime, code: str | None) -> None:
    story = RECORDED if kind is VerifyLetter else PUT_FORWARD
    assert story.when(ask(kind, at=at)).code == code


@both
def test_a_letter_is_of_a_member_that_has_not_confirmed_about_the_current_version(kind: type[Command]) -> None:
    RECORDED.when(ask(kind, organisation_id=named("Lyon"))).refused("stage", "not a member")
    RECORDED.when(ask(kind, digest="0" * 64)).refused("D10")
    RECORDED.after(ask(ConfirmParticipation)).when(ask(kind)).refused("stage", "confirmed this version already")
    until("drafted").when(ask(kind, digest="0" * 64)).refused("stage", "No version")
    until("eligible").when(ask(kind)).refused("stage", "cannot be changed")


def test_other_content_asks_for_another_letter_and_the_same_content_does_not() -> None:
    second = {**NAMED, "version": 2}
    RECORDED.after(ask(PutForwardVersion)).when(ask(VerifyLetter)).then(
        fact(LetterVerified, **second, recorded_by=SUE), fact(ParticipationConfirmed, **second)
    )
    changed = RECORDED.after(ask(SaveDraftSection, base=1), ask(PutForwardVersion))
    changed.when(ask(VerifyLetter)).refused("stage", "No letter")
    assert changed.when(ask(RecordLetter)).code is None


def test_a_letter_says_nothing_about_versions_with_other_content() -> None:
    changed = PUT_FORWARD.after(ask(SaveDraftSection, base=1), ask(PutForwardVersion), ask(RecordLetter))
    first, second = changed.get(PILOT_ACTION, HAMBURG.pilot_action).versions
    assert (first.letters, second.letters) == ({}, {HAMBURG.partner: SUE})
