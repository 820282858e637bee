"""A stranger's bundle keeps nobody busy: how much is looked at is bounded, and what is beyond is told in a sentence."""

import io
import struct
from pathlib import Path

import pytest

from fund_service.audit.offline.archive import BOUNDS, Archive, Bounds
from fund_service.audit.offline.bundle import OF_CALL, OLDER_OF_CALL, Bundle
from fund_service.audit.offline.merkle import Unproven
from fund_service.audit.offline.notes import LARGEST_NOTE
from fund_service.audit.offline.package import CHECKPOINT, OLDER, PLACES, SEAL, Step, Trusted
from fund_service.audit.offline.verifying import proven_record, trusted
from tests.fund_service.audit.forging import packed, records_of, unpacked

NOTES = (CHECKPOINT, OLDER, OF_CALL, OLDER_OF_CALL, SEAL)
SENTENCES = {
    "size": "The archive says of itself that it is larger than",
    "files": "The archive holds more files than",
    "name": "The archive holds a file whose name is longer than",
    "line": "A line of events.jsonl is longer than",
    "records": "The bundle holds more records than",
    "keys": "log.keys names more keys than",
    "signatures": "The notes of the bundle bear more signatures than",
}


def needed(bundle: bytes) -> Bounds:
    """Return the closest bounds in which a bundle holds."""
    files = unpacked(bundle)
    return Bounds(
        size=struct.unpack("<L", bundle[-6:-2])[0],  # where the directory begins that ends an archive
        files=len(files),
        name=max(map(len, files)),
        line=max(map(len, (*records_of(files), *files[PLACES].splitlines()))),
        records=len(records_of(files)),
        keys=1,
        signatures=len([name for name in files if name.startswith(NOTES)]),
    )


def steps(bundle: bytes, bounds: Bounds) -> list[Step]:
    try:
        found = Bundle(Archive(io.BytesIO(bundle), bounds), Trusted())
        return [*found.steps(), found.sealed()]
    except Unproven as failed:
        return [Step(False, str(failed))]


def test_each_bound_has_a_sentence() -> None:
    assert SENTENCES.keys() == set(Bounds._fields)


def test_what_is_just_within_every_bound_holds(bundle: bytes) -> None:
    found = steps(bundle, needed(bundle))
    assert all(step.holds for step in found), found


@pytest.mark.parametrize("bound", Bounds._fields)
def test_what_is_just_beyond_a_bound_is_refused_in_its_sentence(bundle: bytes, bound: str) -> None:
    enough = needed(bundle)
    first = next(one for one in steps(bundle, enough._replace(**{bound: getattr(enough, bound) - 1})) if not one.holds)
    assert first.sentence.startswith(SENTENCES[bound])


def test_a_note_with_many_signatures_by_one_key_is_counted_as_so_many(bundle: bytes) -> None:
    files = unpacked(bundle)
    files[CHECKPOINT] += files[CHECKPOINT].splitlines(keepends=True)[-1] * 99
    within, beyond = (steps(packed(files), Bounds(signatures=most)) for most in (100, 99))
    assert within[1].holds
    assert not beyond[1].holds


def test_a_long_name_is_refused_before_it_is_read_and_is_not_written(bundle: bytes) -> None:
    longest = "a" * BOUNDS.name
    assert longest in unpacked(packed({**unpacked(bundle), longest: b""}))
    with pytest.raises(ValueError, match="is no name of a file here"):
        packed({**unpacked(bundle), f"{longest}a": b""})


def test_what_is_brought_beside_a_bundle_is_read_only_as_far_as_it_can_be_long(tmp_path: Path) -> None:
    file, most = tmp_path / "brought", LARGEST_NOTE + 2 * BOUNDS.line
    for size, told in ((LARGEST_NOTE, "A signed note is not text"), (LARGEST_NOTE + 1, "brought is larger than")):
        file.write_bytes(b"\xff" * size)
        with pytest.raises(Unproven, match=told):
            trusted([], [file])
    with file.open("wb") as target:
        target.truncate(most + 1)
    assert proven_record(file, Trusted()) == Step(False, f"brought is larger than {most:,} bytes.")
