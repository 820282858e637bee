"""What waits: the desk of a call."""

from typing import Annotated

import typer

from fund_service.cli.options import AsCsv, AsJson, AsOf, AsXlsx, Data, HeldAt, Sort, Store, Where


def desk(
    call: Annotated[
        str | None, typer.Argument(metavar="CALL", help="The call; without it the one that was published first.")
    ] = None,
    data: Data = None,
    store: Store = None,
    as_of: AsOf = None,
    held_at: HeldAt = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
    where: Where = None,
    sort: Sort = None,
) -> None:
    """Show who waits for whom in a call, the first due first. With the days that each matter waited on each party.

    \b
    Example:
      fund desk iurc-2026 --where late=true --where party=authority
    """
    from fund_service.cli.finding import find, first_call
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, print_list
    from fund_service.cli.wording import moment
    from projections.desk_view import WaitRow
    from projections.desk_waits import Desk

    columns: list[Column[WaitRow]] = [
        Column("Matter", lambda row: row.title),
        Column("Waits for", lambda row: row.party or ""),
        Column("To", lambda row: row.waits_for or ""),
        Column("Since, Brussels time", lambda row: moment(row.since)),
        Column("Due", lambda row: moment(row.due)),
        Column("Late", lambda row: "late" if row.late else ""),
    ]
    with reading(data, store, as_of, held_at) as source:
        call_id = find(source, call, "call") if call is not None else first_call(source)
        found = Desk.of(source.connection, call_id, source.parts.clock.now())
        rows = list(found.rows()) if found is not None else []
        wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
        print_list(rows, WaitRow, columns, wanted, "row")
        source.say_if_fictitious(to_people=wanted.to_people)
