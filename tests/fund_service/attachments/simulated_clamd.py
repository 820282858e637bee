"""A simulated clamd: it speaks INSTREAM as the real one does, and finds the word EICAR; a soak test has the real."""

import socketserver
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        server: Any = self.server
        server.asked.append(command)
        if command == b"zVERSION\0":
            self.wfile.write(b"ClamAV 0.0.0 (simulated)\0")
            return
        content = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > server.longest:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        answer = b"stream: Simulated.EICAR-1 FOUND" if b"EICAR" in content else b"stream: OK"
        if server.answers:
            self.wfile.write(answer + b"\0")


class _OverTcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _OverSocket(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def simulated_clamd(
    socket: Path | None = None, *, answers: bool = True, longest: int = 100_000_000
) -> Iterator[tuple[str, Any]]:
    """Run it, and return its address for the setting, and the server; it may be one that falls silent."""
    server: Any = _OverTcp(("127.0.0.1", 0), _Session) if socket is None else _OverSocket(str(socket), _Session)
    server.asked, server.answers, server.longest = [], answers, longest
    with server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield str(socket) if socket is not None else f"127.0.0.1:{server.server_address[1]}", server
        finally:
            server.shutdown()
            thread.join(10)
