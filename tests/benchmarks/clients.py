"""Clients over HTTP, in a process of their own: `python -m tests.benchmarks.clients`, told on its input what to send.

Each keeps one connection and sends a request when it has the answer to the one before, as fast as answers come. They
look at the status and the length of an answer alone, so that they take little of the processors.
"""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from typing import Final, Self, cast
from uuid import uuid4

import uvloop

_STATUS: Final = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_END: Final = b"\r\n\r\n"


@dataclass(frozen=True)
class Load:
    """What so many clients send for so many seconds: the paths in turn, each request with a fresh idempotency key."""

    port: int
    clients: int
    seconds: float
    paths: list[str]
    method: str = "GET"
    token: str = ""
    body: str = ""

    def requests(self) -> Iterator[bytes]:
        """Yield one request after the other."""
        run = uuid4().hex
        told = f"Host: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\nAccept: application/json\r\n"
        if self.body:
            told += f"Content-Type: application/json\r\nContent-Length: {len(self.body)}\r\n"
        for number in count():
            path = self.paths[number % len(self.paths)]
            key = f"Idempotency-Key: {run}-{number}\r\n" if self.method != "GET" else ""
            yield f"{self.method} {path} HTTP/1.1\r\n{told}{key}\r\n{self.body}".encode()

    def rate(self) -> float:
        """Return how many requests a second are answered, in clients of a process of their own."""
        told = json.dumps(asdict(self))
        done = subprocess.run([sys.executable, "-m", __name__], input=told, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"The clients failed:\n{done.stderr}")
        return float(done.stdout)

    @classmethod
    def told(cls) -> Self:
        """Return what stands on the input."""
        return cls(**json.load(sys.stdin))


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, requests: Iterator[bytes]) -> None:
        """Send these requests."""
        self._requests = requests
        self._heard = b""
        self.done = 0
        self.refused: set[int] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        """Send the next request when the answer is whole."""
        self._heard += data
        head = self._heard.find(_END)
        if head < 0:
            return
        status, length = _STATUS.match(self._heard), _LENGTH.search(self._heard, 0, head + 2)
        assert status is not None
        assert length is not None
        if len(self._heard) < head + len(_END) + int(length[1]):
            return
        if int(status[1]) not in (200, 201):
            self.refused.add(int(status[1]))
        self.done += 1
        self._heard = b""
        self._transport.write(next(self._requests))

    def leave(self) -> None:
        """Hear no more."""
        self._transport.abort()


async def _rate(load: Load) -> float:
    requests, loop = load.requests(), asyncio.get_running_loop()
    made = [await loop.create_connection(lambda: Client(requests), "127.0.0.1", load.port) for _ in range(load.clients)]
    begun = time.perf_counter()
    before = sum(client.done for _, client in made)
    await asyncio.sleep(load.seconds)
    done, seconds = sum(client.done for _, client in made) - before, time.perf_counter() - begun
    refused = {status for _, client in made for status in client.refused}
    for _, client in made:
        client.leave()
    if refused:
        raise SystemExit(f"Some were answered with {sorted(refused)}.")
    return done / seconds


if __name__ == "__main__":
    print(uvloop.run(_rate(Load.told())))
