"""Files that people attach: what the log knows of one. Its content lies outside the log, under its digest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from domain.values import ProtectedText, Value


class FileKind(StrEnum):
    """The kinds of file that the fund takes; no other is stored (D30)."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    XLSX = "xlsx"
    ODS = "ods"
    PNG = "png"
    JPEG = "jpeg"
    TEXT = "text"
    CSV = "csv"


class Scan(StrEnum):
    """What a virus scanner said when the file came; where the service has none, that is said."""

    CLEAN = "clean"
    NOT_SCANNED = "not_scanned"


class GivenFile(Value):
    """A file that somebody gives: the SHA-256 of its content in hexadecimal, its size in bytes, and what it is called.

    The service reckons digest, size and kind from the content itself. What the scanner said is no part of what is
    asked: the same request sent again is the same, whatever it says then.
    """

    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)
    kind: FileKind
    title: str = Field(min_length=1, max_length=200)
    scan: Scan = Field(default=Scan.NOT_SCANNED, exclude=True)

    def recorded(self, by: UUID) -> "File":
        """Return the file as it is recorded, its title protected as this subject's text."""
        title = ProtectedText(subject=by, text=self.title)
        return File(digest=self.digest, size=self.size, kind=self.kind, title=title, scan=self.scan)


class File(Value):
    """A file that was attached: the SHA-256 of its content in hexadecimal, its size in bytes, kind and title."""

    digest: str
    size: int
    kind: FileKind
    title: ProtectedText
    scan: Scan


@dataclass(frozen=True, slots=True)
class Attached:
    """A file where it is attached: to a section of the form, for an organisation or to an order, where it names one."""

    id: UUID
    file: File
    section: str | None = None
    organisation_id: UUID | None = None
    order: int | None = None


def with_file(files: tuple[Attached, ...], attached: Attached) -> tuple[Attached, ...]:
    """Return the files with one more."""
    return (*without_file(files, attached.id), attached)


def without_file(files: tuple[Attached, ...], id: UUID) -> tuple[Attached, ...]:
    """Return the files without this one."""
    return tuple(one for one in files if one.id != id)


def told(files: Iterable[Attached]) -> Iterator[str]:
    """Yield what a digest of a version covers of its files, in whatever order they came."""
    for one in sorted(files, key=lambda one: (one.file.digest, one.section or "")):
        yield from ("file", one.file.digest, one.section or "", one.file.title.text or "")
