"""Who has a form open now, in this process's memory alone: gone after a while, and never a part of the history."""

import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final, NamedTuple
from uuid import UUID

LOADED: Final = 600.0
"""So many seconds somebody counts as there who opened a page, which may hear and say nothing without scripts."""
HEARD: Final = 45.0
"""So many who was heard of: an open page tells of itself every 15."""


class Person(NamedTuple):
    """Somebody at a form: about which thing, and at which address."""

    subject: UUID
    about: UUID
    address: str


class Presence:
    """Who is at which form. Thread-safe."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Begin with nobody; `now` tells seconds."""
        self._now = now
        self._lock = Lock()
        self._until: dict[Person, float] = {}

    def opened(self, person: Person) -> None:
        """Note that somebody was shown a form."""
        self._note(person, LOADED)

    def stays(self, person: Person) -> None:
        """Note that somebody still has it open."""
        self._note(person, HEARD)

    def find(self, subject: UUID, address: str) -> Person | None:
        """Return somebody who was shown the form at an address; None who was not, and so cannot be there."""
        with self._lock:
            self._forget()
            return next((one for one in self._until if (one.subject, one.address) == (subject, address)), None)

    def beside(self, person: Person) -> Sequence[Person]:
        """Return who else is at a form about the same thing, in a stable order."""
        with self._lock:
            self._forget()
            others = (one for one in self._until if one.about == person.about and one.subject != person.subject)
            return tuple(sorted(others))

    def _note(self, person: Person, seconds: float) -> None:
        with self._lock:
            self._until[person] = self._now() + seconds

    def _forget(self) -> None:
        now = self._now()
        for gone in [one for one, until in self._until.items() if until <= now]:
            del self._until[gone]
