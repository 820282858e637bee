"""What a bundle proves of a call's history, step by step; each step says in a sentence what it found.

The records of the call are there byte for byte, of all others the hashes alone: whoever makes the tree anew from both
arrives at the root that the log's key signed, or something was altered, dropped, added or put elsewhere.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from fund_service.audit.offline.archive import Archive
from fund_service.audit.offline.merkle import HASH_BYTES, WIDTH, Levels, Unproven, leaf_hash, root_of
from fund_service.audit.offline.notes import (
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

EVENTS, PLACES, MANIFEST, KEYS = "events.jsonl", "events.places", "manifest.json", "log.keys"
CHECKPOINT, OLDER, OF_CALL, OLDER_OF_CALL = "checkpoint", "checkpoints/", "call.checkpoint", "call.checkpoints/"
_RECORD = re.compile(
    rb'{"position":([1-9][0-9]{0,17}),"stream":"([0-9a-f-]{36})","version":([1-9][0-9]{0,9}),"topic":"([a-z.-]+)",'
    rb'"state":{(?:"version":[0-9]+,)?"recorded_at":"[^"]*","caused_by":"([0-9a-f-]{36})","event":{.*}}}',
    re.DOTALL,
)
_KEY_NAMED = b"log-key.named"


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
        self._levels = Levels([])
        self._own: list[bytes] = []
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

    @property
    def is_whole(self) -> bool:
        """Tell whether no record is withheld, once the steps were taken."""
        return len(self._own) == self.checkpoint.size

    def _whole(self) -> str:
        """Check that every file is there as the manifest names it, and no other."""
        self.manifest = self._manifest()
        listed = self.manifest["files"]
        if not isinstance(listed, dict) or sorted([*listed, MANIFEST]) != list(self._archive.entries):
            raise Unproven("The bundle holds other files than its manifest names.")
        for name, digest in listed.items():
            found = sha256()
            for part in self._archive.stream(name):
                found.update(part)
            if found.hexdigest() != digest:
                raise Unproven(f"The file {name} is not the one that the manifest names.")
        return f"The bundle is whole: {len(listed)} files, each with the digest that the manifest names."

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
        return f"{told}: a key that the bundle itself names. Compare it with what the fund publishes: {named}."

    def _own_keys(self) -> list[Key]:
        return [key_of(line.decode(errors="replace")) for line in self._archive.lines(KEYS)]

    def _verified(self, note: Note) -> tuple[Checkpoint, str]:
        """Return what a checkpoint says, and who signed it."""
        checkpoint, signers = signed_checkpoint(note, self._trusted.keys or self._own_keys())
        return checkpoint, ", ".join(sorted({one.key.name for one in signers}))

    def _tree(self) -> str:
        """Check that the hashes of all records lead to the root, tile by tile."""
        size = self.checkpoint.size
        self._levels = Levels([hash for name in _tiles(0, size) for hash in self._tile(name)])
        if len(self._leaves) != size or self._levels.root(size) != self.checkpoint.root:
            raise Unproven("The hashes of the records do not lead to the root that was signed.")
        for height, level in enumerate(self._levels.levels[1:], 1):
            if level != [hash for name in _tiles(height, len(level)) for hash in self._tile(name)]:
                raise Unproven(f"The tiles of level {height} are not those of the tree.")
        return f"The hashes of all {size:,} records lead to the root that was signed."

    @property
    def _leaves(self) -> list[bytes]:
        return self._levels.levels[0]

    def _tile(self, name: str) -> list[bytes]:
        content = self._archive.read(name)
        return [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]

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
                f"A checkpoint of {older.size:,} records is newer than the bundle, of {self.checkpoint.size:,}: "
                "it proves nothing about it. Ask for a bundle of today."
            )
        if self._levels.root(older.size) != older.root:
            raise Unproven(f"The first {older.size:,} records are not those that were signed: history was altered.")
        return older.size

    def _records(self) -> str:
        """Check that every record stands where it was signed, and that none is missing in its stream."""
        last, place, own, keys = 0, -1, list[bytes](), list[str]()
        versions, owed = dict[bytes, int](), set[bytes]()
        places = self._archive.lines(PLACES)
        for line in self._archive.lines(EVENTS):
            found = _RECORD.fullmatch(line)
            if found is None:
                raise Unproven(f"The record after position {last} cannot be read.")
            position, stream, version = int(found[1]), found[2], int(found[3])
            before, place = place, number_of(next(places, b"").decode(errors="replace"))
            if position <= last or place <= before or place >= len(self._leaves):
                raise Unproven(f"The record at position {position} stands in the wrong place.")
            if leaf_hash(line) != self._leaves[place]:
                raise Unproven(f"The record at position {position} is not the one that was signed: it was altered.")
            if version != versions.get(stream, 0) + 1:
                raise Unproven(f"Before the record at position {position} another one of the same thing is missing.")
            versions[stream] = version
            owed.add(found[5]) if stream != found[5] else owed.discard(stream)
            last = position
            own.append(self._leaves[place])
            if found[4] == _KEY_NAMED:
                keys.append(json.loads(line)["state"]["event"]["verifier"])
        if next(places, None) is not None or owed:
            raise Unproven("Records are missing at the end: more places than records, or no answer to a request.")
        if keys != [str(key) for key in self._own_keys()]:
            raise Unproven(f"{KEYS} does not name the keys that the records name.")
        self._own = own
        return f"All {len(own):,} records of the call stand where they were signed, and none is missing between others."

    def _complete(self) -> str:
        """Check that the records are those that the fund signed as the call's: none was left out, then or now."""
        of_call = self._own_part(note_of(self._archive.read(OF_CALL)))
        if of_call.size != len(self._own):
            raise Unproven(
                f"The fund signed {of_call.size:,} records as the call's; the bundle holds {len(self._own):,}."
            )
        older = [name for name in self._archive.entries if name.startswith(OLDER_OF_CALL)]
        for name in older:
            self._own_part(note_of(self._archive.read(name)))
        others = self.checkpoint.size - len(self._own)
        told = f"They are all that the fund signed as the call's, now and {len(older)} times before"
        return (
            f"{told}; {others:,} of other calls are there as hashes." if others else f"{told}; the log holds no other."
        )

    def _own_part(self, note: Note) -> Checkpoint:
        checkpoint, _ = self._verified(note)
        if checkpoint.origin != f"{self.checkpoint.origin}/call/{self.manifest.get('call')}":
            raise Unproven(f"A checkpoint is of other records than the call's: {checkpoint.origin}.")
        if checkpoint.size > len(self._own) or root_of(self._own[: checkpoint.size]) != checkpoint.root:
            raise Unproven(
                f"The call's records are not the {checkpoint.size:,} that the fund signed: one was left out."
            )
        return checkpoint


def _tiles(level: int, width: int) -> Iterator[str]:
    """Yield the names of the tiles of a level with so many hashes."""
    for number in range(-(-width // WIDTH)):
        yield tile_name(level, number, min(WIDTH, width - number * WIDTH))


def tile_name(level: int, number: int, width: int) -> str:
    """Return the path of a tile (C2SP tlog-tiles)."""
    parts = [f"{number % 1000:03}"]
    while number := number // 1000:
        parts.insert(0, f"x{number % 1000:03}")
    return f"tile/{level}/{'/'.join(parts)}" + (f".p/{width}" if width < WIDTH else "")
