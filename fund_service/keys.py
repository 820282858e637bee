"""Keys of protected text, in a file or table of their own beside the log: erasing a key leaves the log verifiable.

A person's text is encrypted with AES-256-GCM under the key of its subject; the subject's and key's ids are bound to it
as associated data. Digests are HMAC-SHA-256 under one key of the fund. The keys are as secret as the texts.
"""

import hashlib
import hmac
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from threading import Lock
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, Engine, LargeBinary, MetaData, String, Table, delete, select

from domain.errors import Unavailable
from domain.values import Digest
from projections.database import insert_into, make_tables, overwrite_free_space

_metadata = MetaData()
_keys = Table(
    "keys",
    _metadata,
    Column("key_id", String, primary_key=True),
    Column("subject", String, nullable=False, unique=True),
    Column("secret", LargeBinary, nullable=False),
)
_DIGEST = "digest"
_PROCESSES = "processes"
_NONCE, _TAG = 12, 16
"""Bytes that stand before and behind an encrypted text, whatever its length."""
_NAMED = re.compile(rb'"key_id":"([0-9a-f]+)"')
"""How a sealed text names its key in a stored state; in people's own words the quotes would be escaped."""


def holds_keys(engine: Engine) -> bool:
    """Say whether a vault has its first key, without which no log begins: else its keys were lost."""
    make_tables(engine, _metadata)
    with engine.connect() as connection:
        return connection.execute(select(_keys.c.key_id).where(_keys.c.subject == _DIGEST)).first() is not None


def holds_sealed_text(state: bytes) -> bool:
    """Tell whether a stored state holds a text of somebody."""
    return _NAMED.search(state) is not None


class KeyVault:
    """The keys of one fund. Thread-safe. Keys stay in memory until somebody's is destroyed, by any process: whoever
    follows the log then hears of it, and has all of them forgotten.
    """

    def __init__(self, engine: Engine, digest_seed: str | None = None) -> None:
        """Open or make the vault. A rehearsal gives `digest_seed`, so that the same seed gives the same digests."""
        self._engine = engine
        make_tables(engine, _metadata)
        self._lock = Lock()
        self._current: dict[str, tuple[str, bytes]] = {}
        self._by_id: dict[str, AESGCM] = {}
        seeded = (
            hashlib.sha256(f"rehearsal digests {digest_seed}".encode()).digest() if digest_seed is not None else None
        )
        self._digest_key = self._key_of(_DIGEST, seeded)[1]

    def _key_of(self, subject: str, secret: bytes | None = None) -> tuple[str, bytes]:
        with self._lock:
            if subject not in self._current:
                self._current[subject] = self._load_or_make(subject, secret or os.urandom(32))
            return self._current[subject]

    def _load_or_make(self, subject: str, secret: bytes) -> tuple[str, bytes]:
        known = select(_keys.c.key_id, _keys.c.secret).where(_keys.c.subject == subject)
        with self._engine.connect() as connection:
            row = connection.execute(known).one_or_none()
        if row is None:
            made = {"key_id": uuid4().hex, "subject": subject, "secret": secret}
            with self._engine.begin() as connection:  # another process may meet the subject at the same moment
                connection.execute(insert_into(connection, _keys).values(made).on_conflict_do_nothing())
                row = connection.execute(known).one()
        return row.key_id, row.secret

    def _cipher(self, key_id: str) -> AESGCM | None:
        with self._lock:
            if key_id not in self._by_id:
                with self._engine.connect() as connection:
                    found = connection.execute(
                        select(_keys.c.secret).where(_keys.c.key_id == key_id)
                    ).scalar_one_or_none()
                if found is None:
                    return None
                self._by_id[key_id] = AESGCM(found)
            return self._by_id[key_id]

    def forget(self) -> None:
        """Forget every key that is in memory."""
        with self._lock:
            self._current.clear()
            self._by_id.clear()

    def erase(self, subject: UUID) -> None:
        """Destroy a subject's key for good: its texts can never be opened again."""
        with self._engine.begin() as connection:
            connection.execute(delete(_keys).where(_keys.c.subject == str(subject)))
        overwrite_free_space(self._engine, [_keys])
        self.forget()

    def secret_of_processes(self) -> tuple[str, bytes]:
        """Return the id and the secret of the key for what Temporal keeps; it belongs to no subject."""
        return self._key_of(_PROCESSES)

    def seal(self, subject: UUID, text: str) -> dict[str, str]:
        """Encrypt a subject's text: {key_id, ciphertext}."""
        key_id, secret = self._key_of(str(subject))
        nonce = os.urandom(_NONCE)
        sealed = nonce + AESGCM(secret).encrypt(nonce, text.encode(), _place(subject, key_id))
        return {"key_id": key_id, "ciphertext": b64encode(sealed).decode()}

    def unseal(self, subject: UUID, sealed: dict[str, str]) -> str | None:
        """Decrypt a subject's text; None when its key was erased. Raises Unavailable when text and key do not fit."""
        cipher = self._cipher(sealed["key_id"])
        if cipher is None:
            return None
        try:
            data = b64decode(sealed["ciphertext"])
            return cipher.decrypt(data[:_NONCE], data[_NONCE:], _place(subject, sealed["key_id"])).decode()
        except (InvalidTag, ValueError) as altered:
            raise Unavailable(
                "A protected text does not fit its key: the log or the keys were altered.",
                "Restore both from the same backup.",
            ) from altered

    def is_empty(self, sealed: dict[str, str]) -> bool:
        """Tell whether a sealed text is the empty one: beside the text there are a nonce and a tag of fixed lengths."""
        try:
            return len(b64decode(sealed["ciphertext"])) == _NONCE + _TAG
        except ValueError:
            return False  # it was altered: whoever has its key is told so

    def missing(self, states: Iterable[bytes]) -> tuple[int, int]:
        """Return how many keys the sealed texts in these states name, and how many of them are not there."""
        named = {key_id.decode() for state in states for key_id in _NAMED.findall(state)}
        return len(named), sum(self._cipher(key_id) is None for key_id in named)

    def digest(self, *parts: str) -> Digest:
        """Return the keyed digest of the parts; no two lists of parts give the same input."""
        mac = hmac.new(self._digest_key, digestmod=hashlib.sha256)
        for part in parts:
            encoded = part.encode()
            mac.update(len(encoded).to_bytes(8, "big") + encoded)
        return mac.hexdigest()


def _place(subject: UUID, key_id: str) -> bytes:
    return f"{subject}/{key_id}".encode()
