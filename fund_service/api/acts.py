"""The table of every request about who somebody is, each with who may send it."""

from typing import Final

from fund_service.api.acting import Act, Who
from fund_service.api.resources.sessions import end_session, sign_out

ACTS: Final[tuple[Act, ...]] = (
    Act("DELETE", "/session", sign_out, Who.IN_SESSION, 204),
    Act("DELETE", "/sessions/{session_id}", end_session, Who.IN_SESSION, 204),
)
"""Every request that changes the directory."""
