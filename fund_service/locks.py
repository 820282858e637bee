"""Locks that exclude a second one of a kind: service, relay, projector, keeper. Everything else works beside them.

A lock ends with its process, however that ends.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Literal, get_args

from domain.errors import Unavailable

Kind = Literal["service", "relay", "projector", "witness"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_NAMES: Final[dict[Kind, str]] = {
    "service": "`fund up` or `fund demo`",
    "relay": "relay",
    "projector": "projector or `fund rebuild`",
    "witness": "keeper of the witness log",
}
_ASKING_SECONDS = 0.05
"""Whoever asks for a lock's holder holds the lock himself for far less than this."""


@contextmanager
def file_lock(path: Path, kind: Kind) -> Iterator[None]:
    """Hold the lock of a file, which names its holder. Raises Unavailable, naming the process that holds it."""
    try:
        opened = path.open("a+")
    except OSError as closed:
        raise Unavailable(
            f"The lock {path} cannot be opened: {(closed.strerror or 'unknown reason').lower()}.",
            "Let this user write there, or name another place with --data or --store.",
        ) from closed
    with opened as handle:
        if not (_locks(handle) or _locks(handle, after=_ASKING_SECONDS)):
            raise taken(kind, str(path.parent), _named(handle))
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def file_holder(path: Path) -> str | None:
    """Return who holds the lock of a file, or None."""
    if not path.exists():
        return None
    with path.open() as handle:
        return None if _locks(handle, fcntl.LOCK_SH) else _named(handle)


def _locks(handle: IO[str], how: int = fcntl.LOCK_EX, after: float = 0) -> bool:
    time.sleep(after)
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _named(handle: IO[str]) -> str:
    handle.seek(0)
    return f"process {handle.read() or 'unknown'}"


def taken(kind: Kind, place: str, holder: str) -> Unavailable:
    """Return the error of one who wants a lock that another holds."""
    return Unavailable(
        f"Another {_NAMES[kind]} runs in {place} ({holder}).",
        "End it with Ctrl-C, or name another place with --data or --store.",
    )
