"""The API's server: binds its port first, so that one that is taken is told at once."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from domain.errors import Unavailable


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the service."""
        yield


@contextlib.contextmanager
def bound(port: int) -> Iterator[socket.socket]:
    """Listen on a port of the loopback address until the end of the block. Raises Unavailable when it is taken."""
    # named TCP, asyncio sends each part of an answer at once; else the second waits 40 ms for word of the first
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
            listening.listen()
        except OSError as taken:
            raise Unavailable(
                f"Port {port} is in use.", "Choose another one with --port, or --port 0 for any."
            ) from taken
        yield listening


def address_of(listening: socket.socket) -> str:
    """Return where the API answers."""
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


@asynccontextmanager
async def serving(listening: socket.socket, app: ASGIApp) -> AsyncIterator["asyncio.Task[None]"]:
    """Serve an application there until the end of the block; a fund's answers without an end then end."""
    server = _Server(uvicorn.Config(app, log_level="warning", server_header=False))
    running = asyncio.create_task(server.serve(sockets=[listening]), name="api")
    try:
        yield running
    finally:
        context = getattr(app.state, "context", None) if isinstance(app, FastAPI) else None
        if context is not None:
            context.ending = True
        server.should_exit = True
        await asyncio.wait([running])
        if context is not None:
            context.ending = False  # whoever serves it again begins anew
