"""Mistakes to plant in the domain, each of which breaks the ledger: whoever tests its laws must find them all."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from domain.call import awarding
from domain.call.aggregate import AwardList
from domain.call.events import Award
from domain.catalogue import DECIDERS
from domain.grant import decisions, delivering
from domain.grant.aggregate import GRANT, Grant
from domain.grant.commands import ConfirmReversal, OrderResource, RecordInvoice
from domain.messages import Change, Command, Decision, World

Plant = Callable[[pytest.MonkeyPatch], None]


def _unguarded(module: object, guard: str) -> Plant:
    """Plant a decision that forgets one of its checks."""
    return lambda patch: patch.setattr(module, guard, lambda *asked: None)


def _counts_only_what_is_certified(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Grant, "left_cents", property(lambda grant: grant.cents - grant.disbursed_cents))


def _retold(kind: type[Command], tell: Callable[[Any, World], dict[str, Any]]) -> Plant:
    """Plant a decision whose one event tells something else."""
    decide = DECIDERS[kind]

    def mistaken(command: Command, world: World) -> Decision:
        return [Change(on, event.model_copy(update=tell(command, world))) for on, event in decide(command, world)]

    return lambda patch: patch.setitem(DECIDERS, kind, mistaken)


def _replaces_beyond_what_is_left(patch: pytest.MonkeyPatch) -> None:
    decide = DECIDERS[OrderResource]

    def mistaken(command: OrderResource, world: World) -> Decision:
        if command.replaces is None:
            return decide(command, world)
        [(grant, event)] = decide(command.model_copy(update={"cents": 1}), world)
        return [Change(grant, event.model_copy(update={"cents": command.cents}))]

    patch.setitem(DECIDERS, OrderResource, mistaken)


def _promotes_whoever_fits(patch: pytest.MonkeyPatch) -> None:
    def mistaken(current: AwardList, free_cents: int) -> Iterator[Award]:
        for award in current.reserve:
            if award.cents <= free_cents:
                free_cents -= award.cents
                yield award

    patch.setattr(awarding, "_promoted", mistaken)


MISTAKES: dict[str, Plant] = {
    "an order forgets what is pending": _counts_only_what_is_certified,
    "a replacement goes beyond what the failed order left": _replaces_beyond_what_is_left,
    "who proposed a reversal confirms it": _unguarded(delivering, "two_persons_decide"),
    "a reversal restores what was ordered again": _retold(
        ConfirmReversal,
        lambda asked, world: {"kept_cents": world.get(GRANT, asked.grant_id).orders[asked.order].kept_cents},
    ),
    "the fund bears the whole invoice": _retold(
        RecordInvoice, lambda asked, world: {"borne_cents": asked.cents, "borne_outside_cents": 0}
    ),
    "more is delivered than ordered": _unguarded(delivering, "delivery_is_within_order"),
    "what nobody acknowledged is certified": _unguarded(delivering, "delivery_was_acknowledged"),
    "who handled an order certifies it": _unguarded(delivering, "certifier_is_independent"),
    "an offer is accepted after its end": _unguarded(decisions, "acceptance_is_in_time"),
    "somebody jumps in the reserve": _promotes_whoever_fits,
}
