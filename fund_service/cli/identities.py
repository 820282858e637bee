"""`fund identity`: which account somebody opens whom the identity provider knows, said on the machine itself."""

from typing import Annotated

import typer

from fund_service.cli.options import AsCsv, AsJson, AsXlsx, Data, Sort, Store, Where

_NAME = typer.Argument(metavar="NAME", help="The label or the id of an account.")


def bind(
    name: Annotated[str, _NAME],
    identifier: Annotated[
        str, typer.Option("--sub", metavar="SUB", help="What the provider calls its holder: the claim `sub`.")
    ],
    issuer: Annotated[
        str | None, typer.Option("--issuer", metavar="URL", help="The provider; else that of FUND_OIDC_ISSUER.")
    ] = None,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Let an identity of the provider open an account. Make sure first who has it.

    \b
    Example:
      fund identity bind "Secretariat 1" --sub n002xyz
    """
    from datetime import UTC, datetime

    from domain.account.aggregate import ACCOUNT
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import print_json
    from fund_service.cli.wording import clean
    from fund_service.permissions.actors import acts_in_person

    with reading(data, store) as source:
        subject, accounts = find(source, name, "account"), source.parts.provider
        acts_in_person(source.parts.fund.look(ACCOUNT, subject))
        provider = issuer.rstrip("/") if issuer is not None else accounts.provider.issuer
        accounts.identities.bind(subject, provider, identifier, datetime.now(UTC))
    if as_json:
        print_json({"subject": str(subject), "issuer": provider, "identifier": identifier})
    else:
        print(f"{clean(identifier)} of {clean(provider)} opens the account of {clean(name)}.")


def list_identities(
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
    where: Where = None,
    sort: Sort = None,
) -> None:
    """List the identities that open an account.

    \b
    Example:
      fund identity list --where issuer~ec.europa.eu
    """
    from domain.account.aggregate import ACCOUNT, Account
    from fund_service.auth.identities import Identity
    from fund_service.cli.opening import opened
    from fund_service.cli.output import Column, Wanted, print_list
    from fund_service.cli.wording import clean, moment

    with opened(data, store) as parts:
        columns: list[Column[Identity]] = [
            Column("Account", lambda row: clean((parts.fund.look(ACCOUNT, row.subject) or Account()).label)),
            Column("Provider", lambda row: clean(row.issuer)),
            Column("Identity", lambda row: clean(row.identifier)),
            Column("Since, Brussels time", lambda row: moment(row.bound_at)),
        ]
        rows = parts.provider.identities.all()
        print_list(rows, Identity, columns, Wanted(as_json, as_csv, where, sort, as_xlsx), "identity")


def end(
    name: Annotated[str, _NAME],
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Let no identity open an account any more; its sessions end.

    \b
    Example:
      fund identity end "Secretariat 1"
    """
    from domain.errors import NotFound
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import print_json
    from fund_service.cli.wording import clean

    with reading(data, store) as source:
        subject = find(source, name, "account")
        if not source.parts.provider.identities.has(subject):
            raise NotFound("No identity opens this account.", "List them with `fund identity list`.")
        source.parts.provider.identities.end(subject)
        source.parts.sessions.end_all(subject)
    if as_json:
        print_json({"subject": str(subject)})
    else:
        print(f"No identity opens the account of {clean(name)} any more.")
