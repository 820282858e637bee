"""What must hold of a state at every prefix, by whatever decisions it came about: sums in limits, no early score."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from domain.call.aggregate import CALL, Call
from domain.errors import RuleViolated
from domain.evaluation.aggregate import Evaluation
from domain.grant.aggregate import Grant
from domain.messages import World
from domain.rulebook.ours.awarding import awards_are_within_the_envelope
from domain.rulebook.ours.evaluating import declaration_comes_first
from domain.rulebook.ours.resources import delivery_is_within_order, order_is_within_commitment
from domain.rulebook.programme import support_is_within_cap

Law = Callable[[], None]
"""Raises RuleViolated unless it holds."""


def broken_laws(state: Any, world: World) -> Iterator[RuleViolated]:
    """Yield every law that does not hold of a state (S01, D04, D06, D12)."""
    for law in _laws(state, world):
        try:
            law()
        except RuleViolated as broken:
            yield broken


def _laws(state: Any, world: World) -> Iterator[Law]:
    match state:
        case Grant():
            yield partial(order_is_within_commitment, state.ordered_cents, state.cents)
            yield partial(delivery_is_within_order, state.disbursed_cents, state.ordered_cents)
            yield from _within_cap(state, world)
        case Call():
            for line in state.rules.lines if state.rules and state.ledger else ():
                yield partial(awards_are_within_the_envelope, state.taken_cents(line.id), line.envelope_cents)
        case Evaluation():
            for seat in state.seats.values():
                yield partial(declaration_comes_first, seat.declared or seat.points is None)
        case _:
            return


def _within_cap(grant: Grant, world: World) -> Iterator[Law]:
    call = world.find(CALL, grant.call_id) if grant.call_id else None
    line = call.rules.line(grant.line) if call and call.rules else None
    if line is not None:
        yield partial(support_is_within_cap, grant.cents, line.cap_cents)
