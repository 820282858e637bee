"""The virus scanner: ClamAV's daemon where the settings name one, else none, and then every file says “not scanned”.

The daemon is asked by INSTREAM, its own way over a connection (clamd(8)); the libraries for it on PyPI are of 2014.
"""

import re
import socket
import struct
from typing import BinaryIO, Final, Protocol

from domain.errors import FundError, Malformed, Unavailable
from domain.files import Scan

SECONDS: Final = 30.0
"""So long the scanner may think about one file before it counts as away."""
_CHUNK: Final = 1 << 16
_ANSWER_BYTES: Final = 4096


class Infected(FundError):
    """The scanner found something in a file; nothing of it was kept."""


class Scanner(Protocol):
    """What looks for malicious content."""

    def scan(self, content: BinaryIO) -> Scan:
        """Return what is known of a content. Raises Infected, and Unavailable when the scanner is away."""

    def version(self) -> str | None:
        """Return what the scanner says of itself, None where there is none. Raises Unavailable when it is away."""


class NoScanner:
    """No scanner is set: that is said of every file."""

    def scan(self, content: BinaryIO) -> Scan:
        """Say that nobody looked."""
        return Scan.NOT_SCANNED

    def version(self) -> str | None:
        """Say that there is none."""
        return None


class Clamd:
    """ClamAV's daemon, at HOST:PORT or at the path of its socket. Thread-safe: a connection for each file."""

    def __init__(self, address: str, seconds: float = SECONDS) -> None:
        """Ask the daemon there. Raises Malformed for what is neither."""
        found = re.fullmatch(r"(.+):(\d{1,5})", address)
        if found is None and not address.startswith("/"):
            raise Malformed(
                "The scanner (FUND_CLAMD) cannot be read.", "Write HOST:PORT, or the path of its socket from / on."
            )
        self._place = (found[1].strip("[]"), int(found[2])) if found else address
        self._seconds = seconds

    def scan(self, content: BinaryIO) -> Scan:
        """Have a content scanned. Raises Infected, Unavailable."""
        content.seek(0)
        answer = self._ask(b"INSTREAM", content)
        content.seek(0)
        if answer == "stream: OK":
            return Scan.CLEAN
        if answer.endswith(" FOUND"):
            name = re.sub(r"[^\w.-]", "?", answer.removeprefix("stream: ").removesuffix(" FOUND"))[:80]
            raise Infected(
                f"The virus scanner found {name} in the file; nothing was kept.", "Send a file without it, or as PDF."
            )
        raise _away("The virus scanner could not look at the file")

    def version(self) -> str | None:
        """Return the version of the daemon and of its signatures. Raises Unavailable."""
        return self._ask(b"VERSION")

    def _ask(self, command: bytes, content: BinaryIO | None = None) -> str:
        try:
            with self._connected() as connection:
                connection.sendall(b"z" + command + b"\0")
                if content is not None:
                    try:
                        while chunk := content.read(_CHUNK):
                            connection.sendall(struct.pack(">I", len(chunk)) + chunk)
                        connection.sendall(struct.pack(">I", 0))
                    except BrokenPipeError:
                        pass  # it has heard enough, and says why
                return _answer(connection)
        except OSError as trouble:
            raise _away("The virus scanner is away") from trouble

    def _connected(self) -> socket.socket:
        if isinstance(self._place, tuple):
            return socket.create_connection(self._place, self._seconds)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(self._seconds)
        try:
            connection.connect(self._place)
        except OSError:
            connection.close()
            raise
        return connection


def _answer(connection: socket.socket) -> str:
    """Return the answer, which ends with a NUL. Raises OSError where none comes."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _ANSWER_BYTES:
        more = connection.recv(_ANSWER_BYTES)
        if not more:
            break
        answer += more
    if not answer:
        raise ConnectionError("no answer")
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _away(what: str) -> Unavailable:
    return Unavailable(f"{what}, so the file was not taken.", "Try again in a moment, with the same key.")


def scanner_of(address: str | None) -> Scanner:
    """Return the scanner that a setting names. Raises Malformed."""
    return NoScanner() if address is None else Clamd(address)
