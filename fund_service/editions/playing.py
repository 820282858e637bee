"""An edition played before it is published: each step of the fund's own, tried at its instant in a supposed world.

Nobody applies in it; so it shows which clocks run, and that the steps fit one after the other. Nothing is recorded.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from domain.account.events import AccountOpened
from domain.call.aggregate import CALL
from domain.call.commands import (
    ApproveAwardList,
    CloseApplicationWindow,
    CloseCoachingWindow,
    EstablishRanking,
    ExpireReserve,
    OpenApplicationWindow,
    OpenCoachingWindow,
    ProposeAwardList,
    PublishCall,
    ReleaseOutcomes,
    SettleCall,
)
from domain.call.rules import CallRules
from domain.errors import Refused
from domain.ids import call_id
from domain.messages import Change, Command
from domain.people import ENGINE
from domain.values import Instant, Value
from fund_service.application import WorldNow
from fund_service.foreseeing import supposed

_PUBLISHER, _PROPOSER, *_APPROVERS = (uuid5(ENGINE, f"supposed person {n}") for n in range(4))
"""Nobody: they publish, propose the list and approve it in the supposed world alone."""


class Played(Value):
    """A step that was tried: when (UTC), what would be recorded, or why it would be refused."""

    at: Instant
    says: tuple[str, ...]
    refused: str | None = None


def played(world: WorldNow, rules: CallRules, now: datetime) -> list[Played]:
    """Return each step of a call by these rules that nobody applies in, in the order of time.

    The world goes on from there, and is good for nothing else.
    """
    if world.find(CALL, call_id(rules.edition)) is not None:
        return []
    opened = AccountOpened(by=ENGINE, effective_at=now, label="Supposed", unit="Supposed", organisation_id=None)
    world.suppose(Change(one, opened) for one in _APPROVERS)
    tried = [_tried(world, command) for command in _steps(world, rules, now)]
    return sorted(tried, key=lambda one: one.at)


def _tried(world: WorldNow, command: Command) -> Played:
    try:
        return Played(at=command.at, says=tuple(event.sentence for event in supposed(command, world).events))
    except Refused as refused:
        return Played(at=command.at, says=(), refused=str(refused))


def _steps(world: WorldNow, rules: CallRules, now: datetime) -> Iterator[Command]:
    calendar, of_call = rules.calendar, call_id(rules.edition)

    def step(kind: type[Command], at: datetime, by: UUID = ENGINE, **said: Any) -> Command:
        return kind.model_construct(None, **{"by": by, "at": at, "key": "-", "call_id": of_call, **said})

    yield step(PublishCall, min(now, calendar.published), _PUBLISHER, rules=rules)
    yield step(OpenCoachingWindow, calendar.coaching_opens)
    yield step(CloseCoachingWindow, calendar.coaching_closes)
    yield step(OpenApplicationWindow, calendar.applications_open)
    yield step(CloseApplicationWindow, calendar.applications_close)
    for line in rules.lines:
        yield step(EstablishRanking, calendar.scores_due, line=line.id)
        yield step(ProposeAwardList, calendar.approval_due, _PROPOSER, line=line.id)
        for approver in _APPROVERS:
            version = world.get(CALL, of_call).list_of(line.id)
            yield step(ApproveAwardList, calendar.approval_due, approver, line=line.id, digest=version.digest)
        yield step(ReleaseOutcomes, calendar.outcomes_released, line=line.id)
        yield step(ExpireReserve, rules.reserve_expires(line), line=line.id)
    yield step(SettleCall, calendar.settled)
