"""Scenes that may happen to anybody: without the right, with a role that was revoked, twice, at the wrong stage."""

from domain.account.commands import GrantRole, RevokeRole
from domain.call.commands import ProposeAwardList
from domain.errors import NotPermitted
from domain.partnership.commands import AssignCoach, CompleteCoaching, FormPartnership
from domain.people import Role
from fund_service.rehearsal.cases import Area, Case, noted, refused
from fund_service.rehearsal.stage import Stage

CASES: tuple[Case, ...] = (
    noted("no-right", Area.ANYBODY, "Somebody without the right is turned away."),
    noted("revoked-role", Area.ANYBODY, "A coach whose role is revoked in the middle of the work cannot finish it."),
    noted("same-command-twice", Area.ANYBODY, "The same command twice is carried out once, with the same answer."),
    refused(
        "wrong-stage", Area.ANYBODY, "An award list is not proposed before the ranking.", "stage", ProposeAwardList
    ),
)


def try_without_the_right(stage: Stage) -> None:
    """Let a coach try to form a partnership, and an officer of the secretariat try to rush the award."""
    coach, plan = stage.cast.of(Role.COACH)[0].subject, stage.plans[0]
    named = {
        "partnership_id": stage.partnership_id(plan),
        "call_id": stage.call_id,
        "name": plan.pairing.name,
        "coordinator_id": stage.cast.organisation(plan.pairing.coordinator.name),
        "member_ids": (),
        "geography": plan.pairing.geography,
    }
    stage.turned_away("no-right", NotPermitted, FormPartnership, coach, "without-the-right", **named)
    award = {"call_id": stage.call_id, "line": stage.line}
    stage.refused("stage", ProposeAwardList, stage.cast.secretariat[0], "award-list/too-early", **award)


def revoke_a_role(stage: Stage) -> None:
    """Take a coach's role away between two sessions, let the coach try to finish, and give the role back."""
    for plan in stage.plans:
        coach = stage.partnership(plan).coach
        if coach is None:
            continue
        first, role = stage.cast.secretariat[0], {"subject": coach, "role": Role.COACH}
        strand = stage.account(coach).roles.get(Role.COACH)
        stage.act(RevokeRole, first, "revoked-role/revoke", **role, reason="Fictitious: the contract ended.")
        named = {"partnership_id": stage.partnership_id(plan)}
        stage.turned_away("revoked-role", NotPermitted, CompleteCoaching, coach, "revoked-role/finish", **named)
        stage.act(GrantRole, first, "revoked-role/back", **role, strand=strand)
        twice = {**named, "coach": coach}
        stage.repeated("same-command-twice", AssignCoach, stage.cast.secretariat[0], f"{plan.key}/coach", **twice)
        return
