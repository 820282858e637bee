"""What waits for somebody as rows of a list, each with the command that does it."""

import shlex
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.values import Instant, Value
from fund_service.cli.asking import kebab
from fund_service.cli.opening import Reading
from fund_service.permissions.actors import Actor
from fund_service.upcoming import Upcoming, upcoming

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


def next_rows(source: Reading, subject: UUID, name: str) -> list[NextRow]:
    """Return what a subject may do now, the first due first; `name` is how the command names it."""
    now = source.parts.clock.now()
    found = upcoming(source.parts.fund.world(), source.connection, Actor(subject), now)
    return [_row(one, name, now) for one in found]


def _row(one: Upcoming, name: str, now: datetime) -> NextRow:
    first = next(field for field in one.known if field in _KINDS)
    given = [f"{field}={value}" for field, value in one.known.items()] + [f"{field}=…" for field in one.missing]
    settings = (part for pair in given for part in ("--set", pair))
    deed = one.deed
    return NextRow(
        id=one.known[first],
        kind=_KINDS[first],
        title=deed.title,
        partnership=deed.partnership,
        deed=deed.deed,
        rule=deed.rule,
        due=deed.due,
        late=one.late(now),
        command=shlex.join(["fund", "act", "--as", name, kebab(one.command), *settings]),
    )
