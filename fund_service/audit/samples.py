"""Samples of a call: drawn by a stated method and a published seed, as of a position, so that anybody gets the same."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Connection

from domain.audit.history import History
from domain.audit.populations import Item, PopulationOf, Stratum, population
from domain.audit.sampling import Method, draw, interval_of, start_of
from domain.values import Cents, Value
from projections import lists
from projections.registry import organisations


class SampleWanted(Value):
    """Which sample is wanted; only a stratified one looks at `by`."""

    of: PopulationOf
    method: Method
    size: int
    seed: str
    by: Stratum


class SampleBasis(Value):
    """What a sample was drawn from: how many items of which sum, as of which position; of a monetary-unit sample also
    its interval and its start, in cents.
    """

    at: int
    items: int
    cents: Cents
    interval_cents: Cents | None
    start_cents: Cents | None


class SampledRow(Value):
    """An item of a sample. `drawn_by` is its digest with the seed, or the first chosen cent that lies in it.

    `cents` is None for what has no sum; `positions` are its events, `as_of` the position as of which it was drawn.
    """

    id: str
    drawn_by: str
    stratum: str
    cents: Cents | None
    partnership_id: UUID | None
    pilot_action_id: UUID | None
    partnership: str
    line: str
    cluster: str
    country: str
    outcome: str
    positions: tuple[int, ...]
    as_of: int


def items_of(history: History, of: PopulationOf, connection: Connection) -> tuple[Item, ...]:
    """Return a population of a call, in the order of ids."""
    return population(history, of, {one.id: one.country for one in organisations(connection)})


def basis(history: History, items: tuple[Item, ...], wanted: SampleWanted) -> SampleBasis:
    """Return what a sample that can be drawn is drawn from."""
    of_cents = wanted.method is Method.MONETARY_UNIT
    interval = interval_of(items, wanted.size) if of_cents else None
    start = start_of(interval, wanted.seed) if interval is not None else None
    cents = sum(item.cents for item in items)
    return SampleBasis(at=history.at, items=len(items), cents=cents, interval_cents=interval, start_cents=start)


def sampled(
    history: History, items: tuple[Item, ...], wanted: SampleWanted, connection: Connection
) -> Iterator[SampledRow]:
    """Yield the sample. Raises Malformed for what cannot be drawn."""
    names = {one.id: one.name for one in lists.partnerships(connection, history.call_id)}
    for item, stratum, by in draw(items, wanted.method, wanted.size, wanted.seed, wanted.by):
        partnership = history.about(item.pilot_action_id).partnership_id if item.pilot_action_id is not None else None
        yield SampledRow(
            id=item.id,
            drawn_by=by,
            stratum=stratum,
            cents=item.cents or None,
            partnership_id=partnership,
            pilot_action_id=item.pilot_action_id,
            partnership=names.get(partnership, "") if partnership is not None else "",
            **{one.value: item.strata[one] for one in Stratum},
            positions=item.positions,
            as_of=history.at,
        )
