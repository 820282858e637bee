"""Who signs the checkpoints: an owner of an Ed25519 key, which lies in a file, or behind this port in another place.

A key file holds one line as Go's checksum database writes it, PRIVATE+KEY+name+id+base64, so that other people's tools
can read it; it is as secret as a seal.
"""

import os
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.errors import Unavailable
from fund_service.audit.offline.merkle import Unproven
from fund_service.audit.offline.notes import LOG, WITNESS, Key, Note, Signature, key_of, message_of

_BEGINS = "PRIVATE+KEY+"


class Signer(Protocol):
    """The owner of a key: a file, or a module of hardware that keeps it to itself."""

    key: Key

    def sign(self, message: bytes) -> bytes:
        """Return the signature of 64 bytes."""


class OwnKey:
    """A key that this process holds."""

    def __init__(self, name: str, secret: Ed25519PrivateKey, type: int = LOG) -> None:
        """Sign by this name with this secret."""
        self.key = Key(name, type, secret.public_key().public_bytes_raw())
        self._secret = secret

    def sign(self, message: bytes) -> bytes:
        """Return the signature."""
        return self._secret.sign(message)

    def __str__(self) -> str:
        secret = b64encode(bytes([self.key.type]) + self._secret.private_bytes_raw()).decode()
        return f"{_BEGINS}{self.key.name}+{self.key.id.hex()}+{secret}"


def key_in(path: Path, name: str, type: int = LOG) -> OwnKey:
    """Return the key in a file, which is made for its owner alone where there is none. Raises Unavailable."""
    try:
        if not path.exists():
            _write(path, OwnKey(name, Ed25519PrivateKey.generate(), type))
        return _read(path.read_text())
    except OSError as closed:
        raise Unavailable(
            f"The key {path} cannot be used: {(closed.strerror or 'unknown reason').lower()}.",
            "Let this user read it, or restore it from its backup.",
        ) from closed
    except (Unproven, ValueError) as wrong:
        raise Unavailable(f"The key {path} cannot be read.", "Restore it from its backup.") from wrong


def replace_key(path: Path, name: str) -> OwnKey:
    """Put a new key in the place of the one in a file, whose name and secret are kept beside it."""
    old, made = key_in(path, name), OwnKey(name, Ed25519PrivateKey.generate())
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    _write(beside, made)
    path.with_name(f"{path.name}.{old.key.id.hex()}").hardlink_to(path)
    beside.replace(path)  # in one step: at no moment is there no key
    return made


def signed(text: str, signer: Signer, seconds: int | None = None) -> Note:
    """Return a text as a note that one signer signed; a witness says when, in seconds since 1970."""
    return Note(text, (signature_by(text, signer, seconds),))


def signature_by(text: str, signer: Signer, seconds: int | None = None) -> Signature:
    """Return the signature of a note's text; a witness says when, in seconds since 1970."""
    begins = b"" if seconds is None else seconds.to_bytes(8, "big")
    return Signature(signer.key.name, signer.key.id, begins + signer.sign(message_of(text, seconds)))


def _write(path: Path, key: OwnKey) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{key}\n")
        file.flush()
        os.fsync(file.fileno())


def _read(text: str) -> OwnKey:
    name, id, encoded = text.strip().removeprefix(_BEGINS).split("+", 2)
    material = b64decode(encoded, validate=True)
    key = OwnKey(name, Ed25519PrivateKey.from_private_bytes(material[1:]), material[0])
    if key.key.id.hex() != id or key.key.type not in (LOG, WITNESS) or key_of(str(key.key)) != key.key:
        raise Unproven("The key does not fit its name.")
    return key
