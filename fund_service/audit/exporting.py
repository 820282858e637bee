"""Writes the bundle of a call: everything that somebody with an empty laptop needs to prove its history.

It is made as of a checkpoint. The same call and checkpoint give the same bytes.
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from hashlib import file_digest, sha256
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final, NamedTuple
from uuid import UUID

from domain.errors import Malformed
from domain.files import File
from fund_service.audit.belonging import disclosed
from fund_service.audit.checkpoints import origin, origin_of_call, own_key, sign_call, sign_now, witness_log
from fund_service.audit.derived import derived
from fund_service.audit.offline.archive import BOUNDS, TooLarge, Writer
from fund_service.audit.offline.bundle import FILES, OF_CALL, OLDER_OF_CALL, PEOPLE, Bundle, tile_name
from fund_service.audit.offline.merkle import HASH_BYTES
from fund_service.audit.offline.package import CHECKPOINT, EVENTS, MANIFEST, OLDER, PLACES, SEAL, record_in, seal
from fund_service.audit.one_file import one_file
from fund_service.audit.readme import readme
from fund_service.audit.records import record_of
from fund_service.audit.signing import Signer, signed
from fund_service.audit.witness_log import Kept, WitnessLog
from fund_service.composition import Parts
from fund_service.listing import as_csv

_ACCESS: Final = logging.getLogger("fund.access")
_TOO_LARGE: Final = Malformed(
    "This would be larger than one file can be (4 GB, 65,534 files or 2,000,000 records).",
    "Ask for help: no call was ever so large.",
)
_ID: Final = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Exported(NamedTuple):
    """What a bundle holds: so many records of the log's, as of this position, and the digest of the whole file."""

    position: int
    records: int
    of: int
    digest: str


class _Counting:
    """A file that is written, and the digest of what was."""

    def __init__(self, target: BinaryIO) -> None:
        self._target, self.found = target, sha256()

    def write(self, part: bytes) -> int:
        self.found.update(part)
        return self._target.write(part)


class Besides(NamedTuple):
    """What is wanted in a bundle beside what everybody may have: the attached files, and who stands behind the ids."""

    files: bool = False
    names: bool = False


NOTHING: Final = Besides()


def tell_taking(subject: UUID, call_id: UUID, besides: Besides) -> None:
    """Tell in a line, where it stands what auditors read, that one takes personal data away with a bundle."""
    names, files = ("yes" if wanted else "no" for wanted in (besides.names, besides.files))
    line = "read what=bundle subject=%s as=auditor names=%s files=%s about=%s"
    _ACCESS.warning(line, subject, names, files, call_id)


def export(
    parts: Parts, call_id: UUID, target: BinaryIO, signer: Signer | None = None, besides: Besides = NOTHING
) -> Exported:
    """Have the log signed, and write the bundle of a call into a file that is open and empty.

    Without a signer the log's own key signs. Whose data were erased stays out of it, and so do the files that they
    gave. Raises Malformed when it would be too large, Unavailable without the key, or where a file was altered.
    """
    witness, signer = witness_log(parts), signer or own_key(parts)
    kept = sign_now(parts, witness, signer)
    sign_call(parts, witness, signer, call_id, kept.position)
    log, of_call = (witness.checkpoints(name) for name in (origin(parts), origin_of_call(parts, call_id)))
    with TemporaryDirectory() as folder:
        place = Path(folder)
        records = _write_records(parts, kept, call_id, place)
        small = {
            "README.txt": readme(call_id, kept).encode(),
            "verify.py": one_file().encode(),
            CHECKPOINT: str(kept.note).encode(),
            OF_CALL: str(of_call[-1].note).encode(),
            **_older(OLDER, log[:-1]),
            **_older(OLDER_OF_CALL, of_call[:-1]),
            **dict(_tiles(witness, kept.size)),
            **dict(derived(_lines(place / EVENTS), call_id)),
        }
        about = {"format": Bundle.format, "call": str(call_id), "position": kept.position, "size": kept.size}
        if besides.files:
            _write_files(parts, place)
        if besides.names:
            small[PEOPLE] = _people(parts, place)
        digest = packed(target, small, place, about, signer)
        return Exported(kept.position, records, kept.size, digest)


def _write_records(parts: Parts, kept: Kept, call_id: UUID, place: Path) -> int:
    """Write the records up to a checkpoint that are not another call's, with their places; return how many."""
    count = 0
    upto = takewhile(lambda stored: stored.id <= kept.position, parts.log.headers())
    with (place / EVENTS).open("wb") as events, (place / PLACES).open("wb") as places:
        for number, stored in disclosed(upto, call_id):
            events.write(record_of(stored) + b"\n")
            places.write(b"%d\n" % number)
            count += 1
            if count > BOUNDS.records:
                raise _TOO_LARGE
    return count


def _write_files(parts: Parts, place: Path) -> None:
    """Write the files that the records name, each under its digest; not those of people whose data were erased."""
    (place / FILES).mkdir()
    for line in _lines(place / EVENTS):
        found = record_in(line) if b'"file":{"digest":' in line else None
        if found is None:
            continue
        file: File = parts.log.opened(found.topic, found.state).file  # type: ignore[attr-defined]
        if file.title.text is not None and parts.attachments.contents.size(file.digest) is not None:
            (place / FILES / file.digest).write_bytes(parts.attachments.content(file))


def _people(parts: Parts, place: Path) -> bytes:
    """Return who stands behind the ids in the records, as the directory knows them today."""
    names = parts.people.names()
    found = {one for line in _lines(place / EVENTS) for one in _ID.findall(line) if UUID(one.decode()) in names}
    rows = ({"subject": one.decode(), "name": names[UUID(one.decode())]} for one in sorted(found))
    return as_csv(rows, ["subject", "name"]).encode()


def packed(target: BinaryIO, small: dict[str, bytes], place: Path, about: dict[str, Any], signer: Signer) -> str:
    """Write what is at hand and what lies in a place as one archive, with the manifest of all, which a signer signs;
    return its digest. Raises Malformed when it would be too large.
    """
    counting = _Counting(target)
    lying = [file.relative_to(place).as_posix() for file in place.rglob("*") if file.is_file()]
    names = sorted([*small, *lying])
    digests = {name: sha256(small[name]).hexdigest() if name in small else _digest(place / name) for name in names}
    small[MANIFEST] = json.dumps({**about, "files": digests}, indent=1).encode() + b"\n"
    small[SEAL] = str(signed(seal(signer.key.name, small[MANIFEST]), signer)).encode()
    try:
        _write_archive(Writer(counting), small, place, sorted({*names, *small}))
    except TooLarge as large:
        raise _TOO_LARGE from large
    return counting.found.hexdigest()


def _write_archive(archive: Writer, small: dict[str, bytes], place: Path, names: Iterable[str]) -> None:
    for name in names:
        if name in small:
            archive.add(name, small[name])
        else:
            with (place / name).open("rb") as source:
                archive.add_from(name, source)
    archive.close()


def _older(folder: str, checkpoints: Iterable[Kept]) -> dict[str, bytes]:
    return {f"{folder}{one.size:012}": str(one.note).encode() for one in checkpoints}


def _tiles(witness: WitnessLog, size: int) -> Iterator[tuple[str, bytes]]:
    with witness.tree() as tree:
        for level, number, hashes in tree.tiles(size):
            yield tile_name(level, number, len(hashes) // HASH_BYTES), hashes


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from (line.rstrip(b"\n") for line in file)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
