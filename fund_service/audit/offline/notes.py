"""Signed notes, checkpoints and proofs as text: C2SP signed-note, tlog-checkpoint, tlog-cosignature and tlog-proof.

A checkpoint is a note of three lines: the log's name (its origin), how many records it has, and the root over them. The
log signs it; a witness, who saw that the log had only grown, signs it together with the time at which it did.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from fund_service.audit.offline.ed25519 import is_signed
from fund_service.audit.offline.merkle import HASH_BYTES, Unproven, root_from_inclusion

LOG, WITNESS = 1, 4
"""The two types of keys: Ed25519 over the note, and Ed25519 over a checkpoint with the time of the signature."""
LARGEST_NOTE = 1 << 20
MOST_SIGNATURES = 100
PROOF = "c2sp.org/tlog-proof@v1"
_STEERS = re.compile("[\x00-\x09\x0b-\x1f]")


class Key(NamedTuple):
    """A key that signatures are verified by: its name, its type and its 32 public bytes."""

    name: str
    type: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that name it in a signature."""
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.type]) + self.public).decode()}"


class Signature(NamedTuple):
    """One line below a note: who signed, by which key, and what."""

    name: str
    key_id: bytes
    signed: bytes

    def __str__(self) -> str:
        return f"— {self.name} {b64encode(self.key_id + self.signed).decode()}"


class Note(NamedTuple):
    """A text, which ends a line, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(f"{one}\n" for one in self.signatures)


class Signed(NamedTuple):
    """Who has signed a note, and when by its own clock (seconds since 1970) where the key says so."""

    key: Key
    seconds: int | None


class Checkpoint(NamedTuple):
    """How a log stood: its name, the number of its records, and the root over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


class Proof(NamedTuple):
    """That a record stands in a log: its place, the path to the root, the checkpoint; `extra` may hold the record."""

    place: int
    path: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    def __str__(self) -> str:
        extra = [] if self.extra is None else [f"extra {b64encode(self.extra).decode()}"]
        lines = [PROOF, *extra, f"index {self.place}", *(b64encode(one).decode() for one in self.path)]
        return "\n".join(lines) + f"\n\n{self.note}"


def key_of(text: str) -> Key:
    """Read a verifier key: name+id+base64. Raises Unproven."""
    name, _, rest = text.strip().partition("+")
    id, _, encoded = rest.partition("+")
    material = bytes_of(encoded, "A key")
    key = Key(name, material[0] if material else 0, material[1:])
    if not is_name(name) or key.type not in (LOG, WITNESS) or len(key.public) != 32 or key.id.hex() != id:
        raise Unproven("A verifier key cannot be read: it is NAME+ID+BASE64, of Ed25519.")
    return key


def note_of(content: bytes) -> Note:
    """Read a signed note. Raises Unproven."""
    if len(content) > LARGEST_NOTE:
        raise Unproven("A signed note is larger than it can be.")
    try:
        whole = content.decode()
    except UnicodeDecodeError as wrong:
        raise Unproven("A signed note is not text.") from wrong
    text, parted, below = whole.rpartition("\n\n")
    lines = below.split("\n")
    if _STEERS.search(whole) or not parted or lines.pop() or not 0 < len(lines) <= MOST_SIGNATURES:
        raise Unproven("A signed note cannot be read: it is a text, an empty line, and lines of signatures.")
    return Note(text + "\n", tuple(map(signature_of, lines)))


def signature_of(line: str) -> Signature:
    """Read a line of a signature. Raises Unproven."""
    begins, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    given = bytes_of(encoded, "A signature")
    if begins != "—" or not is_name(name) or len(given) < 5:
        raise Unproven("A signature cannot be read: it is a dash, a name, and base64.")
    return Signature(name, given[:4], given[4:])


def signers_of(note: Note, keys: Iterable[Key]) -> list[Signed]:
    """Return who of those that own the keys signed a note. Raises Unproven when a signature of theirs does not hold."""
    known = {(key.name, key.id): key for key in keys}
    found = [(known.get((one.name, one.key_id)), one) for one in note.signatures]
    return [_verified(note.text, key, one.signed) for key, one in found if key is not None]


