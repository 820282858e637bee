"""The kinds of file that are taken, each by the endings of its names and by its media type.

A name's ending says what a file is meant to be, since it decides what opens it on the reader's computer; a browser's
own word is no better, and differs from one computer to the next.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from domain.errors import FundError
from domain.files import FileKind


class KindRefused(FundError):
    """A file is of a kind that is not taken, or its content is of another kind than its name says."""


class About(NamedTuple):
    """A kind's media type, and the endings of its names; the first is the one that files get when they go out."""

    media_type: str
    endings: tuple[str, ...]


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"

KINDS: Final[Mapping[FileKind, About]] = {
    FileKind.PDF: About("application/pdf", ("pdf",)),
    FileKind.DOCX: About(f"{_OFFICE}.wordprocessingml.document", ("docx",)),
    FileKind.ODT: About(f"{_OPEN}.text", ("odt",)),
    FileKind.XLSX: About(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    FileKind.ODS: About(f"{_OPEN}.spreadsheet", ("ods",)),
    FileKind.PNG: About("image/png", ("png",)),
    FileKind.JPEG: About("image/jpeg", ("jpg", "jpeg")),
    FileKind.TEXT: About("text/plain; charset=utf-8", ("txt",)),
    FileKind.CSV: About("text/csv; charset=utf-8", ("csv",)),
}
"""Every kind that is taken; a test shows that none is missing."""

TAKEN: Final = ", ".join(ending for about in KINDS.values() for ending in about.endings)


def kind_of(name: str) -> FileKind:
    """Return the kind that a file's name says. Raises KindRefused."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    for kind, about in KINDS.items():
        if ending in about.endings:
            return kind
    raise KindRefused("The name of the file ends with no kind that is taken.", f"Send a file of one of: {TAKEN}.")


def title_of(name: str) -> str:
    """Return what a file is called whose sender gives it no title: its name, without folders and ending."""
    own = re.split(r"[/\\]", name)[-1]
    return own.rpartition(".")[0][:200]


def name_of(title: str, kind: FileKind) -> str:
    """Return the name under which a file goes out: letters, digits, and what no system reads as anything else."""
    safe = re.sub(r"[^\w \-()+,=@]", "_", title).strip(" _") or "file"
    return f"{safe[:100]}.{KINDS[kind].endings[0]}"
