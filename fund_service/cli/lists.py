"""The lists: calls, partnerships, applications, and the rules of the fund."""

from typing import Annotated

import typer

from fund_service.cli.options import AsCsv, AsJson, AsOf, AsXlsx, Data, HeldAt, Sort, Store, Where


def list_calls(
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
    """List the calls.

    \b
    Example:
      fund call list --json
    """
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, print_list
    from projections.lists import CallRow, calls

    columns: list[Column[CallRow]] = [
        Column("Edition", lambda call: call.edition),
        Column("Title", lambda call: call.title),
        Column("Stage", lambda call: call.stage),
    ]
    with reading(data, store, as_of, held_at) as source:
        wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
        print_list(calls(source.connection), CallRow, columns, wanted, "call")


def list_partnerships(
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
    """List the partnerships of all calls.

    \b
    Example:
      fund partnerships list --where geography=Asia --where name~malaga \\
        --sort name
    """
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, print_list
    from projections.lists import PartnershipRow, partnerships

    columns: list[Column[PartnershipRow]] = [
        Column("Partnership", lambda partnership: partnership.name),
        Column("Geography", lambda partnership: partnership.geography),
        Column("Cluster", lambda partnership: partnership.cluster),
        Column("Stage", lambda partnership: partnership.stage),
    ]
    with reading(data, store, as_of, held_at) as source:
        wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
        print_list(list(partnerships(source.connection)), PartnershipRow, columns, wanted, "partnership")
        source.say_if_fictitious(to_people=wanted.to_people)


def list_organisations(
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
    """List the cities, areas, regions and agencies, admitted to the programme or not.

    \b
    Example:
      fund organisations list --where admitted=true --sort -population
    """
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, print_list
    from projections.registry import OrganisationRow, organisations

    columns: list[Column[OrganisationRow]] = [
        Column("Name", lambda one: one.name),
        Column("Kind", lambda one: one.kind.replace("_", " ")),
        Column("Country", lambda one: one.country),
        Column("Inhabitants", lambda one: "" if one.population is None else f"{one.population:,}", right=True),
        Column("Admitted", lambda one: "yes" if one.admitted else "no"),
    ]
    with reading(data, store, as_of, held_at) as source:
        wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
        print_list(list(organisations(source.connection)), OrganisationRow, columns, wanted, "organisation")
        source.say_if_fictitious(to_people=wanted.to_people)


def list_applications(
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
    """List the pilot actions and their applications. Sums are shown once the call has closed, and outcomes
    once they are released.

    \b
    Example:
      fund applications list --where outcome=award --sort -requested_cents \\
        --csv > awards.csv
    """
    from domain.values import euros
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, print_list
    from fund_service.cli.wording import moment
    from projections.lists import ApplicationRow, applications

    columns: list[Column[ApplicationRow]] = [
        Column("Pilot action", lambda one: one.title),
        Column("Partnership", lambda one: one.partnership),
        Column("Asks for", lambda one: "" if one.requested_cents is None else euros(one.requested_cents), right=True),
        Column("Submitted, Brussels time", lambda one: moment(one.submitted_at)),
        Column("Status", lambda one: one.status),
    ]
    with reading(data, store, as_of, held_at) as source:
        wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
        print_list(list(applications(source.connection)), ApplicationRow, columns, wanted, "application")
        source.say_if_fictitious(to_people=wanted.to_people)


def rules(
    rule_id: Annotated[str | None, typer.Argument(metavar="ID", help="One rule, such as S01.")] = None,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
    where: Where = None,
    sort: Sort = None,
) -> None:
    """Show the rules of the fund, or one with its source. Status C: stated by the programme; E: taken from EU
    or comparable grant rules; D: our default.

    \b
    Example:
      fund rules S01
    """
    from fund_service.cli.output import Wanted
    from fund_service.cli.rules import show_rule, show_rules

    wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
    if rule_id is None:
        show_rules(wanted)
    else:
        show_rule(rule_id, wanted)
