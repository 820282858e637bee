"""Who may see what of many things: to whom a thing is one of many alike, that one is asked about those alike once.

Whether somebody sees a thing depends on call, strand and whether there is an application at all, unless one belongs to
it: as a member, as its coach, on its committee. What one belongs to is asked for each by itself.
"""

from collections.abc import Callable, Iterable, Set
from functools import cached_property
from typing import Final, Protocol, TypeVar
from uuid import UUID

from domain.errors import NotFound
from domain.messages import World
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.permissions.actors import Actor
from fund_service.permissions.checking import may_see
from fund_service.permissions.redaction import TELLS, Data, untold
from fund_service.permissions.relations import partnership_of
from fund_service.permissions.views import View, question
from projections.lists import Kin, alike

ALIKE: Final = frozenset({View.PARTNERSHIP, View.PILOT_ACTION, View.GRANT, View.APPLICATION, View.APPLICANTS})
"""The views that depend on nothing else; a test compares them thing by thing."""


class Thing(Protocol):
    """One of many things that somebody looks at."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def kin(self) -> Kin | None:
        """What it has in common with others, where that is known."""


T = TypeVar("T", bound=Thing)


class Sights:
    """What one actor sees of many things in one world; `ties` are the ids of what that one belongs to."""

    def __init__(self, actor: Actor, world: World, ties: Callable[[], Set[str]]) -> None:
        """Begin without having asked."""
        self._actor, self._world, self._find_ties = actor, world, ties
        self.asked: dict[View, dict[str, bool]] = {view: {} for view in ALIKE}
        """What was asked of those alike, once."""
        self._untold: dict[str, Data] = {}

    @cached_property
    def _ties(self) -> Set[str]:
        return self._find_ties()

    def sees(self, view: View, id: UUID, kin: Kin | None) -> bool:
        """Tell whether the actor may see this of the thing with this id, which is of this kin where it has any."""
        if kin is None or view not in ALIKE or self._is_apart(kin):
            return may_see(view, self._actor, id, self._world)
        known = self.asked[view].get(kin.alike)
        if known is None:
            known = may_see(view, self._actor, id, self._world)
            if self._is_still(kin, view, id):
                self.asked[view][kin.alike] = known
        return known

    def among(self, view: View, things: Iterable[T]) -> list[T]:
        """Return those of many things of which the actor may see this."""
        known, apart, found = self.asked.get(view, {}), self._is_apart, []
        for one in things:
            kin = one.kin
            seen = known.get(kin.alike) if kin is not None and not apart(kin) else None
            if self.sees(view, one.id, kin) if seen is None else seen:
                found.append(one)
        return found

    def untold(self, id: UUID, kin: Kin | None) -> Data:
        """Return what the actor is not told of a row about a pilot action: fields with what stands in their place."""
        if kin is None or self._is_apart(kin):
            return untold(lambda view: may_see(view, self._actor, id, self._world))
        found = self._untold.get(kin.alike)
        if found is None:
            found = untold(lambda view: self.sees(view, id, kin))
            if all(kin.alike in self.asked[view] for view in TELLS):
                self._untold[kin.alike] = found
        return found

    def _is_apart(self, kin: Kin) -> bool:
        """Tell whether a thing is asked for by itself."""
        ties = self._ties
        return self._actor.by_exception or (bool(ties) and not ties.isdisjoint(kin.things))

    def _is_still(self, kin: Kin, view: View, id: UUID) -> bool:
        """Tell whether a thing is of its kin in this world too: it may know more than the screens did."""
        try:
            partnership = partnership_of(question(view, self._actor, id), self._world)
            pilot = self._world.find(PILOT_ACTION, kin.pilot_action_id) if kin.pilot_action_id is not None else None
        except NotFound:
            return False
        submitted = pilot is not None and pilot.submitted is not None
        return kin.alike == alike(partnership.call_id, partnership.geography, submitted=submitted)
