"""Somebody who alters a bundle or a log and covers the tracks: everything that needs no secret is made to fit again."""

import io
import json
import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fund_service.audit.offline.archive import Archive, Writer
from fund_service.audit.offline.bundle import OF_CALL, OLDER_OF_CALL, tile_name
from fund_service.audit.offline.merkle import HASH_BYTES, WIDTH, Levels, leaf_hash
from fund_service.audit.offline.notes import Checkpoint, checkpoint_of, note_of
from fund_service.audit.offline.package import CHECKPOINT, EVENTS, KEYS, MANIFEST, OLDER, PLACES, SEAL, seal
from fund_service.audit.signing import OwnKey, signed

Files = dict[str, bytes]
Forgery = Callable[[Files, random.Random], Files]


def unpacked(bundle: bytes) -> Files:
    """Return the files of a bundle by their names."""
    archive = Archive(io.BytesIO(bundle))
    return {name: archive.read(name, len(bundle)) for name in archive.entries}


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a bundle of files, with a manifest that fits them."""
    return framed({**files, MANIFEST: manifest_of(files)})


def framed(files: Mapping[str, bytes]) -> bytes:
    """Return an archive of files as they are."""
    written = io.BytesIO()
    archive = Writer(written)
    for name in sorted(files):
        archive.add(name, files[name])
    archive.close()
    return written.getvalue()


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    """Return the manifest that fits these files."""
    about = json.loads(files[MANIFEST])
    names = sorted(name for name in files if name not in (MANIFEST, SEAL))
    about["files"] = {name: sha256(files[name]).hexdigest() for name in names}
    return json.dumps(about, indent=1).encode() + b"\n"


def flip_a_bit(bundle: bytes, chance: random.Random) -> bytes:
    """Alter one bit of the file itself."""
    at = chance.randrange(len(bundle))
    return bundle[:at] + bytes([bundle[at] ^ 1 << chance.randrange(8)]) + bundle[at + 1 :]


def cut_off(bundle: bytes, chance: random.Random) -> bytes:
    """Let the file end earlier, or later."""
    return bundle[: chance.randrange(len(bundle))] if chance.random() < 0.8 else bundle + chance.randbytes(9)


def edit_a_record(files: Files, chance: random.Random) -> Files:
    """Alter a digit, or a letter, of a record."""
    records = records_of(files)
    at = chance.randrange(len(records))
    places = [place for place, byte in enumerate(records[at]) if chr(byte).isalnum()]
    place = chance.choice(places)
    other = chance.choice([byte for byte in b"0123456789abcdef" if byte != records[at][place]])
    records[at] = records[at][:place] + bytes([other]) + records[at][place + 1 :]
    return _with(files, records, _places(files))


def drop_a_record(files: Files, chance: random.Random) -> Files:
    """Take a record out, and its place with it."""
    records, places = records_of(files), _places(files)
    at = chance.randrange(len(records))
    del records[at], places[at]
    return _with(files, records, places)


def add_a_record(files: Files, chance: random.Random) -> Files:
    """Put in a record that somebody would like to have been there, at a place of its own."""
    records, places = records_of(files), _places(files)
    at = chance.randrange(len(records))
    records.insert(at, records[chance.randrange(len(records))])
    places.insert(at, places[at])
    return _with(files, records, places)


def swap_two_records(files: Files, chance: random.Random) -> Files:
    """Put two records each in the place of the other."""
    records = records_of(files)
    one, other = chance.sample(range(len(records)), 2)
    records[one], records[other] = records[other], records[one]
    return _with(files, records, _places(files))


def alter_a_tile(files: Files, chance: random.Random) -> Files:
    """Alter a hash of the tree."""
    name = chance.choice([name for name in files if name.startswith("tile/")])
    return {**files, name: flip_a_bit(files[name], chance)}


def alter_what_follows(files: Files, chance: random.Random) -> Files:
    """Alter a screen, the call's rules, or the digest of a file."""
    name = chance.choice([name for name in files if name.startswith("screens/")] + ["call.json", "attachments.csv"])
    return {**files, name: files[name] + b"\n"}


def sign_again(files: Files, chance: random.Random) -> Files:
    """Alter a record, make the whole tree anew, and sign it with a key of one's own under the log's name."""
    forged = edit_a_record(files, chance)
    origin = checkpoint_of(note_of(files[CHECKPOINT]).text).origin
    key = OwnKey(origin, Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)))
    return signed_anew(forged, records_of(forged), key)


