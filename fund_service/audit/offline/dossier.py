"""What a dossier proves of one application's history, step by step; each step says in a sentence what it found.

The records that its owner may read are there byte for byte, each with the proof that it stands in the signed log; what
the owner may not read is there as a hash, or not at all.
"""

from collections.abc import Callable, Iterator, Sequence

from fund_service.audit.offline.archive import Archive
from fund_service.audit.offline.merkle import Unproven, check_consistency, leaf_hash, root_from_inclusion
from fund_service.audit.offline.notes import LARGEST_NOTE, Checkpoint, bytes_of, checkpoint_of, number_of, proof_of
from fund_service.audit.offline.package import OLDER, PLACES, Package, Trusted

WITHHELD, PROOFS, CONSISTENCY = "withheld", "proofs/", "consistency/"
NAMED = 20
"""So many checkpoints are named, the newest, where another one is asked for."""
PATH_BYTES = 64 * 45
"""So long is a proof of consistency at most: a hash in base64, and the end of its line, for each level of a tree."""


class Dossier(Package):
    """A dossier that is open to be verified."""

    what, format = "dossier", 3

    def __init__(self, archive: Archive, trusted: Trusted) -> None:
        """Verify what this archive holds, by what is trusted."""
        super().__init__(archive, trusted)
        self._there: set[int] = set()
        self._gaps = 0

    def looking(self) -> Sequence[Callable[[], str]]:
        """Return the steps."""
        return (*super().looking(), self._records, self._hidden, self._older, self._witnessed, self._unproven)

    def _records(self) -> str:
        """Check that every record stands where it was signed, in the log's order; some are the application's."""
        last, before, versions = 0, -1, dict[str, int]()
        places = self._places()
        for line, found in self._in_clear():
            position, stream, version = found.position, found.stream, found.version
            place = next(places, -1)
            if position <= last or place <= before:
                raise Unproven(f"The record at position {position} stands in the wrong place.")
            if version <= versions.get(stream, 0):
                raise Unproven(f"The record at position {position} comes after a later one of the same thing.")
            self._check_place(place, leaf_hash(line), f"The record at position {position}")
            self._gaps += version != versions.get(stream, 0) + 1
            versions[stream], last, before = version, position, place
        if next(places, None) is not None:
            raise Unproven("There are more places than records.")
        if str(self.manifest.get("application")) not in versions:
            raise Unproven("No record is of the application that the manifest names.")
        return f"All {len(self._there):,} records stand in the log where it was signed, byte for byte."

    def _places(self) -> Iterator[int]:
        return (number_of(line.decode(errors="replace")) for line in self._archive.lines(PLACES))

    def _hidden(self) -> str:
        """Check that what is withheld stands in the log where the dossier says."""
        shown = len(self._there)
        for line in self._archive.lines(WITHHELD):
            place, _, encoded = line.decode(errors="replace").partition(" ")
            self._check_place(number_of(place), bytes_of(encoded, "A hash"), f"What is withheld at place {place}")
        proofs = [name for name in self._archive.entries if name.startswith(PROOFS)]
        if len(proofs) != len(self._there):
            raise Unproven(f"There are {len(proofs)} proofs for {len(self._there)} records.")
        if len(self._there) == shown:
            return "No record is there as a hash alone."
        return (
            f"{len(self._there) - shown} records that you may not read stand in the log too, by their hashes: nobody "
            "can change them later, and an auditor, who may read them, can tell you whether they are about you."
        )

    def _check_place(self, place: int, leaf: bytes, what: str) -> None:
        """Check by its proof that a record, by the hash of its leaf, stands at a place. Raises Unproven."""
        if place in self._there:
            raise Unproven(f"{what} stands where another does.")
        proof = proof_of(self._archive.read(f"{PROOFS}{place:012}", LARGEST_NOTE))
        if proof.place != place or checkpoint_of(proof.note.text) != self.checkpoint:
            raise Unproven(f"{what} has the proof of another place, or by another checkpoint.")
        if root_from_inclusion(place, self.checkpoint.size, leaf, proof.path) != self.checkpoint.root:
            raise Unproven(f"{what} is not the one that was signed: it was altered.")
        self._there.add(place)

    def _begins_with(self, older: Checkpoint) -> None:
        """Check by its proof that the log begins with the records of an older checkpoint."""
        now, name = self.checkpoint, f"{CONSISTENCY}{older.size:012}"
        if older.size != now.size and name not in self._archive.entries:
            known = [one.removeprefix(OLDER).lstrip("0") for one in self._archive.entries if one.startswith(OLDER)]
            raise Unproven(
                f"The dossier holds no proof about a checkpoint of {older.size} records. "
                f"It holds some for those of {', '.join([*known[-NAMED:], str(now.size)])}: bring one of these."
            )
        path = self._archive.read(name, PATH_BYTES).decode(errors="replace") if older.size != now.size else ""
        hashes = [bytes_of(line, "A hash") for line in path.splitlines()]
        check_consistency(older.size, now.size, older.root, now.root, hashes)

    def _unproven(self) -> str:
        """Say what no dossier proves by itself."""
        gaps = f" {self._gaps} times a record of the same thing before it is not in clear." if self._gaps else ""
        return (
            "NOT proven by this file alone, but said by the fund: that these are all the records about the application."
            f"{gaps} The bundle of the whole call, which an auditor may take, proves that."
        )
