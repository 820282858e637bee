"""Real servers on 127.0.0.1 that take checkpoints: a witness, whoever takes a POST, and a server of mail."""

import asyncio
import email
import socketserver
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from fund_service.audit.offline.notes import Key
from fund_service.audit.witness import Witness
from fund_service.audit.witness_service import prepared, witnessing

NAME: Final = "witness.example/w1"
SEEN: Final = 1_774_000_000
"""When the witness of the tests signs: 2026-03-20 09:46:40 UTC."""


@contextmanager
def witness_at(folder: Path, logs: Iterable[Key], port: int = 0) -> Iterator[str]:
    """Run the witness of a folder, and yield its address as the settings name it."""
    signer = prepared(folder, NAME)
    witness, started, stop = Witness(folder, signer, logs, lambda: SEEN), threading.Event(), asyncio.Event()
    found: dict[str, Any] = {}

    async def run() -> None:
        async with witnessing(witness, port) as (address, _):
            found.update(address=address, loop=asyncio.get_running_loop())
            started.set()
            await stop.wait()

    running = threading.Thread(target=asyncio.run, args=(run(),))
    running.start()
    assert started.wait(30)
    try:
        yield f"witness+{found['address']}#{signer.key}"
    finally:
        found["loop"].call_soon_threadsafe(stop.set)
        running.join()


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        server.taken.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Taker(ThreadingHTTPServer):
    """Whoever takes a POST, and answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.taken: list[str] = []
        self.status = 204


class _Mailed(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: Any = self.server
        self.wfile.write(b"220 mail\r\n")
        for line in iter(self.rfile.readline, b""):
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = list(iter(self.rfile.readline, b".\r\n"))
                server.mails.append(email.message_from_bytes(b"".join(lines), policy=policy.default))
            if word == b"RCPT" and server.refuses:
                self.wfile.write(b"550 nobody\r\n")
            else:
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    """A server of mail, which refuses whom it should deliver to where `refuses` says so."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Mailed)
        self.mails: list[EmailMessage] = []
        self.refuses = False


@contextmanager
def answering(server: socketserver.BaseServer) -> Iterator[int]:
    """Let a server answer until the end of the block, and yield its port."""
    running = threading.Thread(target=server.serve_forever, args=(0.01,))
    running.start()
    try:
        yield server.server_address[1]  # type: ignore[index]  # an address of TCP
    finally:
        server.shutdown()
        running.join()
        server.server_close()
