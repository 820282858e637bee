"""What follows from the records of a bundle, made from them alone: the call's rules, its screens, its files' digests.

It is written into the bundle, and made anew by whoever verifies it. No key is at hand, so every text of a person reads
as erased: what is shown is the same for everybody, and holds nothing personal.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Engine, Table, select

from domain.call.aggregate import CALL
from domain.catalogue import EVENTS
from domain.errors import Unavailable
from domain.log_key import LogKeyNamed
from domain.messages import Recorded
from domain.values import Digest
from fund_service.audit.offline.merkle import Unproven
from fund_service.audit.offline.package import KEYS, record_in
from fund_service.envelopes import envelope_of
from fund_service.listing import as_csv
from projections.database import close_engine, views_engine
from projections.read_model import Follower
from projections.screens import SCREENS
from projections.timeline import sentence
from projections.together import follow_together

BATCH: Final = 1000
HISTORY: Final = "history.csv"


class NoKeys:
    """The protector of one who has no key: nothing can be opened, sealed or marked."""

    def seal(self, subject: UUID, text: str) -> dict[str, str]:
        """Refuse: a text is recorded by the fund alone."""
        raise Unavailable("Without keys no text is recorded.", "Ask the fund itself.")

    def unseal(self, subject: UUID, sealed: dict[str, str]) -> str | None:
        """Return None: to whoever has no key, a text reads as erased."""
        return None

    def is_empty(self, sealed: dict[str, str]) -> bool:
        """Return False: every text counts as given, as in the tables of all bundles."""
        return False

    def digest(self, *parts: str) -> Digest:
        """Refuse: the fund's key makes digests."""
        raise Unavailable("Without keys no digest is made.", "Ask the fund itself.")


def recorded(line: bytes) -> Recorded:
    """Return the event of a record's line. Raises Unproven when this version cannot read it."""
    found = record_in(line)
    if found is None:
        raise Unproven("A record cannot be read.")
    try:
        opened = envelope_of(EVENTS, found.topic).open(found.state, NoKeys())
    except Unavailable as unknown:
        raise Unproven(f"The record at position {found.position} is of no event that is known: {unknown}") from unknown
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as unread:
        raise Unproven(f"The record at position {found.position} holds no event {found.topic}.") from unread
    return Recorded(found.position, UUID(found.stream), found.version, *opened)


def history(lines: Iterable[bytes]) -> bytes:
    """Return records in words as CSV, made from them alone; times are UTC."""
    rows = (
        {
            "position": one.position,
            "about": one.event.TOPIC.partition(".")[0],
            "effective_at": one.event.effective_at.isoformat(),
            "recorded_at": one.recorded_at.isoformat(),
            "sentence": sentence(one.event),
        }
        for one in map(recorded, lines)
    )
    return as_csv(rows, ["position", "about", "effective_at", "recorded_at", "sentence"]).encode()


def derived(lines: Iterable[bytes], call_id: UUID) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every file that follows from records, which are read once."""
    noted = _Noted(call_id)
    with _projected(noted.noting(map(recorded, lines))) as engine, engine.connect() as connection:
        yield "attachments.csv", as_csv(noted.files, ["position", "digest", "size", "kind"]).encode()
        yield "call.json", noted.call()
        yield KEYS, "".join(f"{verifier}\n" for verifier in noted.keys).encode()
        for table in sorted((table for screen in SCREENS for table in screen.metadata.sorted_tables), key=_name):
            rows = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            names = [column.name for column in table.columns]
            plain = ({name: _plain(row[name]) for name in names} for row in rows)
            yield f"screens/{table.name}.csv", as_csv(plain, names).encode()


class _Noted:
    """What is noted of events as they pass: the files that they attach, the log's keys, the state of the call."""

    def __init__(self, call_id: UUID) -> None:
        self.files: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self._call_id, self._call = call_id, CALL.initial

    def noting(self, events: Iterable[Recorded]) -> Iterator[Recorded]:
        for one in events:
            if (file := getattr(one.event, "file", None)) is not None:
                about = {"digest": file.digest, "size": file.size, "kind": str(file.kind)}
                self.files.append({"position": one.position, **about})
            if isinstance(one.event, LogKeyNamed):
                self.keys.append(one.event.verifier)
            if one.stream == self._call_id:
                self._call = CALL.evolve(self._call, one.event)
            yield one

    def call(self) -> bytes:
        """Return what the call is after all its events: its rules in force, with every correction."""
        whole = TypeAdapter[Any](type(self._call)).dump_python(self._call, mode="json", context={"mask": True})
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
