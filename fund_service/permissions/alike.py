"""Who may see what of many things: to whom a thing is one of many alike, that one is asked about those alike once.

Whether somebody sees a thing depends on call, strand and whether there is an application at all, unless one belongs to
it: as a member, as its coach, on its committee. What one belongs to is asked for each by itself.
"""

from collections.abc import Callable, Set
from functools import cached_property
from typing import Final
from uuid import UUID

from domain.errors import NotFound
from domain.messages import World
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.permissions.actors import Actor
from fund_service.permissions.checking import may_see
from fund_service.permissions.redaction import TELLS, Data, untold
from fund_service.permissions.relations import partnership_of
from fund_service.permissions.views import View, question
from projections.lists import Kin

ALIKE: Final = frozenset({View.PARTNERSHIP, View.PILOT_ACTION, View.GRANT, View.APPLICATION, View.APPLICANTS})
"""The views that depend on nothing else; a test compares them thing by thing."""


class Sights:
    """What one actor sees of many things in one world; `ties` are the ids of what that one belongs to."""

    def __init__(self, actor: Actor, world: World, ties: Callable[[], Set[UUID]]) -> None:
        """Begin without having asked."""
        self._actor, self._world, self._find_ties = actor, world, ties
        self.asked: dict[tuple[View, tuple[object, ...]], bool] = {}
        """What was asked of those alike, once."""
        self._untold: dict[tuple[object, ...], Data] = {}

    @cached_property
    def _ties(self) -> Set[UUID]:
        return self._find_ties()

    def sees(self, view: View, id: UUID, kin: Kin | None) -> bool:
        """Tell whether the actor may see this of the thing with this id, which is of this kin where it has any."""
        if kin is None or view not in ALIKE or self._is_apart(kin):
            return may_see(view, self._actor, id, self._world)
        known = self.asked.get((view, kin.alike))
        if known is None:
            known = may_see(view, self._actor, id, self._world)
            if self._is_still(kin, view, id):
                self.asked[view, kin.alike] = known
        return known

    def untold(self, id: UUID, kin: Kin | None) -> Data:
        """Return what the actor is not told of a row about a pilot action: fields with what stands in their place."""
        if kin is None or self._is_apart(kin):
            return untold(lambda view: may_see(view, self._actor, id, self._world))
        found = self._untold.get(kin.alike)
        if found is None:
            found = untold(lambda view: self.sees(view, id, kin))
            if all((view, kin.alike) in self.asked for view in TELLS):
                self._untold[kin.alike] = found
        return found

    def _is_apart(self, kin: Kin) -> bool:
        """Tell whether a thing is asked for by itself."""
        return self._actor.by_exception or (bool(self._ties) and not self._ties.isdisjoint(kin.things))

    def _is_still(self, kin: Kin, view: View, id: UUID) -> bool:
        """Tell whether a thing is of its kin in this world too: it may know more than the screens did."""
        try:
            partnership = partnership_of(question(view, self._actor, id), self._world)
            pilot = self._world.find(PILOT_ACTION, kin.pilot_action_id) if kin.pilot_action_id is not None else None
        except NotFound:
            return False
        submitted = pilot is not None and pilot.submitted is not None
        return kin.alike == (partnership.call_id, partnership.geography, submitted)
