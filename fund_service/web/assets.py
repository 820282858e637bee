"""What pages load, each under an address that names its content: browsers keep it for ever, and never an old one."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from fastapi import APIRouter, Request, Response

from domain.errors import NotFound

STATIC: Final = Path(__file__).with_name("static")
KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
SCRIPTS: Final = "scripts"
"""The folder of scripts that load each other by their names: all of them stand under one digest."""


class Asset(NamedTuple):
    """A file with its media type and the digest of its content."""

    content: bytes
    packed: bytes
    kind: str
    digest: str


@cache
def assets() -> dict[str, Asset]:
    """Return every file by its name."""
    found = {}
    for path in sorted(STATIC.rglob("*")):
        if path.suffix in KINDS:
            content = path.read_bytes()
            packed = gzip.compress(content, mtime=0)
            name = path.relative_to(STATIC).as_posix()
            found[name] = Asset(content, packed, KINDS[path.suffix], sha256(content).hexdigest()[:16])
    together = sha256("".join(f"{name} {one.digest} " for name, one in found.items() if _loads(name)).encode())
    return {n: one._replace(digest=together.hexdigest()[:16]) if _loads(n) else one for n, one in found.items()}


def _loads(name: str) -> bool:
    """Tell whether a file loads others that stand beside it."""
    return name.startswith(f"{SCRIPTS}/")


def address(name: str) -> str:
    """Return the address of a file."""
    return f"/assets/{assets()[name].digest}/{name}"


def asset_routes(router: APIRouter) -> None:
    """Enter the route."""

    @router.get("/assets/{digest}/{name:path}", include_in_schema=False)
    def asset(request: Request, digest: str, name: str) -> Response:
        found = assets().get(name)
        if found is None or found.digest != digest:
            raise NotFound("There is no such file.", "Load the page again.")
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return Response(found.packed, media_type=found.kind, headers={**headers, "Content-Encoding": "gzip"})
        return Response(found.content, media_type=found.kind, headers=headers)
