"""Files that people hand over: read as text in UTF-8, and no more of them than they can sensibly hold."""

from pathlib import Path
from typing import Final

from domain.errors import Malformed

LARGEST: Final = 5_000_000
"""In bytes: an edition has some 15,000, a list of all places and pairs of a programme some 100,000."""


def text_of(path: Path, save_as: str = "UTF-8") -> str:
    """Return the text of a file, without its byte order mark. Raises Malformed: what is wrong with it, and the cure."""
    try:
        with path.open("rb") as file:
            read = file.read(LARGEST + 1)
        if len(read) > LARGEST:
            raise Malformed(f"{path} is larger than {LARGEST // 1_000_000} MB.", "Name the file that you mean.")
        return decoded(read, str(path), save_as)
    except OSError as away:
        reason = (away.strerror or "unknown reason").lower()
        raise Malformed(f"{path} cannot be read: {reason}.", "Check the path and the rights.") from away


def decoded(read: bytes, called: str, save_as: str = "UTF-8") -> str:
    """Return the text that bytes are, without its byte order mark. Raises Malformed: what is wrong, and the cure."""
    try:
        return read.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as not_text:
        raise Malformed(f"{called} is not text in UTF-8.", f"Save it as {save_as}.") from not_text
