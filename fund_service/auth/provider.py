"""The identity provider: OpenID Connect, by code and PKCE. It says who somebody is, and nothing of what they may do.

Nothing is asked of it before the first sign-in. What it says of itself is kept for an hour.
"""

import logging
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from domain.errors import Malformed, Unavailable
from fund_service.auth.departures import Secrets
from fund_service.auth.identities import is_identifier
from fund_service.auth.refusals import ReturnRefused
from fund_service.auth.sessions import LONGEST as LONGEST_SESSION
from fund_service.settings import Settings

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]  # it has no types
    from joserfc.jwk import KeySet

_LOG: Final = logging.getLogger(__name__)
EU_LOGIN: Final = "https://ecas.ec.europa.eu/cas/oauth2"
"""The issuer of EU Login. It takes no client's secret as it is, only what is signed with it (HS256)."""
SECONDS: Final = 5.0
"""So long the provider may be silent before it counts as away."""
KEPT_SECONDS: Final = 3600.0
LEEWAY: Final = timedelta(minutes=1)
"""So much the provider's clock may differ from ours."""

_ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""By which an identity may be signed: with a key that the provider alone has."""
_NOT_TAKEN: Final = "invalid_grant"
"""What a provider says of a code that is over, was used, or belongs to another sign-in."""
_AT_ONCE: Final = BoundedSemaphore(4)
"""So many wait for the provider at once: while it is silent, the others hear so at once and keep no thread busy."""
_PATIENCE_SECONDS: Final = 2.0


class Told(NamedTuple):
    """What the provider says: whom it knows, and when it asked for a proof last (UTC), None where it does not say."""

    issuer: str
    identifier: str
    proved_at: datetime | None


class Came(NamedTuple):
    """What somebody brings back from the provider: in the address, as anybody could have written it."""

    state: str | None
    code: str | None
    issuer: str | None
    error: str | None


class _About(BaseModel):
    """What the provider says of itself (OpenID Connect Discovery)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    authorization_response_iss_parameter_supported: bool = False


class _Known(NamedTuple):
    about: _About
    keys: "KeySet"
    until: float


class Provider:
    """An identity provider. Thread-safe.

    `secret` gives the client's secret when it is needed; `signs`: it signs with it, and never sends it.
    """

    def __init__(self, issuer: str, client: str, secret: Callable[[], str], *, signs: bool) -> None:
        """Know where it is; ask nothing yet."""
        self.issuer = issuer
        self._client = client
        self._secret = secret
        self._signs = signs
        self._here = issuer.startswith("http://")  # of this machine's own loopback address alone: see settings.py
        self._lock = Lock()
        self._known: _Known | None = None

    def address(self, secrets: Secrets, back: str, *, again: bool) -> str:
        """Return where the provider asks who somebody is, and sends them back from; `again`: even if it knows.

        Raises Unavailable.
        """
        from authlib.oauth2.client import OAuth2Client  # type: ignore[import-untyped]  # it has no types

        seconds = 0 if again else int(LONGEST_SESSION.total_seconds())
        wanted = {"max_age": str(seconds), **({"prompt": "login"} if again else {})}
        asking = OAuth2Client(None, self._client, scope="openid", redirect_uri=back, code_challenge_method="S256")
        url, _ = asking.create_authorization_url(
            self._about().about.authorization_endpoint,
            state=secrets.state,
            code_verifier=secrets.verifier,
            nonce=secrets.nonce,
            **wanted,
        )
        return str(url)

    def told(self, came: Came, secrets: Secrets, back: str, now: datetime) -> Told:
        """Return what the provider says of who came back with its code. Raises ReturnRefused, Unavailable."""
        known = self._about()
        says_issuer = known.about.authorization_response_iss_parameter_supported
        if came.issuer != self.issuer and (says_issuer or came.issuer is not None):
            raise refused("issuer", "This answer comes from another identity provider.")
        if came.error is not None or came.code is None:
            raise refused("denied", "The identity provider did not let you in.")
        token = self._exchanged(known.about, came.code, secrets, back)
        return _told(self._checked(token, secrets.nonce, now), self.issuer, now)

    def _exchanged(self, about: _About, code: str, secrets: Secrets, back: str) -> dict[str, Any]:
        """Return what the provider gives for a code. Raises ReturnRefused, Unavailable."""
        from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]  # it has no types

        with self._line(back) as line:
            try:
                return dict(line.fetch_token(about.token_endpoint, code=code, code_verifier=secrets.verifier))
            except OAuthError as error:
                if error.error == _NOT_TAKEN:
                    raise refused("code", "The identity provider does not take its code back.") from error
                raise _away("it refuses this fund as its client; who runs the fund checks FUND_OIDC_…") from error

    def _checked(self, token: dict[str, Any], nonce: str, now: datetime) -> dict[str, Any]:
        """Return what an identity says, if it is for us, for this sign-in, from this provider, and not over."""
        from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # it has no types
        from joserfc.errors import JoseError

        wanted = {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self._client}}
        given = {"nonce": nonce, "client_id": self._client, "access_token": token.get("access_token")}
        try:
            claims, header = self._opened(str(token.get("id_token")))
            found = CodeIDToken(claims, header, wanted, given)
            found.validate(int(now.timestamp()), int(LEEWAY.total_seconds()))
        except (JoseError, ValueError, TypeError) as wrong:
            which = getattr(wrong, "claim", None) or getattr(wrong, "error", None) or "form"
            raise refused(f"identity: {which}", "What the identity provider says of you does not hold.") from wrong
        return dict(found)

    def _opened(self, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what a signed text says, with its header. The provider's keys are read anew where one is unknown."""
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError
        from joserfc.jws import JWSRegistry

        signed = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)
        try:
            opened = jwt.decode(text, self._about().keys, registry=signed)
        except InvalidKeyIdError:
            opened = jwt.decode(text, self._about(anew=True).keys, registry=signed)
        return opened.claims, dict(opened.header)

    def _about(self, *, anew: bool = False) -> _Known:
        """Return what the provider says of itself. Raises Unavailable."""
        with self._lock:
            known = self._known
        if known is None or anew or known.until < time.monotonic():
            known = self._asked()
            with self._lock:
                self._known = known
        return known

    def _asked(self) -> _Known:
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        with self._line() as line:
            try:
                about = _About.model_validate(self._read(line, f"{self.issuer}/.well-known/openid-configuration"))
                self._check(about)
                keys = KeySet.import_key_set(self._read(line, about.jwks_uri))
            except (ValidationError, JoseError, KeyError) as unreadable:
                raise _away("what it says of itself cannot be read") from unreadable
        return _Known(about, keys, time.monotonic() + KEPT_SECONDS)

    def _check(self, about: _About) -> None:
        """Raise Unavailable where the provider says to be another one, or would be asked in the clear."""
        if about.issuer != self.issuer:
            raise _away("it says that it is another one; who runs the fund checks FUND_OIDC_ISSUER")
        places = (about.authorization_endpoint, about.token_endpoint, about.jwks_uri)
        if not self._here and any(urlsplit(place).scheme != "https" for place in places):
            raise _away("it does not answer over TLS")

    @staticmethod
    def _read(line: "OAuth2Client", place: str) -> Any:
        answer = line.request("GET", place, withhold_token=True)
        answer.raise_for_status()
        return answer.json()

    @contextmanager
    def _line(self, back: str | None = None) -> Iterator["OAuth2Client"]:
        """Return a line to the provider. Raises Unavailable where it is away, or says what cannot be read."""
        import httpx2
        from authlib.integrations.httpx_client import OAuth2Client

        if not _AT_ONCE.acquire(timeout=_PATIENCE_SECONDS):
            raise _away("too many wait for it")
        try:
            with OAuth2Client(
                self._client,
                self._secret(),
                token_endpoint_auth_method="client_secret_jwt" if self._signs else "client_secret_basic",
                redirect_uri=back,
                grant_type="authorization_code",
                timeout=SECONDS,
                follow_redirects=False,
                verify=_authorities(),
                trust_env=not self._here,  # a proxy leads elsewhere, never back to this machine
            ) as line:
                if self._signs:
                    from authlib.oauth2.rfc7523 import ClientSecretJWT  # type: ignore[import-untyped]  # no types

                    line.register_client_auth_method(ClientSecretJWT(alg="HS256"))
                yield line
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise _away(type(error).__name__) from error
        finally:
            _AT_ONCE.release()


