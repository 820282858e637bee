"""Control totals: what the events of a call add up to, beside what the fund decides by and what the screens show.

log      the events alone, added up by `domain.audit.totals`
ledger   the states that the fund decides by, folded from the same events, and the entries of `fund_service.ledger`
screens  the rows that people see
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Connection, func, select

from domain.account.events import AccountEvent
from domain.audit.history import History
from domain.audit.totals import GrantSums, grant_sums, requested
from domain.call.aggregate import CALL, SumState
from domain.grant.aggregate import GRANT, Grant, Stage
from domain.messages import Aggregate, Event
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction
from domain.receipt import CommandHandled
from domain.values import Value
from fund_service.ledger import ledger
from projections import lists
from projections.dashboard_view import dashboard
from projections.lists import SupportRow
from projections.read_model import POSITIONS
from projections.timeline import ENTRIES

S = TypeVar("S")


class TotalRow(Value):
    """One figure of a call, or of one grant of it, from three sources; sums are integer euro cents, others are counts.

    A source is None where it does not keep the figure. `difference` is the most that two of them differ by: 0 where
    all agree. `where` names the grant, and is empty for the whole call.
    """

    id: str
    figure: str
    where: str
    grant_id: UUID | None
    is_sum: bool
    log: int
    ledger: int | None
    screens: int | None
    difference: int


class _Found(NamedTuple):
    log: int
    ledger: int | None
    screens: int | None


_OF_GRANT: Final[Sequence[tuple[str, Callable[[GrantSums], int], Callable[[Grant], int], str]]] = (
    ("sums ordered", lambda sums: sums.ordered, lambda grant: grant.ordered_cents, "ordered_cents"),
    ("sums delivered", lambda sums: sums.delivered, lambda grant: _delivered(grant), "delivered_cents"),
    ("certified and disbursed", lambda sums: sums.disbursed, lambda grant: grant.disbursed_cents, "disbursed_cents"),
)
"""The sums that a grant has: by its events, in the state that the fund decides by, in the field of its row."""


def screens_position(connection: Connection) -> int:
    """Return the position up to which the screens that are compared show the log: the dashboard's, at this moment."""
    found = connection.scalar(select(POSITIONS.c.position).where(POSITIONS.c.name == "fund_dashboard"))
    return found or 0


def totals(history: History, connection: Connection) -> list[TotalRow]:
    """Return the control totals of a call, as of the position of its history, which is that of the screens; then those
    of each grant with a difference.
    """
    sums, support = grant_sums(history), {one.id: one for one in lists.support(connection, history.call_id)}
    events: defaultdict[UUID, list[Event]] = defaultdict(list)
    for recorded in history.events:
        events[recorded.stream].append(recorded.event)
    of_grants = [row for id in sums for row in _of_grant(id, events[id], sums[id], support.get(id))]
    return [*_of_call(history, events, sums, connection), *(row for row in of_grants if row.difference)]


