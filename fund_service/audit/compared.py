"""The rows of two databases, compared as they stream by in the order of their keys: neither is held in memory."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Select, String, Table, select
from sqlalchemy import func as sql

from domain.values import Value

_AT_ONCE: Final = 1000
_LONGEST: Final = 120


class Difference(Value):
    """A value that is live and not what the log says. Of a whole row, `column` is empty and one of both is too.

    `what` is a screen's table or `snapshots`; `key` tells the row in it.
    """

    what: str
    key: str
    column: str
    is_now: str
    log_says: str


_Row = Mapping[str, Any]


def row_differences(live: Connection, anew: Connection, table: Table, seen: Callable[[], None]) -> Iterator[Difference]:
    """Yield each difference between the rows of a table; tell `seen` of every row of either."""
    keys = tuple(column.name for column in table.primary_key)
    lives, anews = _rows(live, table, seen), _rows(anew, table, seen)
    one, other = next(lives, None), next(anews, None)
    while one is not None or other is not None:
        order = _order(one, other, keys)
        if order < 0 and one is not None:
            yield _of_row(table, keys, one, is_now="there", log_says="")
        elif order > 0 and other is not None:
            yield _of_row(table, keys, other, is_now="", log_says="there")
        elif one is not None and other is not None:
            yield from _of_columns(table, keys, one, other)
        one = next(lives, None) if order <= 0 else one
        other = next(anews, None) if order >= 0 else other


def rows_of(connection: Connection, table: Table) -> int:
    """Return how many rows a table has."""
    return connection.execute(select(sql.count()).select_from(table)).scalar_one()


def _rows(connection: Connection, table: Table, seen: Callable[[], None]) -> Iterator[_Row]:
    streaming = connection.execution_options(yield_per=_AT_ONCE)
    for row in streaming.execute(_in_order(connection, table)):
        seen()
        yield row._asdict()


def _in_order(connection: Connection, table: Table) -> Select[Any]:
    """Return the query for all rows in the order of their keys, texts by their characters on either store."""
    by_character = connection.dialect.name == "postgresql"
    return select(table).order_by(
        *(
            key.collate("C") if by_character and isinstance(key.type, String) else key
            for key in table.primary_key.columns
        )
    )


def _order(one: _Row | None, other: _Row | None, keys: tuple[str, ...]) -> int:
    """Return which of two rows comes first: -1, 1, or 0 when they have the same key."""
    if one is None or other is None:
        return 1 if one is None else -1
    first, second = tuple(one[name] for name in keys), tuple(other[name] for name in keys)
    return (first > second) - (first < second)


def _of_row(table: Table, keys: tuple[str, ...], row: _Row, is_now: str, log_says: str) -> Difference:
    return Difference(what=table.name, key=_key(keys, row), column="", is_now=is_now, log_says=log_says)


def _of_columns(table: Table, keys: tuple[str, ...], one: _Row, other: _Row) -> Iterator[Difference]:
    for column in table.columns:
        live, anew = one[column.name], other[column.name]
        if live != anew:
            yield Difference(
                what=table.name,
                key=_key(keys, one),
                column=column.name,
                is_now=_told(live),
                log_says=_told(anew),
            )


def _key(keys: tuple[str, ...], row: _Row) -> str:
    return ", ".join(str(row[name]) for name in keys)


def _told(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
