"""What the log says is attached, compared with what lies in the content store."""

from collections.abc import Iterator, Mapping
from typing import Final

from domain.catalogue import EVENTS
from domain.errors import Unavailable
from domain.files import File
from fund_service.attachments.attachments import Attachments
from fund_service.event_store import EventLog

_KINDS: Final = tuple(kind for kind in EVENTS.values() if "file" in kind.model_fields)


def recorded_files(log: EventLog) -> Mapping[str, File]:
    """Return a file for each content that the log names, by its digest, in the order in which they came."""
    files: Iterator[File] = (event.file for event in log.every(_KINDS))  # type: ignore[attr-defined]
    return {file.digest: file for file in files}


def lost(attachments: Attachments, files: Mapping[str, File]) -> list[str]:
    """Return the digests of contents that are missing, or of another size. Raises Unavailable where nothing answers."""
    return [digest for digest, file in files.items() if attachments.contents.size(digest) != file.size]


def altered(attachments: Attachments, files: Mapping[str, File]) -> Iterator[str]:
    """Yield the digests of contents that are missing, or not what was attached; each is read whole."""
    for digest, file in files.items():
        try:
            attachments.content(file)
        except Unavailable:
            yield digest
