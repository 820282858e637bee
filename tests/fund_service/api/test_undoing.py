"""Each way back leads back: what the table names is accepted after the deed, and what was before it is so again."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from domain.account import commands as account
from domain.account.aggregate import ACCOUNT
from domain.call import commands as call
from domain.call.aggregate import CALL
from domain.evaluation import commands as evaluation
from domain.evaluation.aggregate import EVALUATION
from domain.grant import commands as grant
from domain.grant.aggregate import GRANT
from domain.ids import evaluation_id
from domain.messages import Command
from domain.partnership import commands as partnership
from domain.partnership.aggregate import PARTNERSHIP
from domain.people import Role
from domain.pilot_action import commands as pilot_action
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.api.deeds import DEEDS
from fund_service.api.undoing import WAYS
from fund_service.permissions.deeds import PERMISSIONS
from tests.domain.evaluation.test_consensus import APART, proposing
from tests.given import (
    ALAN,
    ANNA,
    BEFORE_CLOSING,
    CALENDAR,
    CALL_ID,
    CHAPTERS,
    COLIN,
    DAY,
    DORA,
    EDDA,
    EVA,
    HAMBURG,
    LINE,
    ON_LEAVE,
    Story,
    ask,
    named,
    until,
)

FORMING = tuple(CHAPTERS["formed"][1](HAMBURG))
HANNA = named("Hanna")
Look = Callable[[Story], Any]


class Case(NamedTuple):
    """A deed in a story, the way back, and what is looked at; `then` is asked for before the state is as it was."""

    story: Story
    deed: Command
    back: Command
    look: Look
    then: tuple[Command, ...] = ()


def roles_of(subject: Any) -> Look:
    return lambda story: set(found.roles) if (found := story.find(ACCOUNT, subject)) else set()


def proposed(story: Story) -> Any:
    return set(story.get(ACCOUNT, DORA).deputy_for)


def stands_in(story: Story) -> Any:
    return set(story.get(ACCOUNT, DORA).at(ON_LEAVE + 2 * DAY).roles)


def seats(story: Story) -> set[Any]:
    return set(story.get(EVALUATION, evaluation_id(HAMBURG.pilot_action)).seats)


def delivered(story: Story) -> Any:
    order = story.get(GRANT, HAMBURG.grant).orders[1]
    return order.delivered_cents, order.acknowledged, order.disbursed_cents, order.borne_cents


def listed(story: Story) -> Any:
    """Whether a version of the award list waits for approvals, and how many it has."""
    found = story.get(CALL, CALL_ID).list_of(LINE)
    return (len(found.approvals), found.version and not found.returned) if not found.returned else (0, False)


def files(story: Story) -> Any:
    return set(story.get(PILOT_ACTION, HAMBURG.pilot_action).files)


def confirmed(story: Story) -> Any:
    return HAMBURG.partner in (found := story.get(PARTNERSHIP, HAMBURG.partnership)).confirmed & found.member_ids()


def standing(story: Story) -> Any:
    found = story.find(PARTNERSHIP, HAMBURG.partnership)
    return found is not None and not found.ended


def reversing(story: Story) -> Any:
    return story.get(GRANT, HAMBURG.grant).orders[1].reversal_by is not None


def free(story: Story) -> Any:
    return story.get(GRANT, HAMBURG.grant).left_cents


def claims(story: Story) -> Any:
    return story.get(ACCOUNT, HANNA).claim is not None


def held(story: Story) -> Any:
    return story.get(ACCOUNT, HAMBURG.officer).held_by is not None


def alleged(story: Story) -> Any:
    found = story.get(EVALUATION, evaluation_id(HAMBURG.pilot_action))
    return len(found.allegations)


def consensus(story: Story) -> Any:
    return story.get(EVALUATION, evaluation_id(HAMBURG.pilot_action)).proposal


def refused(story: Story) -> Any:
    return story.get(GRANT, HAMBURG.grant).orders[1].refused


OPENED = until("formed").after(
    ask(account.OpenAccount, subject=HANNA, label="H-2", unit="Hamburg", organisation_id=HAMBURG.home)
)
CLAIMED = OPENED.after(ask(account.ClaimAuthority))
WAITING = until("formed").after(
    ask(account.RevokeRole, subject=ANNA, role=Role.APPROVER), ask(account.GrantRole, subject=ANNA, role=Role.APPROVER)
)
ATTACHED = until("put forward").after(ask(pilot_action.AttachFile))
REVERSED = ask(grant.ConfirmReversal)
BUY = ask(grant.OrderResource, cents=HAMBURG.cents)
DELIVER = ask(grant.RecordDelivery, cents=HAMBURG.cents)
ONCE_MORE = ask(call.ProposeAwardList, at=CALENDAR.approval_due)
OFFICE = until("formed").after(ask(account.OpenAccount, subject=DORA, label="D-1", unit="DG"))
PROPOSED = OFFICE.after(ask(account.NameDeputy))
CASES: tuple[Case, ...] = (
    Case(OFFICE, ask(account.NameDeputy), ask(account.EndDeputy), proposed),
    Case(PROPOSED, ask(account.ConfirmDeputy), ask(account.EndDeputy), stands_in),
    Case(PROPOSED, ask(account.EndDeputy), ask(account.NameDeputy), proposed),
    Case(
        until("formed"),
        ask(account.GrantRole, subject=EVA, role=Role.COACH),
        ask(account.RevokeRole, subject=EVA),
        roles_of(EVA),
    ),
    Case(
        until("formed"),
        ask(account.RevokeRole),
        ask(account.GrantRole, subject=COLIN, role=Role.COACH),
        roles_of(COLIN),
    ),
    Case(
        WAITING,
        ask(account.ConfirmRole),
        ask(account.RevokeRole, subject=ANNA, role=Role.APPROVER),
        roles_of(ANNA),
    ),
    Case(
        until("formed"),
        ask(account.InviteOfficer),
        ask(account.RevokeRole, subject=HAMBURG.partner_officer, role=Role.PARTNER),
        roles_of(HAMBURG.partner_officer),
    ),
    Case(OPENED, ask(account.ClaimAuthority), ask(account.DeclineAuthority), claims),
    Case(
        CLAIMED,
        ask(account.AcceptAuthority),
        ask(account.DeclineAuthority),
        lambda story: (claim := story.get(ACCOUNT, HANNA).claim) is not None and claim.accepted_by is not None,
    ),
    Case(
        CLAIMED.after(ask(account.AcceptAuthority)),
        ask(account.ConfirmAuthority),
        ask(account.RevokeRole, subject=HANNA, role=Role.APPLICANT),
        roles_of(HANNA),
    ),
    Case(CLAIMED, ask(account.DeclineAuthority), ask(account.ClaimAuthority), claims),
    Case(until("formed"), ask(account.HoldErasure), ask(account.LiftHold), held),
    Case(until("formed").after(ask(account.HoldErasure)), ask(account.LiftHold), ask(account.HoldErasure), held),
    Case(until("ranked"), ask(call.ProposeAwardList), ask(call.ReturnAwardList), listed),
    Case(until("proposed"), ask(call.ReturnAwardList), ONCE_MORE, listed),
    Case(until("proposed"), ask(call.ApproveAwardList), ask(call.ReturnAwardList, by=ALAN), listed, (ONCE_MORE,)),
    Case(
        until("founded").after(*FORMING[:-1]),
        ask(partnership.FormPartnership),
        ask(partnership.RecordDeparture, ends=True),
        standing,
    ),
    Case(until("formed"), ask(partnership.ConfirmMembership), ask(partnership.RecordDeparture, ends=True), confirmed),
    Case(
        until("formed").after(ask(partnership.ConfirmMembership), ask(partnership.DraftRoadmap)),
        ask(partnership.AgreeRoadmap),
        ask(partnership.DraftRoadmap),
        lambda story: story.get(PARTNERSHIP, HAMBURG.partnership).agreed_by,
    ),
    Case(
        until("put forward"),
        ask(pilot_action.DeclineParticipation),
        ask(pilot_action.ConfirmParticipation),
        lambda story: story.get(PILOT_ACTION, HAMBURG.pilot_action).versions[0].declined,
    ),
    Case(until("put forward"), ask(pilot_action.AttachFile), ask(pilot_action.DetachFile), files),
    Case(
        ATTACHED,
        ask(pilot_action.DetachFile),
        ask(pilot_action.AttachFile, attachment_id=named("the plan again")),
        lambda story: len(files(story)),
    ),
    Case(
        until("opened"),
        ask(pilot_action.SubmitApplication),
        ask(pilot_action.WithdrawApplication),
        lambda story: story.get(PILOT_ACTION, HAMBURG.pilot_action).stage == "submitted",
    ),
    Case(
        until("submitted"),
        ask(pilot_action.WithdrawApplication),
        ask(pilot_action.SubmitApplication, at=BEFORE_CLOSING),
        lambda story: story.get(PILOT_ACTION, HAMBURG.pilot_action).stage,
    ),
    Case(until("eligible"), ask(evaluation.AssignEvaluator), ask(evaluation.WithdrawEvaluator), seats),
    Case(
        until("assigned"),
        ask(evaluation.ReplaceEvaluator, successor=EDDA),
        ask(evaluation.WithdrawEvaluator, by=EDDA),
        lambda story: EDDA in seats(story),
    ),
    Case(
        until("assigned"),
        ask(evaluation.DeclareNoConflict),
        ask(evaluation.DeclareConflict),
        lambda story: story.get(EVALUATION, evaluation_id(HAMBURG.pilot_action)).may_read_content(EVA),
    ),
    Case(
        until("assigned"),
        ask(evaluation.RecordAllegation),
        ask(evaluation.DecideAllegation, upheld=False),
        alleged,
    ),
    Case(
        APART.after(proposing(relevance=4)),
        ask(evaluation.AgreeConsensus),
        proposing(relevance=3),
        lambda story: consensus(story).agreed_by,
    ),
    Case(until("accepted"), BUY, ask(grant.CancelOrder), free),
    Case(until("ordered"), ask(grant.CancelOrder), BUY, free),
    Case(until("ordered"), DELIVER, ask(grant.ProposeReversal), delivered, (REVERSED,)),
    Case(until("delivered"), ask(grant.RecordInvoice), ask(grant.ProposeReversal), delivered, (REVERSED, DELIVER)),
    Case(
        until("delivered"), ask(grant.AcknowledgeDelivery), ask(grant.ProposeReversal), delivered, (REVERSED, DELIVER)
    ),
    Case(
        until("acknowledged"),
        ask(grant.CertifyDelivery),
        ask(grant.ProposeReversal),
        delivered,
        (REVERSED, DELIVER, ask(grant.AcknowledgeDelivery)),
    ),
    Case(until("delivered"), ask(grant.RefuseDelivery), DELIVER, refused),
    Case(until("delivered"), ask(grant.ProposeReversal), ask(grant.DismissReversal), reversing),
    Case(until("delivered").after(ask(grant.ProposeReversal)), REVERSED, DELIVER, delivered),
    Case(
        until("delivered").after(ask(grant.ProposeReversal)),
        ask(grant.DismissReversal),
        ask(grant.ProposeReversal),
        reversing,
    ),
)

ANEW: tuple[tuple[Story, Command, Command, Look], ...] = (
    (APART, proposing(relevance=4), proposing(relevance=3), lambda story: consensus(story).points),
    (
        until("formed"),
        ask(partnership.DraftRoadmap),
        ask(partnership.DraftRoadmap, fields={"stakeholders": "All.", "methods": "None.", "deliverables": "One."}),
        lambda story: story.get(PARTNERSHIP, HAMBURG.partnership).roadmap_version > 0,
    ),
    (
        until("drafted"),
        ask(pilot_action.SaveDraftSection),
        ask(pilot_action.SaveDraftSection, answers={"risks": "Snow."}),
        lambda story: story.get(PILOT_ACTION, HAMBURG.pilot_action).answers["risks"].text,
    ),
    (
        until("drafted"),
        ask(pilot_action.PutForwardVersion),
        ask(pilot_action.PutForwardVersion),
        lambda story: (found := story.get(PILOT_ACTION, HAMBURG.pilot_action).current) and found.digest,
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: type(case.deed).__name__)
def test_the_way_back_leads_back(case: Case) -> None:
    assert WAYS[type(case.deed)].by is type(case.back)
    before, after = case.look(case.story), case.story.after(case.deed)
    assert case.look(after) != before
    assert case.look(after.after(case.back, *case.then)) == before


@pytest.mark.parametrize("again", ANEW, ids=lambda again: type(again[1]).__name__)
def test_what_is_done_again_takes_the_place_of_what_was_before(again: Any) -> None:
    story, first, second, look = again
    assert WAYS[type(first)].by is type(second)
    assert look(story.after(first, second)) == look(story.after(second))


def test_every_request_of_people_says_how_it_is_taken_back_and_every_way_is_walked() -> None:
    assert WAYS.keys() == {deed.command for deed in DEEDS}
    walked = {type(case.deed) for case in CASES} | {type(first) for _, first, _, _ in ANEW}
    assert walked == {kind for kind, way in WAYS.items() if way.by is not None}
    assert {way.by for way in WAYS.values() if way.by} <= PERMISSIONS.keys()
