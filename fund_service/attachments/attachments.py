"""Attached files between a request and the fund's door: given, looked at, scanned, kept; and given out again, checked.

Content is kept before its event is recorded, so that no event names what is not there. What a rule refuses, what the
scanner finds something in and what is only tried out is never kept.
"""

import hashlib
from typing import BinaryIO, Final, TypeVar

from domain.errors import Refused, Unavailable
from domain.files import File
from domain.grant.commands import AttachEvidence, AttachToReport
from domain.pilot_action.commands import AttachFile, AttachProof
from fund_service.application import NO_TERMS, Fund, Terms
from fund_service.attachments.contents import Contents
from fund_service.attachments.kinds import kind_of, title_of
from fund_service.attachments.looking import look_at
from fund_service.attachments.scanning import Scanner
from fund_service.strict_json import checked_text

A = TypeVar("A", AttachFile, AttachProof, AttachEvidence, AttachToReport)
_CHUNK: Final = 1 << 20


def given_file(content: BinaryIO, name: str, title: str | None) -> dict[str, object]:
    """Return what a command says of a file with this name: digest and size of its content, its kind and its title.

    Raises KindRefused for a name that says no kind that is taken, Malformed for a title that cannot be shown.
    """
    kind, digest, size = kind_of(name), hashlib.sha256(), 0
    content.seek(0)
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    content.seek(0)
    called = " ".join(checked_text(title_of(name) if title is None else title).split())
    return {"digest": digest.hexdigest(), "size": size, "kind": kind, "title": called}


class Attachments:
    """The files of a fund. Thread-safe."""

    def __init__(self, fund: Fund, contents: Contents, scanner: Scanner) -> None:
        """Attach through this door, keep there, and have them scanned."""
        self._fund = fund
        self.contents = contents
        self.scanner = scanner

    def looked_at(self, command: A, content: BinaryIO, terms: Terms = NO_TERMS) -> A:
        """Return the command with what the scanner says of its file; nothing is kept.

        Raises what `Fund.handle` would raise, KindRefused, Infected, and Unavailable when the scanner is away.
        """
        if not self._fund.preview(command, terms=terms):
            return command  # it was carried out before
        look_at(content, command.file.kind)
        file = command.file.model_copy(update={"scan": self.scanner.scan(content)})
        return command.model_copy(update={"file": file})

    def keep(self, command: A, content: BinaryIO, terms: Terms = NO_TERMS) -> A:
        """Return the command with what the scanner says of its file, whose content is kept now.

        Raises what `looked_at` raises; what a rule or the stage refuses is told to the door first, which remembers it.
        """
        try:
            looked = self.looked_at(command, content, terms)
        except Refused:
            self._fund.handle(command, terms)
            raise
        self.contents.keep(looked.file.digest, content)
        return looked

    def content(self, file: File) -> bytes:
        """Return the content of a file. Raises Unavailable when it is missing, or not what was attached."""
        found = self.contents.find(file.digest)
        if found is None:
            raise Unavailable(
                "The content of this file is missing in the store.",
                "Tell the secretariat: it is restored from a backup.",
            )
        if hashlib.sha256(found).hexdigest() != file.digest:
            raise Unavailable(
                "The content of this file was altered in the store, so it is not given out.",
                "Tell the secretariat: it is restored from a backup.",
            )
        return found
