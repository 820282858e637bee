"""What somebody may do about what a page shows: the way to the deed, or why not. In the past nothing is offered."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from domain.errors import FundError, NotFound, NotPermitted, RuleViolated
from domain.messages import Command
from fund_service.api.asking import Asking
from fund_service.api.deeds import DEED_OF
from fund_service.api.describing import names_in
from fund_service.api.resources.screens import own_upcoming
from fund_service.application import Terms
from fund_service.permissions.checking import check_permission
from fund_service.permissions.deeds import PERMISSIONS
from fund_service.web.wishes import Wish, deed_address


class Offer(NamedTuple):
    """The page of a deed, and why it would be refused now, with its rule where there is one."""

    address: str
    refused: FundError | None = None
    rule: str | None = None


def offer(asking: Asking, command: type[Command], **named: Any) -> Offer | None:
    """Return the way to a deed of which all is known, or why not; None where it is nothing for who asks.

    It is the dry run of the deed: nothing is recorded.
    """
    if not concerns(asking, command):
        return None
    address = deed_address(command.__name__, **named)
    asked = command.model_validate({"by": asking.by, "at": asking.now, "key": "offer", **named})
    try:
        check_permission(asked, asking.world, asking.actor)
        if refused := asking.world.decide(asked, Terms(asking.actor.role))[1]:
            raise refused
    except FundError as error:
        return Offer(address, error, error.code if isinstance(error, RuleViolated) else None)
    return Offer(address)


def possible(asking: Asking, commands: Iterable[type[Command]], **named: Any) -> Iterator[tuple[str, str]]:
    """Yield the name and the page of every deed that who asks may do about this thing at all, at whichever stage."""
    stamp: dict[str, Any] = {"by": asking.by, "at": asking.now, "key": "offer"}
    for command in commands:
        if concerns(asking, command):
            try:
                check_permission(command.model_construct(None, **stamp, **named), asking.world, asking.actor)
            except (NotPermitted, NotFound):
                continue
            yield Wish(DEED_OF[command], named, ()).title, deed_address(command.__name__, **named)


def concerns(asking: Asking, command: type[Command]) -> bool:
    """Tell whether a deed is for one of the roles of who asks, or for whoever holds an account that it names.

    In the past none is.
    """
    if asking.moment is not None:
        return False
    permission = PERMISSIONS[command]
    return bool(permission.holders) or bool(permission.roles & asking.account.roles.keys())


class Waiting(NamedTuple):
    """A deed that waits for who looks: what it is about, until when (UTC), and its page, of which the past has none.

    `button` is what its page calls it, `ids` are those it names.
    """

    deed: str
    button: str
    title: str
    partnership: str
    due: datetime | None
    late: bool
    rule: str
    address: str | None
    ids: frozenset[UUID]


def waiting(asking: Asking, most: int | None = None, matters: Collection[UUID] | None = None) -> Iterator[Waiting]:
    """Yield what waits for who looks, the first due first, as far as its page can be named; of an office so many at
    most, or what is about these matters alone.
    """
    now = asking.now
    for one in own_upcoming(asking, most, matters):
        if set(names_in(DEED_OF[one.command].path)) <= one.known.keys() and not DEED_OF[one.command].uploads:
            deed = one.deed
            address = deed_address(one.command.__name__, **one.known) if asking.moment is None else None
            ids = frozenset(known for known in one.known.values() if isinstance(known, UUID))
            button = Wish(DEED_OF[one.command], one.known, ()).title
            yield Waiting(
                deed.deed, button, deed.title, deed.partnership, deed.due, one.late(now), deed.rule, address, ids
            )
