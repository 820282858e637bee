"""Files that commands write: never over another, for their owner alone, and whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from domain.errors import Malformed, Unavailable


@contextmanager
def writing_new(file: Path) -> Iterator[BinaryIO]:
    """Write a file that is not there yet; when something goes wrong it is gone again. Raises Malformed, Unavailable."""
    try:
        opened = os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
    except FileExistsError as there:
        raise Malformed(f"{file} is there already.", "Name another file, or remove this one.") from there
    except OSError as closed:
        raise Unavailable(f"{file} cannot be written: {closed.strerror}.", "Name another file.") from closed
    try:
        with opened:
            yield opened
    except BaseException:
        file.unlink()
        raise
