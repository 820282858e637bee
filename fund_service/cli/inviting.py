"""`fund invite`: lets the holder of an account in, on the machine itself."""

from typing import Annotated

import typer

from fund_service.cli.options import AsJson, Data, Store


def invite(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The label or the id of an account.")],
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Invite the holder of an account to choose a login; link and code are shown this once.

    A holder who has a login, and lost it, gets another one: password and second factor are gone when the invitation
    is taken up. Send link and code two different ways.

    \b
    Example:
      fund invite "Secretariat 1"
    """
    from datetime import UTC, datetime

    from domain.account.aggregate import ACCOUNT
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import print_json
    from fund_service.cli.wording import moment
    from fund_service.permissions.actors import acts_in_person

    with reading(data, store) as source:
        subject = find(source, name, "account")
        acts_in_person(source.parts.fund.look(ACCOUNT, subject))
        made = source.parts.local.invitations.make(subject, datetime.now(UTC), renews=True)
    link = f"/invitations/{made.token}"
    if as_json:
        print_json({"subject": str(subject), "link": link, **made.model_dump(mode="json")})
    else:
        print(f"Link: {link}")
        print(f"Code: {made.code}")
        print(f"They are shown this once, work once, and hold until {moment(made.expires_at)} Brussels.")
