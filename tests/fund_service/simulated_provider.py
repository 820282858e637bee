"""A simulated identity provider, over HTTP on the loopback address: for what a real one never says.

It asks nobody anything: who goes there is whom the test names. What it says can be changed before it is signed, and how
it is signed. The journey with a real one is in tests/browser.
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT: Final = "the fund"
SECRET: Final = "a secret of the client, long enough to sign with it"
Claims = dict[str, Any]


class SimulatedProvider:
    """What a provider says. `says` changes claims of an identity (None: left out), `signs` makes its signed text."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = new_key("first")
        self.about: Claims = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
        }
        self.says: Claims = {}
        self.signs: Callable[[Claims], str] = self.sign
        self.asked: list[str] = []
        self.given: dict[str, Any] = {}
        """What the fund sent with the last code."""
        self._codes: dict[str, tuple[Claims, dict[str, str]]] = {}

    def goes(self, location: str, who: str) -> dict[str, str]:
        """Let somebody go to an address of the provider, and return what they bring back."""
        place = urlsplit(location)
        wanted = {name: values[0] for name, values in parse_qs(place.query).items()}
        assert f"{place.scheme}://{place.netloc}{place.path}" == self.about["authorization_endpoint"]
        assert (wanted["response_type"], wanted["client_id"], wanted["scope"]) == ("code", CLIENT, "openid")
        assert wanted["code_challenge_method"] == "S256"
        code, now = uuid4().hex, int(time.time())
        claims = {"iss": self.issuer, "sub": who, "aud": CLIENT, "iat": now, "exp": now + 60, "auth_time": now}
        self._codes[code] = ({**claims, "nonce": wanted["nonce"]}, wanted)
        return {"code": code, "state": wanted["state"], "iss": self.issuer, "session_state": "left aside"}

    def answer(self, path: str, body: dict[str, str], headers: Any) -> tuple[int, Any]:
        """Return what the provider answers."""
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return 200, self.about
        if path == "/keys":
            return 200, KeySet([self.key]).as_dict(private=False)
        assert path == "/token"
        self.given = body
        if not _is_client(body, headers.get("Authorization"), self.about["token_endpoint"]):
            return 401, {"error": "invalid_client"}
        claims, wanted = self._codes.pop(body["code"], ({}, {}))
        proof = base64.urlsafe_b64encode(hashlib.sha256(body["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if wanted.get("code_challenge") != proof or wanted["redirect_uri"] != body["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        said = {name: value for name, value in {**claims, **self.says}.items() if value is not None}
        return 200, {"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": self.signs(said)}

    def sign(self, claims: Claims) -> str:
        """Return a signed identity, as it should be."""
        return signed(claims, self.key)


def new_key(name: str) -> RSAKey:
    """Return a key of a provider."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"}, private=True)


def signed(claims: Claims, key: RSAKey | OctKey, algorithm: str = "RS256", kid: str | None = None) -> str:
    """Return a signed text."""
    return jwt.encode({"alg": algorithm, "kid": kid or key.kid}, claims, key, algorithms=[algorithm])


def unsigned(claims: Claims) -> str:
    """Return a text that says to need no signature."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
    return ".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), ""])


def _is_client(body: dict[str, str], basic: str | None, endpoint: str) -> bool:
    """Tell whether this is the fund: by its secret, or by what is signed with it."""
    if basic is not None:
        return base64.b64decode(basic.removeprefix("Basic ")).decode() in (
            f"{CLIENT}:{SECRET}",
            f"{CLIENT.replace(' ', '+')}:{SECRET.replace(' ', '+')}",
        )
    said = jwt.decode(body["client_assertion"], OctKey.import_key(SECRET), algorithms=["HS256"]).claims
    return bool(said["iss"] == said["sub"] == CLIENT and said["aud"] == endpoint and said["exp"] > time.time())


@contextmanager
def simulated_provider() -> Iterator[SimulatedProvider]:
    """Return a simulated provider that answers until the end of the block."""
    made: list[SimulatedProvider] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(text).items()})

        def _answer(self, body: dict[str, str]) -> None:
            status, said = made[0].answer(unquote(self.path), body, self.headers)
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        made.append(SimulatedProvider(f"http://127.0.0.1:{server.server_port}"))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield made[0]
        finally:
            server.shutdown()
            thread.join()
