"""`fund audit exceptions`: what is worth a look in a call."""

from typing import Annotated

import typer

from fund_service.cli.options import AsCsv, AsJson, AsXlsx, Data, OfCall, Sort, Store, Where


def exceptions(
    call: OfCall,
    questions: Annotated[
        bool, typer.Option("--questions", help="List the questions: what each looks for, and how much it found.")
    ] = False,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
    where: Where = None,
    sort: Sort = None,
) -> None:
    """List what is worth a look, question by question. Each with its events; none of it is an accusation.

    \b
    Example:
      fund audit exceptions --call iurc-2026 --where question=late
    """
    from fund_service.audit.exceptions import ExceptionRow, QuestionAbout, exception_rows, question_rows
    from fund_service.audit.reading import history_of
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, print_list
    from fund_service.cli.wording import moment

    found: list[Column[ExceptionRow]] = [
        Column("Why", lambda row: row.why),
        Column("Of", lambda row: row.partnership or row.kind.replace("-", " ")),
        Column("Who", lambda row: ", ".join(row.people)),
        Column("Brussels time", lambda row: moment(row.at)),
        Column("Events", lambda row: ", ".join(map(str, row.positions)), right=True),
    ]
    asked: list[Column[QuestionAbout]] = [
        Column("Question", lambda row: row.title),
        Column("Looks for", lambda row: f"{row.query} {row.limit}".strip()),
        Column("Rule", lambda row: row.rule),
        Column("Found", lambda row: str(row.found), right=True),
    ]
    with reading(data, store) as source:
        log, wanted = source.parts.log, Wanted(as_json, as_csv, where, sort, as_xlsx)
        rows = list(exception_rows(history_of(log, find(source, call, "call"), log.end()), source.connection))
        if questions:
            print_list(list(question_rows(rows)), QuestionAbout, asked, wanted, "question")
        else:
            print_list(rows, ExceptionRow, found, wanted, "finding")
        source.say_if_fictitious(to_people=wanted.to_people)