def signed_anew(files: Files, records: list[bytes], key: OwnKey) -> Files:
    """Return what somebody else makes of these records: a log and a call of their own, all signed by this key."""
    levels = Levels([leaf_hash(record) for record in records])
    count = len(records)
    log = Checkpoint(key.key.name, count, levels.root(count))
    of_call = log._replace(origin=f"{log.origin}/call/{json.loads(files[MANIFEST])['call']}")
    older = ("tile/", OLDER, OLDER_OF_CALL)
    made = {
        **{name: content for name, content in files.items() if not name.startswith(older)},
        **_tiles(levels),
        EVENTS: b"".join(record + b"\n" for record in records),
        PLACES: b"".join(b"%d\n" % place for place in range(count)),
        CHECKPOINT: str(signed(str(log), key)).encode(),
        OF_CALL: str(signed(str(of_call), key)).encode(),
        KEYS: f"{key.key}\n".encode(),
    }
    return {**made, SEAL: str(signed(seal(log.origin, manifest_of(made)), key)).encode()}


FORGERIES: Final[tuple[Forgery, ...]] = (
    edit_a_record,
    drop_a_record,
    add_a_record,
    swap_two_records,
    alter_a_tile,
    sign_again,
)
"""What is found with the records and the tree alone; `alter_what_follows` needs the fund's own code."""


def edit_the_log(log: sqlite3.Connection, chance: random.Random) -> str:
    """Alter one stored record behind the back of what protects it, and return in a word how."""
    with unprotected(log):
        return _edit(log, chance)


@contextmanager
def unprotected(log: sqlite3.Connection) -> Iterator[None]:
    """Take away what protects a log meanwhile, as whoever owns its file can."""
    protection = log.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in protection:
        log.execute(f"DROP TRIGGER {name}")
    yield
    for _, made in protection:
        log.execute(made)


def _edit(log: sqlite3.Connection, chance: random.Random) -> str:
    (last,) = log.execute("SELECT max(rowid) FROM stored_events").fetchone()
    at = chance.randrange(1, last + 1)
    how = chance.choice(("edited", "dropped", "moved", "swapped", "added"))
    match how:
        case "edited":
            (state,) = log.execute("SELECT state FROM stored_events WHERE rowid = ?", (at,)).fetchone()
            log.execute("UPDATE stored_events SET state = ? WHERE rowid = ?", (flip_a_bit(state, chance), at))
        case "dropped":
            log.execute("DELETE FROM stored_events WHERE rowid = ?", (at,))
        case "moved":
            log.execute("UPDATE stored_events SET rowid = ? WHERE rowid = ?", (last + chance.randrange(1, 9), at))
        case "swapped":
            columns = "originator_id, originator_version, topic, state"
            one = log.execute(f"SELECT {columns} FROM stored_events WHERE rowid = ?", (at,)).fetchone()
            log.execute("DELETE FROM stored_events WHERE rowid = ?", (at,))
            log.execute("UPDATE stored_events SET rowid = ? WHERE rowid = ?", (at, at % last + 1))
            log.execute(f"INSERT INTO stored_events (rowid, {columns}) VALUES (?, ?, ?, ?, ?)", (at % last + 1, *one))
        case "added":
            log.execute("UPDATE stored_events SET rowid = -rowid WHERE rowid >= ?", (at,))
            log.execute("UPDATE stored_events SET rowid = 1 - rowid WHERE rowid < 0")
            added = (at, chance.randbytes(16).hex(), 1, "call.settled", b"{}")
            log.execute("INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state) "
                        "VALUES (?, ?, ?, ?, ?)", added)  # fmt: skip
    return how


def records_of(files: Files) -> list[bytes]:
    """Return the records of a bundle's files."""
    return files[EVENTS].splitlines()


def _places(files: Files) -> list[bytes]:
    return files[PLACES].splitlines()


def _with(files: Files, records: list[bytes], places: list[bytes]) -> Files:
    lines: dict[str, Any] = {EVENTS: records, PLACES: places}
    return {**files, **{name: b"".join(one + b"\n" for one in those) for name, those in lines.items()}}


def _tiles(levels: Levels) -> Files:
    return {
        tile_name(level, number, len(part)): b"".join(part)
        for level, hashes in enumerate(levels.levels)
        for number in range(-(-len(hashes) // WIDTH))
        if (part := hashes[number * WIDTH : (number + 1) * WIDTH]) and len(part[0]) == HASH_BYTES
    }
