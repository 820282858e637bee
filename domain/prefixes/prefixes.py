"""Takes every event of a log in its order, and yields what does not hold at that prefix of it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, Protocol, TypeVar
from uuid import UUID

from domain.account.events import AccountOpened
from domain.catalogue import aggregate_of
from domain.errors import FundError, NotFound
from domain.messages import Aggregate, Change, Command, Recorded, World
from domain.partnership.events import PartnershipFormed
from domain.prefixes.deciding import Permitted, decided_again, digest_in
from domain.prefixes.laws import broken_laws
from domain.prefixes.requests import BEGIN, FOLLOW, requests
from domain.prefixes.texts import emptied, opened, without_texts
from domain.prefixes.violations import FOLLOWS, LOG, Violation
from domain.receipt import CommandHandled
from domain.values import Digest

S = TypeVar("S")
MOST_TOGETHER: Final = 10_000
"""No request leads to more events; a log in which one seems to is not held in memory for it."""


class Held(NamedTuple):
    """The state of a stream at a prefix: its kind by name, and the version of its last event. Holds no text."""

    kind: str
    version: int
    state: Any


class States(Protocol):
    """Where states are kept by their streams: a dictionary, or something that does not hold all of them in memory."""

    def get(self, stream: UUID, /) -> Held | None:
        """Return the state of a stream, or None."""

    def __setitem__(self, stream: UUID, held: Held, /) -> None:
        """Keep the state of a stream."""


Naming = Callable[[UUID, int], Mapping[str, Collection[UUID]]]
"""`naming(subject, position)`: by kind the streams with an event about a subject, or of it, up to a position."""


def _named_nowhere(subject: UUID, position: int) -> Mapping[str, Collection[UUID]]:
    return {}


def _anybody(command: Command, world: World) -> None:
    """Permit everything."""


class Prefixes:
    """The prefixes of one log. What it remembers grows with the streams, in `states`, and not with the events.

    `naming` is known to whoever has the whole log; without it an erasure is not checked against the records that it
    must wait for (D16). `permitted` says who may do what, which is no rule of the domain. `receipts`: the log holds the
    receipt of every request too, so that what has none was asked for by nobody.
    """

    def __init__(
        self,
        states: States,
        naming: Naming = _named_nowhere,
        permitted: Permitted = _anybody,
        *,
        receipts: bool = False,
    ) -> None:
        """Begin before the first event."""
        self._states = states
        self._naming = naming
        self._permitted = permitted
        self._receipts = receipts
        self._together: list[Recorded] = []
        self._position = 0
        self._broken: set[tuple[UUID, str]] = set()
        self._accounts: dict[UUID, list[UUID]] = {}
        self._partnerships: dict[UUID, list[UUID]] = {}

    def violations(self, log: Iterable[Recorded]) -> Iterator[Violation]:
        """Yield what does not hold at the prefixes of a log, to its end."""
        for recorded in log:
            yield from self.take(recorded)
        yield from self.end()

    def take(self, recorded: Recorded) -> Iterator[Violation]:
        """Take the next event, and yield what is found of those before it that one request led to."""
        last = self._together[-1] if self._together else recorded
        if last.caused_by != recorded.caused_by or len(self._together) >= MOST_TOGETHER:
            yield from self.end()
        self._together.append(recorded)

    def end(self) -> Iterator[Violation]:
        """Yield what is found of the events that were taken last: no more of them will come."""
        together, self._together = self._together, []
        if self._receipts:
            yield from _not_received(together)
        told = []
        for one in together:
            yield from self._out_of_order(one)
            try:
                told.append(one._replace(event=opened(one.event)))
            except FundError as unfit:
                yield Violation(LOG, f"{one.event.TOPIC}: {unfit.detail}", one.position, one.stream)
                told.append(one._replace(event=without_texts(one.event)))
        yield from self._decided([one for one in told if not isinstance(one.event, CommandHandled)])

    def _out_of_order(self, one: Recorded) -> Iterator[Violation]:
        if one.position <= self._position:
            yield Violation(LOG, "It stands twice in the log, or not in its order.", one.position, one.stream)
        self._position = one.position

    def _decided(self, told: list[Recorded]) -> Iterator[Violation]:
        """Yield what is found of events that were recorded together: one decision, or several."""
        while told:
            first, changes = told[0], [Change(one.stream, one.event) for one in told]
            world = Prefix(self._states, self._accounts, self._naming, first.position - 1, digest_in(changes))
            asked = requests(changes, world, lambda id: self._partnerships.get(id, ()))
            number, found = decided_again(asked, changes, world, self._permitted)
            if found is not None:
                detail = f"{first.event.TOPIC}: {found.detail}"
                yield Violation(found.rule, detail, first.position, first.stream)
                number = 1 + _leading(changes[1:])
            for one in told[:number]:
                yield from self._fold(one)
            yield from self._laws(told[:number])
            told = told[number:]

    def _fold(self, one: Recorded) -> Iterator[Violation]:
        kind = aggregate_of(one.event)
        held = self._states.get(one.stream) or Held(kind.name, 0, kind.initial)
        if held.kind != kind.name:
            yield Violation(LOG, f"{one.event.TOPIC}: its stream is a {held.kind}.", one.position, one.stream)
            return
        if one.version != held.version + 1:
            detail = f"{one.event.TOPIC}: it is version {one.version} of its stream, and {held.version + 1} is due."
            yield Violation(LOG, detail, one.position, one.stream)
        self._states[one.stream] = Held(kind.name, one.version, kind.evolve(held.state, emptied(one.event)))
        if isinstance(one.event, AccountOpened) and one.event.organisation_id is not None:
            self._accounts.setdefault(one.event.organisation_id, []).append(one.stream)
        if isinstance(one.event, PartnershipFormed):
            for member in one.event.members:
                self._partnerships.setdefault(member.organisation_id, []).append(one.stream)

    def _laws(self, told: list[Recorded]) -> Iterator[Violation]:
        world = Prefix(self._states, self._accounts, self._naming, 0, "")
        for stream, last in {one.stream: one for one in told}.items():
            held = self._states.get(stream)
            assert held is not None
            for broken in broken_laws(held.state, world):
                if (stream, broken.code) not in self._broken:
                    yield Violation(broken.code, f"{last.event.TOPIC}: {broken.detail}", last.position, stream)
                self._broken.add((stream, broken.code))


def _not_received(together: list[Recorded]) -> Iterator[Violation]:
    """Yield what is wrong with the receipt of the request that led to these events."""
    told = [one for one in together if not isinstance(one.event, CommandHandled)]
    if not told:
        return
    first = told[0]
    receipts = [one.event for one in together if isinstance(one.event, CommandHandled) and one.stream == one.caused_by]
    if not receipts:
        detail = f"{first.event.TOPIC}: there is no receipt of a request that led to it."
        yield Violation(LOG, detail, first.position, first.stream)
    elif receipts[0].refused is not None:
        detail = f"{first.event.TOPIC}: the request was refused ({receipts[0].refused}), and led to it all the same."
        yield Violation(FOLLOWS, detail, first.position, first.stream)
    elif all(receipts[0].command != kind.__name__ for kind in BEGIN.get(type(first.event), ())):
        detail = f"{first.event.TOPIC}: the request was {receipts[0].command}, which does not lead to it."
        yield Violation(FOLLOWS, detail, first.position, first.stream)


def _leading(changes: list[Change]) -> int:
    """Return how many of these events only follow from something before them."""
    return next((number for number, one in enumerate(changes) if type(one.event) not in FOLLOW), len(changes))


class Prefix:
    """The world of one decision: every aggregate as it was before the events that the decision led to."""

    def __init__(
        self,
        states: States,
        accounts: Mapping[UUID, Collection[UUID]],
        naming: Naming,
        position: int,
        digest: Digest,
    ) -> None:
        """Look at these states; `digest` stands for every digest that is made."""
        self._states = states
        self._accounts = accounts
        self._naming = naming
        self._position = position
        self._digest = digest

    def find(self, kind: Aggregate[S], stream: UUID) -> S | None:
        """Return the state of an aggregate, or None when nothing was recorded about one of this kind."""
        held = self._states.get(stream)
        if held is None or held.kind != kind.name:
            return None
        state: S = held.state
        return state

    def get(self, kind: Aggregate[S], stream: UUID) -> S:
        """Return the state of an aggregate that exists. Raises NotFound."""
        state = self.find(kind, stream)
        if state is None:
            raise NotFound(f"There is no {kind.name.replace('-', ' ')} {stream} before this.")
        return state

    def streams_of(self, subject: UUID) -> Mapping[str, Collection[UUID]]:
        """Return by kind the streams with an event of the subject, about it, or with a text of it."""
        return self._naming(subject, self._position)

    def accounts_for(self, organisation_id: UUID) -> Collection[UUID]:
        """Return the subjects whose accounts were opened for a city or region."""
        return self._accounts.get(organisation_id, ())

    def digest(self, *parts: str) -> Digest:
        """Return the digest that was recorded: none is made without the key."""
        return self._digest
