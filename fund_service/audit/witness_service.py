"""A witness that answers over HTTP, as C2SP tlog-witness says; it is no part of a fund."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from domain.errors import Malformed, NotFound, Unavailable
from fund_service.api.server import address_of, bound, serving
from fund_service.audit.offline.merkle import Unproven
from fund_service.audit.offline.notes import LOG, WITNESS, Key, is_name, key_of
from fund_service.audit.signing import OwnKey, key_in
from fund_service.audit.witness import STATE_FILE, Answer, Witness, begin

LARGEST_BODY: Final = 1 << 17
"""Bytes of a request: 63 hashes, and a checkpoint with 16 signatures of the largest kind."""
KEY_FILE: Final = "witness.key"


def key_of_witness(folder: Path) -> OwnKey:
    """Return the key of the witness in a folder. Raises NotFound, Unavailable."""
    if not (folder / KEY_FILE).is_file():
        raise NotFound(f"No witness is in {folder}.", "`fund witness serve` makes one there.")
    return key_in(folder / KEY_FILE, "")


def prepared(folder: Path, name: str | None) -> OwnKey:
    """Return the key of the witness in a folder, which is made there at first. Raises Malformed, Unavailable.

    One that lost what it signed never signs again: it could sign another history of a log.
    """
    if (folder / "events.db").exists():
        raise Malformed(f"{folder} holds a fund.", "A witness has a directory of its own, best on another machine.")
    there = (folder / KEY_FILE).is_file()
    if name is not None and not is_name(name):
        raise Malformed("The name of a witness has no spaces and no plus.", "Such as: witness.example.org/fund.")
    if not there and name is None:
        raise Malformed("A new witness needs a name.", "Give it with --name, such as witness.example.org/fund.")
    if there and not (folder / STATE_FILE).is_file():
        raise Unavailable(
            f"The witness in {folder} has lost what it signed: {STATE_FILE} is not there.",
            "Make a new one in another directory, and give its key to the fund and to the auditors.",
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not there:
        begin(folder)
    key = key_in(folder / KEY_FILE, name or "", WITNESS)
    if name not in (None, key.key.name) or key.key.type != WITNESS:
        raise Malformed(f"The witness in {folder} is {key.key.name}.", "Name another directory, or leave --name out.")
    return key


def log_key(text: str) -> Key:
    """Read the key of a log. Raises Malformed."""
    try:
        key = key_of(text)
    except Unproven as wrong:
        raise Malformed(str(wrong), "Take it from the fund's page about its log.") from wrong
    if key.type != LOG:
        raise Malformed(f"{key.name} is no log: its key is a witness's.", "Take it from the fund's page about its log.")
    return key


def make_witness_app(witness: Witness) -> FastAPI:
    """Return the application that asks a witness."""
    app = FastAPI(openapi_url=None)

    @app.post("/add-checkpoint")
    async def add(request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LARGEST_BODY:
                return _told(Answer(413, f"A request has at most {LARGEST_BODY} bytes.\n"))
        return _told(await run_in_threadpool(witness.add, body))

    @app.get("/{digest}/checkpoint")
    def latest(digest: str) -> Response:
        return _told(witness.latest(digest))

    return app


@asynccontextmanager
async def witnessing(witness: Witness, port: int) -> AsyncIterator[tuple[str, "asyncio.Task[None]"]]:
    """Answer on a port of the loopback address until the end of the block. Raises Unavailable when it is taken."""
    with bound(port) as listening:
        async with serving(listening, make_witness_app(witness)) as task:
            yield address_of(listening), task


def _told(answer: Answer) -> Response:
    return Response(answer.body.encode(), answer.status, {"Content-Type": answer.type})
