"""What a person means by an id, by its first characters, by an edition, or by the name of a place or an account."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import case, func, select

from domain.account.aggregate import ACCOUNT
from domain.catalogue import AGGREGATES
from domain.errors import Malformed, NotFound
from domain.organisation.aggregate import ORGANISATION
from domain.organisation.events import OrganisationRegistered
from fund_service.cli.opening import Reading
from fund_service.listing import folded
from projections import lists
from projections.timeline import ENTRIES, MENTIONS, PEOPLE

SHORTEST: Final = 4
SHOWN: Final = 5
_CURES: Final = {
    "call": "List them with `fund call list`.",
    "partnership": "List them with `fund partnerships list`.",
    "pilot-action": "List them with `fund applications list`.",
    "organisation": "Write its name or its id; `fund organisations list` shows them.",
    "account": "Write its label, such as “Secretariat 1”, or its id.",
}


class Meant(NamedTuple):
    """One thing that a text can mean."""

    id: UUID
    kind: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name or called(self.kind)} ({self.id})"


def called(kind: str) -> str:
    """Return what people call a kind of stream: pilot-action → pilot action."""
    return kind.replace("-", " ") or "something mentioned"


def kind_of(text: str) -> str:
    """Return the kind of stream that a person names. Raises Malformed, naming the kinds."""
    known = [aggregate.name for aggregate in AGGREGATES]
    kind = re.sub(r"[ _]", "-", folded(text))
    if kind not in known:
        raise Malformed(f"There is no kind “{text}”.", f"Use one of: {', '.join(known)}.")
    return kind


def find(source: Reading, text: str, kind: str | None = None) -> UUID:
    """Return the id of the one thing (of this kind) that a text means.

    Raises Malformed when it can mean several or is too short for an id, NotFound when it means nothing.
    """
    candidates = {meant.id: meant for meant in _candidates(source, text, kind)}
    fitting = [meant for meant in candidates.values() if kind in (None, meant.kind)]
    if len(fitting) == 1:
        return fitting[0].id
    if fitting:
        told = ", ".join(str(meant) for meant in fitting[:SHOWN])
        more = f" and {len(fitting) - SHOWN} more" if len(fitting) > SHOWN else ""
        raise Malformed(f"“{text}” can mean {len(fitting)} things: {told}{more}.", "Write more of the id.")
    raise _nothing(text, kind, list(candidates.values()))


def first_call(source: Reading) -> UUID:
    """Return the id of the call that was published first. Raises NotFound."""
    found = lists.calls(source.today)
    if not found:
        raise NotFound("No call is published yet.", "Start a fresh directory with `fund demo`, or publish one.")
    return found[0].id


def _nothing(text: str, kind: str | None, others: list[Meant]) -> Malformed | NotFound:
    cure = _CURES.get(kind or "", "Look it up in `fund events`.")
    if others:
        return NotFound(f"“{text}” is no {called(kind or '')}; it is: {others[0]}.", cure)
    if len(text) < SHORTEST:
        return Malformed(f"“{text}” is too short for an id.", f"Write at least its first {SHORTEST} characters.")
    return NotFound(f"There is no {called(kind) if kind else 'record'} “{text}”.", cure)


def _candidates(source: Reading, text: str, kind: str | None) -> Iterator[Meant]:
    if kind in (None, "call"):
        yield from _calls(source, text)
    yield from _by_id(source, text)
    if kind in (None, "organisation"):
        yield from _named_alike(_organisations(source), text, ORGANISATION.name)
    if kind == ACCOUNT.name:
        yield from _named_alike(_accounts(source), text, ACCOUNT.name)


def _calls(source: Reading, text: str) -> Iterator[Meant]:
    for call in lists.calls(source.today):
        if folded(call.edition) == folded(text):
            yield Meant(call.id, "call", call.title)


def _organisations(source: Reading) -> dict[UUID, str]:
    registered = select(ENTRIES.c.stream).where(ENTRIES.c.topic == OrganisationRegistered.TOPIC)
    ids = source.today.execute(registered.order_by(ENTRIES.c.position)).scalars()
    return {id: _name(source, id) for id in ids}


def _accounts(source: Reading) -> dict[UUID, str]:
    return {row.subject: row.label for row in source.today.execute(select(PEOPLE).order_by(PEOPLE.c.label))}


def _named_alike(names: Mapping[UUID, str], text: str, kind: str) -> Iterator[Meant]:
    """Yield what has this name; without any, that whose name contains the text."""
    exact = {id: name for id, name in names.items() if folded(name) == folded(text)}
    near = exact or {id: name for id, name in names.items() if len(text) >= SHORTEST and folded(text) in folded(name)}
    yield from (Meant(id, kind, name) for id, name in near.items())


def _name(source: Reading, id: UUID) -> str:
    organisation = source.parts.fund.look(ORGANISATION, id)
    return organisation.name if organisation else ""


def _by_id(source: Reading, text: str) -> Iterator[Meant]:
    digits = text.replace("-", "").lower()
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},32}}", digits):
        return
    low, high = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    found = _in_timeline(source, low, high) or _in_log(source, low, high)
    for id, kind in found.items():
        yield Meant(id, kind, _name(source, id) if kind == ORGANISATION.name else "")


def _in_timeline(source: Reading, low: UUID, high: UUID) -> Mapping[UUID, str]:
    kind = func.max(case((ENTRIES.c.stream == MENTIONS.c.id, ENTRIES.c.kind), else_="")).label("kind")
    query = (
        select(MENTIONS.c.id, kind)
        .join(ENTRIES, ENTRIES.c.position == MENTIONS.c.position)
        .where(MENTIONS.c.id.between(low, high))
        .group_by(MENTIONS.c.id)
    )
    return {row.id: row.kind for row in source.today.execute(query)}


def _in_log(source: Reading, low: UUID, high: UUID) -> Mapping[UUID, str]:
    """Return streams that no screen tells of: the receipts of what was carried out."""
    streams = {UUID(str(header.originator_id)): header.topic for header in source.parts.log.headers()}
    return {stream: topic.partition(".")[0] for stream, topic in streams.items() if low <= stream <= high}
