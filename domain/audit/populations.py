"""What a sample can be drawn from: the things of a call, each with its id, its sum and its strata."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from domain.audit.history import History
from domain.audit.outcomes import outcomes_of
from domain.call.events import AwardListApproved, AwardListProposed, CallCorrected, RankingEstablished
from domain.evaluation.events import EvaluationCompleted, FewerEvaluatorsConfirmed
from domain.grant.events import GrantAccepted, ResourceDelivered, ResourceDisbursed, ResourceOrdered
from domain.partnership.events import PartnershipFormed
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    RemovalConfirmed,
)
from domain.values import Cents


class PopulationOf(StrEnum):
    """What is sampled. A decision has no sum; an order that was cancelled is still one."""

    APPLICATIONS = "applications"
    GRANTS = "grants"
    ORDERS = "orders"
    DELIVERIES = "deliveries"
    DECISIONS = "decisions"


class Stratum(StrEnum):
    """What a population can be divided by."""

    LINE = "line"
    CLUSTER = "cluster"
    OUTCOME = "outcome"
    COUNTRY = "country"


class Item(NamedTuple):
    """One thing of a population: the id by which it is drawn, its sum in cents (0: it has none), its events."""

    id: str
    cents: Cents
    pilot_action_id: UUID | None
    strata: Mapping[Stratum, str]
    positions: tuple[int, ...]


_DECISIONS = (
    ApplicationFoundEligible
    | ApplicationFoundInadmissible
    | ApplicationFoundIneligible
    | RemovalConfirmed
    | FewerEvaluatorsConfirmed
    | EvaluationCompleted
    | RankingEstablished
    | AwardListProposed
    | AwardListApproved
    | CallCorrected
)


def population(history: History, of: PopulationOf, countries: Mapping[UUID, str]) -> tuple[Item, ...]:
    """Return everything of this kind in a call, in the order of ids; `countries` are those of coordinators, by id.

    An application or grant has the id of its stream, an order or delivery that of its grant, a slash and its number, a
    decision the position of its event. Applications are those that passed the door, with the sum last asked for; grants
    those that were accepted.
    """
    places = {recorded.stream: event for recorded, event in history.each(PartnershipFormed)}
    outcomes = outcomes_of(history)
    found: dict[str, tuple[UUID, Cents, tuple[int, ...]]] = {}
    for id, stream, cents, position in _told(history, of):
        found[id] = stream, cents, (*found[id][2], position) if id in found else (position,)
    items = []
    for id, (stream, cents, positions) in found.items():
        matter = history.about(stream)
        action, place = matter.pilot_action_id, places.get(matter.partnership_id or stream)
        strata = {
            Stratum.LINE: matter.line,
            Stratum.CLUSTER: place.cluster if place is not None else "",
            Stratum.COUNTRY: countries.get(place.coordinator_id, "") if place is not None else "",
            Stratum.OUTCOME: outcomes.get(action, "") if action is not None else "",
        }
        items.append(Item(id, cents, action, strata, positions))
    return tuple(sorted(items, key=lambda item: item.id))


def _told(history: History, of: PopulationOf) -> Iterator[tuple[str, UUID, Cents, int]]:
    """Yield the id, the stream, the sum and the position of what makes up a population, the last sum of an id last."""
    for recorded in history.events:
        stream, event, position = recorded.stream, recorded.event, recorded.position
        match of, event:
            case PopulationOf.APPLICATIONS, ApplicationSubmitted():
                yield str(stream), stream, event.requested_cents, position
            case PopulationOf.GRANTS, GrantAccepted():
                yield str(stream), stream, event.cents, position
            case PopulationOf.ORDERS, ResourceOrdered():
                yield f"{stream}/{event.order}", stream, event.cents, position
            case PopulationOf.DELIVERIES, ResourceDelivered() | ResourceDisbursed():
                yield f"{stream}/{event.order}", stream, event.cents, position
            case PopulationOf.DECISIONS, _ if isinstance(event, _DECISIONS):
                yield str(position), stream, 0, position
            case _:
                pass
