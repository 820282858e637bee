"""What waits for one subject, as the permissions see it: each deed with the request that does it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from domain.account.aggregate import Account
from domain.catalogue import COMMANDS
from domain.errors import NotFound, NotPermitted, RuleViolated, WrongStage
from domain.messages import Command
from fund_service.application import Fund, Terms, WorldNow
from fund_service.permissions.actors import Actor, account_of
from fund_service.permissions.checking import check_permission
from fund_service.permissions.deeds import PERMISSIONS
from projections.next_deeds import OF_OFFICES, NextDeed, of_coach, of_evaluator, of_member, of_offices

SEPARATED: Final = ("D05", "D18", "D31", "D33")
"""The rules by which a deed is somebody else's: separation of duties, and two persons."""

_LOOKED_AT: Final = 5
"""For each deed that is to be found, so many that wait for the office are looked at: another officer may have to do it.
"""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Upcoming(NamedTuple):
    """A deed that waits, the request that does it, the fields of it that are known, and the names of those still to
    be said.
    """

    deed: NextDeed
    command: type[Command]
    known: dict[str, Any]
    missing: list[str]

    def late(self, now: datetime) -> bool:
        """Tell whether it is overdue."""
        return self.deed.due is not None and now >= self.deed.due


def upcoming(
    fund: Fund,
    connection: Connection,
    actor: Actor,
    now: datetime,
    most: int | None = None,
    matters: Collection[UUID] | None = None,
) -> list[Upcoming]:
    """Return what somebody may do now, the first due first; with `matters`, what waits for an office about these alone.

    Of what waits for offices it is so many at `most`, found among the first of them that are due: an office waits for
    as much as there are applications.
    """
    world, actor = fund.world(), replace(actor, now=lambda: now)
    account = account_of(actor, world)
    if account is None:
        return []

    def mine(deeds: Iterable[NextDeed]) -> Iterator[Upcoming]:
        return (one for one in map(_with_request, deeds) if _may(fund, world, account, one, actor, now))

    commands = [name for name in OF_OFFICES if PERMISSIONS[COMMANDS[name]].roles & account.roles.keys()]
    offices = of_offices(connection, now, commands, matters) if commands else iter(())
    if most is not None:
        offices = islice(offices, _LOOKED_AT * most)
    own = _own(connection, actor.subject, account, now) if matters is None else ()
    found = [*mine(own), *islice(mine(offices), most)]
    return sorted(found, key=lambda one: (one.deed.due or _NEVER, one.deed.title))


def _own(connection: Connection, subject: UUID, account: Account, now: datetime) -> Iterator[NextDeed]:
    member = account.organisation_id
    return chain(
        of_member(connection, member) if member is not None else (),
        of_coach(connection, subject, now),
        of_evaluator(connection, subject, now),
    )


def _with_request(deed: NextDeed) -> Upcoming:
    command = COMMANDS[deed.command]
    known = {name: deed.known[name] for name in command.model_fields if name in deed.known}
    own = command.model_fields.keys() - Command.model_fields.keys() - deed.known.keys()
    missing = [name for name, about in command.model_fields.items() if name in own and about.is_required()]
    return Upcoming(deed, command, known, missing)


def _may(fund: Fund, world: WorldNow, account: Account, one: Upcoming, actor: Actor, now: datetime) -> bool:
    """Whether the permissions let the subject do it, and no separation of duties speaks against it."""
    if not PERMISSIONS[one.command].roles & account.roles.keys():
        return False
    stamp: dict[str, Any] = {"by": actor.subject, "at": now, "key": "next"}
    try:
        check_permission(one.command.model_construct(None, **stamp, **one.known), world, actor)
        if not one.missing:
            fund.preview(one.command.model_validate({**stamp, **one.known}), terms=Terms(actor.role))
    except (NotPermitted, NotFound, WrongStage):  # the stage: it was done a moment ago, and the screens do not show it
        return False
    except RuleViolated as refused:
        return refused.code not in SEPARATED
    return True
