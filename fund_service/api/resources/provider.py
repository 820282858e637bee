"""Going to the identity provider: to sign in, to prove again who one is, to take up an invitation.

The browser goes to the address that is answered, and comes back by `GET /session/provider/return` (returning.py).
"""

from typing import Final

from pydantic import Field

from domain.values import Value
from fund_service.api.acting import Asked
from fund_service.api.describing import PREFIX
from fund_service.api.returning import return_address
from fund_service.auth.provider_accounts import Sent

OURS: Final = r"^/([A-Za-z0-9._~!$&'()*+,;=:@%?-][A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*)?$"
"""A page of this service by its path; what begins with two slashes leads elsewhere."""
Page = Field(
    default=f"{PREFIX}/session",
    max_length=500,
    pattern=OURS,
    description="Where the browser goes on to when it is back: a page of this service, by its path.",
)


class Going(Value):
    """Who goes to the identity provider, and is to be brought to a page of this service afterwards."""

    page: str = Page


class GoingWithInvitation(Value):
    """The token of the link, the code that came another way, and the page to be brought to afterwards."""

    token: str = Field(min_length=1, max_length=100, repr=False)
    code: str = Field(min_length=1, max_length=40, repr=False)
    page: str = Page


def sign_in_at_provider(asked: Asked, body: Going) -> Sent:
    """Sign in at the identity provider: go to the address that is answered, in this browser, within ten minutes.

    Only an identity that is bound to an account lets somebody in: by an invitation that was taken up by it.
    """
    with asked.context.throttle.attempt(asked.address, asked.address):
        sent, asked.departs = asked.parts.provider.sign_in(_back(asked), body.page, asked.now)
    return sent


def step_up_at_provider(asked: Asked, body: Going) -> Sent:
    """Prove again who you are at the identity provider, which asks you even if it remembers you.

    When you are back, the session goes on under a new secret, and with a new Fund-CSRF.
    """
    with asked.context.throttle.attempt(str(asked.subject), asked.address):
        sent, asked.departs = asked.parts.provider.prove(asked.own, _back(asked), body.page, asked.now)
    return sent


def accept_invitation_at_provider(asked: Asked, body: GoingWithInvitation) -> Sent:
    """Take up an invitation by your identity at the provider: it opens the account from then on.

    The invitation is used up when you are back; whatever let its holder in before does so no more.
    """
    with asked.context.throttle.attempt(body.token, asked.address):
        sent, asked.departs = asked.parts.provider.accept(body.token, body.code, _back(asked), body.page, asked.now)
    return sent


def _back(asked: Asked) -> str:
    return return_address(asked.bearing.request)
