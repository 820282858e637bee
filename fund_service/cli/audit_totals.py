"""`fund audit totals`: what log, ledger and screens add up to, to the cent."""

import typer

from fund_service.cli.options import AsCsv, AsJson, AsXlsx, Data, OfCall, Sort, Store, Where

DIFFERENT = 1


def totals(
    call: OfCall,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
    where: Where = None,
    sort: Sort = None,
) -> None:
    """Reconcile log, ledger and screens to the cent. Ends with 1 where they differ, naming the grant.

    \b
    Example:
      fund audit totals --call iurc-2026
    """
    from fund_service.audit.reading import history_of
    from fund_service.audit.totals import TotalRow, screens_position
    from fund_service.audit.totals import totals as totals_of
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, note, print_list
    from fund_service.cli.wording import euros

    def told(row: TotalRow, value: int | None) -> str:
        if value is None:
            return "–"
        return euros(value) if row.is_sum else f"{value:,}"

    columns: list[Column[TotalRow]] = [
        Column("Of", lambda row: row.where or "the call"),
        Column("Log", lambda row: told(row, row.log), right=True),
        Column("Ledger", lambda row: told(row, row.ledger), right=True),
        Column("Screens", lambda row: told(row, row.screens), right=True),
        Column("Difference", lambda row: told(row, row.difference) if row.difference else "", right=True),
    ]
    with reading(data, store) as source:
        at, wanted = screens_position(source.connection), Wanted(as_json, as_csv, where, sort, as_xlsx)
        rows = totals_of(history_of(source.parts.log, find(source, call, "call"), at), source.connection)
        print_list(rows, TotalRow, columns, wanted, "figure")
        different = [row for row in rows if row.difference]
        said = f"They differ in {len(different)} figures" if different else "All agree"
        note(f"{said}, as of position {at}.", to_people=wanted.to_people)
        source.say_if_fictitious(to_people=wanted.to_people)
    if different:
        raise typer.Exit(DIFFERENT)
