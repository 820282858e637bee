"""Our defaults on files that are attached: how large, and how many."""

from typing import Final

from domain.rulebook.rule import Rule

FILE_BYTES: Final = 10_000_000
"""The largest file that is taken, in bytes."""
FILES: Final = 20
"""So many files are attached to one application, or to one grant, at most."""

D30 = Rule(
    id="D30",
    sentence="Attached files are few, of ordinary size, and of kinds that everybody can open.",
    status="D",
    source="our default",
    note="At most 20 files of at most 10 MB (10,000,000 bytes) each for an application, as many for a grant, and as "
    "many for the proofs of what was recorded on behalf of members. PDF, DOCX, ODT, XLSX, ODS, PNG, JPEG, text and "
    "CSV in UTF-8; no macros, no passwords. A version keeps the files that it was put forward with.",
)


def file_is_of_ordinary_size(size: int) -> None:
    """Require a file that is not empty, and of at most `FILE_BYTES` bytes (D30)."""
    D30.require(size > 0, "The file is empty.", "Look at it on your own computer, then send it again.")
    D30.require(
        size <= FILE_BYTES,
        f"The file has {size:,} bytes; {FILE_BYTES:,} are allowed.",
        "Make its pictures smaller, or divide it.",
    )


def files_are_few(already: int) -> None:
    """Require fewer than `FILES` files where one more is attached (D30)."""
    D30.require(
        already < FILES,
        f"{already} files are attached already; {FILES} are allowed.",
        "Put several into one document.",
    )
