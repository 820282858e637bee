"""A bundle's ZIP, written in one way only: nothing packed, nothing beside the files, no dates, names in their order.

Whoever reads it makes the frame anew from names, sizes and sums, and compares: a bit that is another anywhere in it is
found. Nothing is unpacked, so that no size, path, link or bomb in it can do harm. `unzip` reads it as any other.
"""

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol
from zlib import crc32

from fund_service.audit.offline.merkle import Unproven

CHUNK = 1 << 20
_NAME = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_LOCAL, _CENTRAL, _END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_MIDNIGHT_1980 = (0, 33)


class Bounds(NamedTuple):
    """How much is looked at in one archive at most. A stranger may have made it, to keep whoever verifies it busy.

    So it takes minutes and never hours: a signature 3 ms, a record 5 µs, and 1.2 ms where decisions are made again.
    """

    size: int = 2**32 - 2
    """Bytes of all files with their frames."""
    files: int = 2**16 - 2
    name: int = 200
    """Bytes of a file's name."""
    line: int = 1 << 24
    """Bytes of a line without its end."""
    records: int = 2_000_000
    """Records in clear."""
    keys: int = 1_000
    """Keys that an archive names as the log's."""
    signatures: int = 300_000
    """Signatures below all notes that are looked at."""


BOUNDS = Bounds()


class Entry(NamedTuple):
    """A file in the archive: where its frame begins, how long it is, and its sum (CRC-32)."""

    offset: int
    size: int
    sum: int


class Target(Protocol):
    """What can be written to."""

    def write(self, part: bytes, /) -> int:
        """Take a part, and return how long it is."""


class TooLarge(Exception):
    """What was to be written does not fit into one archive."""


class Writer:
    """Writes an archive, file by file in the order of their names."""

    def __init__(self, target: Target) -> None:
        """Write into a file that is open and empty."""
        self._target, self._entries, self._offset, self._last = target, dict[str, Entry](), 0, ""

    def add(self, name: str, content: bytes) -> None:
        """Add a file that is at hand whole. Raises TooLarge."""
        self._put(_local(name, len(content), crc32(content)) + content, name, len(content), crc32(content))

    def add_from(self, name: str, source: BinaryIO) -> None:
        """Add what a file holds, which is read twice. Raises TooLarge."""
        total = size = 0
        for part in iter(lambda: source.read(CHUNK), b""):
            total, size = crc32(part, total), size + len(part)
        source.seek(0)
        self._put(_local(name, size, total), name, size, total)
        for part in iter(lambda: source.read(CHUNK), b""):
            self._target.write(part)
        self._offset += size

    def close(self) -> None:
        """Write what ends an archive."""
        self._target.write(_ending(self._entries, self._offset))

    def _put(self, written: bytes, name: str, size: int, total: int) -> None:
        if not _NAME.fullmatch(name.encode()) or len(name) > BOUNDS.name or name <= self._last:
            raise ValueError(f"{name} is no name of a file here, or not in its order")
        if self._offset + len(_local(name, 0, 0)) + size > BOUNDS.size or len(self._entries) >= BOUNDS.files:
            raise TooLarge
        self._entries[name] = Entry(self._offset, size, total)
        self._target.write(written)
        self._offset, self._last = self._offset + len(written), name


class Archive:
    """An archive that is open to be read. What is not as `Writer` writes it raises Unproven."""

    def __init__(self, source: BinaryIO, bounds: Bounds = BOUNDS) -> None:
        """Look through the frame of an archive."""
        self._source, self.bounds = source, bounds
        self.entries = dict[str, Entry]()
        self._check()

    def stream(self, name: str) -> Iterator[bytes]:
        """Yield what a file holds, part by part, and check its sum."""
        entry = self._entry(name)
        at, total = entry.offset + len(_local(name, 0, 0)), 0
        end = at + entry.size
        while at < end:
            self._source.seek(at)  # several files may be read at once
            part = self._source.read(min(CHUNK, end - at))
            if not part:
                raise Unproven(f"The archive ends in the middle of {name}.")
            at, total = at + len(part), crc32(part, total)
            yield part
        if total != entry.sum:
            raise Unproven(f"The file {name} in the archive was altered: its sum does not fit.")

    def read(self, name: str, most: int) -> bytes:
        """Return what a file holds, which is so many bytes at most."""
        if self._entry(name).size > most:
            raise Unproven(f"The file {name} in the archive is larger than it can be.")
        return b"".join(self.stream(name))

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a file, without their ends."""
        rest = b""
        for part in self.stream(name):
            *whole, rest = (rest + part).split(b"\n")
            for line in (*whole, rest):
                if len(line) > self.bounds.line:
                    raise Unproven(f"A line of {name} is longer than {self.bounds.line:,} bytes.")
            yield from whole
        if rest:
            raise Unproven(f"The last line of {name} has no end.")

    def _entry(self, name: str) -> Entry:
        if name not in self.entries:
            raise Unproven(f"The archive has no file {name}.")
        return self.entries[name]

    def _check(self) -> None:
        at, last = 0, b""
        while (found := self._frame(at)) is not None:
            name, size, total = found
            if not _NAME.fullmatch(name) or name <= last:
                raise Unproven(f"The archive holds a file that it must not: {name[:100]!r}.")
            if len(self.entries) >= self.bounds.files:
                raise Unproven(f"The archive holds more files than {self.bounds.files:,}.")
            self.entries[name.decode()] = Entry(at, size, total)
            at, last = at + len(_local(name.decode(), size, total)) + size, name
            if at > self.bounds.size:
                raise Unproven(f"The archive says of itself that it is larger than {self.bounds.size:,} bytes.")
        self._source.seek(at)
        expected = _ending(self.entries, at)
        if self._source.read(len(expected) + 1) != expected:
            raise Unproven("The archive does not end as it begins: it was altered, or is no bundle.")

    def _frame(self, at: int) -> tuple[bytes, int, int] | None:
        """Return name, size and sum of the file whose frame begins here; None at the end of the files."""
        self._source.seek(at)
        head = self._source.read(30)
        if not head.startswith(_LOCAL):
            return None
        with suppress(struct.error, UnicodeDecodeError):
            total, size, _, length = struct.unpack("<LLLH", head[14:28])
            if length > self.bounds.name:
                raise Unproven(f"The archive holds a file whose name is longer than {self.bounds.name} bytes.")
            name = self._source.read(length)
            if head + name == _local(name.decode("ascii"), size, total):
                return name, size, total
        raise Unproven(f"The frame of a file in the archive was altered (at byte {at}).")


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open an archive by its path. Raises Unproven, OSError."""
    with path.open("rb") as source:
        yield Archive(source)


def _local(name: str, size: int, total: int) -> bytes:
    fixed = struct.pack("<4sHHHHHLLLHH", _LOCAL, 10, 0, 0, *_MIDNIGHT_1980, total, size, size, len(name), 0)
    return fixed + name.encode()


def _ending(entries: dict[str, Entry], at: int) -> bytes:
    """Return the directory that ends an archive, for `unzip` and its like."""
    directory = b"".join(
        struct.pack("<4sHHHHHHLLLHHHHHLL", _CENTRAL, 0x314, 10, 0, 0, *_MIDNIGHT_1980, one.sum, one.size, one.size,
                    len(name), 0, 0, 0, 0, 0o100644 << 16, one.offset) + name.encode()
        for name, one in entries.items()
    )  # fmt: skip
    count = len(entries)
    return directory + struct.pack("<4sHHHHLLH", _END, 0, 0, count, count, len(directory), at, 0)
