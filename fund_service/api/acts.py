"""The table of every request about who somebody is, each with who may send it."""

from typing import Final

from fund_service.api.acting import Act, Who
from fund_service.api.resources.directory import write_my_profile
from fund_service.api.resources.invitations import accept_invitation, invite
from fund_service.api.resources.provider import (
    accept_invitation_at_provider,
    sign_in_at_provider,
    step_up_at_provider,
)
from fund_service.api.resources.second_factor import (
    confirm_second_factor,
    offer_second_factor,
    take_second_factor_away,
)
from fund_service.api.resources.sessions import end_session, sign_out
from fund_service.api.resources.signing_in import change_password, sign_in, step_up
from fund_service.api.resources.tokens import end_token, make_token

ACTS: Final[tuple[Act, ...]] = (
    Act("POST", "/session", sign_in, Who.EVERYBODY, 201),
    Act("POST", "/session/step-up", step_up, Who.IN_SESSION, 200),
    Act("POST", "/session/provider", sign_in_at_provider, Who.EVERYBODY, 201),
    Act("POST", "/session/step-up/provider", step_up_at_provider, Who.IN_SESSION, 201),
    Act("PUT", "/me/password", change_password, Who.IN_SESSION, 200),
    Act("PUT", "/people/me", write_my_profile, Who.SIGNED_IN, 200),
    Act("POST", "/me/second-factor", offer_second_factor, Who.FRESH_IN_SESSION, 201),
    Act("POST", "/me/second-factor/confirmation", confirm_second_factor, Who.FRESH_IN_SESSION, 200),
    Act("DELETE", "/me/second-factor", take_second_factor_away, Who.FRESH_IN_SESSION, 204),
    Act("POST", "/tokens", make_token, Who.FRESH_IN_SESSION, 201),
    Act("DELETE", "/tokens/{token_id}", end_token, Who.IN_SESSION, 204),
    Act("POST", "/invitations", invite, Who.FRESH, 201),
    Act("POST", "/invitations/accept", accept_invitation, Who.EVERYBODY, 201),
    Act("POST", "/invitations/accept/provider", accept_invitation_at_provider, Who.EVERYBODY, 201),
    Act("DELETE", "/session", sign_out, Who.IN_SESSION, 204),
    Act("DELETE", "/sessions/{session_id}", end_session, Who.IN_SESSION, 204),
)
"""Every request that changes the directory."""
