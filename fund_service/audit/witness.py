"""A witness of logs (C2SP tlog-witness): it signs, with the time of its own clock, that a log had only grown.

It keeps, for each log that it knows by its key, the last checkpoint that it signed, in a file of its own in a folder of
its own: it needs nothing of a fund, and belongs on another machine, in another's hands.
"""

import logging
import sqlite3
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from fund_service.audit.offline.merkle import EMPTY_ROOT, HASH_BYTES, Unproven, check_consistency
from fund_service.audit.offline.notes import (
    Checkpoint,
    Key,
    Note,
    Signature,
    bytes_of,
    checkpoint_of,
    note_of,
    number_of,
    signers_of,
)
from fund_service.audit.signing import Signer, signature_by

MOST_HASHES: Final = 63
SIZE: Final = "text/x.tlog.size"
_TEXT: Final = "text/plain; charset=utf-8"
_WAIT_SECONDS: Final = 30.0
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS logs (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, digest TEXT NOT NULL, note TEXT NOT NULL
)"""

_log = logging.getLogger("fund")


class Answer(NamedTuple):
    """What a witness answers, in the terms of HTTP."""

    status: int
    body: str
    type: str = _TEXT


class Asked(NamedTuple):
    """What a witness is asked: to sign a checkpoint, which is said to follow one of `old` records by this proof."""

    old: int
    path: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


STATE_FILE: Final = "witness.db"


def begin(folder: Path) -> None:
    """Make the file in which a new witness keeps what it signed."""
    with closing(sqlite3.connect(folder / STATE_FILE)) as state:
        state.execute(_TABLE)


class Witness:
    """One witness. Threads and processes may ask it at once: each checkpoint follows the one that was signed last."""

    def __init__(self, folder: Path, signer: Signer, logs: Iterable[Key], now: Callable[[], float] = time.time) -> None:
        """Sign for the logs of these keys, of which one log may have several; `now` tells seconds since 1970."""
        self._file, self._signer, self._now = folder / STATE_FILE, signer, now
        self._keys = tuple(logs)

    def add(self, body: bytes) -> Answer:
        """Sign a checkpoint that follows the last one of its log, or refuse it (add-checkpoint)."""
        try:
            asked = asked_of(body)
        except Unproven as unread:
            return Answer(400, f"{unread}\n")
        keys = [key for key in self._keys if key.name == asked.checkpoint.origin]
        if not keys:
            return Answer(404, "This log is not known here: the witness's operator names its key with --log.\n")
        try:
            signers = signers_of(asked.note, keys)
        except Unproven as unsigned:
            return Answer(403, f"{unsigned}\n")
        if not signers:
            return Answer(403, "No key that is known here signed the checkpoint.\n")
        if asked.old > asked.checkpoint.size:
            return Answer(400, "The old size is larger than the checkpoint's.\n")
        own = {(one.key.name, one.key.id) for one in signers}
        return self._follow(asked, [one for one in asked.note.signatures if (one.name, one.key_id) in own])

    def _follow(self, asked: Asked, signatures: Sequence[Signature]) -> Answer:
        """Check and write down in one step what is signed; the answer is given when it is on the disk."""
        old, checkpoint = asked.old, asked.checkpoint
        with self._state() as state:
            state.execute("BEGIN IMMEDIATE")
            found = state.execute("SELECT size, root FROM logs WHERE origin = ?", (checkpoint.origin,)).fetchone()
            size, root = found or (0, EMPTY_ROOT)
            if size != old:
                return Answer(409, f"{size}\n", SIZE)
            try:
                _check_grown(old, root, checkpoint, asked.path)
            except Unproven as forked:
                _log.warning("The log %s does not follow what was signed at %d records.", checkpoint.origin, old)
                return Answer(422, f"{forked}\n")
            signature = signature_by(asked.note.text, self._signer, int(self._now()))
            note = str(Note(asked.note.text, (*signatures, signature)))
            digest = sha256(checkpoint.origin.encode()).hexdigest()
            row = (checkpoint.origin, checkpoint.size, checkpoint.root, digest, note)
            state.execute("INSERT OR REPLACE INTO logs VALUES (?, ?, ?, ?, ?)", row)
            state.execute("COMMIT")
        return Answer(200, f"{signature}\n")

    def latest(self, digest: str) -> Answer:
        """Return the last checkpoint that was signed of a log, by the SHA-256 of its name in hexadecimal."""
        with self._state() as state:
            found = state.execute("SELECT note FROM logs WHERE digest = ?", (digest,)).fetchone()
        return Answer(200, found[0]) if found else Answer(404, "No checkpoint of such a log was signed here.\n")

    @contextmanager
    def _state(self) -> Iterator[sqlite3.Connection]:
        """Open the file; what is not committed by the end of the block is undone."""
        with closing(sqlite3.connect(self._file, timeout=_WAIT_SECONDS, isolation_level=None)) as state:
            state.execute("PRAGMA synchronous=EXTRA")  # a commit is on the disk, and so is the end of its journal
            yield state


def asked_of(body: bytes) -> Asked:
    """Read what a witness is asked. Raises Unproven."""
    head, _, rest = body.partition(b"\n\n")
    first, *lines = head.decode(errors="replace").split("\n")
    if not first.startswith("old "):
        raise Unproven("A request begins with the old size.")
    old = number_of(first.removeprefix("old "))
    path = tuple(bytes_of(line, "A hash of a proof") for line in lines)
    if len(path) > MOST_HASHES or any(len(one) != HASH_BYTES for one in path):
        raise Unproven(f"A proof has at most {MOST_HASHES} hashes, each of {HASH_BYTES} bytes.")
    note = note_of(rest)
    *three, extension = note.text.split("\n", 3)
    if extension and not all(extension.removesuffix("\n").split("\n")):
        raise Unproven("A checkpoint has an empty line.")
    return Asked(old, path, note, checkpoint_of("\n".join([*three, ""])))


def add_body(old: int, path: Iterable[bytes], note: Note) -> str:
    """Return how a witness is asked to sign a checkpoint."""
    lines = [f"old {old}", *(b64encode(one).decode() for one in path)]
    return "\n".join(lines) + f"\n\n{note}"


def _check_grown(old: int, old_root: bytes, checkpoint: Checkpoint, path: tuple[bytes, ...]) -> None:
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise Unproven("The root of a tree without records is another.")
    if old:
        check_consistency(old, checkpoint.size, old_root, checkpoint.root, path)
    elif path:
        raise Unproven("Every tree follows an empty one: there is nothing to prove.")
