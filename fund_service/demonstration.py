"""The demonstration of a rehearsed fund: whom a visitor may be, and what a visitor asks of the programme clock.

Pages ask here from their threads, and `rehearsal/visiting.py` answers. It is there in `fund demo` alone: a live fund
has none, nor has a rehearsed one that another command serves.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Condition
from typing import Final, NamedTuple
from uuid import UUID

from domain.errors import NotFound, Unavailable
from domain.people import Role
from domain.values import BRUSSELS

SHORT_SECONDS: Final = 1.5
"""So long a page waits for a move that may be short, before it says that the clock is moving."""


class Guise(NamedTuple):
    """Somebody of the rehearsed fund whom a visitor may be: in which role, and what there is to see in it."""

    subject: UUID
    role: Role
    label: str
    about: str


class Point(NamedTuple):
    """A point ahead (UTC) in a calendar, or at which others will act, and what it is."""

    at: datetime
    name: str


class Errand(NamedTuple):
    """What a visitor asked for: the clock at an instant (UTC), while nobody acts in the place of the `spared`."""

    to: datetime
    spared: frozenset[UUID]


class Moved(NamedTuple):
    """What happened while the clock moved: from when to when (UTC), how many events of each kind, the most first.

    `trouble` says in a sentence why it came no further, where it did not.
    """

    begins: datetime
    ends: datetime
    kinds: tuple[tuple[str, int], ...]
    trouble: str | None = None

    @property
    def events(self) -> int:
        """How many events there were."""
        return sum(count for _, count in self.kinds)

    @property
    def reminders(self) -> int:
        """How many of them remind somebody."""
        return sum(count for kind, count in self.kinds if "reminded" in kind)

    @property
    def lapses(self) -> int:
        """How many of them are a lapse."""
        return sum(count for kind, count in self.kinds if "lapsed" in kind)


class Ahead(NamedTuple):
    """What lies ahead: the next point of a calendar, and what others will do until then and a little later."""

    point: Point | None = None
    others: tuple[Point, ...] = ()


class Standing(NamedTuple):
    """How a demonstration stands; `moving` is the errand under way, None while the clock stands."""

    guises: tuple[Guise, ...]
    ahead: Ahead
    moving: Errand | None = None
    doing: str = ""
    last: Moved | None = None

    def guise(self, subject: UUID) -> Guise:
        """Return whom a visitor may be. Raises NotFound."""
        for guise in self.guises:
            if guise.subject == subject:
                return guise
        raise NotFound("Nobody can be signed in as this person here.", "Choose somebody on the page /demo.")


class Demonstration:
    """What pages and the rehearsal tell each other. Thread-safe."""

    def __init__(self, patience: float = SHORT_SECONDS) -> None:
        """Begin with nothing: the rehearsal has not come to its end. `patience`: how long a move is waited for."""
        self._patience = patience
        self._changed = Condition()
        self._standing: Standing | None = None
        self._entered: set[UUID] = set()
        self._send: Callable[[Errand], None] | None = None

    @property
    def standing(self) -> Standing | None:
        """How it stands now; None as long as the rehearsal goes on."""
        return self._standing

    def ready(self) -> Standing:
        """Return how it stands now. Raises Unavailable as long as the rehearsal goes on."""
        if self._standing is None:
            raise Unavailable("The rehearsal has not come to its end yet.", "Try again in a moment.")
        return self._standing

    def begin(self, guises: tuple[Guise, ...], ahead: Ahead, send: Callable[[Errand], None]) -> None:
        """Have visitors from now on; `send` is called, from any thread, with what they ask for."""
        with self._changed:
            self._send = send
            self._entered.clear()
            self._standing = Standing(guises, ahead)

    def enter(self, subject: UUID) -> Guise:
        """Let a visitor be this person, in whose place nobody acts when the clock is moved next. Raises NotFound."""
        with self._changed:
            guise = self.ready().guise(subject)
            self._entered.add(subject)
            return guise

    def move(self, to: datetime, visitor: UUID | None) -> None:
        """Ask for the clock at an instant, as the visitor who is signed in as somebody.

        Raises Unavailable while it moves, and when nobody takes errands.
        """
        with self._changed:
            standing = self.ready()
            if standing.moving is not None or self._send is None:
                raise Unavailable("The clock is moving at this moment.", "Wait until it stands.")
            spared = frozenset(self._entered | ({visitor} if visitor is not None else set()))
            errand = Errand(to, spared)
            self._standing = standing._replace(moving=errand, doing="")
            self._entered.clear()
            self._send(errand)

    def tell(self, doing: str) -> None:
        """Tell what is being done while the clock moves."""
        with self._changed:
            self._standing = self.ready()._replace(doing=doing)

    def stand(self, moved: Moved, ahead: Ahead) -> None:
        """Tell that the clock stands again, what happened meanwhile, and what lies ahead."""
        with self._changed:
            self._standing = self.ready()._replace(moving=None, doing="", last=moved, ahead=ahead)
            self._changed.notify_all()

    def wait(self) -> bool:
        """Wait a moment until the clock stands, and tell whether it does."""
        with self._changed:
            return self._changed.wait_for(lambda: self.ready().moving is None, self._patience)


def a_day_on(now: datetime) -> datetime:
    """Return the same time of the next day in Brussels, as UTC."""
    return (now.astimezone(BRUSSELS) + timedelta(days=1)).astimezone(UTC)
