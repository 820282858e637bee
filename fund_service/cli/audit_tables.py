"""`fund audit tables` and `fund audit ask`: everything as tables, and ready questions to them."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fund_service.cli.options import AsCsv, AsJson, AsXlsx, Data, Sort, Store, Where, path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.values import Value
    from fund_service.audit.replaying import Show
    from fund_service.audit.tables.files import TableForm
    from fund_service.audit.tables.tables import Table
    from fund_service.cli.output import Column


def tables(
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="FOLDER|FILE", parser=path, help="A new folder for CSV and Parquet, a new file for others."
        ),
    ],
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="csv, xlsx, parquet or duckdb.")] = "csv",
    call: Annotated[
        str | None,
        typer.Option("--call", metavar="CALL", help="Leave out what belongs to other calls than this one."),
    ] = None,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Write everything as tables. Every event, every read model, control totals, exceptions; nothing personal.

    Sealed texts read as erased. Sums are integer cents, in a workbook euro; instants are UTC. Parquet and DuckDB
    need the extra `analysis`; `fund audit ask` asks ready questions of what DuckDB wrote.

    \b
    Example:
      fund audit tables --call iurc-2026 --out iurc-2026.xlsx --format xlsx
    """
    from domain.errors import Malformed
    from fund_service.audit.tables.files import TableForm, assert_can_write
    from fund_service.audit.tables.tables import tables_of
    from fund_service.audit.totals import screens_position
    from fund_service.cli.bars import progress
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import print_json
    from fund_service.cli.wording import plural

    if form not in list(TableForm):
        raise Malformed(f"There is no format “{form}”.", f"Use one of: {', '.join(TableForm)}.")
    assert_can_write(TableForm(form))
    if out.exists():
        raise Malformed(f"{out} is there already.", "Name another file or folder, or remove this one.")
    with reading(data, store) as source, progress("Tables") as show:
        call_id = find(source, call, "call") if call is not None else None
        at = screens_position(source.connection)
        with tables_of(source.parts, source.connection, at, call_id, show) as found:
            _write(found, TableForm(form), out, show)
            counts = {one.name: one.size for one in found}
    rows = sum(counts.values())
    if as_json:
        print_json({"path": str(out), "position": at, "tables": counts})
        return
    print(f"{plural(len(counts), 'table')}, {plural(rows, 'row')}, as of position {at:,}, are written to {out}.")


def _write(found: "Sequence[Table]", form: "TableForm", out: Path, show: "Show") -> None:
    """Write tables to a new folder or file; when something goes wrong it is gone again. Raises Unavailable."""
    from tempfile import TemporaryDirectory

    from domain.errors import Unavailable
    from fund_service.audit.tables.files import ONE_FILE, write_tables
    from fund_service.cli.new_file import writing_new

    if form in ONE_FILE:
        with writing_new(out) as target, TemporaryDirectory() as folder:
            (file,) = write_tables(found, form, Path(folder), show)
            with file.open("rb") as source:
                shutil.copyfileobj(source, target)
        return
    try:
        out.mkdir(mode=0o700)
    except OSError as closed:
        raise Unavailable(f"{out} cannot be made: {closed.strerror}.", "Name another folder.") from closed
    try:
        write_tables(found, form, out, show)
    except BaseException:
        shutil.rmtree(out)
        raise


def ask(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.duckdb", parser=path, help="What `fund audit tables` wrote for DuckDB.")
    ],
    question: Annotated[
        str | None, typer.Argument(metavar="[QUESTION]", help="A question; without it they are listed.")
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
    where: Where = None,
    sort: Sort = None,
) -> None:
    """Ask a ready question of tables that were written for DuckDB. It needs neither the fund nor its store.

    \b
    Example:
      fund audit ask iurc-2026.duckdb money_against_cap
    """
    from fund_service.audit.tables.asking import ReadyQuestion, answer, ready_questions
    from fund_service.cli.output import Column, Wanted, print_list

    wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
    if question is None:
        told: list[Column[ReadyQuestion]] = [Column("What it tells", lambda row: row.about)]
        print_list(ready_questions(file), ReadyQuestion, told, wanted, "question")
        return
    kind, rows = answer(file, question)
    print_list(rows, kind, _columns(kind), wanted, "row")


def _columns(kind: "type[Value]") -> "list[Column[Any]]":
    """Return columns for people of an answer's rows: sums in euro, instants in Brussels time, the call left out."""
    from fund_service.cli.output import Column
    from fund_service.cli.wording import euros, moment
    from fund_service.columns import Holds, columns_of
    from fund_service.listing import said

    def told(value: Any, holds: Holds) -> str:
        if value is None:
            return ""
        if holds is Holds.CENTS:
            return euros(value)
        return moment(value) if holds is Holds.INSTANT else said(value)

    numbers = (Holds.CENTS, Holds.NUMBER)
    return [
        Column(
            name.removesuffix("_cents").replace("_", " ").capitalize(),
            lambda row, name=name, holds=holds: told(getattr(row, name), holds),  # type: ignore[misc]
            right=holds in numbers,
        )
        for name, holds in columns_of(kind)
        if name not in ("id", "call_id")
    ]
