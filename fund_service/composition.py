"""Puts the parts of a fund together, in one place; what a test replaces, it gives as an argument."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from eventsourcing.persistence import PersistenceError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from domain.errors import Unavailable
from fund_service.application import Fund
from fund_service.clock import Clock, clock_of
from fund_service.data_directory import DataDirectory
from fund_service.event_store import EventLog, sqlite_env
from fund_service.keys import KeyVault
from fund_service.locks import Kind, file_lock
from fund_service.projector import Projector
from fund_service.settings import Settings
from projections.read_model import Follower, views_engine
from projections.screens import SCREENS


@dataclass(frozen=True, slots=True)
class Parts:
    """An open fund: the door, the log behind it, and the screens that follow it."""

    settings: Settings
    directory: DataDirectory
    clock: Clock
    vault: KeyVault
    log: EventLog
    fund: Fund
    views: Engine
    followers: tuple[Follower, ...]
    projector: Projector

    def exclusive(self, kind: Kind) -> AbstractContextManager[None]:
        """Hold the lock that excludes a second one of this kind. Raises Unavailable, naming who holds it."""
        return file_lock(self.directory.path(f"{kind}.lock"), kind)


@contextmanager
def open_parts(settings: Settings) -> Iterator[Parts]:
    """Open the fund of a data directory, and close its files at the end. Raises Unavailable when they are broken."""
    try:
        with _opened(settings) as parts:
            yield parts
    except (PersistenceError, SQLAlchemyError, sqlite3.Error) as broken:
        reason = str(broken.__cause__ or broken).splitlines()[0]
        raise Unavailable(
            f"The store in {settings.data} cannot be used: {reason}.",
            "Restore it from a backup, or name another directory with --data.",
        ) from broken


@contextmanager
def _opened(settings: Settings) -> Iterator[Parts]:
    with ExitStack() as closing:
        directory = DataDirectory(settings.data)
        closing.callback(directory.close)
        vault = KeyVault(directory.path("keys.db"), directory.find_fact("seed"))
        closing.callback(vault.close)
        log = EventLog(sqlite_env(directory.path("events.db")), vault)
        closing.callback(log.close)
        views = views_engine(f"sqlite:///{directory.path('views.db')}")
        closing.callback(views.dispose)
        clock = clock_of(directory)
        followers = tuple(Follower(views, screen(), log.read) for screen in SCREENS)
        fund = Fund(log, vault, clock)
        yield Parts(settings, directory, clock, vault, log, fund, views, followers, Projector(log, followers))
