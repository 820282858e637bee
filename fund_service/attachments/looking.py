"""Whether a content is of the kind that its name says, from its first byte to its last.

A library that tells kinds by first bytes was tried (puremagic 1.30): it takes any ZIP for DOCX and a text that begins
with “BM” for a picture. So the marks that the standards name are looked for here, where they must stand; what could be
read as a second kind too is refused. A picture keeps what its camera wrote into it (EXIF): the digest names the file as
it was given, and evidence may need time and place.
"""

import struct
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping
from typing import BinaryIO, Final

from domain.files import FileKind
from fund_service.attachments.containers import look_into
from fund_service.attachments.kinds import KindRefused

_ZIP_END: Final = b"PK\x05\x06"
_PDF: Final = b"%PDF-"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_NEAR: Final = 1024
"""So near to its end a PDF says that it ends; so near to its beginning readers take one for a PDF."""
_FAR: Final = 65_557
"""So far from a file's end readers look for the end of a ZIP: its record, and the longest remark."""
_CHUNK: Final = 1 << 20


def look_at(content: BinaryIO, kind: FileKind) -> None:
    """Require a content of this kind, and of no second one. Raises KindRefused, with the cure."""
    _LOOKS[kind](content)
    if kind is not FileKind.PDF and _PDF in _beginning(content):
        raise _second(kind)
    if kind in (FileKind.PDF, FileKind.PNG, FileKind.JPEG) and _ZIP_END in _end(content, _FAR):
        raise _second(kind)
    content.seek(0)


def _pdf(content: BinaryIO) -> None:
    if not _begins(content, _PDF) or b"%%EOF" not in _end(content, _NEAR):
        raise _other("PDF", "Write it anew, for example with “print to PDF”.")


def _png(content: BinaryIO) -> None:
    if not _begins(content, _PNG) or not _png_is_whole(content):
        raise _other("PNG", "Save the picture anew as PNG.")


def _png_is_whole(content: BinaryIO) -> bool:
    """Tell whether a PNG's chunks follow each other to its last one, and nothing stands behind that."""
    content.seek(len(_PNG))
    while len(head := content.read(8)) == 8:
        length, name = struct.unpack(">I4s", head)
        content.seek(length + 4, 1)
        if name == b"IEND":
            here = content.tell()
            return content.seek(0, 2) == here
    return False


def _jpeg(content: BinaryIO) -> None:
    if not _begins(content, b"\xff\xd8\xff") or b"\xff\xd9" not in _end(content, _FAR):
        raise _other("JPEG", "Save the picture anew as JPEG.")


def _text(content: BinaryIO) -> None:
    content.seek(0)
    decoder = getincrementaldecoder("utf-8")()
    try:
        while chunk := content.read(_CHUNK):
            _is_readable(decoder.decode(chunk))
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as other:
        raise _other("text in UTF-8", "Save it anew, with the encoding UTF-8.") from other


def _is_readable(text: str) -> None:
    if not text.isascii() or not text.isprintable():
        steering = {sign for sign in set(text) if ord(sign) < 32 or ord(sign) == 127} - set("\t\n\r\f")
        if steering:
            raise _other("text", "Save it anew as plain text: it holds characters that nobody types.")


def _container(kind: FileKind) -> Callable[[BinaryIO], None]:
    return lambda content: look_into(content, kind)


_LOOKS: Final[Mapping[FileKind, Callable[[BinaryIO], None]]] = {
    FileKind.PDF: _pdf,
    FileKind.PNG: _png,
    FileKind.JPEG: _jpeg,
    FileKind.TEXT: _text,
    FileKind.CSV: _text,
    **{kind: _container(kind) for kind in (FileKind.DOCX, FileKind.ODT, FileKind.XLSX, FileKind.ODS)},
}


def _begins(content: BinaryIO, mark: bytes) -> bool:
    content.seek(0)
    return content.read(len(mark)) == mark


def _beginning(content: BinaryIO) -> bytes:
    content.seek(0)
    return content.read(_NEAR)


def _end(content: BinaryIO, length: int) -> bytes:
    size = content.seek(0, 2)
    content.seek(max(0, size - length))
    return content.read()


def _other(kind: str, cure: str) -> KindRefused:
    return KindRefused(f"The file is no {kind} as its name says, or not a whole one.", cure)


def _second(kind: FileKind) -> KindRefused:
    return KindRefused(f"The file can be read as {kind} and as something else too.", "Save it anew, as one kind alone.")
