"""What a bundle proves of a call's history, step by step; each step says in a sentence what it found.

The records of the call are there byte for byte, of all others the hashes alone: whoever makes the tree anew from both
arrives at the root that the log's key signed, or something was altered, dropped, added or put elsewhere.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence

from fund_service.audit.offline.archive import Archive
from fund_service.audit.offline.merkle import HASH_BYTES, WIDTH, Levels, Unproven, leaf_hash
from fund_service.audit.offline.notes import Checkpoint, Note, number_of
from fund_service.audit.offline.package import KEYS, PLACES, Package, Record, Trusted

OF_CALL, OLDER_OF_CALL = "call.checkpoint", "call.checkpoints/"
FILES, PEOPLE = "files/", "people.csv"
_NAMES = f"The names in {PEOPLE} are the fund's word: none is in the log."
_KEY_NAMED = "log-key.named"
_FILE_NAMED = re.compile(rb'"file":{"digest":"([0-9a-f]{64})"')


class Bundle(Package):
    """A bundle that is open to be verified."""

    what, format = "bundle", 2

    def __init__(self, archive: Archive, trusted: Trusted) -> None:
        """Verify what this archive holds, by what is trusted."""
        super().__init__(archive, trusted)
        self._levels = self._own = Levels([])
        self._files: set[str] = set()

    def looking(self) -> Sequence[Callable[[], str]]:
        """Return the steps."""
        return (
            *super().looking(),
            self._tree,
            self._older,
            self._witnessed,
            self._records,
            self._complete,
            self._attached,
        )

    @property
    def is_whole(self) -> bool:
        """Tell whether no record is withheld, once the steps were taken."""
        return len(self._own.levels[0]) == self.checkpoint.size

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

    def _begins_with(self, older: Checkpoint) -> None:
        if self._levels.root(older.size) != older.root:
            raise Unproven(f"The first {older.size:,} records are not those that were signed: history was altered.")

    def _records(self) -> str:
        """Check that every record stands where it was signed, and that none is missing in its stream."""
        last, place, own, keys = 0, -1, list[bytes](), list[str]()
        versions, owed = dict[str, int](), set[str]()
        places = self._archive.lines(PLACES)
        for line, found in self._in_clear():
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
            self._files.update(digest.decode() for digest in _FILE_NAMED.findall(line))
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

    def _attached(self) -> str:
        """Check that every file that is there is one that a record names; the manifest's digests hold by now."""
        there = [name for name in self._archive.entries if name.startswith(FILES)]
        for name in there:
            if self.manifest["files"][name] != name.removeprefix(FILES) or name.removeprefix(FILES) not in self._files:
                raise Unproven(f"{name} is not a file that a record names.")
        named = f"of the {len(self._files)} files that the records name"
        told = f"{len(there)} {named} are there, each with its digest."
        if not there:
            told = f"None {named} is there, but its digest." if self._files else "The records name no file."
        return told if PEOPLE not in self._archive.entries else f"{told} {_NAMES}"

    def _own_part(self, note: Note) -> Checkpoint:
        checkpoint, _ = self._verified(note)
        if checkpoint.origin != f"{self.checkpoint.origin}/call/{self.manifest.get('call')}":
            raise Unproven(f"A checkpoint is of other records than the call's: {checkpoint.origin}.")
        if checkpoint.size > len(self._own.levels[0]) or self._own.root(checkpoint.size) != checkpoint.root:
            raise Unproven(
                f"The call's records are not the {checkpoint.size:,} that the fund signed: one was left out."
            )
        return checkpoint


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
