"""A partner that is named in several applications is told so before it confirms (D09)."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from domain.messages import Change, Command, World
from domain.organisation.aggregate import ORGANISATION
from domain.organisation.events import NamedInApplication, ToldOfSeveralApplications


def partners_are_named(
    command: Command, world: World, call_id: UUID, pilot_action_id: UUID, partner_ids: Iterable[UUID]
) -> Iterator[Change]:
    """Yield what is recorded about each partner when a version that names it is put forward for the first time."""
    for partner_id in sorted(partner_ids):
        named_in = world.get(ORGANISATION, partner_id).named_in.get(call_id, frozenset())
        if pilot_action_id in named_in:
            continue
        named = NamedInApplication(**command.stamp(), call_id=call_id, pilot_action_id=pilot_action_id)
        yield Change(partner_id, named)
        if named_in:
            told = ToldOfSeveralApplications(**command.stamp(), call_id=call_id, applications=len(named_in) + 1)
            yield Change(partner_id, told)
