"""Locks that exclude a second one of a kind: one service, one relay, one projector. Everything else works beside them.

A lock ends with its process, however that ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, get_args

from domain.errors import Unavailable

Kind = Literal["service", "relay", "projector"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_NAMES: Final[dict[Kind, str]] = {
    "service": "`fund up` or `fund demo`",
    "relay": "relay",
    "projector": "projector",
}


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
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as held:
            handle.seek(0)
            raise taken(kind, str(path.parent), f"process {handle.read() or 'unknown'}") from held
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def taken(kind: Kind, place: str, holder: str) -> Unavailable:
    """Return the error of one who wants a lock that another holds."""
    return Unavailable(
        f"Another {_NAMES[kind]} runs in {place} ({holder}).",
        "End it with Ctrl-C, or name another place with --data or --store.",
    )
