"""`fund messages list`: what was told to whom."""

from typing import Annotated

import typer

from fund_service.cli.options import AsCsv, AsJson, AsOf, AsXlsx, Data, HeldAt, Sort, Store, Where


def list_messages(
    to: Annotated[
        str | None, typer.Option("--as", metavar="SUBJECT", help="Only what this account was told, by label or id.")
    ] = None,
    partnership: Annotated[
        str | None, typer.Option("--partnership", metavar="ID", help="Only what is about this partnership.")
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
    """List what was told to whom, the newest first.

    \b
    Example:
      fund messages list --as "Officer of Vilnius" --where topic~reminded
    """
    from domain.account.aggregate import Account
    from fund_service.cli.asking import subject
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, print_list
    from fund_service.cli.wording import moment
    from fund_service.permissions.actors import Actor, account_of
    from projections.messages import MessageRow, audiences_of, messages

    columns: list[Column[MessageRow]] = [
        Column("Told, Brussels time", lambda one: moment(one.at)),
        Column("To", lambda one: one.to),
        Column("What", lambda one: one.sentence),
        Column("About", lambda one: one.about),
    ]
    with reading(data, store, as_of, held_at) as source:
        audiences = None
        if to is not None:
            who = subject(source, to)
            actor = Actor(who, now=source.parts.clock.now)
            account = account_of(actor, source.parts.fund.world()) or Account()
            audiences = audiences_of(who, account.organisation_id, account.roles)
        about = find(source, partnership, "partnership") if partnership is not None else None
        wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
        print_list(list(messages(source.connection, audiences, about)), MessageRow, columns, wanted, "message")
        source.say_if_fictitious(to_people=wanted.to_people)
