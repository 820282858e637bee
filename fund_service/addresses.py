"""Where the parts of a fund answer: ports.json in its data directory, noted by each part for the others and people."""

import fcntl
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fund_service.data_directory import DataDirectory

Addresses = Mapping[str, str]
"""Part → where it answers: api, temporal, ui (Temporal's pages)."""


def read_addresses(directory: DataDirectory) -> dict[str, str]:
    """Return where parts noted that they answer; one that was killed left its note behind."""
    return _read(directory.path("ports.json"))


@contextmanager
def noted_addresses(directory: DataDirectory, addresses: Addresses) -> Iterator[None]:
    """Note where parts answer until the end of the block; what other parts noted stays."""
    path = directory.path("ports.json")
    _change(path, lambda noted: {**noted, **addresses})
    try:
        yield
    finally:
        _change(path, lambda noted: {part: at for part, at in noted.items() if addresses.get(part) != at})


def _change(path: Path, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """Change the notes as the only one who does, and take away a file without notes; readers see it whole."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        noted = change(_read(path))
        if noted:
            written = path.with_suffix(".new")
            written.write_text(json.dumps(noted), encoding="utf-8")
            written.replace(path)
        else:
            path.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {part: str(address) for part, address in found.items()} if isinstance(found, dict) else {}
