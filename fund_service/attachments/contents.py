"""The content store: what files hold, each under the digest of its content, so that the same content is kept once.

A folder           the data directory's own, or one that a setting names
s3://BUCKET/…      any store that speaks S3 (s3_contents.py)

Nothing is kept under a name that somebody gave, and nothing is changed: what is kept again is the same.
"""

import os
import shutil
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from uuid import uuid4

from domain.errors import Unavailable
from fund_service.settings import Settings

FOLDER: Final = "attachments"


class Contents(Protocol):
    """A place for contents. `shown` is how messages name it. Thread-safe."""

    shown: str

    def keep(self, digest: str, content: BinaryIO) -> None:
        """Keep a content for good, or again: whole and safe from a power cut, or not at all. Raises Unavailable."""

    def find(self, digest: str) -> bytes | None:
        """Return what lies under a digest, unchecked; None where nothing does. Raises Unavailable."""

    def size(self, digest: str) -> int | None:
        """Return how many bytes lie under a digest, None where nothing does. Raises Unavailable."""


class FolderContents:
    """A folder with a file for each content, in folders by the first two characters of the digest."""

    def __init__(self, folder: Path) -> None:
        """Use this folder, which is made with the first content."""
        self._folder = folder.absolute()
        self.shown = str(folder)

    def keep(self, digest: str, content: BinaryIO) -> None:
        """Write a file beside its place, flush it, and let it take the place in one step."""
        place = self._place(digest)
        beside = place.with_name(f".{uuid4().hex}")
        content.seek(0)
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
                    shutil.copyfileobj(content, written)
                    written.flush()
                    os.fsync(written.fileno())
                beside.replace(place)
            finally:
                beside.unlink(missing_ok=True)
            for folder in (place.parent, self._folder, self._folder.parent):
                _flush(folder)
        except OSError as trouble:
            raise self._away(trouble) from trouble

    def find(self, digest: str) -> bytes | None:
        """Return the content of the file."""
        try:
            return self._place(digest).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as trouble:
            raise self._away(trouble) from trouble

    def size(self, digest: str) -> int | None:
        """Return the size of the file."""
        try:
            return self._place(digest).stat().st_size
        except FileNotFoundError:
            return None
        except OSError as trouble:
            raise self._away(trouble) from trouble

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:]

    def _away(self, trouble: OSError) -> Unavailable:
        return Unavailable(
            f"The folder {self.shown} of attached files cannot be used: {trouble.strerror}.",
            "Look after its disk and its owner, or name another one (FUND_ATTACHMENTS).",
        )


def _flush(folder: Path) -> None:
    """Make the names in a folder safe from a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def contents_of(settings: Settings) -> Contents:
    """Return the content store that the settings name. Raises Malformed."""
    place = settings.attachments
    if place is None:
        return FolderContents(settings.data / FOLDER)
    if place.startswith("s3://"):
        from fund_service.attachments.s3_contents import S3Contents

        return S3Contents(place)
    return FolderContents(Path(place))
