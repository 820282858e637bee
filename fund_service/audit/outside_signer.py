"""A signer outside this process, so that the log's key may lie in a module of hardware, or with a service for keys.

A setting names its program, which is started for each signature, without a shell. `PROGRAM … --public-key` writes the
32 bytes of the public key; `PROGRAM …` takes a message on its standard input, and writes the 64 bytes of its signature:
Ed25519 over the message itself (RFC 8032). What it says in words, on its standard error, goes where the service's goes.
"""

import shlex
import subprocess
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.errors import Malformed, Unavailable
from fund_service.audit.offline.notes import LOG, Key

SECONDS: Final = 30.0
"""So long may it take to answer."""
PUBLIC_KEY: Final = "--public-key"
PROBE: Final = b"Does the signer of the log answer?\n"
"""What is signed to see whether somebody can: it is no checkpoint, and no manifest."""


class SignerAway(Unavailable):
    """The signer cannot be started, does not answer, or answers with what is no signature of its key."""


class OutsideSigner:
    """The owner of a key who is a program."""

    def __init__(self, name: str, command: str, seconds: float = SECONDS) -> None:
        """Sign by this name through this command line; it is asked for its key. Raises Malformed, SignerAway."""
        self._command, self._seconds = _words_of(command), seconds
        self._called = Path(self._command[0]).name  # what follows may be a secret
        public = self._answer([PUBLIC_KEY], b"", 32, "its public key")
        self.key = Key(name, LOG, public)

    def sign(self, message: bytes) -> bytes:
        """Return the signature, which was verified. Raises SignerAway."""
        signature = self._answer([], message, 64, "a signature")
        try:
            Ed25519PublicKey.from_public_bytes(self.key.public).verify(signature, message)
        except (InvalidSignature, ValueError) as wrong:
            raise self._away("signed by another key than it names, or something else than it was given") from wrong
        return signature

    def _answer(self, more: list[str], given: bytes, length: int, what: str) -> bytes:
        """Return what the program writes, which is so many bytes."""
        try:
            ended = subprocess.run(
                [*self._command, *more], input=given, stdout=subprocess.PIPE, timeout=self._seconds, check=False
            )
        except subprocess.TimeoutExpired as late:
            raise self._away(f"did not give {what} within {self._seconds:g} seconds") from late
        except OSError as closed:
            raise self._away(f"cannot be started: {(closed.strerror or 'unknown reason').lower()}") from closed
        if ended.returncode:
            raise self._away(f"ended with code {ended.returncode} when it was asked for {what}")
        if len(ended.stdout) != length:
            raise self._away(f"gave {len(ended.stdout)} bytes for {what}, which has {length}")
        return ended.stdout

    def _away(self, how: str) -> SignerAway:
        return SignerAway(
            f"The signer of the log, {self._called}, {how}.",
            "Start the program of FUND_LOG_SIGNER by hand, as the user of the service, and see what it says.",
        )


def _words_of(command: str) -> list[str]:
    """Return the program and what it is given, divided as a shell divides them. Raises Malformed."""
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if not words:
        raise Malformed(
            "The setting log_signer (FUND_LOG_SIGNER) is no command line.",
            "Write a program and what it is given, divided by spaces; quote what holds a space.",
        )
    return words
