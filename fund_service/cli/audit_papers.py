"""`fund audit papers`, `findings` and `paper`: working papers of auditors, their findings, and one of them whole."""

from typing import Annotated

import typer

from fund_service.cli.options import AsCsv, AsJson, AsOf, AsXlsx, Data, HeldAt, OfCall, Sort, Store, Where


def papers(
    call: OfCall,
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
    """List the working papers of a call. Each with what it is about, and how many of its findings wait.

    An auditor opens one with `fund act open-working-paper`.

    \b
    Example:
      fund audit papers --call iurc-2026 --where state=open
    """
    from fund_service.audit.papers import PaperRow, paper_rows
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, print_list
    from fund_service.cli.wording import moment

    columns: list[Column[PaperRow]] = [
        Column("Title", lambda row: row.title),
        Column("About", lambda row: row.about),
        Column("State", lambda row: row.state),
        Column("Notes", lambda row: str(row.notes), right=True),
        Column("Findings", lambda row: str(row.findings), right=True),
        Column("Unsettled", lambda row: str(row.unsettled), right=True),
        Column("Answer due, Brussels time", lambda row: f"{moment(row.due)}{', LATE' if row.late else ''}"),
    ]
    with reading(data, store, as_of, held_at) as source:
        parts, wanted = source.parts, Wanted(as_json, as_csv, where, sort, as_xlsx)
        rows = paper_rows(source.connection, parts.log, find(source, call, "call"), parts.clock.now())
        print_list(list(rows), PaperRow, columns, wanted, "working paper")
        source.say_if_fictitious(to_people=wanted.to_people)


def findings(
    call: OfCall,
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
    """List the findings of auditors in a call. Each with where it stands, and until when an answer is waited for.

    \b
    Example:
      fund audit findings --call iurc-2026 --where state=waits
    """
    from fund_service.audit.papers import FindingRow, finding_rows
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, print_list
    from fund_service.cli.wording import moment

    columns: list[Column[FindingRow]] = [
        Column("Priority", lambda row: row.priority),
        Column("What is", lambda row: row.condition),
        Column("What to do", lambda row: row.recommendation),
        Column("State", lambda row: row.state),
        Column("Answer due, Brussels time", lambda row: f"{moment(row.due)}{', LATE' if row.late else ''}"),
        Column("By when", lambda row: row.by_when.isoformat() if row.by_when else ""),
    ]
    with reading(data, store, as_of, held_at) as source:
        parts, wanted = source.parts, Wanted(as_json, as_csv, where, sort, as_xlsx)
        rows = finding_rows(source.connection, parts.log, find(source, call, "call"), parts.clock.now())
        print_list(list(rows), FindingRow, columns, wanted, "finding")
        source.say_if_fictitious(to_people=wanted.to_people)


def paper(
    id: Annotated[str, typer.Argument(metavar="ID", help="The working paper, by the first characters of its id.")],
    data: Data = None,
    store: Store = None,
    as_of: AsOf = None,
    held_at: HeldAt = None,
    as_json: AsJson = False,
) -> None:
    """Show a working paper whole. With its notes, its findings, the answers and what followed.

    \b
    Example:
      fund audit paper 6f1c1f0e
    """
    from fund_service.audit.papers import paper_shown
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import print_json, print_outline
    from fund_service.listing import as_data

    with reading(data, store, as_of, held_at) as source:
        parts, named = source.parts, find(source, id, "working-paper")
        shown = paper_shown(source.connection, parts.log, named, parts.clock.now(), with_notes=True)
        (print_json if as_json else print_outline)(as_data(shown))
        source.say_if_fictitious(to_people=not as_json)
