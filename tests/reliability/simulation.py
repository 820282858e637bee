"""Seeded simulations of the real domain through `Fund.handle`, with concurrent people and a store that fails (P3, P4).

One thread plays everybody, so that a seed tells the same story again: while somebody's request is about to be saved,
others may carry out theirs; a save may fail before it happened, or its answer may be lost after it happened. Whoever
got no answer sends the same request again later, and some send it again although they got one.

What happened is told by a `Tally`. The money is counted by `Books`, straight from the log, at every entry.
"""

import random
from collections import Counter, deque
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from eventsourcing.persistence import IntegrityError, OperationalError, StoredEvent

from domain.errors import Conflict, FundError, Refused, Unavailable
from domain.messages import Change, Command
from domain.receipt import CommandHandled, receipt_id
from domain.values import Digest
from fund_service.application import Fund
from fund_service.clock import WallClock
from fund_service.event_store import EventLog, Stored
from tests.domain.books import Books
from tests.domain.deeds import BEGINNING, CHOICES, Deed

IN_MEMORY = {"PERSISTENCE_MODULE": "eventsourcing.popo"}
DEEP = 3
"""So many people may be faster than somebody, each than the one before."""


class PlainVault:
    """Stands in for the key vault: nothing is encrypted, since a simulation forgets everything."""

    def seal(self, subject: UUID, text: str) -> dict[str, str]:
        """Return the text as it is."""
        return {"key_id": "", "ciphertext": text}

    def unseal(self, subject: UUID, sealed: dict[str, str]) -> str:
        """Return the text as it was."""
        return sealed["ciphertext"]

    def is_empty(self, sealed: dict[str, str]) -> bool:
        """Tell whether nothing stands in it."""
        return not sealed["ciphertext"]

    def digest(self, *parts: str) -> Digest:
        """Return the digest as the story's own fund does."""
        return BEGINNING.digest(*parts)

    def forget(self) -> None:
        """Hold no key that could be forgotten."""


class FailingLog(EventLog):
    """A log in memory in which others may be faster, saves fail, and answers are lost, as the dice say."""

    def __init__(self, dice: random.Random, others: Callable[[], None]) -> None:
        """Begin with the released outcomes."""
        super().__init__(IN_MEMORY, PlainVault())
        self.recorder.insert_events(_beginning(self))
        self._dice, self._others = dice, others
        self._fails, self._forgets = dice.choice((0.0, 0.05, 0.2)), dice.choice((0.0, 0.05, 0.2))
        self.well = False
        self.lost = 0
        """How often a save happened and its answer was lost."""

    def append(self, stored: Sequence[Stored]) -> int:
        """Save, unless somebody is faster or the store fails, before it happened or after."""
        self._others()
        if not self.well and self._dice.random() < self._fails:
            raise OperationalError("the store is away")
        position = super().append(stored)
        if not self.well and self._dice.random() < self._forgets:
            self.lost += 1
            raise self._dice.choice((OperationalError, IntegrityError))("the answer of the commit was lost")
        return position


def _beginning(log: EventLog) -> list[StoredEvent]:
    return list(_stored(log.construct_mapper().to_stored_event))


@cache
def _stored(store: Callable[[Stored], StoredEvent]) -> tuple[StoredEvent, ...]:
    versions: dict[UUID, int] = {}
    stored = []
    for stream, event in BEGINNING.log:
        versions[stream] = versions.get(stream, 0) + 1
        stored.append(store(Stored(stream, versions[stream], event.effective_at, stream, event)))
    return tuple(stored)


class Tally(NamedTuple):
    """What happened in a simulation; several add up. Without repeats and lost answers it shows nothing (P3)."""

    sent: int = 0
    handled: int = 0
    repeated: int = 0
    lost: int = 0

    def __add__(self, other: Any) -> "Tally":
        return Tally(*map(sum, zip(self, other, strict=True)))


class Simulation:
    """People who do their business after the release of the outcomes, on a store that fails."""

    def __init__(self, seed: int, fund: type[Fund] = Fund, *, fresh_keys: bool = False) -> None:
        """Begin. With `fresh_keys` whoever got no answer asks again under a new key: a mistake that must be found."""
        self._dice = random.Random(seed)
        self._log = FailingLog(self._dice, self._others)
        self._fund = fund(self._log, PlainVault(), WallClock())
        self._waiting: deque[Command] = deque()
        self._fresh_keys = fresh_keys
        self._depth = self._number = self._read = 0
        self._books = Books()
        self._wishes: dict[UUID, int] = {}
        self.acknowledged: list[Command] = []
        self._sent = self._handled = self._repeated = 0
        self._follow()

    @property
    def met(self) -> Counter[str]:
        """How often the books met each kind of entry."""
        return self._books.met

    @property
    def tally(self) -> Tally:
        """Return what was sent, how much of it was handled, what was sent again though answered, and answers lost."""
        return Tally(self._sent, self._handled, self._repeated, self._log.lost)

    def run(self, requests: int) -> None:
        """Let people ask so often, then let everybody who still waits get an answer from a store that is well."""
        for _ in range(requests):
            self._somebody()
        self._log.well = True
        while self._waiting:
            self._ask(self._waiting.popleft())
        self._follow()
        self._check()

    def _somebody(self) -> None:
        """Let somebody ask for something new, or again for what got no answer."""
        if self._waiting and self._dice.random() < 0.5:
            self._ask(self._waiting.popleft())
            return
        self._number += 1
        deed = Deed(**{name: self._dice.choice(values) for name, values in CHOICES.items()})
        command = deed.command(self._books).model_copy(update={"key": f"request {self._number}"})
        self._wishes[receipt_id(command.by, command.key)] = self._number
        self._ask(command)

    def _others(self) -> None:
        """Let others carry out their requests while somebody's is about to be saved."""
        if self._depth < DEEP and self._dice.random() < 0.3:
            self._depth += 1
            self._somebody()
            self._depth -= 1

    def _ask(self, command: Command) -> None:
        self._sent += 1
        try:
            self._fund.handle(command)
        except (Unavailable, Conflict):
            self._waiting.append(self._again(command))
            return
        except Refused:
            pass
        except FundError:
            return  # not permitted, or not found: not kept
        else:
            self.acknowledged.append(command)
        if self._dice.random() < 0.15:
            self._repeated += 1
            self._waiting.append(command)
        self._follow()

    def _again(self, command: Command) -> Command:
        if not self._fresh_keys:
            return command
        again = command.model_copy(update={"key": f"{command.key} again"})
        self._wishes[receipt_id(again.by, again.key)] = self._wishes[receipt_id(command.by, command.key)]
        return again

    def _follow(self) -> None:
        """Enter what is new in the log into the books, which check every entry."""
        for recorded in self._log.read(self._read, 1_000_000):
            self._read = recorded.position
            try:
                self._books.enter(Change(recorded.stream, recorded.event))
            except LookupError as unknown:
                raise AssertionError("the log tells of something that never began") from unknown

    def _check(self) -> None:
        """Nothing that was acknowledged is missing, and nothing that somebody wished happened twice."""
        log = self._log.read(0, 1_000_000)
        handled = {recorded.stream for recorded in log if isinstance(recorded.event, CommandHandled)}
        self._handled = len(handled)
        assert {receipt_id(command.by, command.key) for command in self.acknowledged} <= handled, "lost"
        effective = {recorded.caused_by for recorded in log if recorded.caused_by in handled - {recorded.stream}}
        wishes = [self._wishes[receipt] for receipt in effective]
        assert len(wishes) == len(set(wishes)), "happened twice"
