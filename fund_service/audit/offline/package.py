"""What the fund hands out to be verified, whatever is in it: one archive, a manifest of its files, a signed checkpoint.

The steps that are the same for the bundle of a call and for the dossier of an application; each says what it found.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from fund_service.audit.offline.archive import Archive
from fund_service.audit.offline.merkle import Unproven
from fund_service.audit.offline.notes import (
    Checkpoint,
    Key,
    Note,
    checkpoint_of,
    key_of,
    note_of,
    signed_checkpoint,
    signers_of,
)

EVENTS, PLACES, MANIFEST, KEYS = "events.jsonl", "events.places", "manifest.json", "log.keys"
CHECKPOINT, OLDER = "checkpoint", "checkpoints/"


_RECORD = re.compile(
    rb'{"position":([1-9][0-9]{0,17}),"stream":"([0-9a-f-]{36})","version":([1-9][0-9]{0,9}),"topic":"([a-z.-]+)",'
    rb'"state":{(?:"version":[0-9]+,)?"recorded_at":"[^"]*","caused_by":"([0-9a-f-]{36})","event":{.*}}}',
    re.DOTALL,
)


class Line(NamedTuple):
    """What stands at the head of a record: its place in its stream is its version; `caused_by` names its request."""

    position: int
    stream: bytes
    version: int
    topic: bytes
    caused_by: bytes


def record_in(line: bytes, after: int) -> Line:
    """Read the head of a record; `after` is the position of the one before. Raises Unproven."""
    found = _RECORD.fullmatch(line)
    if found is None:
        raise Unproven(f"The record after position {after} cannot be read.")
    return Line(int(found[1]), found[2], int(found[3]), found[4], found[5])


class Step(NamedTuple):
    """One step: whether what it looks for holds, and a sentence about it."""

    holds: bool
    sentence: str


class Trusted(NamedTuple):
    """What a verifier knows from elsewhere: keys of the log, checkpoints that were kept, keys of witnesses; or none."""

    keys: Sequence[Key] = ()
    checkpoints: Sequence[Note] = ()
    witnesses: Sequence[Key] = ()


def seen(notes: Iterable[Note], witnesses: Sequence[Key]) -> str:
    """Say which witness saw a log when, and how far it was: it signed then that the log had only grown.

    Raises Unproven when one of them signed nothing, or not what the note says.
    """
    if not witnesses:
        return "No witness's key was brought, so that the log alone says when it was signed."
    told: dict[tuple[str, int, int], str] = {}
    for note in notes:
        for one in signers_of(note, witnesses):
            size, seconds = checkpoint_of(note.text).size, one.seconds or 0
            told[one.key.name, size, seconds] = f"{one.key.name} saw the log with {size:,} records at {_utc(seconds)}."
    silent = {key.name for key in witnesses} - {name for name, _, _ in told}
    if silent:
        raise Unproven(f"{', '.join(sorted(silent))} signed no checkpoint that is known.")
    return "\n     ".join(told[one] for one in sorted(told))


def _utc(seconds: int) -> str:
    """Return a time in words, or the number where there is no such time."""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, OSError, ValueError):
        return f"second {seconds}"


class Package:
    """An archive that is open to be verified: `what` it is, in a word, and its steps."""

    what = "package"

    def __init__(self, archive: Archive, trusted: Trusted) -> None:
        """Verify what this archive holds, by what is trusted."""
        self._archive, self._trusted = archive, trusted
        self.manifest: dict[str, Any] = {}

    def looking(self) -> Sequence[Callable[[], str]]:
        """Return the steps, each of which says what it found, or raises Unproven."""
        return (self._whole, self._signed)

    def steps(self) -> Iterator[Step]:
        """Yield what each step finds, up to the first that fails: what comes after would stand on sand."""
        for look in self.looking():
            try:
                yield Step(True, look())
            except Unproven as failed:
                yield Step(False, str(failed))
                return

    def _whole(self) -> str:
        """Check that every file is there as the manifest names it, and no other."""
        self.manifest = self._manifest()
        listed = self.manifest["files"]
        if not isinstance(listed, dict) or sorted([*listed, MANIFEST]) != list(self._archive.entries):
            raise Unproven(f"The {self.what} holds other files than its manifest names.")
        for name, digest in listed.items():
            found = sha256()
            for part in self._archive.stream(name):
                found.update(part)
            if found.hexdigest() != digest:
                raise Unproven(f"The file {name} is not the one that the manifest names.")
        return f"The {self.what} is whole: {len(listed)} files, each with the digest that the manifest names."

    def _manifest(self) -> dict[str, Any]:
        try:
            manifest = json.loads(self._archive.read(MANIFEST))
        except (ValueError, RecursionError) as wrong:
            raise Unproven("The manifest cannot be read.") from wrong
        if not isinstance(manifest, dict) or "files" not in manifest:
            raise Unproven("The manifest names no files.")
        return manifest

    def _signed(self) -> str:
        checkpoint, who = self._verified(note_of(self._archive.read(CHECKPOINT)))
        self.checkpoint = checkpoint
        told = f"The log {checkpoint.origin} was signed at {checkpoint.size:,} records by {who}"
        if self._trusted.keys:
            return f"{told}: a key that you brought."
        named = ", ".join(str(key) for key in self._own_keys())
        return f"{told}: a key that the {self.what} itself names. Compare it with what the fund publishes: {named}."

    def _own_keys(self) -> list[Key]:
        return [key_of(line.decode(errors="replace")) for line in self._archive.lines(KEYS)]

    def _verified(self, note: Note) -> tuple[Checkpoint, str]:
        """Return what a checkpoint says, and who signed it."""
        checkpoint, signers = signed_checkpoint(note, self._trusted.keys or self._own_keys())
        return checkpoint, ", ".join(sorted({one.key.name for one in signers}))

    def _older(self) -> str:
        """Check that the log had only grown since every checkpoint that is known."""
        kept = [note_of(self._archive.read(name)) for name in self._archive.entries if name.startswith(OLDER)]
        sizes = [self._grown_since(note) for note in (*kept, *self._trusted.checkpoints)]
        if not sizes:
            return "No older checkpoint is known, so that nothing is proven about the time before this one."
        brought = len(self._trusted.checkpoints)
        return (
            f"The log had only grown since each of {len(sizes)} older checkpoints"
            f" ({brought} of them brought from elsewhere), the first of {min(sizes):,} records."
        )

    def _witnessed(self) -> str:
        """Check what the witnesses signed, whose keys are known."""
        own = [name for name in self._archive.entries if name == CHECKPOINT or name.startswith(OLDER)]
        notes = [note_of(self._archive.read(name)) for name in own]
        return seen((*notes, *self._trusted.checkpoints), self._trusted.witnesses)

    def _grown_since(self, note: Note) -> int:
        older, _ = self._verified(note)
        if older.origin != self.checkpoint.origin:
            raise Unproven(f"A checkpoint is of another log: {older.origin}.")
        if older.size > self.checkpoint.size:
            raise Unproven(
                f"A checkpoint of {older.size:,} records is newer than the {self.what}, of {self.checkpoint.size:,}: "
                f"it proves nothing about it. Ask for a {self.what} of today."
            )
        self._begins_with(older)
        return older.size

    def _begins_with(self, older: Checkpoint) -> None:
        """Raise Unproven unless the log begins with the records of an older checkpoint."""
        raise NotImplementedError
