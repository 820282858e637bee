"""`fund token`: tokens for scripts, made on the machine itself."""

from typing import TYPE_CHECKING, Annotated

import typer

from fund_service.cli.options import AsCsv, AsJson, AsXlsx, Data, Sort, Store, Where

if TYPE_CHECKING:
    from uuid import UUID

    from domain.people import Role
    from fund_service.cli.opening import Reading


def create(
    name: Annotated[str, typer.Option("--for", metavar="NAME", help="Whose token: the label or the id of an account.")],
    role: Annotated[
        str | None, typer.Option("--role", metavar="ROLE", help="The only role that it counts for; else all they have.")
    ] = None,
    organisation: Annotated[
        str | None,
        typer.Option(
            "--organisation", metavar="NAME", help="In a rehearsed fund: the city or region that a new guest acts for."
        ),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="So many days it holds.")] = 30,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Make a token for somebody, and show it once.

    In a rehearsed fund, whose people are invented, an unknown name becomes a guest's account with this role; the log
    keeps it, so it is no person's name.

    \b
    Example:
      fund token create --for "Secretariat 1" --role secretariat --json
    """
    from datetime import UTC, datetime, timedelta

    from fund_service.cli.opening import reading
    from fund_service.cli.output import print_json
    from fund_service.cli.wording import moment
    from fund_service.listing import as_data
    from fund_service.permissions.actors import Actor

    wanted = _role(role) if role is not None else None
    with reading(data, store) as source:
        subject = _subject(source, name, wanted, organisation)
        _has(source, subject, name, wanted)
        now = datetime.now(UTC)
        row, secret = source.parts.tokens.create(Actor(subject, wanted), name, now, timedelta(days=days))
    if as_json:
        print_json({"token": secret, **as_data(row)})
    else:
        print(secret)
        print(f"It is shown this once, and holds until {moment(row.expires_at)} Brussels. Send it as")
        print("  Authorization: Bearer …")


def list_tokens(
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
    where: Where = None,
    sort: Sort = None,
) -> None:
    """List the tokens that hold; what they are stands nowhere.

    \b
    Example:
      fund token list --where role=auditor
    """
    from datetime import UTC, datetime

    from fund_service.auth.tokens import TokenRow
    from fund_service.cli.opening import opened
    from fund_service.cli.output import Column, Wanted, print_list
    from fund_service.cli.wording import moment

    columns: list[Column[TokenRow]] = [
        Column("For", lambda row: row.label),
        Column("Role", lambda row: row.role or "all"),
        Column("Until, Brussels time", lambda row: moment(row.expires_at)),
    ]
    with opened(data, store) as parts:
        rows = parts.tokens.of(None, datetime.now(UTC))
        print_list(rows, TokenRow, columns, Wanted(as_json, as_csv, where, sort, as_xlsx), "token")


def end(
    id: Annotated[str, typer.Argument(metavar="ID", help="The first characters of its id.")],
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """End a token at once.

    \b
    Example:
      fund token end 3f2a9c1d
    """
    from datetime import UTC, datetime

    from domain.errors import Malformed, NotFound
    from fund_service.cli.opening import opened
    from fund_service.cli.output import print_json
    from fund_service.cli.wording import clean
    from fund_service.listing import as_data

    now = datetime.now(UTC)
    with opened(data, store) as parts:
        meant = [row for row in parts.tokens.of(None, now) if str(row.id).startswith(id.lower())]
        if not meant:
            raise NotFound(f"There is no token “{id}”.", "List those that hold with `fund token list`.")
        if len(meant) > 1:
            raise Malformed(f"“{id}” can mean {len(meant)} tokens.", "Write more of the id.")
        parts.tokens.end(meant[0].id, now)
    if as_json:
        print_json(as_data(meant[0]))
    else:
        print(f"The token of {clean(meant[0].label)} is ended.")


def _role(text: str) -> "Role":
    from domain.errors import Malformed
    from domain.people import Role

    known = [role for role in Role if role not in (Role.ENGINE, Role.OPERATOR)]
    for role in known:
        if role.value == text.lower().replace("-", "_").replace(" ", "_"):
            return role
    raise Malformed(f"There is no role “{text}”.", f"Use one of: {', '.join(known)}.")


def _subject(source: "Reading", name: str, role: "Role | None", organisation: str | None) -> "UUID":
    """Return whose token it is; in a rehearsed fund an unknown name becomes a guest. Raises NotFound, Malformed."""
    from domain.errors import Malformed, NotFound
    from fund_service.cli.finding import find
    from fund_service.rehearsal.guests import invite

    if not name.strip() or len(name) > 100:
        raise Malformed("This is no name of anybody.", "Write the label or the id of an account.")
    try:
        return find(source, name, "account")
    except (NotFound, Malformed):
        if role is None or source.parts.facts.find("seed") is None:
            raise
    place = find(source, organisation, "organisation") if organisation is not None else None
    return invite(source.parts.fund, source.connection, name, role, place)


def _has(source: "Reading", subject: "UUID", name: str, role: "Role | None") -> None:
    from domain.account.aggregate import Account
    from domain.errors import NotPermitted
    from fund_service.permissions.actors import Actor, account_of, acts_in_person

    actor = Actor(subject, now=source.parts.clock.now)
    account = account_of(actor, source.parts.fund.world()) or Account()
    acts_in_person(account)
    if role is not None and role not in account.roles:
        has = ", ".join(account.roles) or "none"
        raise NotPermitted(f"{name} is no {role.replace('_', ' ')}; roles: {has}.", "An officer grants roles.")
