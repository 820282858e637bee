"""Inside DOCX, XLSX, ODT and ODS, which are ZIP files: the right parts, no macros, no password, and no bomb.

Every part is unpacked once, in pieces, and thrown away: nothing is written, and never more than the file itself says.
"""

import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import BinaryIO, Final
from xml.etree import ElementTree

from domain.files import FileKind
from fund_service.attachments.kinds import KINDS, KindRefused

PARTS: Final = 2_000
UNPACKED_BYTES: Final = 100_000_000
"""What a document unpacks to at most; a real one of 10 MB holds pictures, which are packed already."""

_BEGIN: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"
_END_BYTES: Final = 22
"""So long is the record at a ZIP's end, where no remark follows it."""
_PACKINGS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_MOST: Final = 1_000_000
_CHUNK: Final = 1 << 20
_MACROS: Final = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml)$|^xl/macrosheets/|^(basic|scripts)/", re.IGNORECASE)
_OUTSIDE: Final = re.compile(r"^/|^[A-Za-z]:|\\|(^|/)\.\.(/|$)")
_MAIN: Final[Mapping[FileKind, str]] = {
    FileKind.DOCX: f"{KINDS[FileKind.DOCX].media_type}.main+xml",
    FileKind.XLSX: f"{KINDS[FileKind.XLSX].media_type}.main+xml",
}
_AGAIN: Final = "Save it anew with your office program."


def look_into(content: BinaryIO, kind: FileKind) -> None:
    """Require a whole document of this kind without macros and password. Raises KindRefused."""
    content.seek(0)
    begins = content.read(len(_BEGIN)) == _BEGIN
    size = content.seek(0, 2)
    content.seek(max(0, size - _END_BYTES))
    if not begins or not content.read().startswith(_END):
        raise _broken(kind)
    try:
        with zipfile.ZipFile(content) as packed:
            parts = packed.infolist()
            if not _lies_alone(parts):
                raise _broken(kind)
            _is_no_bomb(parts, size)
            _holds_no_harm(parts)
            _unpacks(packed, parts)
            (_is_office if kind in _MAIN else _is_open)(packed, parts, kind)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError, RuntimeError) as broken:
        raise _broken(kind) from broken


def _lies_alone(parts: Sequence[zipfile.ZipInfo]) -> bool:
    """Tell whether the first part stands at the file's beginning, and all are packed as documents are."""
    packings = {part.compress_type for part in parts}
    return bool(parts) and min(part.header_offset for part in parts) == 0 and packings <= _PACKINGS


def _is_no_bomb(parts: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Require parts that lie side by side in the file, and that do not unpack to much more than a document is."""
    packed = sum(part.compress_size for part in parts)
    if len(parts) > PARTS or packed > size or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise KindRefused("The document unpacks to more than any ordinary one.", "Make it smaller, or send it as PDF.")


def _holds_no_harm(parts: Sequence[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise KindRefused("The document is protected by a password.", "Save it without one.")
    if any(_MACROS.search(name) for name in names):
        raise KindRefused("The document holds macros.", "Save it without macros, or as PDF.")
    if any(_OUTSIDE.search(name) for name in names) or len(set(names)) < len(names):
        raise KindRefused("The document holds a part that no office program writes.", _AGAIN)


def _unpacks(packed: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> None:
    """Require parts that unpack to what they say they are. Raises BadZipFile, zlib's errors and others."""
    import zlib

    try:
        for part in parts:
            with packed.open(part) as unpacked:
                while unpacked.read(_CHUNK):
                    pass
    except zlib.error as broken:
        raise zipfile.BadZipFile from broken


def _is_office(packed: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo], kind: FileKind) -> None:
    """Require the list of parts that OOXML prescribes, and in it the main part of this kind and of no other."""
    types = _small(packed, "[Content_Types].xml", kind)
    if b"<!" in types.replace(b"<!--", b""):
        raise _broken(kind)
    try:
        listed = [one.get("ContentType", "") for one in ElementTree.fromstring(types)]
    except ElementTree.ParseError as broken:
        raise _broken(kind) from broken
    if [one for one in listed if one.endswith(".main+xml")] != [_MAIN[kind]]:
        raise _broken(kind)


def _is_open(packed: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo], kind: FileKind) -> None:
    """Require the first part that OpenDocument prescribes: its media type, not packed."""
    first = parts[0]
    plain = first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED
    if not plain or _small(packed, "mimetype", kind) != KINDS[kind].media_type.encode():
        raise _broken(kind)


def _small(packed: zipfile.ZipFile, name: str, kind: FileKind) -> bytes:
    """Return a part that is never large. Raises KindRefused."""
    if name not in packed.namelist() or packed.getinfo(name).file_size > _MOST:
        raise _broken(kind)
    return packed.read(name)


def _broken(kind: FileKind) -> KindRefused:
    return KindRefused(f"The file is no {kind.upper()} as its name says, or not a whole one.", _AGAIN)
