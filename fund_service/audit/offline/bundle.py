"""What a bundle proves of a call's history, step by step; each step says in a sentence what it found.

The records of the call are there byte for byte, of all others the hashes alone: whoever makes the tree anew from both
arrives at the root that the log's key signed, or something was altered, dropped, added or put elsewhere.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain
from typing import Any, NamedTuple

from fund_service.audit.offline.archive import Archive
from fund_service.audit.offline.merkle import HASH_BYTES, WIDTH, Levels, Unproven, leaf_hash
from fund_service.audit.offline.notes import (
    LARGEST_NOTE,
    Checkpoint,
    Key,
    Note,
    checkpoint_of,
    key_of,
    note_of,
    number_of,
    signed_checkpoint,
    signers_of,
)

EVENTS, PLACES, KEYS = "events.jsonl", "events.places", "log.keys"
MANIFEST, SEAL = "manifest.json", "manifest.note"
CHECKPOINT, OLDER, OF_CALL, OLDER_OF_CALL = "checkpoint", "checkpoints/", "call.checkpoint", "call.checkpoints/"
MANIFEST_LINE = 300
"""Bytes that a file takes in the manifest at most."""
_ID = rb'"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"'
_RECORD = re.compile(
    rb'{"position":([1-9][0-9]{0,17}),"stream":' + _ID + rb',"version":([1-9][0-9]{0,9}),"topic":"([a-z.-]+)",'
    rb'"state":({(?:"version":[0-9]{1,9},)?"recorded_at":"[^"]*","caused_by":' + _ID + rb',"event":{.*}})}',
    re.DOTALL,
)
_KEY_NAMED = "log-key.named"


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


class Bundle:
    """A bundle that is open to be verified."""

    def __init__(self, archive: Archive, trusted: Trusted) -> None:
        """Verify what this archive holds, by what is trusted."""
        self._archive, self._trusted = archive, trusted
        self._levels = self._own = Levels([])
        self._keys: list[Key] | None = None
        self.manifest: dict[str, Any] = {}

    def steps(self) -> Iterator[Step]:
        """Yield what each step finds, up to the first that fails: what comes after would stand on sand."""
        looking: tuple[Callable[[], str], ...] = (
            self._whole,
            self._signed,
            self._tree,
            self._older,
            self._witnessed,
            self._records,
            self._complete,
        )
        for look in looking:
            try:
                yield Step(True, look())
            except Unproven as failed:
                yield Step(False, str(failed))
                return

    def sealed(self) -> Step:
        """Return whether the log's key signed the manifest, so that what no record tells is the fund's too.

        It is asked last, of a bundle whose steps hold: what was altered is named by them more closely.
        """
        try:
            note = self._note(SEAL)
            signers = signers_of(note, self._trusted.keys or self._own_keys())
            text = seal(self.checkpoint.origin, self._archive.read(MANIFEST))
            alone = len(note.signatures) == 1  # no manifest tells the digest of its own signature
            if note.text != text or not alone or [one.key.name for one in signers] != [self.checkpoint.origin]:
                raise Unproven("The log's key did not sign this manifest: a file that no record tells of was altered.")
        except Unproven as failed:
            return Step(False, str(failed))
        return Step(True, "The log's key signed the manifest, too: all files are as the fund wrote them.")

    @property
    def is_whole(self) -> bool:
        """Tell whether no record is withheld, once the steps were taken."""
        return len(self._own.levels[0]) == self.checkpoint.size

    def _whole(self) -> str:
        """Check that every file is there as the manifest names it, and no other."""
        self.manifest = self._manifest()
        listed = self.manifest["files"]
        there = [name for name in self._archive.entries if name not in (MANIFEST, SEAL)]
        if not isinstance(listed, dict) or sorted(listed) != there:
            raise Unproven("The bundle holds other files than its manifest names.")
        for name, digest in listed.items():
            found = sha256()
            for part in self._archive.stream(name):
                found.update(part)
            if found.hexdigest() != digest:
                raise Unproven(f"The file {name} is not the one that the manifest names.")
        return f"The bundle is whole: {len(listed)} files, each with the digest that the manifest names."

    def _manifest(self) -> dict[str, Any]:
        most = MANIFEST_LINE * (10 + len(self._archive.entries))
        try:
            manifest = json.loads(self._archive.read(MANIFEST, most))
        except (ValueError, RecursionError) as wrong:
            raise Unproven("The manifest cannot be read.") from wrong
        if not isinstance(manifest, dict) or "files" not in manifest or not isinstance(manifest.get("call"), str):
            raise Unproven("The manifest names no files, or no call.")
        return manifest

    def _note(self, name: str) -> Note:
        return note_of(self._archive.read(name, LARGEST_NOTE))

    def _notes(self, folder: str) -> Iterator[Note]:
        return (self._note(name) for name in self._archive.entries if name.startswith(folder))

    def _signed(self) -> str:
        checkpoint, who = self._verified(self._note(CHECKPOINT))
        self.checkpoint = checkpoint
        told = f"The log {checkpoint.origin} was signed at {checkpoint.size:,} records by {who}"
        if self._trusted.keys:
            return f"{told}: a key that you brought."
        named = ", ".join(str(key) for key in self._own_keys())
        return f"{told}: a key that the bundle itself names. Compare it with what the fund publishes: {named}."

    def _own_keys(self) -> list[Key]:
        if self._keys is None:
            lines = self._archive.read(KEYS, LARGEST_NOTE).decode(errors="replace").split("\n")
            if lines.pop():
                raise Unproven(f"The last line of {KEYS} has no end.")
            self._keys = [key_of(line) for line in lines]
        return self._keys

    def _verified(self, note: Note) -> tuple[Checkpoint, str]:
        """Return what a checkpoint says, and who signed it."""
        checkpoint, signers = signed_checkpoint(note, self._trusted.keys or self._own_keys())
        return checkpoint, ", ".join(sorted({one.key.name for one in signers}))

    def _tree(self) -> str:
        """Check that the hashes of all records lead to the root, tile by tile."""
        size = self.checkpoint.size
        self._levels = Levels([hash for tile in _tiles(0, size) for hash in self._hashes(*tile)])
        if self._levels.root(size) != self.checkpoint.root:
            raise Unproven("The hashes of the records do not lead to the root that was signed.")
        for height, level in enumerate(self._levels.levels[1:], 1):
            if level != [hash for tile in _tiles(height, len(level)) for hash in self._hashes(*tile)]:
                raise Unproven(f"The tiles of level {height} are not those of the tree.")
        return f"The hashes of all {size:,} records lead to the root that was signed."

    @property
    def _leaves(self) -> list[bytes]:
        return self._levels.levels[0]

    def _hashes(self, name: str, width: int) -> list[bytes]:
        content = self._archive.read(name, width * HASH_BYTES)
        if len(content) != width * HASH_BYTES:
            raise Unproven(f"The tile {name} does not hold {width} hashes.")
        return [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]

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
        own = chain([self._note(CHECKPOINT)], self._notes(OLDER))
        return seen(chain(own, self._trusted.checkpoints), self._trusted.witnesses)

    def _grown_since(self, note: Note) -> int:
        older, _ = self._verified(note)
        if older.origin != self.checkpoint.origin:
            raise Unproven(f"A checkpoint is of another log: {older.origin}.")
        if older.size > self.checkpoint.size:
            raise Unproven(
                f"A checkpoint of {older.size:,} records is newer than the bundle, of {self.checkpoint.size:,}: "
                "it proves nothing about it. Ask for a bundle of today."
            )
        if self._levels.root(older.size) != older.root:
            raise Unproven(f"The first {older.size:,} records are not those that were signed: history was altered.")
        return older.size

    def _records(self) -> str:
        """Check that every record stands where it was signed, and that none is missing in its stream."""
        last, place, own, keys = 0, -1, list[bytes](), list[str]()
        versions, owed = dict[str, int](), set[str]()
        places = self._archive.lines(PLACES)
        for line in self._archive.lines(EVENTS):
            found = record_in(line)
            if found is None:
                raise Unproven(f"The record after position {last} cannot be read.")
            position, stream = found.position, found.stream
            before, place = place, number_of(next(places, b"").decode(errors="replace"))
            if position <= last or place <= before or place >= len(self._leaves):
                raise Unproven(f"The record at position {position} stands in the wrong place.")
            if leaf_hash(line) != self._leaves[place]:
                raise Unproven(f"The record at position {position} is not the one that was signed: it was altered.")
            if found.version != versions.get(stream, 0) + 1:
                raise Unproven(f"Before the record at position {position} another one of the same thing is missing.")
            versions[stream] = found.version
            owed.add(found.caused_by) if stream != found.caused_by else owed.discard(stream)
            last = position
            own.append(self._leaves[place])
            if found.topic == _KEY_NAMED:
                keys.append(_key_named(found))
        if next(places, None) is not None or owed:
            raise Unproven("Records are missing at the end: more places than records, or no answer to a request.")
        if keys != [str(key) for key in self._own_keys()]:
            raise Unproven(f"{KEYS} does not name the keys that the records name.")
        self._own = Levels(own)
        return f"All {len(own):,} records of the call stand where they were signed, and none is missing between others."

    def _complete(self) -> str:
        """Check that the records are those that the fund signed as the call's: none was left out, then or now."""
        count, of_call = len(self._own.levels[0]), self._own_part(self._note(OF_CALL))
        if of_call.size != count:
            raise Unproven(f"The fund signed {of_call.size:,} records as the call's; the bundle holds {count:,}.")
        older = len([self._own_part(note) for note in self._notes(OLDER_OF_CALL)])
        others = self.checkpoint.size - count
        told = f"They are all that the fund signed as the call's, now and {older} times before"
        return (
            f"{told}; {others:,} of other calls are there as hashes." if others else f"{told}; the log holds no other."
        )

    def _own_part(self, note: Note) -> Checkpoint:
        checkpoint, _ = self._verified(note)
        if checkpoint.origin != f"{self.checkpoint.origin}/call/{self.manifest['call']}":
            raise Unproven(f"A checkpoint is of other records than the call's: {checkpoint.origin}.")
        if checkpoint.size > len(self._own.levels[0]) or self._own.root(checkpoint.size) != checkpoint.root:
            raise Unproven(
                f"The call's records are not the {checkpoint.size:,} that the fund signed: one was left out."
            )
        return checkpoint


def seal(origin: str, manifest: bytes) -> str:
    """Return the text by which a log signs a manifest; two lines, so that it is never taken for a checkpoint."""
    return f"{origin}/manifest\n{sha256(manifest).hexdigest()}\n"


def _key_named(record: Record) -> str:
    """Return the key of the log that a record names. Raises Unproven."""
    try:
        return str(json.loads(record.state)["event"]["verifier"])
    except (ValueError, RecursionError, LookupError, TypeError) as wrong:
        raise Unproven(f"The record at position {record.position} names no key.") from wrong


def _tiles(level: int, width: int) -> Iterator[tuple[str, int]]:
    """Yield the names of the tiles of a level with so many hashes, and how many each holds."""
    for number in range(-(-width // WIDTH)):
        there = min(WIDTH, width - number * WIDTH)
        yield tile_name(level, number, there), there


def tile_name(level: int, number: int, width: int) -> str:
    """Return the path of a tile (C2SP tlog-tiles)."""
    parts = [f"{number % 1000:03}"]
    while number := number // 1000:
        parts.insert(0, f"x{number % 1000:03}")
    return f"tile/{level}/{'/'.join(parts)}" + (f".p/{width}" if width < WIDTH else "")
