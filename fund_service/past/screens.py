"""Screens as of a moment: each is made when a question first touches it, and kept in a file for the next one.

A file holds one screen at one position, and its name a digest of the record there: that of a log which was restored
since, or of another one, is not taken for it. It is taken on from the nearest earlier one, and on a long way others are
left behind as stations, so that after the first look at a long log any moment of it is near one. They follow from the
log and may be deleted at any time; whenever somebody's data are erased, all of them are.
"""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Engine, NullPool, create_engine, event

from domain.account.events import PersonalDataErased
from domain.errors import Unavailable
from domain.messages import Recorded
from fund_service.event_store import EventLog
from fund_service.past.moments import Moment
from projections.read_model import Follower, ReadModel

STRIDE: Final = 5_000
"""So many positions lie between two stations: they are followed in less than a second."""
LARGEST_STATION: Final = 8 << 20
"""A screen with more bytes leaves no stations: those of a long log would fill the folder."""
MOST_BYTES: Final = 2 << 30
"""So much all files hold together; those that were used least recently go first."""
MOST_ATTACHED: Final = 10
"""SQLite has so many files at one connection."""
_BATCH: Final = 2000
_LOOKED_THROUGH: Final = "looked-through"
"""The file that says up to which position the log was looked through for erasures."""
_WORD: Final = re.compile(r"\w+")
_FILE: Final = re.compile(r"(\w+)-v(\d+)-(\d+)-(\w+)\.db")


