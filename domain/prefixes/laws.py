"""What must hold of a state at every prefix, by whatever decisions it came about: sums within limits, no early score."""

from collections.abc import Callable, Iterator
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


def broken_laws(state: Any, world: World) -> Iterator[RuleViolated]:
    """Yield every law that does not hold of a state (S01, D04, D06, D12)."""
    for law in _laws(state, world):
        try:
            law()
        except RuleViolated as broken:
            yield broken


def _laws(state: Any, world: World) -> Iterator[Callable[[], None]]:
    match state:
        case Grant():
            yield lambda: order_is_within_commitment(state.ordered_cents, state.cents)
            yield lambda: delivery_is_within_order(state.disbursed_cents, state.ordered_cents)
            yield from _within_cap(state, world)
        case Call() if state.rules and state.ledger:
            for line in state.rules.lines:
                taken, envelope = state.taken_cents(line.id), line.envelope_cents
                yield lambda taken=taken, envelope=envelope: awards_are_within_the_envelope(taken, envelope)
        case Evaluation():
            for seat in state.seats.values():
                yield lambda seat=seat: declaration_comes_first(seat.declared or seat.points is None)


def _within_cap(grant: Grant, world: World) -> Iterator[Callable[[], None]]:
    call = world.find(CALL, grant.call_id) if grant.call_id else None
    line = call.rules.line(grant.line) if call and call.rules else None
    if line is not None:
        yield lambda: support_is_within_cap(grant.cents, line.cap_cents)
