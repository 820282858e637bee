"""What waits for one subject, as the permissions see it: each deed with the request that does it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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
from domain.people import Role
from fund_service.application import Terms, WorldNow
from fund_service.permissions.actors import Actor, account_of
from fund_service.permissions.checking import check_permission
from fund_service.permissions.deeds import PERMISSIONS
from projections.applicant_rows import HomeRow
from projections.applicant_view import homes
from projections.desk_waits import Desk
from projections.evaluator_worklist import EvaluatorWork
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
    world: WorldNow,
    connection: Connection,
    actor: Actor,
    now: datetime,
    known: Sequence[HomeRow] | None = None,
    *,
    most: int | None = None,
    matters: Collection[UUID] | None = None,
    desks: Callable[[], Iterable[Desk]] | None = None,
    work: Callable[[], Iterable[EvaluatorWork]] | None = None,
) -> list[Upcoming]:
    """Return what somebody may do now, the first due first; with `matters`, what waits for an office about these alone.

    The partnerships of their city may be `known` already; `desks` says where those of all calls are, and `work` where
    that of an evaluator is. Of what waits for offices it is so many at `most`, found among the first of them that are
    due: an office waits for as much as there are applications.
    """
    actor = replace(actor, now=lambda: now)
    account = account_of(actor, world)
    if account is None:
        return []

    def mine(deeds: Iterable[NextDeed]) -> Iterator[Upcoming]:
        return (one for one in map(_with_request, deeds) if _may(world, account, one, actor, now))

    commands = [name for name in OF_OFFICES if PERMISSIONS[COMMANDS[name]].roles & account.roles.keys()]
    offices = of_offices(connection, now, commands, matters, desks) if commands else iter(())
    if most is not None:
        offices = islice(offices, _LOOKED_AT * most)
    own = _own(connection, actor.subject, account, now, known, work) if matters is None else ()
    found = [*mine(own), *islice(mine(offices), most)]
    return sorted(found, key=lambda one: (one.deed.due or _NEVER, one.deed.title))


def _own(
    connection: Connection,
    subject: UUID,
    account: Account,
    now: datetime,
    known: Sequence[HomeRow] | None,
    work: Callable[[], Iterable[EvaluatorWork]] | None,
) -> Iterator[NextDeed]:
    member, acts = account.organisation_id, {Role.APPLICANT, Role.PARTNER} & account.roles.keys()
    judged = work() if work is not None and Role.EVALUATOR in account.roles else None
    return chain(
        of_member(homes(connection, member) if known is None else known, member) if member is not None and acts else (),
        of_coach(connection, subject, now) if Role.COACH in account.roles else (),
        of_evaluator(connection, subject, now, judged) if Role.EVALUATOR in account.roles else (),
    )


def _with_request(deed: NextDeed) -> Upcoming:
    command = COMMANDS[deed.command]
    known = {name: deed.known[name] for name in command.model_fields if name in deed.known}
    own = command.model_fields.keys() - Command.model_fields.keys() - deed.known.keys()
    missing = [name for name, about in command.model_fields.items() if name in own and about.is_required()]
    return Upcoming(deed, command, known, missing)


def _may(world: WorldNow, account: Account, one: Upcoming, actor: Actor, now: datetime) -> bool:
    """Whether the permissions let the subject do it, and no separation of duties speaks against it."""
    if not PERMISSIONS[one.command].roles & account.roles.keys():
        return False
    stamp: dict[str, Any] = {"by": actor.subject, "at": now, "key": "next"}
    try:
        check_permission(one.command.model_construct(None, **stamp, **one.known), world, actor)
        if not one.missing:
            command = one.command.model_validate({**stamp, **one.known})
            if refused := world.decide(command, Terms(actor.role))[1]:
                raise refused
    except (NotPermitted, NotFound, WrongStage):  # the stage: it was done a moment ago, and the screens do not show it
        return False
    except RuleViolated as violated:
        return violated.code not in SEPARATED
    return True
