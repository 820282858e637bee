"""The visitors of a demonstration: the clock moves as far as they ask, and others act by the script meanwhile."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select

from domain.errors import FundError
from domain.receipt import CommandHandled
from fund_service.demonstration import Ahead, Demonstration, Errand, Guise, Moved, Point
from fund_service.rehearsal.conductor import Conductor, Rehearsed
from fund_service.rehearsal.rehearse import play
from fund_service.rehearsal.script import Scene
from fund_service.rehearsal.stage import Stage
from projections.timeline import ENTRIES

INSTANT: Final = timedelta(microseconds=1)
SHOWN: Final = 6
"""So many scenes that lie ahead are told."""


class Programme(NamedTuple):
    """What visitors meet: whom they may be, the points of the calendar, and what others do, in order.

    `stage` returns the stage on which others act where some people are left to a visitor.
    """

    guises: tuple[Guise, ...]
    points: Sequence[Point]
    scenes: Sequence[Scene]
    stage: Callable[[Errand], Stage]

    def ahead(self, now: datetime) -> Ahead:
        """Return what lies ahead at an instant (UTC)."""
        point = next((point for point in self.points if point.at > now), None)
        others = [Point(scene.at, scene.title) for scene in self.scenes if scene.at > now]
        return Ahead(point, tuple(others[:SHOWN]))


async def receive(service: Rehearsed, conductor: Conductor, programme: Programme, demonstration: Demonstration) -> None:
    """Receive visitors for ever, one errand after the other.

    A scene that was interrupted is played again: what was done in it is done again to no effect, since keys repeat.
    """
    errands: asyncio.Queue[Errand] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def send(errand: Errand) -> None:
        loop.call_soon_threadsafe(errands.put_nowait, errand)

    demonstration.begin(programme.guises, programme.ahead(conductor.now), send)
    played = conductor.now - INSTANT
    while True:
        errand = await errands.get()
        begins, position = conductor.now, service.parts.log.end()
        trouble = await _run(errand, played, conductor, programme, demonstration)
        played = conductor.now - INSTANT if trouble else conductor.now
        kinds = await asyncio.to_thread(_kinds, service, position)
        moved = Moved(begins, conductor.now, kinds, trouble)
        demonstration.stand(moved, programme.ahead(conductor.now))


async def _run(
    errand: Errand, played: datetime, conductor: Conductor, programme: Programme, demonstration: Demonstration
) -> str | None:
    """Move the clock, with what others do on the way after what is `played`; return why it came no further, or None."""
    stage = programme.stage(errand)
    try:
        for scene in programme.scenes:
            if played < scene.at <= errand.to:
                demonstration.tell(scene.title)
                await conductor.move(scene.at)
                await play(scene, stage)
                await conductor.quiet()
        await conductor.move(errand.to)
        await conductor.quiet()
    except FundError as trouble:
        return str(trouble)
    return None


def _kinds(service: Rehearsed, position: int) -> tuple[tuple[str, int], ...]:
    """Return how many events of each kind were recorded after a position, the most first."""
    with service.parts.views.connect() as connection:
        return tuple(_counted(connection, position))


def _counted(connection: Connection, position: int) -> Sequence[tuple[str, int]]:
    times = func.count().label("times")
    since = select(ENTRIES.c.topic, times).where(ENTRIES.c.position > position, ENTRIES.c.topic != CommandHandled.TOPIC)
    rows = connection.execute(since.group_by(ENTRIES.c.topic).order_by(times.desc(), ENTRIES.c.topic)).all()
    return [(_words(row.topic), row.times) for row in rows]


def _words(topic: str) -> str:
    """Return what a kind of event is called: pilot action application submitted."""
    return topic.replace(".", " ").replace("-", " ")
