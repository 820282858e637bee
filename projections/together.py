"""Several read models at the log's end: those that are equally far read a batch once, and write it in one transaction.

Seven screens that follow one by one open every event seven times, and commit seven times.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from sqlalchemy import Engine, select

from projections.read_model import POSITIONS, BeingBuilt, Follower, Read


def follow_together(engine: Engine, followers: Sequence[Follower], read: Read, batch: int = 1000) -> None:
    """Bring read models of one database to the log's end, but for those that are being built.

    Whoever is behind goes first, until it has come as far as the next one. Raises Unavailable when one is kept in
    another version.
    """
    while far := _how_far(engine, followers):
        after = min(far.values())
        found = read(after, batch)
        if not found:
            return
        following = min((position for position in far.values() if position > after), default=found[-1].position)
        stretch = [recorded for recorded in found if recorded.position <= following] or found
        with engine.begin() as connection:
            for follower, position in far.items():
                if position == after:
                    follower.take_in(connection, after, stretch)


def reached(engine: Engine, followers: Sequence[Follower]) -> int:
    """Return the position to which all of them have followed. Raises BeingBuilt or Unavailable when one is kept in
    another version.
    """
    stored = _stored(engine)
    return min(follower.at(*stored[follower.name]) for follower in followers)


def _how_far(engine: Engine, followers: Sequence[Follower]) -> Mapping[Follower, int]:
    """Return the position of each that can follow."""
    stored, far = _stored(engine), {}
    for follower in followers:
        with suppress(BeingBuilt):
            far[follower] = follower.at(*stored[follower.name])
    return far


def _stored(engine: Engine) -> Mapping[str, tuple[int, int]]:
    """Return version and position of each read model by its name."""
    with engine.connect() as connection:
        found = connection.execute(select(POSITIONS.c.name, POSITIONS.c.version, POSITIONS.c.position)).all()
    return {row.name: (row.version, row.position) for row in found}
