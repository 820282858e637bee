"""Invitations: the holder of an account chooses a login, by a link and a code that came another way."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import Field

from domain.values import Instant, Value
from fund_service.api.acting import Asked
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Answered, Routes
from fund_service.api.resources.signing_in import Password, SignedIn, signed
from fund_service.auth.invitations import Invited
from fund_service.auth.local_accounts import Accepting
from fund_service.permissions.checking import check_inviting


class Inviting(Value):
    """Whose holder is invited: an account."""

    subject: UUID


class Acceptance(Value):
    """The token of the link, the code that came another way, and the login that one wants from now on."""

    token: str = Field(min_length=1, max_length=100, repr=False)
    code: str = Field(min_length=1, max_length=40, repr=False)
    login: str = Field(min_length=1, max_length=100, repr=False)
    password: str = Password


class InvitationState(Value):
    """Whether an invitation can be taken up, and until when (UTC)."""

    holds: bool
    until: Instant | None


def invitation_routes(routes: Routes) -> None:
    """Enter the question."""

    @routes.one("/invitations/{token}", InvitationState, Open.EVERYBODY, name="readInvitation")
    def invitation(asking: Asking, token: Annotated[str, Path(max_length=100)]) -> Answered[InvitationState]:
        """Read whether an invitation holds. Nothing is consumed, however often a mail scanner opens the link."""
        until = asking.context.parts.local.invitations.holds_until(token, datetime.now(UTC))
        return InvitationState(holds=until is not None, until=until), None


def invite(asked: Asked, body: Inviting) -> Invited:
    """Invite the holder of an account that has no login: a link and a code, both shown this once.

    The link ends in the token. Send the code another way, by telephone for example. Only the secretariat may, before a
    role that two officers grant is confirmed, and the officer of a city or region who opened the account.
    """
    check_inviting(asked.actor_in, body.subject, asked.parts.fund.world())
    return asked.parts.local.invite(body.subject, asked.now)


def accept_invitation(asked: Asked, body: Acceptance) -> SignedIn:
    """Take up an invitation: choose a login name and a password of 12 to 128 characters, and be signed in."""
    given = Accepting(body.token, body.code, body.login, body.password)
    with asked.context.throttle.attempt(body.token, asked.address):
        begun = asked.parts.local.accept(given, asked.now, asked.bearing.cookie)
    return signed(asked, *begun)
