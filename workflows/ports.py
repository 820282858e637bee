"""What workflows need from the fund, and the messages between the log and them."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from domain.call.rules import Calendar, CallRules
from domain.messages import Command
from domain.values import Instant, Value


class CommandBus(Protocol):
    """The fund's door and its published rules, as workflows see them."""

    def handle(self, command: Command) -> Any:
        """Carry out a command. Raises Refused and the other errors of the domain."""

    def rules(self, call_id: UUID) -> CallRules:
        """Return the rules that a call was published with."""


class LinePlan(Value):
    """What a process needs to know of a support line."""

    line: str
    reserve_expires: Instant


class Plan(Value):
    """What a process needs to know of a call's rules."""

    calendar: Calendar
    zone: str
    window_closed_at: Instant
    request_seconds: int
    lines: tuple[LinePlan, ...]

    def reserve_expires(self, line: str) -> datetime:
        """Return the instant (UTC) at which the reserve list of a line of the call ends."""
        return next(plan.reserve_expires for plan in self.lines if plan.line == line)


def plan_of(rules: CallRules) -> Plan:
    """Return what processes need of a call's rules."""
    return Plan(
        calendar=rules.calendar,
        zone=rules.zone,
        window_closed_at=rules.window_closed_at,
        request_seconds=rules.request_seconds,
        lines=tuple(LinePlan(line=line.id, reserve_expires=rules.reserve_expires(line)) for line in rules.lines),
    )


class Start(Value):
    """What a workflow starts with: what it drives, in which call, since when (`at`, UTC).

    `line` is the support line that it drives, where it drives one. `rehearsed_at` is the programme's time of a
    rehearsal at that start, None in a live fund.
    """

    subject: UUID
    call_id: UUID
    at: Instant
    line: str = ""
    rehearsed_at: Instant | None = None


class Heard(Value):
    """An event as a workflow hears of it: its position, topic and time, and the instants that the process waits for.

    `part` is the number of what it is about within its stream, such as an order of a grant.
    """

    position: int
    topic: str
    at: Instant
    instants: dict[str, Instant] = {}
    part: int | None = None


class Pulse(Value):
    """What a workflow answers when asked how it is.

    It runs nothing of its own when `waiting`, has seen the log up to `seen`, and waits for an event or for the calendar
    point `due` (UTC).
    """

    waiting: bool
    seen: int
    due: datetime | None
