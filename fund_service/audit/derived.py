"""What follows from the records of a bundle, made from them alone: the call's rules, its screens, its files' digests.

It is written into the bundle, and made anew by whoever verifies it. No key is at hand, so every text of a person reads
as erased: what is shown is the same for everybody, and holds nothing personal.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from pydantic import TypeAdapter
from sqlalchemy import Engine, Table, select

from domain.call.aggregate import CALL
from domain.catalogue import EVENTS
from domain.errors import Unavailable
from domain.log_key import LogKeyNamed
from domain.messages import Recorded
from domain.values import Digest
from fund_service.audit.offline.bundle import KEYS
from fund_service.audit.offline.merkle import Unproven
from fund_service.envelopes import envelope_of
from fund_service.listing import as_csv
from projections.database import close_engine, views_engine
from projections.read_model import Follower
from projections.screens import SCREENS
from projections.together import follow_together

BATCH: Final = 1000


class NoKeys:
    """The protector of one who has no key: nothing can be opened, sealed or marked."""

    def seal(self, subject: UUID, text: str) -> dict[str, str]:
        """Refuse: a text is recorded by the fund alone."""
        raise Unavailable("Without keys no text is recorded.", "Ask the fund itself.")

    def unseal(self, subject: UUID, sealed: dict[str, str]) -> str | None:
        """Return None: to whoever has no key, a text reads as erased."""
        return None

    def digest(self, *parts: str) -> Digest:
        """Refuse: the fund's key makes digests."""
        raise Unavailable("Without keys no digest is made.", "Ask the fund itself.")


def recorded(line: bytes) -> Recorded:
    """Return the event of a record's line. Raises Unproven when this version cannot read it."""
    told = json.loads(line)
    stored = StoredEvent(UUID(told["stream"]), told["version"], told["topic"], _state(line))
    try:
        opened = envelope_of(EVENTS, stored.topic).open(stored.state, NoKeys())
    except (Unavailable, ValueError) as unknown:
        raise Unproven(
            f"The record at position {told['position']} is of no event that is known: {unknown}"
        ) from unknown
    return Recorded(told["position"], UUID(told["stream"]), stored.originator_version, *opened)


def derived(lines: Callable[[], Iterable[bytes]], call_id: UUID) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every file that follows from records, in the order of the names."""
    yield "attachments.csv", _attachments(map(recorded, lines()))
    yield "call.json", _call(map(recorded, lines()), call_id)
    yield KEYS, _keys(map(recorded, lines()))
    with _projected(map(recorded, lines())) as engine, engine.connect() as connection:
        for table in sorted((table for screen in SCREENS for table in screen.metadata.sorted_tables), key=_name):
            rows = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            names = [column.name for column in table.columns]
            plain = ({name: _plain(row[name]) for name in names} for row in rows)
            yield f"screens/{table.name}.csv", as_csv(plain, names).encode()


def _state(line: bytes) -> bytes:
    """Return the stored state of a record, byte for byte as it stands in its line."""
    return line[line.index(b'"state":') + 8 : -1]


def _attachments(events: Iterable[Recorded]) -> bytes:
    rows = [
        {"position": one.position, "digest": file.digest, "size": file.size, "kind": str(file.kind)}
        for one in events
        if (file := getattr(one.event, "file", None)) is not None
    ]
    return as_csv(rows, ["position", "digest", "size", "kind"]).encode()


def _keys(events: Iterable[Recorded]) -> bytes:
    """Return the keys that signed the log so far, the one in use last."""
    named = (one.event.verifier for one in events if isinstance(one.event, LogKeyNamed))
    return "".join(f"{verifier}\n" for verifier in named).encode()


def _call(events: Iterable[Recorded], call_id: UUID) -> bytes:
    """Return what the call is after all its events: its rules in force, with every correction."""
    state = CALL.initial
    for one in events:
        if one.stream == call_id:
            state = CALL.evolve(state, one.event)
    whole = TypeAdapter[Any](type(state)).dump_python(state, mode="json", context={"mask": True})
    return json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


@contextmanager
def _projected(events: Iterator[Recorded]) -> Iterator[Engine]:
    """Open a place in which every screen was made from events, in the order given."""
    with TemporaryDirectory() as folder:
        engine = views_engine(f"sqlite:///{Path(folder) / 'views.db'}")
        try:
            followers = [Follower(engine, screen(), lambda after, limit: ()) for screen in SCREENS]
            follow_together(engine, followers, lambda after, limit: list(islice(events, limit)))
            yield engine
        finally:
            close_engine(engine)


def _plain(value: Any) -> Any:
    """Return a value of a column as text that is the same for ever."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _name(table: Table) -> str:
    return table.name