def _of_call(
    history: History, events: Mapping[UUID, Sequence[Event]], sums: Mapping[UUID, GrantSums], connection: Connection
) -> Iterator[TotalRow]:
    shown, call = dashboard(connection, history.call_id), _state(events[history.call_id], CALL)
    grants = {id: _state(events[id], GRANT) for id in sums}
    asked = requested(history)
    actions = [_state(events[id], PILOT_ACTION) for id in asked]
    listed = [one for one in lists.applications(connection, history.call_id) if one.submitted_at is not None]
    entries = call.ledger.values()
    returned = sum(one.cents - one.spent_cents for one in entries if one.state is SumState.RETURNED)
    closed = sum(grant.stage is Stage.CLOSED for grant in grants.values())
    accepted = sum(grant.stage in (Stage.ACCEPTED, Stage.CLOSED) for grant in grants.values())
    lapsed = sum(grant.stage is Stage.LAPSED for grant in grants.values())
    declined = sum(grant.stage is Stage.DECLINED for grant in grants.values())

    def seen(name: str) -> int | None:
        return int(getattr(shown, name)) if shown is not None else None

    kinds = [type(recorded.event).__name__ for recorded in history.events]
    yield _row("events of the call", _Found(*_events(history, connection)), is_sum=False)
    counts: dict[str, _Found] = {
        "applications submitted": _Found(len(asked), len(actions), seen("submitted")),
        "grants accepted": _Found(kinds.count("GrantAccepted"), accepted, seen("accepted")),
        "offers declined": _Found(kinds.count("GrantDeclined"), declined, seen("declined")),
        "offers lapsed": _Found(kinds.count("GrantLapsed"), lapsed, seen("lapsed")),
        "grants closed": _Found(kinds.count("GrantClosed"), closed, seen("closed")),
    }
    for name, found in counts.items():
        yield _row(name, found, is_sum=False)
    last = sum(_asked(action) for action in actions)
    told = [one.requested_cents for one in listed if one.requested_cents is not None]  # none before closing (D27)
    money: dict[str, _Found] = {
        "sums requested": _Found(sum(asked.values()), last, sum(told) if told or not listed else None),
        "sums committed": _Found(
            sum(one.committed for one in sums.values()),
            sum(one.cents for one in entries if one.was_accepted),
            seen("committed_cents"),
        ),
    }
    for name, of_log, of_ledger, field in _OF_GRANT:
        in_ledger = sum(map(of_ledger, grants.values()))
        money[name] = _Found(sum(map(of_log, sums.values())), in_ledger, seen(field))
    money["sums returned"] = _Found(sum(one.returned for one in sums.values()), returned, seen("unspent_cents"))
    for name, found in money.items():
        yield _row(name, found, is_sum=True)


def _of_grant(id: UUID, events: Sequence[Event], sums: GrantSums, shown: SupportRow | None) -> Iterator[TotalRow]:
    """Yield the sums of one grant. Its events are folded once more, entry by entry, for what is left."""
    where = shown.partnership or shown.title if shown is not None else str(id)
    grant = _state(events, GRANT)
    left = [entry.left_cents for entry in ledger(events)]
    found = {
        "sums committed": _Found(
            sums.committed,
            grant.cents if grant.stage in (Stage.ACCEPTED, Stage.CLOSED) else 0,
            shown.cents if shown is not None and shown.stage in ("accepted", "closed") else 0,
        )
    }
    for name, of_log, of_ledger, field in _OF_GRANT:
        found[name] = _Found(of_log(sums), of_ledger(grant), getattr(shown, field, 0))
    found["left to order"] = _Found(sums.left, left[-1] if left else 0, shown.left_cents if shown is not None else 0)
    found["sums returned"] = _Found(sums.returned, None, shown.unspent_cents if shown is not None else 0)
    for name, one in found.items():
        yield _row(name, one, is_sum=True, where=where, grant_id=id)


def _row(figure: str, found: _Found, *, is_sum: bool, where: str = "", grant_id: UUID | None = None) -> TotalRow:
    kept = [value for value in found if value is not None]
    return TotalRow(
        id=f"{figure.replace(' ', '-')}{f'/{grant_id}' if grant_id is not None else ''}",
        figure=figure,
        where=where,
        grant_id=grant_id,
        is_sum=is_sum,
        **found._asdict(),
        difference=max(kept) - min(kept),
    )


def _events(history: History, connection: Connection) -> tuple[int, None, int]:
    """Return how many events the call has in the log, and how many of those positions the timeline shows."""
    others = CommandHandled | AccountEvent
    own = [recorded.position for recorded in history.events if not isinstance(recorded.event, others)]
    shown = 0
    for first in range(0, len(own), _AT_ONCE):
        these = ENTRIES.c.position.in_(own[first : first + _AT_ONCE])
        shown += connection.scalar(select(func.count()).select_from(ENTRIES).where(these)) or 0
    return len(own), None, shown


_AT_ONCE: Final = 500


def _state(events: Iterable[Event], kind: Aggregate[S]) -> S:
    state = kind.initial
    for event in events:
        state = kind.evolve(state, event)
    return state


def _asked(action: PilotAction) -> int:
    version = action.version(action.submitted)
    return version.requested_cents if version is not None else 0


def _delivered(grant: Grant) -> int:
    standing = [order for order in grant.orders.values() if order.delivered_cents is not None]
    return sum(order.delivered_cents or 0 if order.borne_cents is None else order.borne_cents for order in standing)
