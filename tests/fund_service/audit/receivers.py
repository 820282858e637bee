"""Real servers on 127.0.0.1 that take checkpoints: a witness, whoever takes a POST, and a server of mail."""

import asyncio
import email
import socketserver
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from fund_service.audit.offline.notes import Key
from fund_service.audit.witness import Answer, Witness
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
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.taken.append(body.decode())
        answer = Answer(server.status, "") if server.witness is None else server.witness.add(body)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body.encode())))
        self.end_headers()
        self.wfile.write(answer.body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Taker(ThreadingHTTPServer):
    """Whoever takes a POST, and answers with `status`, or as a witness does where there is one."""

    def __init__(self, host: str = "127.0.0.1", witness: Witness | None = None) -> None:
        super().__init__((host, 0), _Taking)
        self.taken: list[str] = []
        self.status, self.witness = 204, witness


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

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), _Mailed)
        self.mails: list[EmailMessage] = []
        self.refuses = False


def certificate(folder: Path, host: str) -> Path:
    """Make a certificate of a host with its key, in one file, which nobody else signed."""
    secret, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder(name, name, secret.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(secret, SHA256())
    )
    pem, raw = Encoding.PEM, PrivateFormat.PKCS8
    file = folder / f"{made.serial_number}.pem"
    file.write_bytes(made.public_bytes(pem) + secret.private_bytes(pem, raw, NoEncryption()))
    return file


def over_tls(server: socketserver.TCPServer, file: Path) -> None:
    """Let a server speak TLS alone, by this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)


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