def message_of(text: str, seconds: int | None) -> bytes:
    """Return what is signed: the note's text, under a witness's time where there is one."""
    return (text if seconds is None else f"cosignature/v1\ntime {seconds}\n{text}").encode()


def _verified(text: str, key: Key, signed: bytes) -> Signed:
    timed = key.type == WITNESS
    seconds = int.from_bytes(signed[:8], "big") if timed else None
    if not is_signed(key.public, message_of(text, seconds), signed[8:] if timed else signed):
        raise Unproven(f"The signature of {key.name} does not hold: the text was altered, or another key signed it.")
    return Signed(key, seconds)


def checkpoint_of(text: str) -> Checkpoint:
    """Read the text of a checkpoint, which has no more than its three lines. Raises Unproven."""
    lines = text.split("\n")
    if len(lines) != 4 or not lines[0] or lines[3]:
        raise Unproven("A checkpoint cannot be read: it is a name, a number and a root, each on a line.")
    root = bytes_of(lines[2], "The root of a checkpoint")
    if len(root) != HASH_BYTES:
        raise Unproven("The root of a checkpoint is no hash.")
    return Checkpoint(lines[0], number_of(lines[1]), root)


def proof_of(content: bytes) -> Proof:
    """Read a proof of inclusion. Raises Unproven."""
    head, parted, rest = content.partition(b"\n\n")
    lines = head.decode(errors="replace").split("\n")
    extra = None
    if len(lines) > 1 and lines[1].startswith("extra "):
        extra = bytes_of(lines.pop(1).removeprefix("extra "), "What a proof holds besides")
    if not parted or len(lines) < 2 or lines[0] != PROOF or not lines[1].startswith("index "):
        raise Unproven(f"A proof cannot be read: it begins with {PROOF} and the index of the record.")
    path = tuple(bytes_of(line, "A hash of a proof") for line in lines[2:])
    return Proof(number_of(lines[1].removeprefix("index ")), path, note_of(rest), extra)


def check_proof(proof: Proof, leaf: bytes, keys: Iterable[Key]) -> tuple[Checkpoint, list[Signed]]:
    """Check that a record, by the hash of its leaf, stands in a log that the owner of one of the keys signed.

    Returns the checkpoint and who signed it. Raises Unproven.
    """
    checkpoint, signers = signed_checkpoint(proof.note, keys)
    if root_from_inclusion(proof.place, checkpoint.size, leaf, proof.path) != checkpoint.root:
        raise Unproven(f"The record is not number {proof.place} of the log: it was altered, or the proof is another's.")
    return checkpoint, signers


def signed_checkpoint(note: Note, keys: Iterable[Key]) -> tuple[Checkpoint, list[Signed]]:
    """Return what a note says of a log, and who signed it: the log itself at least. Raises Unproven."""
    checkpoint, signers = checkpoint_of(note.text), signers_of(note, keys)
    own = [one.key.name for one in signers if one.key.type == LOG]
    if not any(checkpoint.origin in (name, _part(name, checkpoint)) for name in own):
        raise Unproven(f"No known key signed the checkpoint of {checkpoint.origin} at {checkpoint.size} records.")
    return checkpoint, signers


def _part(log: str, checkpoint: Checkpoint) -> str:
    """Return the name of the part of a log that a checkpoint is of, which the log's own key signs: LOG/call/ID."""
    return f"{log}/call/{checkpoint.origin.rpartition('/')[2]}"


def number_of(text: str) -> int:
    """Read a number without sign or leading zeroes. Raises Unproven."""
    if not text.isascii() or not text.isdigit() or len(text) > 18 or (text[0] == "0" and text != "0"):
        raise Unproven("A number cannot be read: it has digits alone, and no zero before them.")
    return int(text)


def bytes_of(text: str, what: str) -> bytes:
    """Read base64; `what` begins the sentence when it is none. Raises Unproven."""
    try:
        found = b64decode(text, validate=True)
    except (NotBase64, ValueError) as wrong:
        raise Unproven(f"{what} is not base64.") from wrong
    if b64encode(found).decode() != text:
        raise Unproven(f"{what} is not base64.")
    return found


def is_name(name: str) -> bool:
    """Tell whether a key can have this name."""
    return bool(name) and "+" not in name and not any(character.isspace() for character in name)
