"""What became of each application, as far as the events tell."""

from collections.abc import Mapping
from uuid import UUID

from domain.audit.history import History
from domain.call.events import OutcomesReleased
from domain.grant.events import GrantOffered
from domain.pilot_action.events import (
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    RemovalConfirmed,
)

OPEN = "open"


def outcomes_of(history: History) -> Mapping[UUID, str]:
    """Return the outcome of every application that passed the door, by its pilot action: open while there is none.

    Whoever was offered support has an award, also from the reserve and whatever followed (D23).
    """
    found: dict[UUID, str] = {}
    for recorded in history.events:
        stream, event = recorded.stream, recorded.event
        match event:
            case ApplicationSubmitted():
                found[stream] = OPEN
            case ApplicationWithdrawn():
                found[stream] = "withdrawn"
            case ApplicationFoundInadmissible():
                found[stream] = "inadmissible"
            case ApplicationFoundIneligible():
                found[stream] = "ineligible"
            case RemovalConfirmed():
                found[stream] = event.cause.value
            case OutcomesReleased():
                found |= {one.pilot_action_id: one.outcome for one in event.outcomes}
            case GrantOffered():
                found[event.pilot_action_id] = "award"
            case _:
                pass
    return found
