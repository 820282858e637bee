"""What workflows need from the fund, and the messages between the log and them."""

from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.call.rules import CallRules
from domain.messages import Command
from domain.values import Instant


class CommandBus(Protocol):
    """The fund's door and its published rules, as workflows see them."""

    def handle(self, command: Command) -> Any:
        """Carry out a command. Raises Refused and the other errors of the domain."""

    def rules(self, call_id: UUID) -> CallRules:
        """Return the rules in force for a call."""


class Message(BaseModel):
    """What histories of workflows hold: frozen, without personal data.

    What this version does not know it passes over, and what an older one left out has a default: so any version reads
    what any other wrote.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")


class LinePlan(Message):
    """What a process needs to know of a support line."""

    line: str
    reserve_expires: Instant


class Plan(Message):
    """What a process needs to know of a call's rules: the steps of its calendar, in UTC, and what goes with them."""

    coaching_opens: Instant
    coaching_reminder: Instant
    coaching_closes: Instant
    applications_open: Instant
    applications_reminder: Instant
    applications_close: Instant
    eligibility_checked: Instant
    clarifications_due: Instant
    scores_reminder: Instant
    scores_due: Instant
    consensus_due: Instant
    outcomes_released: Instant
    implementation_ends: Instant
    final_report_due: Instant
    settled: Instant
    zone: str
    request_seconds: int
    lines: tuple[LinePlan, ...]

    def answered(self, point: datetime) -> datetime:
        """Return the instant (UTC) at which every request that arrived before a point has its answer."""
        return point + timedelta(seconds=self.request_seconds)

    def reserve_expires(self, line: str) -> datetime:
        """Return the instant (UTC) at which the reserve list of a line of the call ends."""
        return next(plan.reserve_expires for plan in self.lines if plan.line == line)


def plan_of(rules: CallRules) -> Plan:
    """Return what processes need of a call's rules."""
    lines = tuple(LinePlan(line=line.id, reserve_expires=rules.reserve_expires(line)) for line in rules.lines)
    steps = dict(rules.calendar.points())
    return Plan.model_validate({**steps, "zone": rules.zone, "request_seconds": rules.request_seconds, "lines": lines})


class Heard(Message):
    """An event as a workflow hears of it: its position, topic and time, and the instants that the process waits for.

    `id` is its stream and version: the same in each rehearsal of a seed, whatever happens beside it, which a position
    is not. `part` is the number of what it is about within its stream, such as an order of a grant.
    """

    id: str
    position: int
    topic: str
    at: Instant
    instants: dict[str, Instant] = {}
    part: int | None = None


class Memory(Message):
    """What a run of a workflow leaves to the next one, which goes on where it stood.

    `chapter` is the name of the chapter in which it waited, `heard` the latest event of each topic, `seen` the position
    up to which it heard, `noted` the points that it noted for itself, `clock` the programme's time that it was told.
    """

    chapter: str = ""
    heard: tuple[Heard, ...] = ()
    seen: int = 0
    noted: dict[str, Instant] = {}
    clock: Instant | None = None


class Start(Message):
    """What a workflow starts with: what it drives, in which call, since when (`at`, UTC).

    `line` is the support line that it drives, where it drives one. `rehearsed_at` is the programme's time of a
    rehearsal at that start, None in a live fund. `memory` is what the run before left, None in the first one.
    """

    subject: UUID
    call_id: UUID
    at: Instant
    line: str = ""
    rehearsed_at: Instant | None = None
    memory: Memory | None = None


class Pulse(Message):
    """What a workflow answers when asked how it is.

    It runs nothing of its own when `waiting`, has seen the log up to `seen`, and waits for an event or for the calendar
    point `due` (UTC).
    """

    waiting: bool
    seen: int
    due: datetime | None
