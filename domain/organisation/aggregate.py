"""The organisation's state."""

from dataclasses import dataclass, replace
from typing import assert_never

from domain.messages import Aggregate
from domain.organisation.events import OrganisationAdmitted, OrganisationEvent, OrganisationRegistered, Side


@dataclass(frozen=True, slots=True)
class Organisation:
    """A city, area, region or agency; `admitted` to the programme or not (S05)."""

    name: str = ""
    side: Side = "EU"
    admitted: bool = False


def evolve(organisation: Organisation, event: OrganisationEvent) -> Organisation:
    """Fold one event."""
    match event:
        case OrganisationRegistered():
            return replace(organisation, name=event.name, side=event.side)
        case OrganisationAdmitted():
            return replace(organisation, admitted=True)
        case _:
            assert_never(event)


ORGANISATION = Aggregate("organisation", Organisation(), evolve)
