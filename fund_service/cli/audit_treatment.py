"""`fund audit equal-treatment`: what each applicant was given and waited for, beside its outcome."""

from typing import Annotated

import typer

from fund_service.cli.options import AsCsv, AsJson, AsXlsx, Data, OfCall, Sort, Store, Where


def equal_treatment(
    call: OfCall,
    spread: Annotated[
        bool, typer.Option("--spread", help="How each figure is spread over the applicants of each outcome.")
    ] = False,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
    where: Where = None,
    sort: Sort = None,
) -> None:
    """List what each applicant was given and waited for. Beside its outcome; JSON names the events of each figure.

    \b
    Example:
      fund audit equal-treatment --call iurc-2026 --sort=-coached_minutes
    """
    from domain.audit.treatment import Spread, TreatmentRow
    from domain.audit.treatment import spread as spread_of
    from fund_service.audit.reading import history_of
    from fund_service.audit.treatment import treatment_rows
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, print_list

    each: list[Column[TreatmentRow]] = [
        Column("Partnership", lambda row: row.partnership),
        Column("Outcome", lambda row: row.outcome.replace("_", " ")),
        Column("Coached, min", lambda row: str(row.coached_minutes), right=True),
        Column("Answers", lambda row: f"{row.questions_answered}/{row.questions_asked}", right=True),
        Column("Notices", lambda row: str(row.notices), right=True),
        Column("Clarified", lambda row: str(row.clarifications), right=True),
        Column("Waited for outcome, h", lambda row: str(row.hours_to_outcome), right=True),
    ]
    groups: list[Column[Spread]] = [
        Column("Outcome", lambda row: row.outcome.replace("_", " ")),
        Column("Applicants", lambda row: str(row.applicants), right=True),
        Column("Least", lambda row: str(row.least), right=True),
        Column("Median", lambda row: str(row.median), right=True),
        Column("Most", lambda row: str(row.most), right=True),
    ]
    with reading(data, store) as source:
        log, wanted = source.parts.log, Wanted(as_json, as_csv, where, sort, as_xlsx)
        rows = list(treatment_rows(history_of(log, find(source, call, "call"), log.end())))
        if spread:
            print_list(list(spread_of(rows)), Spread, groups, wanted, "figure")
        else:
            print_list(rows, TreatmentRow, each, wanted, "applicant")
        source.say_if_fictitious(to_people=wanted.to_people)
