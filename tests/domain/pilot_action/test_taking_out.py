"""An application drops out between the check and the release: the ranking and the list follow without it."""

from typing import Any

import pytest

from domain.call.aggregate import CALL
from domain.call.commands import (
    ApproveAwardList,
    CancelCall,
    EstablishRanking,
    ProposeAwardList,
    ProposeCancellation,
    ReleaseOutcomes,
    ReturnAwardList,
)
from domain.call.events import AwardListVoided, RankingEstablished
from domain.errors import NotFound
from domain.evaluation.commands import (
    AgreeConsensus,
    AssignEvaluator,
    ConfirmFewerEvaluators,
    DecideAllegation,
    DeclareConflict,
    DeclareNoConflict,
    GiveScores,
    ProposeConsensus,
    ProposeFewerEvaluators,
    RecordAllegation,
    RecordOverdue,
    RemindEvaluators,
    ReplaceEvaluator,
    WithdrawEvaluator,
)
from domain.evaluation.events import EvaluationStopped
from domain.grant.commands import OfferGrant
from domain.messages import Command
from domain.partnership.commands import RecordDeparture
from domain.pilot_action.commands import ConfirmRemoval, ProposeRemoval, TakeOutApplication
from domain.pilot_action.events import (
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationWithdrawn,
    Finding,
    RemovalConfirmed,
    RemovalProposed,
)
from domain.values import ProtectedText
from tests.given import ALAN, ANNA, CALL_ID, CAP, EDDA, HAMBURG, LINE, SAM, SUE, Pair, Story, ask, fact, until

LISBON = Pair("Lisbon", "Daegu", place=2)
ENDED = ask(RecordDeparture, ends=True)
STOPPED = fact(
    EvaluationStopped, on=HAMBURG.evaluation, pilot_action_id=HAMBURG.pilot_action, call_id=CALL_ID, line=LINE
)
TWO_MEMBERS = "The partnership has 1 of at least 2 members."
INELIGIBLE = fact(ApplicationFoundIneligible, correction=0, findings=(Finding(rule="S07", detail=TWO_MEMBERS),))
UNTRUE = "The applicant gives every required declaration on honour. Two officers found that this does not hold here."
REASON = ProtectedText(subject=SUE, text="It was untrue.")
REMOVAL = {"cause": "ineligible", "rule": "E12", "reason": REASON}


def both(chapter: str) -> Story:
    """The story of two applications, with money for one, of which the first one's partnership has just ended."""
    return until(chapter, HAMBURG, LISBON, envelope=CAP).after(ENDED)


def ranked(story: Story) -> list[Any]:
    """Return which applications are ranked, and what comes of each."""
    return [(row.pilot_action_id, row.outcome) for row in story.get(CALL, CALL_ID).list_of(LINE).rows]


# --- its partnership ended


def test_an_application_whose_partnership_ended_is_ineligible_and_nobody_evaluates_it_any_more() -> None:
    until("eligible").after(ENDED).when(ask(TakeOutApplication)).then(INELIGIBLE, STOPPED)
    until("scored").after(ENDED).when(ask(TakeOutApplication)).then(INELIGIBLE, STOPPED)


def test_only_an_eligible_application_whose_partnership_ended_is_taken_out() -> None:
    until("closed").after(ENDED).when(ask(TakeOutApplication)).refused("stage", "only an eligible one")
    until("eligible").when(ask(TakeOutApplication)).refused("stage", "goes on")


STOPS = (
    AssignEvaluator, DeclareNoConflict, DeclareConflict, WithdrawEvaluator, ReplaceEvaluator, ProposeFewerEvaluators,
    ConfirmFewerEvaluators, RecordAllegation, DecideAllegation, GiveScores, ProposeConsensus, AgreeConsensus,
    RemindEvaluators, RecordOverdue,
)  # fmt: skip


@pytest.mark.parametrize("kind", STOPS, ids=lambda kind: kind.__name__)
def test_nothing_is_done_in_an_evaluation_that_was_stopped(kind: type[Command]) -> None:
    fields = {"successor": EDDA} if kind is ReplaceEvaluator else {}
    out = until("assigned").after(ENDED, ask(TakeOutApplication))
    out.when(ask(kind, **fields)).refused("stage", "out of the competition")


def test_the_ranking_no_longer_waits_for_an_application_that_dropped_out() -> None:
    story = both("eligible").after(*until("scored", LISBON).log[-6:])
    story.when(ask(EstablishRanking)).refused("D02")
    assert ranked(story.after(ask(TakeOutApplication), ask(EstablishRanking))) == [(LISBON.pilot_action, "award")]


# --- after the ranking


