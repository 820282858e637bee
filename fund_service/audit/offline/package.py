"""What the fund hands out to be verified, whatever is in it: one archive, a manifest of its files, a signed checkpoint.

The steps that are the same for the bundle of a call and for the dossier of an application; each says what it found.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain
from typing import Any, NamedTuple

from fund_service.audit.offline.archive import Archive
from fund_service.audit.offline.merkle import Unproven
from fund_service.audit.offline.notes import (
    LARGEST_NOTE,
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
SEAL = "manifest.note"
CHECKPOINT, OLDER = "checkpoint", "checkpoints/"
MANIFEST_LINE = 300
"""Bytes that a file takes in the manifest at most."""
_ID = rb'"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"'
_RECORD = re.compile(
    rb'{"position":([1-9][0-9]{0,17}),"stream":' + _ID + rb',"version":([1-9][0-9]{0,9}),"topic":"([a-z.-]+)",'
    rb'"state":({(?:"version":[0-9]{1,9},)?"recorded_at":"[^"]*","caused_by":' + _ID + rb',"event":{.*}})}',
    re.DOTALL,
)


class Record(NamedTuple):
    """A record as its line holds it: where it stands, what it is, what it was caused by, and its state as stored."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes
    caused_by: str


def record_in(line: bytes) -> Record | None:
    """Return the record that a line holds; None where it holds none. Its state may still be anything."""
    found = _RECORD.fullmatch(line)
    if found is None:
        return None
    position, stream, version, topic, state, cause = found.groups()
    return Record(int(position), stream.decode(), int(version), topic.decode(), state, cause.decode())


