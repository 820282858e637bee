"""Each sum of a grant and of a support line, down to the events that moved it, compared with what was recorded."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from domain.call.aggregate import CALL, Call, SumState, announced
from domain.call.events import (
    AwardListAdopted,
    CallSettled,
    OutcomesReleased,
    ReserveReviewed,
    SumCommitted,
    SumReturned,
)
from domain.call.rules import SupportLine
from domain.errors import NotFound
from domain.grant.aggregate import GRANT, Grant, Stage
from domain.grant.events import (
    GrantAccepted,
    GrantClosed,
    OrderCancelled,
    ResourceDisbursed,
)
from domain.messages import Aggregate, Recorded
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.events import ApplicationSubmitted, VersionPutForward
from domain.values import Cents, euros
from fund_service.audit.explaining.record import Record, published_call
from fund_service.audit.explaining.statements import Compared, Explanation, Statement
from fund_service.ledger import left_to_order
from fund_service.permissions.views import View

S = TypeVar("S")


class Moved(NamedTuple):
    """An event that moved a sum, by how many cents, and to what."""

    recorded: Recorded
    cents: Cents
    after: Cents


def explain_grant(record: Record, grant_id: UUID) -> Explanation:
    """Return why each sum of a grant is what it is. Raises NotFound."""
    grant = record.then().get(GRANT, grant_id)
    statements = [*_requested(record, grant), *(_of_grant(record, grant_id, grant, name) for name in GRANT_SUMS)]
    return Explanation.of(grant_id, "The sums of a grant", "", record.position, statements)


GRANT_SUMS: Final[Mapping[str, tuple[str, str, Callable[[Grant], Cents]]]] = {
    "offered": ("Offered", "D04", lambda grant: grant.cents),
    "committed": ("Committed", "D11", lambda grant: grant.cents if _was_accepted(grant) else 0),
    "ordered": ("Ordered", "D12", lambda grant: grant.ordered_cents),
    "delivered": ("Delivered", "D12", lambda grant: sum(one.delivered_cents or 0 for one in grant.orders.values())),
    "disbursed": ("Certified and disbursed", "D12", lambda grant: grant.disbursed_cents),
    "returned": ("Returned to the envelope", "D12", lambda grant: _returned(grant)),
    "left": ("Left to order", "D12", left_to_order),
}
"""By name: what a sum of a grant is called, the rule that it follows, and what it is in a state, in cents."""


def _was_accepted(grant: Grant) -> bool:
    return grant.stage in (Stage.ACCEPTED, Stage.CLOSED)


def _returned(grant: Grant) -> Cents:
    return grant.cents - grant.disbursed_cents if grant.stage is Stage.CLOSED else 0


def _of_grant(record: Record, grant_id: UUID, grant: Grant, name: str) -> Statement:
    what, rule_id, sum_of = GRANT_SUMS[name]
    moves = list(moved(record, GRANT, grant_id, sum_of))
    cents = sum(one.cents for one in moves)
    return Statement(
        what=what,
        value=euros(cents),
        exact=str(cents),
        how=added(moves),
        rule=record.rule(rule_id, grant.call_id),
        compared=tuple(_recorded_of_grant(record, grant_id, grant, name, cents, moves)),
        parts=tuple(record.told(one.recorded, signed(one.cents), str(one.cents)) for one in moves),
    )


def _recorded_of_grant(
    record: Record, grant_id: UUID, grant: Grant, name: str, cents: Cents, moves: list[Moved]
) -> Iterator[Compared]:
    """Yield what events say of one of these sums."""
    by_event = {one.recorded.position: one.cents for one in moves}
    for recorded in record.of(grant_id):
        match name, recorded.event:
            case ("committed", GrantAccepted(cents=said)) | ("disbursed", GrantClosed(spent_cents=said)):
                yield _same(record, recorded, said, cents)
            case "returned", GrantClosed(returned_cents=said):
                yield _same(record, recorded, said, cents)
            case ("ordered", OrderCancelled(freed_cents=said)) | ("ordered", ResourceDisbursed(released_cents=said)):
                yield _same(record, recorded, said, -by_event.get(recorded.position, 0))
            case _:
                pass
    for recorded in record.of(grant.call_id) if grant.call_id is not None else ():
        match name, recorded.event:
            case ("offered", OutcomesReleased(awards=awards)) | ("offered", ReserveReviewed(promoted=awards)):
                yield from (_same(record, recorded, one.cents, cents) for one in awards if one.grant_id == grant_id)
            case "committed", SumCommitted(grant_id=id, cents=said) if id == grant_id:
                yield _same(record, recorded, said, cents)
            case "disbursed", SumReturned(grant_id=id, spent_cents=said) if id == grant_id:
                yield _same(record, recorded, said, cents)
            case "returned", SumReturned(grant_id=id, returned_cents=said) if id == grant_id:
                yield _same(record, recorded, said, cents)
            case _:
                pass


def _same(record: Record, recorded: Recorded, said: Cents, cents: Cents) -> Compared:
    return record.compared(recorded, euros(said), said == cents)


def _requested(record: Record, grant: Grant) -> Iterator[Statement]:
    """Yield what was asked for, resource by resource, where the reader may see the application."""
    action = grant.pilot_action_id
    if action is not None and record.reader.sees(View.APPLICATION, action):
        yield from requested(record, action)


def requested(record: Record, pilot_action_id: UUID) -> Iterator[Statement]:
    """Yield what the submitted version of an application asked for, resource by resource; nothing without one."""
    submitted = list(record.every(pilot_action_id, ApplicationSubmitted))
    if not submitted:
        return
    last, event = submitted[-1]
    put = [(at, one) for at, one in record.every(pilot_action_id, VersionPutForward) if one.version == event.version]
    for at, version in put[-1:]:
        resources = version.resources
        cents = sum(one.cents for one in resources)
        yield Statement(
            what="Requested",
            value=euros(cents),
            exact=str(cents),
            how=" + ".join(f"{one.quantity} × {euros(one.unit_cents)}" for one in resources),
            rule=record.rule("S01", _call_of(record, pilot_action_id), last),
            events=record.cited(at, last),
            compared=(
                _same(record, at, version.requested_cents, cents),
                _same(record, last, event.requested_cents, cents),
            ),
            parts=tuple(
                Statement(
                    what=one.kind.replace("_", " "),
                    value=euros(one.cents),
                    exact=str(one.cents),
                    how=f"{one.quantity} × {euros(one.unit_cents)}",
                )
                for one in resources
            ),
        )


def _call_of(record: Record, pilot_action_id: UUID) -> UUID | None:
    pilot = record.then().find(PILOT_ACTION, pilot_action_id)
    return pilot.call_id if pilot is not None else None


def moved(record: Record, kind: Aggregate[S], stream: UUID, sum_of: Callable[[S], Cents]) -> Iterator[Moved]:
    """Yield the events that moved a sum, oldest first; together they are all of it."""
    state, before = kind.initial, 0
    for recorded in record.of(stream):
        state = kind.evolve(state, recorded.event)
        after = sum_of(state)
        if after != before:
            yield Moved(recorded, after - before, after)
        before = after


def added(moves: list[Moved]) -> str:
    """Return how a sum adds up: €1,000.00 + €500.00 − €200.00."""
    text = " ".join(f"{'−' if one.cents < 0 else '+'} {euros(abs(one.cents))}" for one in moves)
    return text.removeprefix("+ ")


def signed(cents: Cents) -> str:
    """Return by how much a sum moved: +€1,000.00."""
    return f"{'+' if cents > 0 else ''}{euros(cents)}"


def explain_line(record: Record, call_id: UUID, line_id: str) -> Explanation:
    """Return why each sum of a support line is what it is. Raises NotFound."""
    call = published_call(record, call_id)
    line = announced(call).line(line_id)
    if line is None:
        raise NotFound(f"The call has no support line {line_id!r}.", "Read the call: it names its lines.")
    sums = _line_sums(line_id)
    statements = [_of_line(record, call_id, line_id, name, *sums[name]) for name in sums]
    return Explanation.of(call_id, "The sums of a support line", line.name, record.position, statements)


def _line_sums(line_id: str) -> Mapping[str, tuple[str, str, Callable[[Call], Cents]]]:
    def envelope(call: Call) -> Cents:
        line: SupportLine | None = call.rules.line(line_id) if call.rules is not None else None
        return line.envelope_cents if line is not None else 0

    def committed(call: Call) -> Cents:
        return sum(one.counts for one in call.ledger.values() if one.line == line_id and one.was_accepted)

    def spent(call: Call) -> Cents:
        return sum(
            one.spent_cents for one in call.ledger.values() if one.line == line_id and one.state is SumState.RETURNED
        )

    return {
        "envelope": ("Envelope", "D04", envelope),
        "taken": ("Taken by grants", "D04", lambda call: call.taken_cents(line_id)),
        "committed": ("Committed", "D11", committed),
        "spent": ("Spent by closed grants", "D12", spent),
        "left": ("Left of the envelope", "D04", lambda call: envelope(call) - call.taken_cents(line_id)),
    }


def _of_line(
    record: Record, call_id: UUID, line_id: str, name: str, what: str, rule_id: str, sum_of: Callable[[Call], Cents]
) -> Statement:
    moves = list(moved(record, CALL, call_id, sum_of))
    cents = sum(one.cents for one in moves)
    return Statement(
        what=what,
        value=euros(cents),
        exact=str(cents),
        how=added(moves),
        rule=record.rule(rule_id, call_id),
        compared=tuple(_recorded_of_line(record, call_id, line_id, name, moves)),
        parts=tuple(record.told(one.recorded, signed(one.cents), str(one.cents)) for one in moves),
    )


def _recorded_of_line(record: Record, call_id: UUID, line_id: str, name: str, moves: list[Moved]) -> Iterator[Compared]:
    """Yield what events say of one of these sums at their place."""
    call = CALL.initial
    by_event = {one.recorded.position: one.cents for one in moves}
    for recorded in record.of(call_id):
        call, before = CALL.evolve(call, recorded.event), call
        at = by_event.get(recorded.position, 0)
        match name, recorded.event:
            case "taken", AwardListAdopted(line=line, reserved_cents=said) if line == line_id:
                yield _same(record, recorded, said, at)
            case "left", ReserveReviewed(line=line, free_cents=said) if line == line_id:
                yield _same(record, recorded, said, _line_sums(line_id)["left"][2](before))
            case "committed", SumCommitted(grant_id=id, cents=said) if _line_of(call, id) == line_id:
                yield _same(record, recorded, said, at)
            case "spent", SumReturned(grant_id=id) if _line_of(call, id) == line_id:
                yield from _closed(record, id, at)
            case "spent", CallSettled(spent_cents=said):
                yield _same(record, recorded, said, sum(entry.counts for entry in call.ledger.values()))
            case _:
                pass


def _line_of(call: Call, grant_id: UUID) -> str | None:
    entry = call.ledger.get(grant_id)
    return entry.line if entry is not None else None


def _closed(record: Record, grant_id: UUID, cents: Cents) -> Iterator[Compared]:
    for recorded, event in record.every(grant_id, GrantClosed):
        yield _same(record, recorded, event.spent_cents, cents)