class PastScreens:
    """The screens of a log as of moments of its past, in a folder of their own. Safe for threads and processes."""

    def __init__(self, log: EventLog, screens: Sequence[type[ReadModel]], folder: Path) -> None:
        """Follow this log with these screens; the folder is made when it is needed."""
        self._log = log
        self._folder = folder
        self._screen_of = {table: screen for screen in screens for table in screen.metadata.tables}
        self._lock = Lock()

    def engine(self, log: EventLog, moment: Moment) -> Engine:
        """Return an engine for the screens as of a moment, whose log is `log`: to be read only."""
        engine = create_engine(
            "sqlite://", creator=_nowhere, poolclass=NullPool, hide_parameters=True, isolation_level="AUTOCOMMIT"
        )

        def bring(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
            there: set[str] = connection.info.setdefault("screens", set())
            touched = {self._screen_of[word] for word in _WORD.findall(statement) if word in self._screen_of}
            names = {screen.name for screen in touched}
            for name in sorted(there - names)[: max(0, len(there | names) - MOST_ATTACHED)]:
                cursor.execute(f"DETACH DATABASE {name}")
                there.remove(name)
            for screen in (one for one in touched if one.name not in there):
                with self._at(screen, log, moment) as file:
                    cursor.execute(f"ATTACH DATABASE ? AS {screen.name}", (f"file:{file}?mode=ro&immutable=1",))
                there.add(screen.name)

        event.listen(engine, "before_cursor_execute", bring)
        return engine

    @contextmanager
    def _at(self, screen: type[ReadModel], log: EventLog, moment: Moment) -> Iterator[Path]:
        """Return the file with a screen as of a moment; it stays at least until the end of the block."""
        with self._lock:
            file = self._file(screen, moment)
            try:
                self._folder.mkdir(mode=0o700, exist_ok=True)
                self._forget_what_was_erased()
                if not file.exists():
                    self._make(screen, log, moment, file)
                    self._keep_within_bounds()
                file.touch()
            except OSError as full:
                raise Unavailable(
                    f"The screens of the past cannot be kept in {self._folder}: {full.strerror}.",
                    "Free some space there, or let this user write it.",
                ) from full
            yield file

    def _file(self, screen: type[ReadModel], moment: Moment) -> Path:
        held = f"-{moment.held_at:%Y%m%dT%H%M%S%f}" if moment.held_at is not None else ""
        mark = self._mark(moment.position)
        return self._folder / f"{screen.name}-v{screen.version}-{moment.position}-{mark}{held}.db"

    def _mark(self, position: int) -> str:
        """Return what tells this log's record at a position, or the next one, from that of any other log."""
        found = self._log.recorder.select_notifications(position, 1)
        return sha256(b"".join(bytes(one.state) for one in found)).hexdigest()[:16]

    def _make(self, screen: type[ReadModel], log: EventLog, moment: Moment, file: Path) -> None:
        reached, nearest = (0, None) if moment.held_at is not None else self._nearest(screen, moment.position)
        made = self._folder / f"{uuid4().hex}.new"
        try:
            if nearest is not None:
                shutil.copyfile(nearest, made)
            engine = _engine_of(made)
            for stop in _stops(reached, moment):
                Follower(engine, screen(), _up_to(log, stop), _BATCH).catch_up()
                if stop < moment.position and made.stat().st_size <= LARGEST_STATION:
                    self._leave(made, self._file(screen, moment._replace(position=stop)))
            engine.dispose()
            made.replace(file)
        finally:
            made.unlink(missing_ok=True)

    def _leave(self, made: Path, station: Path) -> None:
        """Leave a copy of what is made as a station: whole, or not at all."""
        left = made.with_suffix(".left")
        shutil.copyfile(made, left)
        left.replace(station)

    def _nearest(self, screen: type[ReadModel], position: int) -> tuple[int, Path | None]:
        """Return the last position up to this one at which the screen is kept, and its file; 0 and None without any."""
        kept: list[tuple[int, str, Path]] = []
        for file in self._folder.glob("*.db"):
            found = _FILE.fullmatch(file.name)
            if found and (found[1], int(found[2])) == (screen.name, screen.version) and int(found[3]) <= position:
                kept.append((int(found[3]), found[4], file))
        fitting = ((at, file) for at, mark, file in sorted(kept, reverse=True) if mark == self._mark(at))
        return next(fitting, (0, None))

    def _forget_what_was_erased(self) -> None:
        """Delete all files when somebody's data were erased since the log was looked through for it."""
        noted, end = self._folder / _LOOKED_THROUGH, self._log.end()
        seen = int(noted.read_text()) if noted.exists() else None
        topics = [PersonalDataErased.TOPIC]
        if seen is None or self._log.recorder.select_notifications(seen, 1, end, topics, inclusive_of_start=False):
            self.forget()
        if seen != end:
            told = noted.with_suffix(f".{uuid4().hex}")
            told.write_text(str(end))
            told.replace(noted)

    def forget(self) -> None:
        """Delete every file."""
        for file in self._folder.glob("*.db"):
            file.unlink(missing_ok=True)

    def _keep_within_bounds(self) -> None:
        kept = (file for file in self._folder.iterdir() if file.name != _LOOKED_THROUGH)
        files = sorted(kept, key=lambda file: file.stat().st_mtime, reverse=True)
        total = 0
        for file in files:
            total += file.stat().st_size
            if total > MOST_BYTES and file is not files[0]:
                file.unlink(missing_ok=True)


def _stops(reached: int, moment: Moment) -> Iterator[int]:
    """Yield the stations beyond what is reached, then the moment; of what held at an instant there are none."""
    if moment.held_at is None:
        yield from range(reached - reached % STRIDE + STRIDE, moment.position, STRIDE)
    yield moment.position


def _up_to(log: EventLog, last: int) -> Callable[[int, int], Sequence[Recorded]]:
    return lambda after, limit: [one for one in log.read(after, limit) if one.position <= last]


def _nowhere() -> sqlite3.Connection:
    return sqlite3.connect("file::memory:", uri=True, check_same_thread=False)


def _engine_of(file: Path) -> Engine:
    """Return the engine of a file that only this thread writes, and that may be lost."""
    engine = create_engine(f"sqlite:///{file}", hide_parameters=True)

    def prepare(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-65536")

    event.listen(engine, "connect", prepare)
    return engine