@cache
def _authorities() -> ssl.SSLContext:
    """Return whom this machine trusts to vouch for a server: reading them takes longer than asking the provider."""
    import httpx2

    return httpx2.create_ssl_context()


def provider_of(settings: Settings) -> Provider | None:
    """Return the provider that the settings name, None where they name none. Raises Malformed where half is missing."""
    eu_login = settings.oidc_preset == "eu-login"
    issuer, client = settings.oidc_issuer or (EU_LOGIN if eu_login else None), settings.oidc_client
    if client is None and (settings.oidc_issuer is None and not eu_login):
        return None
    if issuer is None or client is None:
        missing = "FUND_OIDC_CLIENT" if client is None else "FUND_OIDC_ISSUER"
        raise Malformed(f"The setting {missing} is missing.", "Set issuer and client, or neither of them.")
    if (settings.oidc_secret is None) is (settings.oidc_secret_file is None):
        raise Malformed("The client's secret is missing, or stands twice.", "Set it, or the file that holds it.")
    return Provider(issuer.rstrip("/"), client, lambda: _secret(settings), signs=eu_login)


def _secret(settings: Settings) -> str:
    """Return the client's secret. Raises Unavailable where its file cannot be read."""
    if settings.oidc_secret_file is None:
        return settings.oidc_secret or ""
    try:
        return settings.oidc_secret_file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise _away("the file of FUND_OIDC_SECRET_FILE cannot be read") from error


def refused(why: str, detail: str, cure: str = "Begin to sign in anew.") -> ReturnRefused:
    """Return the refusal of who came back, and tell why it is refused: a word of ours, nothing that was sent."""
    _LOG.warning("A return from the identity provider was refused: %s.", why)
    return ReturnRefused(detail, cure)


def _away(why: str) -> Unavailable:
    _LOG.warning("The identity provider cannot be used: %s.", why)
    return Unavailable(
        "The identity provider cannot be used now.", "Try again in a moment; who has a password signs in by it."
    )


def _told(claims: dict[str, Any], issuer: str, now: datetime) -> Told:
    """Return what an identity says that holds. Raises ReturnRefused where it names nobody."""
    identifier, proved = claims["sub"], claims.get("auth_time")
    if not isinstance(identifier, str) or not is_identifier(identifier):
        raise refused("identity: sub", "What the identity provider says of you does not hold.")
    if not isinstance(proved, int | float) or not 0 < proved <= (now + LEEWAY).timestamp():
        return Told(issuer, identifier, None)
    return Told(issuer, identifier, datetime.fromtimestamp(proved, UTC))
