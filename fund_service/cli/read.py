"""The screens: one call, its ranking, the dashboard, a timeline, an applicant's home."""

from typing import Annotated

import typer

from fund_service.cli.options import AsCsv, AsJson, AsOf, AsXlsx, CallName, Data, HeldAt, Sort, Store, Where


def show_call(
    call: CallName,
    data: Data = None,
    store: Store = None,
    as_of: AsOf = None,
    held_at: HeldAt = None,
    as_json: AsJson = False,
) -> None:
    """Show a call with the rules that it was published with.

    \b
    Example:
      fund call show iurc-2026
    """
    from fund_service.cli.describe import describe_call
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import console, print_json
    from fund_service.listing import as_data
    from projections.lists import calls

    with reading(data, store, as_of, held_at) as source:
        call_id = find(source, call, "call")
        rules = source.parts.fund.rules(call_id)
        stage = next((row.stage for row in calls(source.connection) if row.id == call_id), "")
    if as_json:
        print_json({"id": str(call_id), "title": rules.title, "stage": stage, "rules": as_data(rules)})
    else:
        describe_call(console(), rules, stage)


def ranking(
    call: CallName,
    explain: Annotated[
        int | None, typer.Option("--explain", metavar="RANK", help="Show every term of this rank's points.")
    ] = None,
    line: Annotated[
        str | None, typer.Option("--line", metavar="LINE", help="The support line, when the call has several.")
    ] = None,
    data: Data = None,
    store: Store = None,
    as_of: AsOf = None,
    held_at: HeldAt = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
) -> None:
    """Show the ranking with the line where the envelope ends.

    \b
    Example:
      fund ranking iurc-2026 --explain 8
    """
    from domain.errors import Malformed, NotFound
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Wanted, console, print_json, print_list
    from fund_service.cli.render_points import render_explanation, row_of
    from fund_service.cli.render_ranking import render_ranking
    from fund_service.listing import as_data
    from projections.call_ranking import RankedRow
    from projections.call_ranking import ranking as ranking_of

    wanted = Wanted(as_json, as_csv, as_xlsx=as_xlsx)
    with reading(data, store, as_of, held_at) as source:
        call_id = find(source, call, "call")
        rules = source.parts.fund.rules(call_id)
        if line is not None and rules.line(line) is None:
            known = ", ".join(one.id for one in rules.lines)
            raise Malformed(f"The call has no support line “{line}”.", f"Choose one of: {known}.")
        found = ranking_of(source.connection, call_id, line)
        if found is None:
            raise NotFound(
                "The applications are not ranked yet.",
                f"They are when every evaluator has sent the scores; see `fund dashboard {rules.edition}`.",
            )
        if wanted.as_table:
            rows = found.rows if explain is None else [row_of(found, explain)]
            print_list(rows, RankedRow, (), wanted, "application")
        elif as_json:
            print_json(as_data(found if explain is None else row_of(found, explain)))
        elif explain is not None:
            render_explanation(console(), found, explain, rules)
        else:
            render_ranking(console(), found)
        source.say_if_fictitious(to_people=wanted.to_people)


def dashboard(
    call: Annotated[
        str | None, typer.Argument(metavar="CALL", help="The call; without it the one that was published first.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="WHAT", help="Group the figures by cluster, geography, country or month."),
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
    """Show how many came how far, and the money. And what was refused, by rule. Of several calls, the first one.

    A country is the coordinator's; a month is of Brussels, and its figures tell by how much they moved in it.

    \b
    Example:
      fund dashboard --by geography
    """
    from domain.errors import Malformed, NotFound
    from fund_service.cli.finding import find, first_call
    from fund_service.cli.grouped import render_groups
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Wanted, choose, console, print_json, print_list
    from fund_service.cli.render_dashboard import render_dashboard
    from fund_service.listing import as_data
    from projections.dashboard_view import By, DashboardRow, GroupRow, grouped
    from projections.dashboard_view import dashboard as dashboard_of

    if by is not None and by not in list(By):
        raise Malformed(f"The dashboard cannot be grouped by “{by}”.", f"Use one of: {', '.join(By)}.")
    if by is None and (where or sort):
        raise Malformed("The whole dashboard is one row.", "Group it, e.g. with --by geography.")
    wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
    with reading(data, store, as_of, held_at) as source:
        call_id = find(source, call, "call") if call is not None else first_call(source)
        found = dashboard_of(source.connection, call_id)
        if found is None:
            raise NotFound(f"The call {call_id} is not published.", "List the calls with `fund call list`.")
        groups = (grouped(source.connection, call_id, By(by)) or []) if by is not None else None
        if groups is not None and wanted.to_people:
            render_groups(console(), choose(groups, GroupRow, wanted), str(by), found.title)
        elif groups is not None:
            print_list(groups, GroupRow, (), wanted, "group")
        elif wanted.as_table:
            print_list([found], DashboardRow, (), wanted, "call")
        elif as_json:
            print_json(as_data(found))
        else:
            render_dashboard(console(), found)
        source.say_if_fictitious(to_people=wanted.to_people)


def timeline(
    about: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="The first characters of an id, an edition, or the name of a city or region."
        ),
    ],
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
    """Tell what happened, in sentences. Every event that mentions the id, with who and when.

    \b
    Example:
      fund timeline malaga
    """
    from domain.errors import NotFound
    from fund_service.cli.entries import TimelineEntry, timeline_entry
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, print_list
    from fund_service.cli.wording import moment
    from projections.timeline import of, told_once

    columns: list[Column[TimelineEntry]] = [
        Column("Brussels time", lambda entry: moment(entry.effective_at)),
        Column("What happened", lambda entry: entry.sentence),
        Column("Who", lambda entry: entry.by_label),
    ]
    with reading(data, store, as_of, held_at) as source:
        id = find(source, about)
        entries = [timeline_entry(row) for row in told_once(of(source.connection, id))]
        if not entries:
            raise NotFound(f"The timeline tells nothing of {id}.", f"See `fund events --aggregate {id}`.")
        wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
        print_list(entries, TimelineEntry, columns, wanted, "event")
        source.say_if_fictitious(to_people=wanted.to_people)


def home(
    organisation: Annotated[
        str, typer.Argument(metavar="ORGANISATION", help="Its name, such as Málaga, or the first characters of its id.")
    ],
    data: Data = None,
    store: Store = None,
    as_of: AsOf = None,
    held_at: HeldAt = None,
    as_json: AsJson = False,
) -> None:
    """Show what a city or region sees, and its next step.

    \b
    Example:
      fund home malaga
    """
    from fund_service.cli.describe import describe_homes
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import console, print_json
    from fund_service.listing import as_data
    from projections.applicant_view import homes

    with reading(data, store, as_of, held_at) as source:
        rows = homes(source.connection, find(source, organisation, "organisation"))
        if as_json:
            print_json([as_data(row) for row in rows])
        else:
            describe_homes(console(), rows)
        source.say_if_fictitious(to_people=not as_json)
