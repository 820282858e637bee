"""What waits for one subject, as the permissions see it: each deed with the command that does it."""

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final
from uuid import UUID

from domain.account.aggregate import ACCOUNT, Account
from domain.catalogue import COMMANDS
from domain.errors import NotFound, NotPermitted, RuleViolated
from domain.messages import Command
from domain.values import Instant, Value
from fund_service.application import Fund, WorldNow
from fund_service.cli.asking import kebab
from fund_service.cli.opening import Reading
from fund_service.permissions import PERMISSIONS, check_permission
from projections.next_deeds import NextDeed, of_coach, of_evaluator, of_member, of_offices

SEPARATED: Final = ("D05", "D18")
"""The rules by which a deed is somebody else's: separation of duties, and two persons."""

_KINDS: Final = {
    "partnership_id": "partnership",
    "pilot_action_id": "application",
    "grant_id": "grant",
    "call_id": "call",
    "subject": "account",
}


class NextRow(Value):
    """A deed that waits for somebody: what, until when (UTC), under which rule, about which application, partnership,
    grant, call or account (`kind`), and the command that does it; … stands where something is still to be said.
    """

    id: UUID
    kind: str
    title: str
    partnership: str
    deed: str
    rule: str
    due: Instant | None
    late: bool
    command: str


def upcoming(source: Reading, subject: UUID, name: str) -> list[NextRow]:
    """Return what a subject may do now, the first due first; `name` is how the command names it."""
    account, now = source.parts.fund.look(ACCOUNT, subject), source.parts.clock.now()
    if account is None:
        return []
    world = source.parts.fund.world()
    rows = [
        _row(deed, name, now)
        for deed in _waiting(source, subject, account, now)
        if _may(source.parts.fund, world, account, deed, subject, now)
    ]
    return sorted(rows, key=lambda row: (row.due or _NEVER, row.title))


_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def _waiting(source: Reading, subject: UUID, account: Account, now: datetime) -> Iterator[NextDeed]:
    connection, member = source.connection, account.organisation_id
    return chain(
        of_member(connection, member) if member is not None else (),
        of_coach(connection, subject, now),
        of_evaluator(connection, subject, now),
        of_offices(connection, now),
    )


def _may(fund: Fund, world: WorldNow, account: Account, deed: NextDeed, subject: UUID, now: datetime) -> bool:
    """Whether the permissions let the subject do it, and no separation of duties speaks against it."""
    command = COMMANDS[deed.command]
    if not PERMISSIONS[command].roles & account.roles.keys():
        return False
    stamp: dict[str, Any] = {"by": subject, "at": now, "key": "next"}
    known = _fields(command, deed)
    try:
        check_permission(command.model_construct(None, **stamp, **known), world)
        if not _missing(command, deed):
            fund.preview(command.model_validate({**stamp, **known}))
    except (NotPermitted, NotFound):
        return False
    except RuleViolated as refused:
        return refused.code not in SEPARATED
    return True


def _fields(command: type[Command], deed: NextDeed) -> dict[str, Any]:
    return {name: deed.known[name] for name in command.model_fields if name in deed.known}


def _missing(command: type[Command], deed: NextDeed) -> list[str]:
    own = command.model_fields.keys() - Command.model_fields.keys() - deed.known.keys()
    return [name for name, about in command.model_fields.items() if name in own and about.is_required()]


def _row(deed: NextDeed, name: str, now: datetime) -> NextRow:
    command = COMMANDS[deed.command]
    fields = _fields(command, deed)
    first = next(field for field in fields if field in _KINDS)
    given = [f"{field}={value}" for field, value in fields.items()] + [
        f"{field}=…" for field in _missing(command, deed)
    ]
    settings = (part for one in given for part in ("--set", one))
    return NextRow(
        id=fields[first],
        kind=_KINDS[first],
        title=deed.title,
        partnership=deed.partnership,
        deed=deed.deed,
        rule=deed.rule,
        due=deed.due,
        late=deed.due is not None and now >= deed.due,
        command=shlex.join(["fund", "act", "--as", name, kebab(command), *settings]),
    )
