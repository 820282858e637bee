"""Tokens for scripts: for one of my roles, shown once, ended at once."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.errors import NotPermitted
from domain.people import Role
from domain.values import Value
from fund_service.api.acting import Asked
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Routes
from fund_service.auth.tokens import LONGEST, TokenRow
from fund_service.permissions.actors import Actor, account_of


class TokenWanted(Value):
    """A token that is wanted: for which of your roles alone, what it is for, and for how many days."""

    role: Role
    label: str = Field(min_length=1, max_length=100)
    days: Annotated[int, Field(strict=True, ge=1, le=LONGEST.days)] = 30


class TokenMade(TokenRow):
    """A token with its secret, which is never shown again."""

    token: str = Field(repr=False)


def token_routes(routes: Routes) -> None:
    """Enter the question."""

    @routes.listing("/tokens", TokenRow, Open.SIGNED_IN, name="listTokens")
    def tokens(asking: Asking) -> Iterable[TokenRow]:
        """List your tokens that hold, oldest first; what they are stands nowhere."""
        return asking.context.parts.tokens.of(asking.by, datetime.now(UTC))


def make_token(asked: Asked, body: TokenWanted) -> TokenMade:
    """Make a token for a script, for one of your roles alone, and show it this once.

    It asks for no fresh proof later: this request did. One for a role that you hold as a deputy counts while you do.
    """
    account = account_of(Actor(asked.subject, now=asked.parts.clock.now), asked.parts.fund.world())
    if account is None or body.role not in account.roles:
        raise NotPermitted(f"You do not have the role {body.role}.", "Name one of your roles.")
    actor, lifetime = Actor(asked.subject, body.role), timedelta(days=body.days)
    row, secret = asked.parts.tokens.create(actor, body.label, asked.now, lifetime)
    return TokenMade(**dict(row), token=secret)


def end_token(asked: Asked, token_id: UUID) -> None:
    """End one of your tokens at once."""
    asked.parts.tokens.end(token_id, asked.now, asked.subject)
