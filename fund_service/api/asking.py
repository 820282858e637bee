"""One question: who asks of which world, what they may see, and one moment of screens and log for the answer."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from fastapi import Request
from sqlalchemy import Connection

from domain.account.aggregate import Account
from domain.values import Value
from fund_service.api.bearing import Bearing
from fund_service.api.context import Context, Signed
from fund_service.api.describing import names_in
from fund_service.api.seeing import check_sight
from fund_service.api.watching import tell_reading
from fund_service.application import WorldNow
from fund_service.auth.sessions import Session
from fund_service.known_rows import Entry
from fund_service.listing import Data, as_data
from fund_service.past.moments import Moment
from fund_service.permissions.actors import Actor, account_of
from fund_service.permissions.alike import Sights
from fund_service.permissions.checking import may_see, may_see_all
from fund_service.permissions.past import looking_back
from fund_service.permissions.redaction import redacted, told_without
from fund_service.permissions.views import View
from projections import lists
from projections.database import one_moment
from projections.lists import CallRow
from projections.ties import ties

T = TypeVar("T")


class Asking(NamedTuple):
    """One question: who asks, by which session (None: by a token), of which world, with which screens.

    Of the past, `moment` says which, and world, screens and fund are as of it.
    """

    actor: Actor
    world: WorldNow
    screens: Callable[[], Connection]
    context: Context
    bearing: Bearing | None = None
    session: Session | None = None
    moment: Moment | None = None
    found: dict[Callable[["Asking"], Any], Any] | None = None
    """What was looked for `once`."""

    def once(self, find: Callable[["Asking"], T]) -> T:
        """Return what is found for this question, which is looked for once."""
        if self.found is None:
            return find(self)
        if find not in self.found:
            self.found[find] = find(self)
        known: T = self.found[find]
        return known

    @property
    def calls(self) -> list[CallRow]:
        """Every published call, the oldest first."""
        return self.once(_calls)

    @property
    def now(self) -> datetime:
        """The fund's time (UTC) when it was first asked for."""
        return self.once(_now)

    @property
    def rehearsed(self) -> datetime | None:
        """The same in a rehearsal; None in a live fund."""
        return self.once(_rehearsed)

    @property
    def connection(self) -> Connection:
        """The screens, opened when they are first looked at: many answers are in the world alone."""
        return self.screens()

    @property
    def position(self) -> int:
        """The position of the log as of which the world is seen."""
        return self.world.at

    @property
    def by(self) -> UUID:
        """The subject who asks."""
        return self.actor.subject

    def sees(self, view: View, id: UUID) -> bool:
        """Tell whether who asks may see this of the thing with this id."""
        return may_see(view, self.actor, id, self.world)

    def sees_all(self, view: View, call_id: UUID) -> bool:
        """Tell whether who asks may see this of everything in a call."""
        return may_see_all(view, self.actor, call_id, self.world)

    def sights(self) -> Sights:
        """Return what who asks sees of many things."""
        own = self.account.organisation_id
        return Sights(self.actor, self.world, lambda: ties(self.connection, self.by, own))

    @property
    def account(self) -> Account:
        """The account of who asks, with the roles that count now; an empty one where there is none."""
        return account_of(self.actor, self.world) or Account()


class Open(StrEnum):
    """Questions about nothing that only some may see."""

    EVERYBODY = "everybody"
    SIGNED_IN = "everybody who is signed in"


Sight = View | Open
"""Who may ask a question: by the view of the thing that its path names, or everybody."""


def is_public(request: Request) -> bool:
    """Tell whether the route of a request is for everybody."""
    endpoint = getattr(request.scope.get("route"), "endpoint", None)
    return getattr(endpoint, "sight", None) is Open.EVERYBODY


@contextmanager
def looking(
    context: Context,
    request: Request,
    bearing: Bearing | None,
    signed: Signed,
    given: Mapping[str, Any],
    sight: Sight,
    path: str,
    moment: Moment | None = None,
) -> Iterator[Asking]:
    """Let somebody look at one moment of log and screens, and tell it where it is told who reads.

    Of the past one sees what one may see today and might have seen then in the office that one has today. Raises
    NotFound for what the actor may not see, NotPermitted for who may not look at the past, Unavailable.
    """
    actor, session, seen = signed
    world, named = seen or context.parts.fund.world(), given.get("pilot_action_id")
    if named is not None:
        actor = replace(actor, by_exception=True)  # of this one thing an exception may be made
    if isinstance(sight, View):
        check_sight(sight, actor, given[names_in(path)[0]], world)
    if sight is not Open.EVERYBODY or moment is not None:
        tell_reading(request, actor, named, world, moment)
    if moment is not None:
        actor, context = looking_back(actor, world), context.as_of(moment)
        world = context.parts.fund.world()
        if isinstance(sight, View):
            check_sight(sight, actor, given[names_in(path)[0]], world)
    with ExitStack() as opened:
        screens = cache(lambda: opened.enter_context(one_moment(context.parts.views)))
        yield Asking(actor, world, screens, context, bearing, session, moment, {})


def _calls(asking: Asking) -> list[CallRow]:
    return lists.calls(asking.connection)


def _now(asking: Asking) -> datetime:
    return asking.rehearsed or asking.context.parts.clock.now()


def _rehearsed(asking: Asking) -> datetime | None:
    return asking.context.parts.clock.rehearsed()


def told_to(asking: Asking, named: UUID | None, each: View | None, row: Value) -> Data:
    """Return what is told of a row to who asks: of one about a pilot action, what that one may see of it."""
    data = as_data(row)
    about = named or _about(data, each)
    return data if about is None else redacted(data, about, asking.actor, asking.world)


def told_of(asking: Asking, sights: Sights, named: UUID | None, each: View | None, one: Entry[Any]) -> Data:
    """Return the same of one row of many: its own data where all of it is told."""
    return told_without(one.data, untold_of(sights, named, each, one), asking.world)


def untold_of(sights: Sights, named: UUID | None, each: View | None, one: Entry[Any]) -> Data:
    """Return what is not told of one row of many: fields with what stands in their place."""
    about = named or (one.kin.pilot_action_id if one.kin is not None else _about(one.data, each))
    return {} if about is None else sights.untold(about, one.kin)


def _about(data: Data, each: View | None) -> UUID | None:
    of_row = data["id"] if each is View.PILOT_ACTION else data.get("pilot_action_id") or _known(data)
    return UUID(of_row) if of_row is not None else None


def _known(data: Data) -> str | None:
    known = data.get("known")
    return known.get("pilot_action_id") if isinstance(known, dict) else None
