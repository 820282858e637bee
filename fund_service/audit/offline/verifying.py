"""The verifier as a program: python3 verify.py BUNDLE.zip|RECEIPT.tlog-proof [--key KEY] [--checkpoint FILE]."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from fund_service.audit.offline.archive import BOUNDS, Archive, opened
from fund_service.audit.offline.bundle import Bundle
from fund_service.audit.offline.dossier import PROOFS, Dossier
from fund_service.audit.offline.merkle import Unproven, leaf_hash
from fund_service.audit.offline.notes import LARGEST_NOTE, LOG, WITNESS, check_proof, key_of, note_of, proof_of
from fund_service.audit.offline.package import Package, Step, Trusted, seen


def trusted(keys: Sequence[str], checkpoints: Sequence[Path]) -> Trusted:
    """Return what is known from elsewhere: keys, and files with checkpoints. Raises Unproven, OSError."""
    known = [key_of(one) for one in keys]
    return Trusted(
        [key for key in known if key.type == LOG],
        [note_of(_content(file, LARGEST_NOTE)) for file in checkpoints],
        [key for key in known if key.type == WITNESS],
    )


def _content(file: Path, most: int) -> bytes:
    """Return what a file holds, which is so many bytes at most. Raises Unproven, OSError."""
    with file.open("rb") as source:
        content = source.read(most + 1)
    if len(content) > most:
        raise Unproven(f"{file.name} is larger than {most:,} bytes.")
    return content


def package_of(archive: Archive, known: Trusted) -> Package:
    """Return what an archive holds: the dossier of an application, which has proofs, or the bundle of a call."""
    a_dossier = any(name.startswith(PROOFS) for name in archive.entries)
    return Dossier(archive, known) if a_dossier else Bundle(archive, known)


def verified(package: Path, known: Trusted) -> list[Step]:
    """Return what each step found in a bundle or dossier, up to the first that failed. Raises OSError."""
    try:
        with opened(package) as archive:
            found = package_of(archive, known)
            steps = list(found.steps())
            return [*steps, found.sealed()] if all(step.holds for step in steps) else steps
    except Unproven as unproven:
        return [Step(False, str(unproven))]


def proven_record(file: Path, known: Trusted) -> Step:
    """Return whether the record that the proof of a receipt holds stands in the log. Raises OSError."""
    try:
        proof = proof_of(_content(file, LARGEST_NOTE + 2 * BOUNDS.line))
        if proof.extra is None:
            return Step(False, "The proof does not hold the record itself: ask the applicant for the file.")
        if not known.keys:
            return Step(False, "Name the log's key, which you know from elsewhere: --key KEY.")
        checkpoint, _ = check_proof(proof, leaf_hash(proof.extra), known.keys)
        witnessed = f" ({seen([proof.note], known.witnesses)})" if known.witnesses else ""
    except Unproven as unproven:
        return Step(False, str(unproven))
    told = f"Record {proof.place + 1:,} of the {checkpoint.size:,} that {checkpoint.origin} signed is{witnessed}: "
    return Step(True, told + proof.extra.decode(errors="replace"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a bundle and say what was proven; return 0 only when all holds, 1 when not, 2 when it cannot be read."""
    parser = ArgumentParser(description="Verify what the fund handed out: offline, without anything of the fund.")
    parser.add_argument("file", type=Path, help="a bundle or a dossier (.zip), or the proof of a receipt (.tlog-proof)")
    parser.add_argument(
        "--key", action="append", default=[], help="a key of the log, or of a witness, that you know from elsewhere"
    )
    parser.add_argument(
        "--checkpoint", action="append", default=[], type=Path, help="a checkpoint of the log that you kept"
    )
    given = parser.parse_args(arguments)
    try:
        known = trusted(given.key, given.checkpoint)
        receipt = given.file.suffix == ".tlog-proof"
        steps = [proven_record(given.file, known)] if receipt else verified(given.file, known)
    except (OSError, Unproven) as wrong:
        print(_shown(f"This cannot be read: {wrong}"), file=sys.stderr)
        return 2
    for step in steps:
        print(_shown(f"{'ok  ' if step.holds else 'FAIL'} {step.sentence}"))
    holds = all(step.holds for step in steps)
    print("Proven: nothing of it was altered." if holds else "NOT proven: do not rely on it.")
    return 0 if holds else 1


def _shown(text: str) -> str:
    """Return a text, in which names are anybody's, without what could steer a terminal, in signs that it has."""
    plain = "".join(sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return plain.encode(encoding, "backslashreplace").decode(encoding)
