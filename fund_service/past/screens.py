"""Screens as of a moment: read from a file in which they stand as of every position, followed further where that is
needed.

One file is for all that was known, and grows with the log (keeper.py); what held at an instant has a file of its own,
made when somebody asks. They follow from the log and may be deleted at any time: whenever somebody's data are erased,
all of them are, and so are those of a log that was restored since.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Final, NamedTuple
from uuid import uuid4

from sqlalchemy import Engine, NullPool, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError

from domain.account.events import PersonalDataErased
from domain.errors import Unavailable
from fund_service.event_store import EventLog
from fund_service.past.kept import KeptScreens, Seen
from fund_service.past.moments import Moment
from projections.read_model import BeingBuilt, ReadModel

MOST_BYTES: Final = 2 << 30
"""So much the files of what held at an instant hold together; those that were used least recently go first."""
AT_ONCE: Final = 20_000
"""So many events are followed while somebody waits; where a keeper runs, more are left to it."""
_LOOKED_THROUGH: Final = "looked-through"
"""The file that says up to which position the log was looked through for erasures, and how the files since the last
one are named.
"""
_WORD: Final = re.compile(r"\w+")


Tell = Callable[[float, str], None]
"""`tell(done, doing)`: which part of all is done, from 0 to 1, and the screens that are followed."""


@contextmanager
def nobody() -> Iterator[Tell]:
    """Tell nobody."""
    yield lambda done, doing: None


class _Wish(NamedTuple):
    """A screen that somebody waits for, in a file."""

    file: str
    screen: str


class PastScreens:
    """The screens of a log as of moments of its past, in a folder of their own. Safe for threads and processes."""

    def __init__(self, log: EventLog, screens: Sequence[type[ReadModel]], folder: Path) -> None:
        """Follow this log with these screens; the folder is made when it is needed."""
        self._log = log
        self._folder = folder
        self._screens = tuple(screens)
        self._screen_of = {table: screen.name for screen in screens for table in screen.metadata.tables}
        self._lock = RLock()
        self._open: dict[str, KeptScreens] = {}
        self._wanted: dict[_Wish, tuple[EventLog, Moment]] = {}
        self.are_kept = False
        """A keeper runs in this process, which follows what is far behind."""
        self.telling: Callable[[], AbstractContextManager[Tell]] = nobody
        """Who is told how far it is, where somebody waits long."""

    def engine(self, log: EventLog, moment: Moment) -> Engine:
        """Return an engine for the screens as of a moment, whose log is `log`: to be read only."""

        def opened() -> Seen:
            return self._kept(moment).seen_at(moment.position)

        engine = create_engine(
            "sqlite://", creator=opened, poolclass=NullPool, hide_parameters=True, isolation_level="AUTOCOMMIT"
        )

        def bring(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
            there: set[str] = connection.info.setdefault("screens", set())
            touched = {self._screen_of[word] for word in _WORD.findall(statement) if word in self._screen_of}
            if not touched <= there:
                self._bring(cursor.connection, touched, log, moment)
                there |= touched

        event.listen(engine, "before_cursor_execute", bring)
        return engine

    def _bring(self, seen: Seen, names: set[str], log: EventLog, moment: Moment) -> None:
        """Follow some screens to a moment. Raises BeingBuilt while a keeper does that."""
        last = moment.position
        behind = names - seen.reached(last)
        left = seen.kept.behind(behind, last) if behind else 0
        if self.are_kept and left > AT_ONCE:
            with self._lock:
                self._wanted |= {_Wish(_name(moment), name): (log, moment) for name in behind}
            done = 100 * (last - left) // last
            raise BeingBuilt(f"The past is being made ready: {done} % is done.", "Try again in a moment.")
        with self.telling() if left > AT_ONCE else nobody() as tell:
            while left and seen.kept.step(behind, log, last):
                tell(1 - seen.kept.behind(behind, last) / left, ", ".join(sorted(behind)).replace("_", " "))
        if not names <= seen.reached(last):
            raise _made_anew()

    def follow(self) -> bool:
        """Take the screens a batch further: those that somebody waits for, then all, to the log's end; tell whether
        more is left.
        """
        for wish, (log, moment) in self._wishes():
            if self._kept(moment).step({wish.screen}, log, moment.position):
                return True
            with self._lock:
                self._wanted.pop(wish, None)
        end = self._log.end()
        return bool(end) and self._kept(None).step({screen.name for screen in self._screens}, self._log, end)

    def awaited(self) -> bool:
        """Tell whether somebody waits for a screen."""
        return bool(self._wishes())

    def _wishes(self) -> list[tuple["_Wish", tuple[EventLog, Moment]]]:
        with self._lock:
            return list(self._wanted.items())

    def _kept(self, moment: Moment | None) -> KeptScreens:
        """Return the file for a moment, of this log as it is now. One that cannot be read is made anew."""
        with self._lock:
            try:
                kept = self._at(self._look_for_erasures(), moment)
                return kept if kept.is_of(self._log) else self._at(self.forget(), moment)
            except OperationalError:  # locked, or full
                raise
            except DatabaseError:
                return self._at(self.forget(), moment)
            except OSError as full:
                raise Unavailable(
                    f"The screens of the past cannot be kept in {self._folder}: {full.strerror}.",
                    "Free some space there, or let this user write it.",
                ) from full

    def _at(self, age: str, moment: Moment | None) -> KeptScreens:
        name = f"{_name(moment)}-{age}.db"
        file = self._folder / name
        if name not in self._open or not file.exists():
            self._open[name] = KeptScreens(file, self._screens)
            if self._noted()[1] != age:  # another process forgot all meanwhile: it may have looked before this was made
                file.unlink(missing_ok=True)
                raise _made_anew()
            self._keep_within_bounds(file)
        file.touch()
        return self._open[name]

    def _look_for_erasures(self) -> str:
        """Delete all files when somebody's data were erased since the log was looked through for it; return how those
        since then are named.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        end = self._log.now()  # which forgets the keys that were destroyed
        seen, age = self._noted()
        topics = [PersonalDataErased.TOPIC]
        erased = self._log.recorder.select_notifications(seen, 1, end, topics, inclusive_of_start=False)
        if not age or seen > end or erased:
            return self.forget()
        if seen != end:
            self._note(end, age)
        return age

    def _noted(self) -> tuple[int, str]:
        noted = self._folder / _LOOKED_THROUGH
        seen, _, age = noted.read_text().partition(" ") if noted.exists() else ("0", "", "")
        return int(seen), age

    def _note(self, end: int, age: str) -> None:
        told = self._folder / f"{uuid4().hex}.new"
        told.write_text(f"{end} {age}")
        told.replace(self._folder / _LOOKED_THROUGH)

    def forget(self) -> str:
        """Delete every file; return how those are named that are made from now on."""
        with self._lock:
            age = uuid4().hex[:12]
            self._note(self._log.end(), age)
            self._open.clear()
            for file in self._folder.glob("*.db*"):
                file.unlink(missing_ok=True)
            return age

    def _keep_within_bounds(self, made: Path) -> None:
        files = sorted(self._folder.glob("held-*.db"), key=lambda file: file.stat().st_mtime, reverse=True)
        total = 0
        for file in files:
            total += file.stat().st_size
            if total > MOST_BYTES and file != made:
                self._open.pop(file.name, None)
                for part in self._folder.glob(f"{file.name}*"):
                    part.unlink(missing_ok=True)


def _made_anew() -> Unavailable:
    return Unavailable("The screens of the past were made anew meanwhile.", "Try again.")


def _name(moment: Moment | None) -> str:
    held_at = moment.held_at if moment is not None else None
    return "all" if held_at is None else f"held-{held_at:%Y%m%dT%H%M%S%f}"
