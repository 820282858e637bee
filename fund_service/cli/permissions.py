"""Who may do and see what: the tables of permissions, for people and programs."""

from typing import Annotated

import typer

from fund_service.cli.options import AsCsv, AsJson, AsXlsx, Sort, Where


def permissions(
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print two tables in Markdown.")] = False,
    where: Where = None,
    sort: Sort = None,
) -> None:
    """Show who may do and see what. Whatever does not stand here is denied.

    \b
    Example:
      fund permissions --where roles=evaluator
    """
    from fund_service.cli.output import Column, Wanted, choose, print_list
    from fund_service.permissions import table

    columns: list[Column[table.PermissionRow]] = [
        Column("Kind", lambda row: row.kind),
        Column("Who", lambda row: row.who),
    ]
    wanted, rows = Wanted(as_json, as_csv, where, sort, as_xlsx), list(table.permission_rows())
    if as_markdown:
        print(table.as_markdown(choose(rows, table.PermissionRow, wanted)), end="")
    else:
        print_list(rows, table.PermissionRow, columns, wanted, "permission")
