"""Whatever is done through the fund's door is found to be well when it is decided again."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

import pytest

from domain.account import commands as account
from domain.call import commands as call
from domain.evaluation import commands as evaluation
from domain.grant import commands as grant
from domain.messages import Change, Command
from domain.organisation import commands as organisation
from domain.partnership import commands as partnership
from domain.people import Role
from domain.pilot_action import commands as pilot_action
from domain.prefixes.prefixes import Prefixes
from domain.working_paper import commands as working_paper
from tests.domain.prefixes.retelling import as_recorded, found
from tests.given import (
    CALENDAR,
    CALL_ID,
    CAP,
    COLIN,
    DAY,
    DORA,
    ELLA,
    EMIL,
    EVA,
    HAMBURG,
    HOUR,
    LOOKED_AT,
    Pair,
    ask,
    named,
    until,
)
from tests.story import Story

OTHER = Pair("Lisbon", "Lagos", place=2)
BOTH = until("agreed", HAMBURG, OTHER)
BY_HAND = until("assigned").after(*(ask(evaluation.DeclareNoConflict, by=one) for one in (EVA, ELLA, EMIL)))
HANNA, SEOUL = named("Hanna"), named("a second officer abroad")
"""Who follows the only officer of Hamburg, and an officer whom one of a member invited."""
SHEET = ask(evaluation.GiveScores).scores
APART = {name: one.model_copy(update={"points": 0}) for name, one in SHEET.items()}
ORDERED, DELIVERED, ACCEPTED = until("ordered"), until("delivered"), until("accepted")
COACHED = [ask(partnership.OfferCoaching), ask(partnership.RequestCoaching), ask(partnership.AssignCoach)]
SUBMITTED, ELIGIBLE = until("submitted"), until("eligible")


def told(story: Story, *commands: Command) -> list[Sequence[Change]]:
    """Return what the story led to, and then each of these requests."""
    log: list[Sequence[Change]] = [story.log]
    for command in commands:
        changes = story.decide(command)
        log.append(changes)
        story = story.after(*changes)
    return log


def standing_in() -> list[Command]:
    """Return how Dora becomes the deputy of Anna."""
    opened = ask(account.OpenAccount, subject=DORA, label="Dora", unit="Authority")
    return [opened, ask(account.NameDeputy), ask(account.ConfirmDeputy), ask(account.EndDeputy)]


def succeeding() -> list[Command]:
    """Return how Hanna follows the only officer of Hamburg."""
    opened = ask(account.OpenAccount, subject=HANNA, label="H-2", unit="Hamburg", organisation_id=HAMBURG.home)
    return [opened, ask(account.ClaimAuthority), ask(account.AcceptAuthority), ask(account.ConfirmAuthority)]


STORIES: Final[Mapping[str, tuple[Story, list[Command]]]] = {
    "an officer is invited": (BOTH, [ask(account.InviteOfficer, OTHER, subject=SEOUL)]),
    "a deputy is named and ended": (until("founded"), standing_in()),
    "somebody follows who left": (until("formed"), succeeding()),
    "nobody follows": (until("formed"), [*succeeding()[:2], ask(account.DeclineAuthority)]),
    "a mailbox is shared": (
        until("founded"),
        [
            ask(account.OpenAccount, subject=named("the mailbox of the port"), label="Port", unit="Port"),
            ask(account.MarkSharedMailbox),
        ],
    ),
    "a role is revoked": (until("founded"), [ask(account.RevokeRole), ask(account.RecordClusterLead)]),
    "partnerships become one": (
        BOTH,
        [
            ask(
                partnership.MergePartnerships,
                partnership_id=named("both"),
                old_ids=(HAMBURG.partnership, OTHER.partnership),
                coordinator_id=HAMBURG.home,
            )
        ],
    ),
    "organisations are linked": (
        BOTH,
        [ask(organisation.LinkOrganisations, organisation_id=HAMBURG.home, other_ids=(OTHER.home,), call_id=CALL_ID)],
    ),
    "a population is stated": (until("formed"), [ask(organisation.StatePopulation)]),
    "a group is coached": (
        BOTH,
        [
            *COACHED,
            *(ask(one, OTHER) for one in (partnership.OfferCoaching, partnership.RequestCoaching)),
            ask(partnership.AssignCoach, OTHER),
            ask(partnership.HoldGroupSession, partnership_ids=(HAMBURG.partnership, OTHER.partnership)),
            ask(partnership.HoldCoachingSession),
            ask(partnership.RecordMissedSession),
            ask(partnership.RemindCoaching),
            ask(partnership.EndCoaching),
        ],
    ),
    "a member leaves and the partnership ends": (until("agreed"), [ask(partnership.RecordDeparture, ends=True)]),
    "coaching is declined": (BOTH, [ask(partnership.OfferCoaching), ask(partnership.DeclineCoaching)]),
    "questions are answered": (
        BOTH,
        [
            *[ask(call.AskQuestion)] * 3,
            ask(call.AnswerQuestion),
            ask(call.AnswerPrivately, number=2),
            ask(call.DeclineQuestion, number=3, see=1),
        ],
    ),
    "a letter is verified": (until("put forward"), [ask(pilot_action.RecordLetter), ask(pilot_action.VerifyLetter)]),
    "files are attached": (
        until("drafted"),
        [ask(pilot_action.AttachFile), ask(pilot_action.DetachFile), ask(pilot_action.AttachProof)],
    ),
    "a draft is seen by way of exception": (
        until("drafted"),
        [ask(pilot_action.NameExpert), ask(pilot_action.RequestAccess), ask(pilot_action.AllowAccess)],
    ),
    "a city chooses": (until("drafted"), [ask(pilot_action.ChooseApplication), ask(pilot_action.RemindSubmission)]),
    "a material change asks again": (
        until("confirmed"),
        [ask(pilot_action.SaveDraftSection), ask(pilot_action.PutForwardVersion)],
    ),
    "an application is withdrawn": (SUBMITTED, [ask(pilot_action.WithdrawApplication)]),
    "a correction is confirmed": (SUBMITTED, [ask(call.ProposeCorrection), ask(call.ConfirmCorrection)]),
    "a call is cancelled": (SUBMITTED, [ask(call.ProposeCancellation), ask(call.CancelCall)]),
    "an error is cleared up": (
        until("closed"),
        [
            ask(pilot_action.AskClarification),
            ask(pilot_action.AnswerClarification),
            ask(pilot_action.CheckEligibility, at=CALENDAR.clarifications_due),
        ],
    ),
    "an application is taken out": (
        ELIGIBLE,
        [ask(partnership.RecordDeparture, ends=True), ask(pilot_action.TakeOutApplication)],
    ),
    "an application is removed": (ELIGIBLE, [ask(pilot_action.ProposeRemoval), ask(pilot_action.ConfirmRemoval)]),
    "a ranked application is withdrawn by two": (
        until("proposed"),
        [ask(pilot_action.ProposeRemoval, cause="withdrawn"), ask(pilot_action.ConfirmRemoval)],
    ),
    "an evaluator leaves": (
        until("assigned"),
        [ask(evaluation.RemindEvaluators), ask(evaluation.RecordOverdue), ask(evaluation.WithdrawEvaluator)],
    ),
    "a conflict is declared when all is scored": (until("scored"), [ask(evaluation.DeclareConflict)]),
    "a conflict is alleged when all is scored": (
        until("scored"),
        [ask(evaluation.RecordAllegation), ask(evaluation.DecideAllegation, upheld=False)],
    ),
    "an allegation is upheld": (
        until("assigned"),
        [ask(evaluation.RecordAllegation), ask(evaluation.DecideAllegation)],
    ),
    "two evaluators suffice": (
        until("assigned").after(ask(evaluation.WithdrawEvaluator, by=EVA)),
        [ask(evaluation.ProposeFewerEvaluators), ask(evaluation.ConfirmFewerEvaluators)],
    ),
    "an offer is declined and the reserve reviewed": (
        until("offered"),
        [ask(grant.RemindAcceptance), ask(grant.DeclineGrant), ask(call.ReviewReserve), ask(call.ExpireReserve)],
    ),
    "a list is sent back": (until("proposed"), [ask(call.ReturnAwardList), ask(call.ProposeAwardList)]),
    "an order is cancelled and replaced": (
        ORDERED,
        [
            ask(grant.RemindOrder),
            ask(grant.CancelOrder, cause="supplier_failed"),
            ask(grant.OrderResource, supplier="Plan C GmbH", replaces=1),
        ],
    ),
    "an order is the dearer of two offers": (
        ACCEPTED,
        [
            ask(
                grant.OrderResource,
                offers=(
                    grant.SupplierOffer(supplier="Plan A GmbH", cents=CAP - 1),
                    grant.SupplierOffer(supplier="Plan B GmbH", cents=CAP, remark="Valid for a month."),
                ),
                choice_reason="Plan A cannot come before July.",
            )
        ],
    ),
    "an invoice is higher": (
        DELIVERED,
        [ask(grant.RecordInvoice, cents=2_000_000), ask(grant.AttachEvidence), ask(grant.RefuseDelivery)],
    ),
    "a delivery is reversed": (DELIVERED, [ask(grant.ProposeReversal), ask(grant.ConfirmReversal)]),
    "a delivery is not reversed": (DELIVERED, [ask(grant.ProposeReversal), ask(grant.DismissReversal)]),
    "a report is late": (
        ACCEPTED,
        [
            ask(grant.RemindReport),
            ask(grant.RecordReportOverdue),
            ask(grant.AttachToReport),
            ask(grant.FileFinalReport, at=CALENDAR.final_report_due + HOUR),
            ask(grant.CloseGrant, at=CALENDAR.final_report_due + DAY),
            ask(call.SettleCall),
        ],
    ),
    "personal data are held back and then erased": (
        until("founded"),
        [
            ask(account.RevokeRole),
            ask(account.HoldErasure, subject=COLIN),
            ask(account.LiftHold, subject=COLIN),
            ask(account.DecideErasure, subject=COLIN),
            ask(account.RecordErasure, subject=COLIN),
        ],
    ),
    "an auditor finds something": (
        ORDERED,
        [
            ask(working_paper.OpenWorkingPaper),
            ask(working_paper.WriteNote),
            ask(working_paper.IssueFinding),
            ask(working_paper.AnswerFinding, agreed=True, by_when=LOOKED_AT.date() + DAY),
            ask(working_paper.FollowUpFinding),
            ask(working_paper.CloseWorkingPaper),
        ],
    ),
    "an evaluator is replaced": (
        until("assigned"),
        [
            ask(account.OpenAccount, subject=HANNA, label="Evaluator 4", unit="Unit two"),
            ask(account.GrantRole, subject=HANNA, role=Role.EVALUATOR),
            ask(evaluation.ReplaceEvaluator, successor=HANNA),
        ],
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_what_was_done_is_well(name: str) -> None:
    assert found(*told(*STORIES[name][:1], *STORIES[name][1])) == []


def test_an_erasure_is_checked_where_it_is_known_in_which_records_somebody_is_named() -> None:
    story, commands = STORIES["personal data are held back and then erased"]
    log = list(as_recorded(*told(story, *commands)))

    def naming(subject: UUID, position: int) -> Mapping[str, Collection[UUID]]:
        return {"call": {CALL_ID}} if subject == COLIN and position < log[-1].position else {}

    assert [(one.rule, one.position) for one in Prefixes({}, naming).violations(log)] == [("D16", log[-2].position)]


def test_a_consensus_is_decided_again() -> None:
    story = BY_HAND.after(*(ask(evaluation.GiveScores, by=one) for one in (EVA, ELLA)))
    apart = story.after(ask(evaluation.GiveScores, by=EMIL, scores=APART), *_due())
    proposed = apart.after(ask(evaluation.ProposeConsensus, scores=SHEET))
    digest = {"digest": proposed.log[-1].event.digest}  # type: ignore[attr-defined]
    agreed = [ask(evaluation.AgreeConsensus, by=one, **digest) for one in (ELLA, EMIL)]
    assert found(*told(proposed, *agreed)) == []
    assert proposed.after(*agreed).log[-1].event.TOPIC == "evaluation.completed"


def _due() -> list[Command]:
    return [ask(evaluation.RecordOverdue, at=CALENDAR.consensus_due)]
