"""Scenes of awarding: the award list, its approvals, and the answers to offers (D04, D05, D11)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from domain.account.commands import ConfirmRole, GrantRole, OpenAccount, RecordClusterLead, RevokeRole
from domain.call.aggregate import AwardList
from domain.call.commands import ApproveAwardList, ProposeAwardList
from domain.call.events import OutcomesReleased, RankingEstablished, ReserveReviewed
from domain.grant.aggregate import Stage as GrantStage
from domain.grant.commands import AcceptGrant, DeclineGrant
from domain.grant.events import AcceptanceReminded, GrantAccepted, GrantDeclined, GrantLapsed
from domain.people import Role
from domain.receipt import CommandHandled
from fund_service.rehearsal.cases import Area, Case, happened, shown
from fund_service.rehearsal.cast import fictitious
from fund_service.rehearsal.plans import Fate, Plan
from fund_service.rehearsal.stage import Stage

_TIES = {
    "scored": ("An approver who scored an application on the list is refused.", "evaluated"),
    "coached": ("An approver who coached a partnership on the list is refused.", "coached"),
    "wrote": ("An approver who wrote an application on the list is refused.", "wrote"),
    "cluster": ("An approver who manages the cluster of a partnership on the list is refused.", "manage the cluster"),
    "proposed": ("Who proposed the award list does not approve it.", "proposed this award list"),
    "twice": ("Nobody gives both approvals.", "approved this version already"),
}
"""What binds somebody to an award list → the case, and how the refusal says it (D05)."""


def _refused_for(tie: str, sentence: str, words: str) -> Case:
    def seen(_: UUID, receipt: Any) -> bool:
        refused = (receipt.command, receipt.refused) == (ApproveAwardList.__name__, "D05")
        return refused and words in receipt.detail

    return shown(f"approver-{tie}", Area.AWARD, sentence, CommandHandled, seen)


CASES: tuple[Case, ...] = (
    shown(
        "envelope-line",
        Area.AWARD,
        "The envelope draws the line: above the thresholds, but the money ended.",
        RankingEstablished,
        lambda _, event: any(row.outcome == "reserve" for row in event.rows),
    ),
    *(_refused_for(tie, sentence, words) for tie, (sentence, words) in _TIES.items()),
    happened("one-release", Area.AWARD, "All outcomes of a call are released at one instant.", OutcomesReleased),
    happened("offer-accepted", Area.AWARD, "An offer is accepted.", GrantAccepted),
    happened("offer-declined", Area.AWARD, "An offer is declined.", GrantDeclined),
    happened("offer-reminded", Area.AWARD, "An offer without an answer is reminded of.", AcceptanceReminded),
    happened("offer-lapsed", Area.AWARD, "An offer lapses after its days, counted over Easter by E23.", GrantLapsed),
    shown(
        "reserve-promoted",
        Area.AWARD,
        "The reserve moves up in rank order.",
        ReserveReviewed,
        lambda _, event: bool(event.promoted),
    ),
)


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


def approve_with_ties(stage: Stage) -> None:
    """Let somebody with each tie try to approve, as if the secretariat had overlooked it when it gave the role (D05).

    Each gets the role of an approver for the attempt, and loses it again.
    """
    named = {"call_id": stage.call_id, "line": stage.line, "digest": _list(stage).digest}
    first, second = stage.cast.secretariat
    for tie, person in _tied(stage):
        key, role = f"award-list/approval/{tie}", {"subject": person, "role": Role.APPROVER}
        proposer, confirmer = (first, second) if person != second else (second, first)
        stage.act(GrantRole, proposer, key, **role)
        stage.act(ConfirmRole, confirmer, key, **role)
        stage.refused("D05", ApproveAwardList, person, f"{key}/try", **named)
        stage.act(RevokeRole, first, f"{key}/revoke", **role, reason="Fictitious: it was a trial.")


def _tied(stage: Stage) -> Iterator[tuple[str, UUID]]:
    """Yield each tie with somebody who has it to the first application on the list of a cluster that was coached."""
    coached = ((plan, stage.partnership(plan).coach) for plan in _listed(stage) if plan.pairing.cluster)
    plan, coach = next((plan, coach) for plan, coach in coached if coach is not None)
    evaluation = stage.evaluation(plan)
    manager = stage.cast.id(f"{plan.key}/cluster manager")
    account = {"label": fictitious("A cluster manager"), "unit": "Cluster team"}
    opened, first = f"{plan.key}/cluster-manager", stage.cast.secretariat[0]
    stage.act(OpenAccount, first, opened, subject=manager, organisation_id=None, **account)
    stage.act(RecordClusterLead, first, f"{opened}/leads", subject=manager, cluster=plan.pairing.cluster)
    yield "scored", next(iter(evaluation.seats if evaluation else ()))
    yield "coached", coach
    yield "wrote", stage.officer(plan)
    yield "cluster", manager
    yield "proposed", stage.cast.secretariat[1]


def _listed(stage: Stage) -> Iterator[Plan]:
    listed = {row.pilot_action_id for row in _list(stage).rows}
    return (plan for plan in stage.plans if stage.pilot_action_id(plan) in listed)


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
