"""A file goes out: always to be saved, never to be shown by the browser, under a name that no system misreads."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse

from domain.files import Attached
from fund_service.api.answering import VARY
from fund_service.api.context import POSITION
from fund_service.attachments.attachments import Attachments
from fund_service.attachments.kinds import KINDS, name_of

ZIP: Final = "application/zip"
_PART: Final = 1 << 18
_POLICY: Final = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def download(
    attachments: Attachments, found: Attached, if_none_match: str | None, position: int, past: Mapping[str, str]
) -> Response:
    """Return the content of a file, checked, or 304 for who has it. Raises Unavailable when it is lost or altered."""
    tag = f'"{found.file.digest}"'
    headers = {**past, "ETag": tag, POSITION: str(position), "Vary": VARY, "Cache-Control": "private, no-cache"}
    if if_none_match is not None and tag in (one.strip().removeprefix("W/") for one in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    headers |= {"Content-Disposition": disposition(found), "Content-Security-Policy": _POLICY}
    return Response(attachments.content(found.file), headers=headers, media_type=KINDS[found.file.kind].media_type)


def disposition(found: Attached) -> str:
    """Return what the browser is told to do: save it, under this name (RFC 6266)."""
    name = name_of(found.file.title.text or "", found.file.kind)
    return _attachment(name)


def saved_as(name: str) -> Mapping[str, str]:
    """Return the headers of a document that was made here: to be saved under this name, never shown."""
    return {"Content-Disposition": _attachment(name), "Content-Security-Policy": _POLICY}


def sent(target: BinaryIO, name: str, digest: str, if_none_match: str | None, position: int) -> Response:
    """Return a ZIP that was written into a file, part by part, or 304 for who has it; the file is closed after it."""
    headers = {"ETag": f'"{digest}"', POSITION: str(position), "Vary": VARY, "Cache-Control": "private, no-cache"}
    if if_none_match is not None and headers["ETag"] in (one.strip() for one in if_none_match.split(",")):
        target.close()
        return Response(status_code=304, headers=headers)
    headers |= {**saved_as(name), "Content-Length": str(target.tell())}
    target.seek(0)
    return StreamingResponse(_parts(target), headers=headers, media_type=ZIP)


def _parts(target: BinaryIO) -> Iterator[bytes]:
    with target:
        yield from iter(lambda: target.read(_PART), b"")


def _attachment(name: str) -> str:
    plain = "".join(sign if sign.isascii() else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