def test_after_the_ranking_it_is_ranked_anew_without_it() -> None:
    story = both("ranked")
    assert ranked(story) == [(HAMBURG.pilot_action, "award"), (LISBON.pilot_action, "reserve")]
    answer = story.when(ask(TakeOutApplication))
    assert [type(change.event) for change in answer.changes] == [
        ApplicationFoundIneligible,
        EvaluationStopped,
        RankingEstablished,
    ]
    assert ranked(story.after(answer.command)) == [(LISBON.pilot_action, "award")]


@pytest.mark.parametrize(("chapter", "freed"), [("proposed", 0), ("adopted", CAP)])
def test_a_list_with_it_no_longer_counts_and_what_it_reserved_is_free_again(chapter: str, freed: int) -> None:
    story = both(chapter)
    voided = story.when(ask(TakeOutApplication)).changes[2].event
    assert isinstance(voided, AwardListVoided)
    assert (voided.version, voided.pilot_action_id, voided.freed_cents) == (1, HAMBURG.pilot_action, freed)
    call = story.after(ask(TakeOutApplication)).get(CALL, CALL_ID)
    assert (call.taken_cents(LINE), call.list_of(LINE).approvals) == (0, ())


def test_the_next_version_of_the_list_is_approved_by_two_and_released() -> None:
    out = both("adopted").after(ask(TakeOutApplication))
    for kind in (ApproveAwardList, ReturnAwardList):
        out.when(ask(kind)).refused("stage", "taken out")
    out.when(ask(ReleaseOutcomes)).refused("stage", "not adopted")
    proposed = out.after(ask(ProposeAwardList))
    assert proposed.get(CALL, CALL_ID).list_of(LINE).version == 2
    adopted = proposed.after(*(ask(ApproveAwardList, by=approver) for approver in (ANNA, ALAN)))
    [released] = adopted.when(ask(ReleaseOutcomes)).changes
    assert [award.pilot_action_id for award in released.event.awards] == [LISBON.pilot_action]
    assert adopted.get(CALL, CALL_ID).taken_cents(LINE) == CAP


def test_a_list_that_was_sent_back_has_nothing_to_void() -> None:
    returned = both("proposed").after(ask(ReturnAwardList))
    kinds = [type(change.event) for change in returned.when(ask(TakeOutApplication)).changes]
    assert AwardListVoided not in kinds
    assert returned.after(ask(TakeOutApplication)).when(ask(ProposeAwardList)).code is None


def test_after_the_release_nothing_is_taken_out() -> None:
    both("released").when(ask(TakeOutApplication)).refused("stage", "outcomes are released")


def test_in_a_cancelled_call_nothing_is_taken_out() -> None:
    cancelled = until("eligible").after(ENDED, ask(ProposeCancellation), ask(CancelCall))
    cancelled.when(ask(TakeOutApplication)).refused("stage", "was cancelled")


# --- for another cause, by two officers


def test_one_officer_proposes_a_removal_with_its_rule_and_reason() -> None:
    eligible = until("eligible")
    eligible.when(ask(ProposeRemoval)).then(fact(RemovalProposed, **REMOVAL))
    eligible.when(ask(ProposeRemoval, reason=" ")).refused("D18", "No reason is given")
    eligible.when(ask(ProposeRemoval, rule="E99")).raises(NotFound, "no rule “E99”")
    until("closed").when(ask(ProposeRemoval)).refused("stage", "only an eligible one")


def test_a_second_officer_confirms_it() -> None:
    proposed = until("eligible").after(ask(ProposeRemoval))
    proposed.when(ask(ConfirmRemoval)).then(
        fact(RemovalConfirmed, proposed_by=SUE, **REMOVAL),
        fact(ApplicationFoundIneligible, correction=0, findings=(Finding(rule="E12", detail=UNTRUE),)),
        STOPPED,
    )
    proposed.when(ask(ConfirmRemoval, by=SUE)).refused("D18", "second person")
    until("eligible").when(ask(ConfirmRemoval)).refused("stage", "Nobody proposed")
    proposed.after(ask(ConfirmRemoval)).when(ask(ConfirmRemoval)).refused("stage", "only an eligible one")


@pytest.mark.parametrize(
    ("cause", "rule", "kind"),
    [("withdrawn", "D08", ApplicationWithdrawn), ("inadmissible", "D10", ApplicationFoundInadmissible)],
)
def test_an_applicant_that_withdraws_after_closing_and_one_found_inadmissible_late_drop_out_too(
    cause: str, rule: str, kind: type
) -> None:
    proposed = until("ranked", HAMBURG, LISBON, envelope=CAP).after(ask(ProposeRemoval, cause=cause, rule=rule))
    assert type(proposed.when(ask(ConfirmRemoval, by=SAM)).changes[1].event) is kind
    assert ranked(proposed.after(ask(ConfirmRemoval, by=SAM))) == [(LISBON.pilot_action, "award")]


def test_what_dropped_out_is_offered_nothing() -> None:
    both("adopted").after(ask(TakeOutApplication)).when(ask(OfferGrant)).refused("stage", "No sum is reserved")
