"""`fund questions list`: what was asked about a call, and what was answered."""

from typing import Annotated

import typer

from fund_service.cli.options import AsCsv, AsJson, AsOf, AsXlsx, CallName, Data, HeldAt, Sort, Store, Where


def list_questions(
    call: CallName,
    published_only: Annotated[
        bool, typer.Option("--published", help="Only what everybody may read: published questions and answers.")
    ] = False,
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
    """List the questions about a call, as they were asked and as they were answered for all.

    Ask with `fund act ask-question`; the secretariat answers with answer-question (for all), answer-privately
    or decline-question.

    \b
    Example:
      fund questions list iurc-2026 --where state=open
    """
    from fund_service.cli.entries import PublishedEntry, QuestionEntry
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, print_list
    from fund_service.cli.wording import moment
    from fund_service.questions import revealed
    from projections.call_questions import published, questions

    to_all: list[Column[PublishedEntry]] = [
        Column("Question", lambda one: one.question),
        Column("Answer", lambda one: one.answer),
        Column("Published, Brussels time", lambda one: moment(one.published_at)),
    ]
    to_office: list[Column[QuestionEntry]] = [
        Column("Asked by", lambda one: one.asked_by_label),
        Column("Question", lambda one: one.question),
        Column("State", lambda one: f"{one.state}{', LATE' if one.late else ''}"),
        Column("Said", lambda one: one.answer or one.said or ""),
    ]
    with reading(data, store, as_of, held_at) as source:
        call_id, wanted = find(source, call, "call"), Wanted(as_json, as_csv, where, sort, as_xlsx)
        if published_only:
            told = [PublishedEntry(id=one.number, **dict(one)) for one in published(source.connection, call_id)]
            print_list(told, PublishedEntry, to_all, wanted, "question")
        else:
            parts = source.parts
            rows = revealed(questions(source.connection, call_id), parts.log, parts.clock.now())
            asked = [QuestionEntry(id=one.number, **dict(one)) for one in rows]
            print_list(asked, QuestionEntry, to_office, wanted, "question")
        source.say_if_fictitious(to_people=wanted.to_people)
