"""Who did what: one person in two stages, a role that changed before a deed, a role that nobody used."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from domain.account.events import DeputyNamed, RoleGranted, RoleRevoked
from domain.audit.findings import Finding
from domain.audit.history import History
from domain.call.events import AwardListApproved, AwardListProposed, AwardListReturned
from domain.evaluation.events import (
    ConflictDeclared,
    ConsensusAgreed,
    ConsensusProposed,
    EvaluatorWithdrew,
    NoConflictDeclared,
    ScoresGiven,
)
from domain.grant.events import (
    DeliveryReversed,
    EvidenceAttached,
    InvoiceRecorded,
    OrderCancelled,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
    ReversalDismissed,
    ReversalProposed,
)
from domain.messages import Event, Recorded
from domain.partnership.events import (
    CoachAssigned,
    CoachingCompleted,
    CoachingSessionHeld,
    CoachingSessionMissed,
    GroupSessionHeld,
)
from domain.people import Role
from domain.pilot_action.events import ExpertNamed

DEEDS: Final[Mapping[Role, tuple[type[Event], ...]]] = {
    Role.COACH: (CoachingSessionHeld, GroupSessionHeld, CoachingSessionMissed, CoachingCompleted),
    Role.EVALUATOR: (
        NoConflictDeclared,
        ConflictDeclared,
        EvaluatorWithdrew,
        ScoresGiven,
        ConsensusProposed,
        ConsensusAgreed,
    ),
    Role.APPROVER: (AwardListApproved, AwardListReturned),
    Role.RESOURCE_MANAGER: (
        ResourceOrdered,
        OrderCancelled,
        ResourceDelivered,
        InvoiceRecorded,
        EvidenceAttached,
        ReversalProposed,
    ),
    Role.CERTIFIER: (ResourceDisbursed, DeliveryReversed, ReversalDismissed),
}
"""What the holder of a role states in a call, where nobody but a holder does."""

SOON: Final = timedelta(days=7)
"""A role that was granted less than so many days before a deed changed shortly before it."""


def two_stages(history: History) -> Iterator[Finding]:
    """Yield whoever acted in two stages that are for two people: coaching or writing, judging, proposing, approving,
    ordering, certifying; and whoever confirmed what the same person had proposed or recorded (D05, D18).
    """
    by_thing: dict[UUID, dict[UUID, dict[str, int]]] = {}
    by_line: dict[str, dict[UUID, dict[str, int]]] = {}
    for recorded in history.events:
        event = recorded.event
        first = next((id for name in _FIRST if (id := getattr(event, name, None)) is not None), None)
        if first == event.by:
            yield Finding(
                about=recorded.stream,
                why="One person did both parts of what two people do.",
                positions=(recorded.position,),
                people=(event.by,),
            )
        if isinstance(event, AwardListProposed | AwardListApproved):
            stage = "proposed the award list" if isinstance(event, AwardListProposed) else "approved the award list"
            by_line.setdefault(event.line, {}).setdefault(event.by, {}).setdefault(stage, recorded.position)
        elif (part := _part(recorded)) is not None:
            stage, who = part
            matter = history.about(recorded.stream)
            thing = matter.partnership_id or recorded.stream
            by_thing.setdefault(thing, {}).setdefault(who, {}).setdefault(stage, recorded.position)
    lines = {matter.partnership_id: matter.line for matter in history.matters.values() if matter.line}
    for thing, people in by_thing.items():
        of_line = by_line.get(lines.get(thing, ""), {})
        for who, stages in people.items():
            yield from _both(thing, who, {**stages, **of_line.get(who, {})})
    for people in by_line.values():
        for who, stages in people.items():
            yield from _both(history.call_id, who, stages)


_FIRST: Final = ("proposed_by", "recorded_by", "accepted_by")


def _part(recorded: Recorded) -> tuple[str, UUID] | None:
    """Return the stage that an event is a part of, and whose; None for others."""
    match recorded.event:
        case ExpertNamed(expert=who):
            return "helped to write it", who
        case CoachAssigned(coach=who):
            return "coached it", who
        case ScoresGiven(evaluator=who):
            return "judged it", who
        case ResourceOrdered(by=who) | ResourceDelivered(by=who):
            return "ordered for it", who
        case ResourceDisbursed(by=who):
            return "certified a delivery", who
        case _:
            return None


def _both(thing: UUID, who: UUID, stages: Mapping[str, int]) -> Iterator[Finding]:
    if len(stages) > 1 and set(stages) != {"helped to write it", "coached it"}:
        positions = tuple(sorted(stages.values()))
        why = f"One person {' and '.join(sorted(stages, key=lambda stage: stages[stage]))}."
        yield Finding(about=thing, why=why, positions=positions, people=(who,))


def changed_roles(history: History) -> Iterator[Finding]:
    """Yield whoever was granted a role, or named a deputy in it, less than the days before the first deed in it."""
    granted: dict[tuple[UUID, Role], Recorded] = {}
    for recorded in history.events:
        event = recorded.event
        if isinstance(event, RoleGranted | DeputyNamed):
            granted[recorded.stream, event.role] = recorded
            continue
        for role, deeds in DEEDS.items():
            before = granted.pop((event.by, role), None) if isinstance(event, deeds) else None
            if before is not None and event.effective_at < before.event.effective_at + SOON:
                yield Finding(
                    about=recorded.stream,
                    why=f"The role {role.value.replace('_', ' ')} was given {_ago(before, recorded)}.",
                    positions=(before.position, recorded.position),
                    people=(event.by,),
                )


def _ago(before: Recorded, after: Recorded) -> str:
    days = (after.event.effective_at - before.event.effective_at).days
    return {0: "less than a day before", 1: "a day before"}.get(days, f"{days} days before")


def unused_roles(history: History) -> Iterator[Finding]:
    """Yield every role in `DEEDS` that somebody was granted and in which that one did nothing in this call."""
    held: dict[tuple[UUID, Role], int] = {}
    for recorded in history.events:
        event = recorded.event
        match event:
            case RoleGranted() if event.role in DEEDS:
                held[recorded.stream, event.role] = recorded.position
            case RoleRevoked():
                held.pop((recorded.stream, event.role), None)
            case _:
                for role, deeds in DEEDS.items():
                    if isinstance(event, deeds):
                        held.pop((event.by, role), None)
    for (subject, role), position in held.items():
        why = f"The role {role.value.replace('_', ' ')} was not used in this call."
        yield Finding(about=subject, why=why, positions=(position,), people=(subject,))
