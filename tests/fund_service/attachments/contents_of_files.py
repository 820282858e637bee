"""The smallest whole files of every kind that is taken, and hostile ones."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

from domain.files import FileKind
from fund_service.attachments.kinds import KINDS

PDF: Final = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPEG: Final = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"picture" + b"\xff\xd9"


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(remark: bytes = b"") -> bytes:
    """Return a picture of one point, with a remark."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"tEXt", remark) + body + chunk(b"IEND", b"")


def packed(parts: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP with these parts; one that is called mimetype is not packed."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", packing) as made:
        for name, content in parts.items():
            made.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else packing)
    return written.getvalue()


def types(*kinds: str) -> bytes:
    """Return the list of the parts of an OOXML document."""
    parts = "".join(f'<Override PartName="/part{n}.xml" ContentType="{kind}"/>' for n, kind in enumerate(kinds))
    return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{parts}</Types>'.encode()


def office(kind: FileKind, **more: bytes) -> bytes:
    """Return a document as office programs write it, with more parts."""
    return packed(
        {"[Content_Types].xml": types(f"{KINDS[kind].media_type}.main+xml"), "word/document.xml": b"<d/>", **more}
    )


def opened(kind: FileKind, **more: bytes) -> bytes:
    """Return an OpenDocument, with more parts."""
    return packed({"mimetype": KINDS[kind].media_type.encode(), "content.xml": b"<d/>", **more})


WHOLE: Final[Mapping[FileKind, bytes]] = {
    FileKind.PDF: PDF,
    FileKind.DOCX: office(FileKind.DOCX),
    FileKind.ODT: opened(FileKind.ODT),
    FileKind.XLSX: office(FileKind.XLSX),
    FileKind.ODS: opened(FileKind.ODS),
    FileKind.PNG: png(),
    FileKind.JPEG: JPEG,
    FileKind.TEXT: "Málaga\n".encode(),
    FileKind.CSV: "\ufeffcity;points\r\nMálaga;84\r\n".encode(),
}
"""One whole file of each kind."""

DOCX: Final = WHOLE[FileKind.DOCX]


def overlapping() -> bytes:
    """Return a document whose second part lies where the first one does, as a bomb of overlapping parts has it."""
    large = packed({"[Content_Types].xml": types(), "a.xml": bytes(50_000)}, zipfile.ZIP_STORED)
    written = io.BytesIO(large)
    with zipfile.ZipFile(written, "a") as made:
        first = made.getinfo("a.xml")
        for name in ("b.xml", "c.xml"):
            again = zipfile.ZipInfo(name)
            again.header_offset, again.CRC = first.header_offset, first.CRC
            again.compress_size = again.file_size = first.file_size
            made.filelist.append(again)
            made.NameToInfo[name] = again
        made._didModify = True  # type: ignore[attr-defined]
    return written.getvalue()


HOSTILE: Final[Mapping[str, tuple[str, bytes]]] = {
    "a program": ("plan.exe", b"MZ\x90"),
    "no ending": ("plan", PDF),
    "an ending of a macro document": ("plan.docm", DOCX),
    "a program that is called PDF": ("plan.pdf", b"MZ\x90\x00"),
    "a page that is called PDF": ("plan.pdf", b"<html><script>alert(1)</script>"),
    "a PDF that is called PNG": ("plan.png", PDF),
    "a PDF without its end": ("plan.pdf", PDF[:20]),
    "a PDF behind something": ("plan.pdf", b"<html>" + PDF),
    "a PDF that is a ZIP too": ("plan.pdf", PDF + DOCX),
    "a PNG that goes on": ("plan.png", png() + b"<html>"),
    "a PNG without its end": ("plan.png", png()[:-12]),
    "a PNG that is a PDF too": ("plan.png", png(b"%PDF-1.7 %%EOF")),
    "a PNG that is a ZIP too": ("plan.png", png(DOCX)),
    "a JPEG that is a ZIP too": ("plan.jpg", JPEG + DOCX + b"\xff\xd9"),
    "a JPEG that is a PDF too": ("plan.jpeg", JPEG[:-2] + PDF + b"\xff\xd9"),
    "a JPEG without its end": ("plan.jpg", JPEG[:-2]),
    "text in another encoding": ("plan.txt", "Málaga".encode("latin-1")),
    "text that ends in half a character": ("plan.csv", "Má".encode()[:-1]),
    "text that steers a terminal": ("plan.txt", b"\x1b[2J"),
    "text that is a PDF too": ("plan.txt", b"Dear all\n" + PDF),
    "a ZIP that is no document": ("plan.docx", packed({"a.txt": b"a"})),
    "an empty ZIP": ("plan.docx", packed({})),
    "a sheet that is called a text": ("plan.docx", WHOLE[FileKind.XLSX]),
    "a sheet that is called an open text": ("plan.odt", WHOLE[FileKind.ODS]),
    "a document with macros": ("plan.docx", office(FileKind.DOCX, **{"word/vbaProject.bin": b"x"})),
    "a document with macros under another name": ("plan.docx", office(FileKind.DOCX, **{"WORD/VBAPROJECT.BIN": b"x"})),
    "a document of the kind with macros": (
        "plan.docx",
        packed({"[Content_Types].xml": types("application/vnd.ms-word.document.macroEnabled.main+xml")}),
    ),
    "a sheet with old macros": ("plan.xlsx", office(FileKind.XLSX, **{"xl/macrosheets/sheet1.xml": b"x"})),
    "an open text with macros": ("plan.odt", opened(FileKind.ODT, **{"Basic/Standard/Module1.xml": b"x"})),
    "a part outside": ("plan.docx", office(FileKind.DOCX, **{"../../plan.xml": b"x"})),
    "a list of parts with entities": (
        "plan.docx",
        packed(
            {"[Content_Types].xml": b'<!DOCTYPE t [<!ENTITY a "aa">]>' + types(f"{KINDS[FileKind.DOCX].media_type}")}
        ),
    ),
    "a list of parts that is no XML": ("plan.docx", packed({"[Content_Types].xml": b"<Types>"})),
    "a bomb": ("plan.docx", office(FileKind.DOCX, **{"word/a.xml": bytes(100_000_001)})),
    "a bomb of parts that overlap": ("plan.docx", overlapping()),
    "a bomb of many parts": ("plan.docx", packed({f"{number}.xml": b"" for number in range(2_001)})),
    "a document behind something": ("plan.docx", b"MZ" + DOCX),
    "a document behind a document": ("plan.docx", packed({"a.txt": b"a"}) + DOCX),
    "a document before something": ("plan.docx", DOCX + b"<html>"),
    "a document with a remark": ("plan.docx", DOCX[:-2] + b"\x06\x00<html>"),
    "a document with a damaged part": ("plan.docx", DOCX.replace(b"PK\x01\x02", b"PK\x01\x03", 1)),
    "a document packed otherwise": ("plan.docx", packed({"[Content_Types].xml": types()}, zipfile.ZIP_BZIP2)),
}
"""Files that are refused, each with its name."""
