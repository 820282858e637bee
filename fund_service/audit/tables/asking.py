"""The ready questions of a file that DuckDB reads: listed with what each tells, and answered, without the fund."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from pydantic import create_model

from domain.errors import Malformed, NotFound
from domain.values import Instant, Value
from fund_service.audit.tables import duck

_KINDS: Final[dict[str, Any]] = {
    "BIGINT": int,
    "INTEGER": int,
    "HUGEINT": int,
    "BOOLEAN": bool,
    "TIMESTAMP WITH TIME ZONE": Instant,
    "UUID": UUID,
}
"""By DuckDB's types: what a row of an answer holds; anything else as a text."""

_IN_UTC: Final = "strftime(timezone('UTC', {name}), '%Y-%m-%dT%H:%M:%S.%fZ')"


class ReadyQuestion(Value):
    """A question that stands ready in the file: a view, and what it tells."""

    id: str
    about: str


def ready_questions(file: Path) -> list[ReadyQuestion]:
    """Return the questions of a file. Raises Malformed for what is no such file, Unavailable without DuckDB."""
    asked = "SELECT view_name AS id, comment AS about FROM duckdb_views() WHERE NOT internal ORDER BY view_name"
    return [ReadyQuestion(id=id, about=about or "") for id, about in _answers(file, asked)]


def answer(file: Path, question: str) -> tuple[type[Value], list[Value]]:
    """Return what the rows of an answer are, and the rows. Raises NotFound, Malformed, Unavailable without DuckDB."""
    known = [one.id for one in ready_questions(file)]
    if question not in known:
        raise NotFound(f"There is no question “{question}” in {file}.", f"Use one of: {', '.join(known)}.")
    found = _answers(file, f'SELECT column_name, column_type FROM (DESCRIBE FROM "{question}")')
    types = {str(name): str(kind) for name, kind in found}
    kinds: dict[str, Any] = {name: (_KINDS.get(kind, str) | None, ...) for name, kind in types.items()}
    told = ", ".join(_told(name, kind) for name, kind in types.items())
    row: type[Value] = create_model("Answer", __base__=Value, **kinds)
    rows = _answers(file, f'SELECT {told} FROM "{question}"')
    return row, [row(**dict(zip(types, one, strict=True))) for one in rows]


def _told(name: str, kind: str) -> str:
    quoted = f'"{name}"'
    if kind == "TIMESTAMP WITH TIME ZONE":
        return _IN_UTC.format(name=quoted)
    return quoted if kind in _KINDS else f"{quoted}::VARCHAR"


def _answers(file: Path, asked: str) -> list[tuple[Any, ...]]:
    duck.assert_installed()
    import duckdb

    if not file.is_file():
        raise Malformed(f"There is no file {file}.", "Write one with `fund audit tables --format duckdb`.")
    try:
        with TemporaryDirectory() as folder, duck.opened(file, Path(folder), for_reading=True) as connection:
            return connection.execute(asked).fetchall()
    except duckdb.Error as wrong:
        told = str(wrong).partition("\n")[0]
        raise Malformed(
            f"{file} cannot be read: {told}", "Name a file of `fund audit tables --format duckdb`."
        ) from wrong
