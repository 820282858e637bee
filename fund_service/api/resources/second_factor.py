"""The second factor: an authenticator's codes beside the password, from then on at every sign-in."""

from pydantic import Field

from domain.account.aggregate import ACCOUNT
from domain.values import Value
from fund_service.api.acting import Asked
from fund_service.auth.second_factors import Offered, Recovery


class Shown(Value):
    """A code that the authenticator shows now."""

    code: str = Field(min_length=1, max_length=40, repr=False)


def offer_second_factor(asked: Asked) -> Offered:
    """Ask for a second factor: the secret for an authenticator, shown this once; it counts once a code confirms it."""
    account = asked.parts.fund.look(ACCOUNT, asked.subject)
    return asked.parts.local.factors.offer(asked.subject, account.label if account is not None else "")


def confirm_second_factor(asked: Asked, body: Shown) -> Recovery:
    """Confirm a second factor by a code of it; the answer holds recovery codes, shown this once."""
    with asked.context.throttle.attempt(str(asked.subject), asked.address):
        return asked.parts.local.confirm_factor(asked.own, body.code, asked.now)


def take_second_factor_away(asked: Asked) -> None:
    """Take your second factor away, with its recovery codes."""
    asked.parts.local.factors.take_away(asked.subject)
