"""A call is cancelled with a reason, by two persons, before outcomes are released; then nothing goes on in it (D18)."""

import pytest

from domain.call.commands import CancelCall, CloseApplicationWindow, EstablishRanking, ProposeCancellation
from domain.call.events import CallCancelled, CancellationProposed
from domain.errors import NotFound
from domain.evaluation.commands import DeclareNoConflict, GiveScores
from domain.messages import Command
from domain.partnership.commands import FormPartnership, OfferCoaching
from domain.pilot_action.commands import (
    CheckEligibility,
    ProposePilotAction,
    PutForwardVersion,
    SaveDraftSection,
    SubmitApplication,
)
from tests.given import HAMBURG, LINE, SAM, SUE, Pair, ask, named, until

SUBMITTED = until("submitted")
ASKED = SUBMITTED.after(ask(ProposeCancellation))
CANCELLED = ASKED.after(ask(CancelCall))
REASON = "The programme ends early."


def test_one_person_proposes_the_cancellation_and_another_decides() -> None:
    [proposed] = SUBMITTED.when(ask(ProposeCancellation)).changes
    assert isinstance(proposed.event, CancellationProposed)
    assert proposed.event.reason == REASON
    [cancelled] = ASKED.when(ask(CancelCall)).changes
    assert isinstance(cancelled.event, CallCancelled)
    assert (cancelled.event.by, cancelled.event.proposed_by, cancelled.event.reason) == (SAM, SUE, REASON)
    assert (cancelled.event.pilot_action_ids, cancelled.event.lines) == ((HAMBURG.pilot_action,), (LINE,))


def test_nobody_cancels_a_call_alone_or_without_a_reason() -> None:
    ASKED.when(ask(CancelCall, by=SUE)).refused("D18", "second person")
    SUBMITTED.when(ask(CancelCall)).refused("stage", "Nobody proposed")
    SUBMITTED.when(ask(ProposeCancellation, reason=" ")).refused("D18", "No reason is given")


def test_a_later_proposal_takes_the_place_of_an_earlier_one() -> None:
    again = ASKED.after(ask(ProposeCancellation, by=SAM, reason="Another one."))
    again.when(ask(CancelCall)).refused("D18")
    assert again.when(ask(CancelCall, by=SUE)).changes[0].event.reason == "Another one."


@pytest.mark.parametrize("kind", [ProposeCancellation, CancelCall])
def test_a_call_is_cancelled_until_its_outcomes_are_released_and_once(kind: type[Command]) -> None:
    assert until("adopted").after(ask(ProposeCancellation)).when(ask(kind)).code is None
    until("released").when(ask(kind)).refused("stage", "Outcomes are released")
    CANCELLED.when(ask(kind)).refused("stage", "was cancelled")
    CANCELLED.when(ask(kind, call_id=named("no call"))).raises(NotFound)


@pytest.mark.parametrize(
    "kind",
    [
        PutForwardVersion,
        SaveDraftSection,
        SubmitApplication,
        CheckEligibility,
        CloseApplicationWindow,
        EstablishRanking,
    ],
)
def test_nothing_goes_on_in_a_cancelled_call(kind: type[Command]) -> None:
    CANCELLED.when(ask(kind)).refused("stage", "was cancelled")


def test_nothing_begins_in_a_cancelled_call_either() -> None:
    lisbon = Pair("Lisbon", "Lima")
    story = until("agreed", HAMBURG, lisbon).after(ask(ProposeCancellation), ask(CancelCall))
    for command in (ask(ProposePilotAction, lisbon), ask(OfferCoaching, lisbon)):
        story.when(command).refused("stage", "was cancelled")
    story.when(ask(FormPartnership, partnership_id=named("a new one"))).refused("stage", "was cancelled")


def test_no_score_counts_in_a_cancelled_call() -> None:
    judged = until("assigned").after(ask(DeclareNoConflict), ask(ProposeCancellation), ask(CancelCall))
    judged.when(ask(GiveScores)).refused("stage", "was cancelled")
