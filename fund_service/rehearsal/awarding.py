"""Scenes of awarding: the award list, its approvals, and the answers to offers (D04, D05, D11)."""

from domain.call.aggregate import AwardList
from domain.call.commands import ApproveAwardList, ProposeAwardList
from domain.grant.aggregate import Stage as GrantStage
from domain.grant.commands import AcceptGrant, DeclineGrant
from domain.people import Role
from fund_service.rehearsal.plans import Fate
from fund_service.rehearsal.stage import Stage


def _list(stage: Stage) -> AwardList:
    return stage.call().list_of(stage.line)


def propose_list(stage: Stage) -> None:
    """Propose the award list that follows from the ranking."""
    named = {"call_id": stage.call_id, "line": stage.line}
    stage.act(ProposeAwardList, stage.cast.secretariat[1], "award-list", **named)


def _approve(stage: Stage, approver: int) -> None:
    named = {"call_id": stage.call_id, "line": stage.line, "digest": _list(stage).digest}
    stage.act(ApproveAwardList, stage.cast.of(Role.APPROVER)[approver].subject, "award-list/approval", **named)


def approve_first(stage: Stage) -> None:
    """Give the first approval."""
    _approve(stage, 0)


def approve_second(stage: Stage) -> None:
    """Let the first approver try to approve twice, which is refused (D05), and give the second approval."""
    named = {"call_id": stage.call_id, "line": stage.line, "digest": _list(stage).digest}
    first = stage.cast.of(Role.APPROVER)[0].subject
    stage.refused("D05", ApproveAwardList, first, "award-list/approval/again", **named)
    _approve(stage, 1)


def answer(stage: Stage, day: int) -> None:
    """Let the applicants answer their offers on their day: some at once, some late, one declines, one stays silent."""
    for plan in stage.plans:
        grant = stage.grant(plan)
        if grant is None or grant.stage is not GrantStage.OFFERED or plan.fate is Fate.OFFER_UNANSWERED:
            continue
        patience = stage.cast.chance(f"{plan.key}/answer").choice((1, 2, 9))
        if plan.fate is Fate.DECLINES:
            named = {"grant_id": stage.grant_id(plan), "reason": "Fictitious: another source pays for it."}
            stage.act(DeclineGrant, stage.officer(plan), f"{plan.key}/answer", **named)
        elif day >= patience:
            stage.act(AcceptGrant, stage.officer(plan), f"{plan.key}/answer", grant_id=stage.grant_id(plan))
