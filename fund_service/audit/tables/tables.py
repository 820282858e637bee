"""Which tables there are: every event, every read model, and what auditors ask of a call, all as of one position.

Events and read models are made anew from the log in an empty place, with no key at hand: every sealed text reads as
erased, so that no name and no sealed text of a person is in any table, and everybody gets the same. Figures of calls
are those that `fund audit` tells, the control totals with the live screens.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy
from eventsourcing.persistence import Notification
from sqlalchemy import JSON, Boolean, Connection, Engine, Integer, func, select
from sqlalchemy.types import TypeEngine

from domain import catalogue
from domain.messages import Recorded
from fund_service.audit.belonging import disclosed
from fund_service.audit.derived import NoKeys
from fund_service.audit.reading import history_of
from fund_service.audit.replaying import Show
from fund_service.audit.tables.events import Events
from fund_service.audit.tables.of_call import OfCall, tables_about
from fund_service.columns import Column, Holds, column_of
from fund_service.composition import Parts
from fund_service.envelopes import envelope_of
from fund_service.listing import Data
from projections import lists
from projections.database import close_engine, views_engine
from projections.read_model import Follower, Moment, ReadModel
from projections.screens import SCREENS
from projections.together import follow_together

MODELS: Final[tuple[type[ReadModel], ...]] = (Events, *SCREENS)
BATCH: Final = 1000
READ: Final = 0.6
"""So much of all is done when the log is read."""


class Table(NamedTuple):
    """One table: what it tells, its columns, how many rows it has, and the rows, in the order of their keys."""

    name: str
    about: str
    columns: Sequence[Column]
    size: int
    rows: Callable[[], Iterator[Data]]


@contextmanager
def tables_of(parts: Parts, screens: Connection, at: int, call_id: UUID | None, show: Show) -> Iterator[list[Table]]:
    """Make the tables of a call, or of all, as of the position `at` of the log, which is that of the screens; they are
    there for the time of the block. What belongs to another call is not in them.
    """
    with TemporaryDirectory() as folder:
        engine = views_engine(f"sqlite:///{Path(folder) / 'tables.db'}")
        try:
            _project(engine, _told(parts, at, call_id, show))
            show(READ, "figures of calls")
            calls = [call_id] if call_id is not None else [one.id for one in lists.calls(screens)]
            about = tables_about((history_of(parts.log, call, at) for call in calls), screens)
            with engine.connect() as connection:
                found = [*_of_calls(about), *_of_models(connection)]
                yield [_contents(found), *found]
        finally:
            close_engine(engine)


def _told(parts: Parts, at: int, call_id: UUID | None, show: Show) -> Iterator[Recorded]:
    """Yield the events up to a position that are not another call's, as somebody reads them who has no key."""
    records = parts.log.headers()
    if call_id is not None:
        records = (stored for _, stored in disclosed(records, call_id))
    for number, stored in enumerate(records):
        if stored.id > at:
            return
        if number % BATCH == 0:
            show(READ * stored.id / at, "reading the log")
        yield _opened(stored)


def _opened(stored: Notification) -> Recorded:
    stream = stored.originator_id
    assert isinstance(stream, UUID)
    opened = envelope_of(catalogue.EVENTS, stored.topic).open(stored.state, NoKeys())
    return Recorded(stored.id, stream, stored.originator_version, *opened)


def _project(engine: Engine, events: Iterator[Recorded]) -> None:
    followers = [Follower(engine, model(), lambda after, limit: ()) for model in MODELS]
    follow_together(engine, followers, lambda after, limit: list(islice(events, limit)), BATCH)


def _of_calls(about: Mapping[str, OfCall]) -> Iterator[Table]:
    for name, one in about.items():
        yield Table(name, one.about, one.columns, len(one.rows), partial(_written, one.rows, one.columns))


def _of_models(connection: Connection) -> Iterator[Table]:
    streaming = connection.execution_options(yield_per=BATCH)
    for model in MODELS:
        about = " ".join((model.__doc__ or "").split())
        for table in sorted(model.metadata.sorted_tables, key=lambda one: one.name):
            columns = [column_of(column.name, _kind_of(column.type)) for column in table.columns]
            count = connection.scalar(select(func.count()).select_from(table)) or 0
            yield Table(table.name, about, columns, count, partial(_rows, streaming, table, columns))


def _kind_of(kind: TypeEngine[Any]) -> type:
    """Return what Python's values of a database's type are; the text of an id is a text."""
    return next((python for sql, python in _KINDS if isinstance(kind, sql)), str)


_KINDS: Final = ((Moment, datetime), (JSON, dict), (Boolean, bool), (Integer, int))


def _rows(connection: Connection, table: sqlalchemy.Table, columns: Sequence[Column]) -> Iterator[Data]:
    found = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
    return _written(found, columns)


def _written(rows: "sqlalchemy.MappingResult | Sequence[Data]", columns: Sequence[Column]) -> Iterator[Data]:
    """Yield rows as every kind of file takes them: what is composed as JSON, ids and instants as texts."""
    for row in rows:
        yield {name: _plain(row[name], holds) for name, holds in columns}


def _plain(value: Any, holds: Holds) -> Any:
    if value is None:
        return None
    if holds is Holds.SEVERAL:
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value) if isinstance(value, UUID) else value


_CONTENTS: Final = (
    Column("id", Holds.TEXT),
    Column("rows", Holds.NUMBER),
    Column("about", Holds.TEXT),
    Column("columns", Holds.TEXT),
)


def _contents(tables: Sequence[Table]) -> Table:
    """Return the table of the tables: what each tells, and what stands in its columns."""
    rows = [
        {
            "id": one.name,
            "rows": one.size,
            "about": one.about,
            "columns": "; ".join(f"{column.name}: {column.holds}" for column in one.columns),
        }
        for one in tables
    ]
    return Table("contents", "The tables.", _CONTENTS, len(rows), lambda: iter(rows))
