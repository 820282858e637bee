"""Opens a data directory for reading, beside a running service or alone; screens are brought to the log's end first.

Nothing is made where nothing was recorded, and no lock is taken.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from domain.errors import NotFound
from fund_service.cli.output import note
from fund_service.composition import Parts, open_parts
from fund_service.past.screens import Tell
from fund_service.settings import read_settings
from fund_service.store import Store, open_store
from projections.database import one_moment


class Reading(NamedTuple):
    """An open fund with its screens at the log's end, or at a moment of the past, and a connection to them that sees
    one moment. What a text means is looked up in today's: an id, a label, the name of a place.
    """

    parts: Parts
    connection: Connection
    today: Connection

    def say_if_fictitious(self, *, to_people: bool) -> None:
        """Say below what shows people, applications or scores that a rehearsal invented them."""
        if self.parts.facts.find("seed") is not None:
            note("People, applications and scores are fictitious.", to_people=to_people)


@contextmanager
def opened(data: Path | None, store: str | None = None) -> Iterator[Parts]:
    """Open the fund of a data directory, or of another store.

    Raises NotFound when nothing is recorded, Unavailable when it is away or broken.
    """
    settings = read_settings(data=data, store=store)
    with open_store(settings) as found:
        if not found.begun():
            raise nothing_in(found)
    with open_parts(settings) as parts:
        if not parts.log.end():
            raise nothing_in(parts.store)
        yield parts


@contextmanager
def reading(
    data: Path | None, store: str | None = None, as_of: str | None = None, held_at: str | None = None
) -> Iterator[Reading]:
    """Open the fund of a data directory, or of another store, with its screens at the log's end; or everything as of a
    moment of the past, which is said beside what is printed. Raises Malformed for a moment that is none.
    """
    with opened(data, store) as parts:
        moment = parts.moment(as_of, held_at)
        follow(parts)
        with one_moment(parts.views) as today:
            if moment is None:
                yield Reading(parts, today, today)
                return
            note(moment.says, to_people=False)
            parts.past_screens.telling = _bar
            past = parts.as_of(moment)
            with one_moment(past.views) as connection:
                yield Reading(past, connection, today)


def follow(parts: Parts) -> None:
    """Bring every screen to the log's end; those of another version are built first. Raises Unavailable while another
    process builds them, or keeps them in another version.
    """
    if not all(follower.is_current() for follower in parts.projector.followers):
        from fund_service.cli.bars import show_missing_built

        show_missing_built(parts)
    parts.projector.catch_up()
    parts.projector.reached()


def _bar() -> AbstractContextManager[Tell]:
    from fund_service.cli.bars import progress

    return progress("Screens of the past")


def nothing_in(store: Store) -> NotFound:
    """Return what is said where no fund was begun."""
    return NotFound(f"Nothing is recorded in {store.shown} yet.", "Start with `fund demo`, or with `fund init`.")