def seal(origin: str, manifest: bytes) -> str:
    """Return the text by which a log signs a manifest; two lines, so that it is never taken for a checkpoint."""
    return f"{origin}/manifest\n{sha256(manifest).hexdigest()}\n"


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
    format = 0
    """The number of the format that the fund writes now; those below have no signature of their manifest."""

    def __init__(self, archive: Archive, trusted: Trusted) -> None:
        """Verify what this archive holds, by what is trusted."""
        self._archive, self._trusted = archive, trusted
        self._keys: list[Key] | None = None
        self._signatures = 0
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

    def sealed(self) -> Step:
        """Return whether the log's key signed the manifest, so that what no record tells is the fund's too.

        It is asked last, of what holds in all its steps: what was altered is named by them more closely. One of an
        older format is not let pass, for whoever takes the signature away can write an older number, too.
        """
        if self.manifest["format"] < self.format:
            return Step(
                False,
                f"Nobody signed the manifest: this {self.what} is of format {self.manifest['format']}. Its records hold"
                f" as told above; README, tables and verifier may be anybody's. Ask the fund for a {self.what} of "
                "today.",
            )
        try:
            note = self._note(SEAL)
            signers = signers_of(note, self._trusted.keys or self._own_keys())
            text = seal(self.checkpoint.origin, self._archive.read(MANIFEST, self._most))
            if note.text != text or len(note.signatures) > 1:  # no manifest tells the digest of its own signature
                raise Unproven(
                    "The manifest is not the one that was signed: a file that no record tells of was altered."
                )
            if [one.key.name for one in signers] != [self.checkpoint.origin]:
                raise Unproven(
                    "No known key of the log signed the manifest: a file was altered, or bring its newest key."
                )
        except Unproven as failed:
            return Step(False, str(failed))
        return Step(True, "The log's key signed the manifest, too: all files are as the fund wrote them.")

    def _whole(self) -> str:
        """Check that every file is there as the manifest names it, and no other."""
        self.manifest = self._manifest()
        listed = self.manifest["files"]
        there = [name for name in self._archive.entries if name not in (MANIFEST, SEAL)]  # neither can be in it
        if not isinstance(listed, dict) or sorted(listed) != there:
            raise Unproven(f"The {self.what} holds other files than its manifest names.")
        for name, digest in listed.items():
            found = sha256()
            for part in self._archive.stream(name):
                found.update(part)
            if found.hexdigest() != digest:
                raise Unproven(f"The file {name} is not the one that the manifest names.")
        return f"The {self.what} is whole: {len(listed)} files, each with the digest that the manifest names."

    @property
    def _most(self) -> int:
        """So many bytes has a manifest at most."""
        return MANIFEST_LINE * (10 + len(self._archive.entries))

    def _manifest(self) -> dict[str, Any]:
        try:
            manifest = json.loads(self._archive.read(MANIFEST, self._most))
        except (ValueError, RecursionError) as wrong:
            raise Unproven("The manifest cannot be read.") from wrong
        if not isinstance(manifest, dict) or "files" not in manifest:
            raise Unproven("The manifest names no files.")
        number = manifest.get("format")
        if type(number) is not int or not 0 < number <= self.format:
            raise Unproven(
                f"The manifest says of no format that this verifier knows, which are 1 to {self.format}. Take the "
                "verifier of today from the fund, if it is newer."
            )
        return manifest

    def _in_clear(self) -> Iterator[tuple[bytes, Record]]:
        """Yield the line of every record that is there in clear, and what it holds."""
        last, most = 0, self._archive.bounds.records
        for number, line in enumerate(self._archive.lines(EVENTS), 1):
            if number > most:
                raise Unproven(f"The {self.what} holds more records than {most:,}.")
            found = record_in(line)
            if found is None:
                raise Unproven(f"The record after position {last} cannot be read.")
            yield line, found
            last = found.position

    def _note(self, name: str) -> Note:
        note, most = note_of(self._archive.read(name, LARGEST_NOTE)), self._archive.bounds.signatures
        self._signatures += len(note.signatures)
        if self._signatures > most:
            raise Unproven(f"The notes of the {self.what} bear more signatures than {most:,}.")
        return note

    def _notes(self, folder: str) -> Iterator[Note]:
        return (self._note(name) for name in self._archive.entries if name.startswith(folder))

    def _signed(self) -> str:
        checkpoint, who = self._verified(self._note(CHECKPOINT))
        self.checkpoint = checkpoint
        told = f"The log {checkpoint.origin} was signed at {checkpoint.size:,} records by {who}"
        if self._trusted.keys:
            return f"{told}: a key that you brought."
        named = ", ".join(str(key) for key in self._own_keys())
        return f"{told}: a key that the {self.what} itself names. Compare it with what the fund publishes: {named}."

    def _own_keys(self) -> list[Key]:
        if self._keys is None:
            lines = self._archive.read(KEYS, LARGEST_NOTE).decode(errors="replace").split("\n")
            if lines.pop():
                raise Unproven(f"The last line of {KEYS} has no end.")
            if len(lines) > self._archive.bounds.keys:
                raise Unproven(f"{KEYS} names more keys than {self._archive.bounds.keys:,}.")
            self._keys = [key_of(line) for line in lines]
        return self._keys

    def _verified(self, note: Note) -> tuple[Checkpoint, str]:
        """Return what a checkpoint says, and who signed it."""
        checkpoint, signers = signed_checkpoint(note, self._trusted.keys or self._own_keys())
        return checkpoint, ", ".join(sorted({one.key.name for one in signers}))

    def _older(self) -> str:
        """Check that the log had only grown since every checkpoint that is known."""
        sizes = [self._grown_since(note) for note in chain(self._notes(OLDER), self._trusted.checkpoints)]
        if not sizes:
            return "No older checkpoint is known, so that nothing is proven about the time before this one."
        brought = len(self._trusted.checkpoints)
        return (
            f"The log had only grown since each of {len(sizes)} older checkpoints"
            f" ({brought} of them brought from elsewhere), the first of {min(sizes):,} records."
        )

    def _witnessed(self) -> str:
        """Check what the witnesses signed, whose keys are known."""
        own = chain(map(self._note, [CHECKPOINT]), self._notes(OLDER))
        return seen(chain(own, self._trusted.checkpoints), self._trusted.witnesses)

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
