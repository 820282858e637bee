"""The door: every command of a person, a script or a process goes through `Fund.handle` and nothing goes around it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from copy import copy
from datetime import UTC, datetime
from threading import RLock
from typing import Any, Final, NamedTuple, Self, TypeVar
from uuid import UUID

from eventsourcing.persistence import IntegrityError, PersistenceError
from sqlalchemy.exc import SQLAlchemyError

from domain.account.aggregate import Account
from domain.call.aggregate import CALL, announced
from domain.call.rules import CallRules
from domain.catalogue import DECIDERS, aggregate_of
from domain.errors import (
    Conflict,
    FundError,
    KeyReused,
    NotFound,
    Refused,
    RuleViolated,
    Unavailable,
    VersionChanged,
    WrongStage,
)
from domain.messages import Aggregate, Change, Command
from domain.people import Role
from domain.receipt import RECEIPT, CommandHandled, Receipt, receipt_id
from domain.values import Digest
from fund_service.clock import Clock
from fund_service.event_store import EventLog, Stored, WrongKind
from fund_service.keys import KeyVault
from fund_service.permissions.actors import Actor
from fund_service.permissions.checking import check_permission

S = TypeVar("S")
ATTEMPTS = 20
TURNS = 64
"""So many locks are shared out among what commands are about: of those about one thing all but one would have to try
again. Who meets others elsewhere, in a call for example, tries again alone (eight at one grant: 299 → 1,300 a second).
"""


class Answer(NamedTuple):
    """What a command led to: the log's position at which its effects can be seen; `repeated` when the key was known."""

    position: int
    repeated: bool = False


class Seen(NamedTuple):
    """The version of an aggregate that somebody saw, and decides on."""

    kind: Aggregate[Any]
    stream: UUID
    version: int


class Terms(NamedTuple):
    """What limits a request beside the command: the only role that counts, and what the asker saw."""

    role: Role | None = None
    seen: Seen | None = None


NO_TERMS: Final = Terms()


class WorldNow:
    """The world of one decision: every aggregate as of one position, and written with the version that was seen."""

    def __init__(self, log: EventLog, vault: KeyVault) -> None:
        """Look at the log as it is now."""
        self._log = log
        self._vault = vault
        self.at = log.now()
        self._seen: dict[tuple[str, UUID], tuple[Any, int]] = {}  # an id that is asked for as another kind is none

    def _load(self, kind: Aggregate[S], stream: UUID) -> tuple[S, int]:
        about = kind.name, stream
        if about not in self._seen:
            self._seen[about] = self._log.load(kind, stream, self.at)
        return self._seen[about]

    def find(self, kind: Aggregate[S], stream: UUID) -> S | None:
        """Return the state of an aggregate, or None when nothing was recorded about it.

        That something of another kind has this id is told to nobody: it may be none of their business.
        """
        try:
            state, version = self._load(kind, stream)
        except WrongKind:
            return None
        return state if version else None

    def get(self, kind: Aggregate[S], stream: UUID) -> S:
        """Return the state of an aggregate that exists. Raises NotFound."""
        state = self.find(kind, stream)
        if state is None:
            raise NotFound(f"There is no {kind.name.replace('-', ' ')} {stream}.", "Look up its id in the lists.")
        return state

    def streams_of(self, subject: UUID) -> Mapping[str, Collection[UUID]]:
        """Return by kind the streams with an event of the subject, about it, or with a text of it."""
        found: dict[str, set[UUID]] = {}
        for stored in self._log.naming(subject, self.at):
            assert isinstance(stored.originator_id, UUID)
            found.setdefault(stored.topic.partition(".")[0], set()).add(stored.originator_id)
        return found

    def accounts_for(self, organisation_id: UUID) -> Collection[UUID]:
        """Return the subjects whose accounts were opened for a city or region."""
        supposed = {stream for (_, stream), (state, _) in self._seen.items() if _is_for(state, organisation_id)}
        return supposed | set(self._log.opened_for(organisation_id, self.at))

    def digest(self, *parts: str) -> Digest:
        """Return the keyed digest of the parts."""
        return self._vault.digest(*parts)

    def decide(self, command: Command, terms: "Terms") -> tuple[list[Change], Refused | None]:
        """Return what a command leads to here, or the refusal of a rule or the stage. Raises what is not kept."""
        check_permission(command, self, Actor(command.by, terms.role))
        try:
            changes = list(DECIDERS[type(command)](command, self))
        except Refused as refusal:
            return [], refusal
        if terms.seen is not None:  # of what is refused anyhow nobody learns the version (D17; RFC 9110, 13.2.1)
            self._check_version(terms.seen)
        return changes, None

    def foretell(self, command: Command, terms: "Terms") -> list[Change]:
        """Return what a command leads to here, and let it be so. Raises what `decide` raises, and a refusal."""
        changes, refusal = self.decide(command, terms)
        if refusal:
            raise refusal
        self.suppose(changes)
        return changes

    def _check_version(self, seen: "Seen") -> None:
        version = self._load(seen.kind, seen.stream)[1]
        if version != seen.version:
            raise VersionChanged(
                f"This {seen.kind.name.replace('-', ' ')} changed since you read it: it is at version {version}, you "
                f"saw {seen.version or 'none'}.",
                "Read it again, and decide on what it is now.",
            )

    def version(self, kind: Aggregate[Any], stream: UUID) -> int:
        """Return how many events were recorded about an aggregate."""
        return self._load(kind, stream)[1]

    def beside(self) -> Self:
        """Return another world as of the same position, in which something can be supposed."""
        other = copy(self)
        other._seen = dict(self._seen)
        return other

    def suppose(self, changes: Iterable[Change]) -> None:
        """Let this world be as if the changes were recorded."""
        for stream, event in changes:
            kind = aggregate_of(event)
            state, version = self._load(kind, stream)
            self._seen[kind.name, stream] = (kind.evolve(state, event), version + 1)

    def stored(self, changes: Iterable[Change], recorded_at: datetime, caused_by: UUID) -> list[Stored]:
        """Return the changes with the place that each takes in its stream."""
        versions: dict[UUID, int] = {}
        stored = []
        for stream, event in changes:
            if stream not in versions:
                versions[stream] = self._load(aggregate_of(event), stream)[1]
            versions[stream] += 1
            stored.append(Stored(stream, versions[stream], recorded_at, caused_by, event))
        return stored


@contextmanager
def _answering_store() -> Iterator[None]:
    """Say in one sentence that the store went away in the middle. Raises Unavailable."""
    try:
        yield
    except (PersistenceError, SQLAlchemyError) as away:
        raise Unavailable(
            "The store went away, so it is not known whether this was recorded.",
            "Send the request again with the same key: it counts once.",
        ) from away


class Fund:
    """The service that handles commands. Thread-safe; one per process."""

    def __init__(self, log: EventLog, vault: KeyVault, clock: Clock) -> None:
        """Use this log, these keys and this clock."""
        self.log = log
        self.vault = vault
        self.clock = clock
        self._turns = tuple(RLock() for _ in range(TURNS))
        self._retrying = RLock()
        self.carried_out: dict[type[Command], Callable[[Any], None]] = {}
        """By command: what is done outside the log as soon as it is recorded, and again when it is asked for again."""

    def handle(self, command: Command, terms: Terms = NO_TERMS) -> Answer:
        """Carry out a command, once per actor and idempotency key, and return where its effects can be seen.

        `terms` limit it further: to one of the subject's roles, or to a version of something that the asker saw.

        Raises Refused when a rule or the stage says no (kept, and repeated for the same key), NotPermitted, NotFound,
        Malformed, VersionChanged, KeyReused when the key was used for another request, Conflict when others change the
        same thing all the time, Unavailable when the store went away in the middle.
        """
        return self.carry_out(command, terms)[0]

    @_answering_store()
    def carry_out(self, command: Command, terms: Terms = NO_TERMS) -> tuple[Answer, list[Change]]:
        """Do what `handle` does, and return beside its answer what was recorded now: nothing when it was before."""
        answer, changes = self._answer(command, terms)
        if type(command) in self.carried_out:
            self.carried_out[type(command)](command)
        return answer, changes

    def _answer(self, command: Command, terms: Terms) -> tuple[Answer, list[Change]]:
        receipt_stream = receipt_id(command.by, command.key)
        fingerprint = self.fingerprint(command)
        with self._turns[hash(_about(command)) % len(self._turns)]:
            for attempt in range(ATTEMPTS):
                try:
                    with self._retrying if attempt else nullcontext():
                        position, changes, refusal = self._record(command, receipt_stream, fingerprint, terms)
                except (FundError, IntegrityError) as trouble:  # perhaps this very command was carried out before
                    receipt = self.log.look_up(RECEIPT, receipt_stream)
                    if receipt is not None:
                        return self._repeat(receipt, fingerprint), []
                    if isinstance(trouble, FundError):
                        raise
                    continue  # somebody was faster: look again
                if refusal:
                    raise refusal
                return Answer(position), changes
        raise Conflict("Others change the same thing at this moment.", "Send the request again with the same key.")

    def _record(
        self, command: Command, receipt_stream: UUID, fingerprint: Digest, terms: Terms
    ) -> tuple[int, list[Change], Refused | None]:
        """Decide and save; the receipt is always the first event of its stream, so that a key counts once."""
        world = self.world()
        changes, refusal = world.decide(command, terms)
        recorded_at = datetime.now(UTC)
        stored = world.stored(changes, recorded_at, receipt_stream)
        handled = _handled(command, fingerprint, refusal)
        receipt = Stored(receipt_stream, 1, recorded_at, receipt_stream, handled)
        return self.log.append([*stored, receipt]), changes, refusal

    def preview(self, command: Command, world: WorldNow | None = None, terms: Terms = NO_TERMS) -> list[Change]:
        """Return what a command would record now, nothing when its key was used for it already; record nothing.

        A `world` that is given is left as if it had been recorded, so that one request after the other can be tried.
        Raises as `handle` does.
        """
        world = world or self.world()
        receipt = self.log.look_up(RECEIPT, receipt_id(command.by, command.key))
        if receipt is not None:
            self._repeat(receipt, self.fingerprint(command))
            return []
        return world.foretell(command, terms)

    def world(self) -> WorldNow:
        """Return the world as it is now."""
        return WorldNow(self.log, self.vault)

    def _repeat(self, receipt: Receipt, fingerprint: Digest) -> Answer:
        if receipt.digest != fingerprint:
            raise KeyReused("This idempotency key was used for another request.", "Use a new key.")
        if receipt.refused == WrongStage.code:
            raise WrongStage(receipt.detail, receipt.cure)
        if receipt.refused:
            raise RuleViolated(receipt.refused, receipt.detail, receipt.cure)
        return Answer(self.log.end(), repeated=True)

    def fingerprint(self, command: Command) -> Digest:
        """Return the digest by which the log knows what a command says."""
        said = command.model_dump_json(exclude={"at", "key"}, exclude_defaults=True)  # a later field changes no digest
        return self.vault.digest(type(command).__name__, said)

    def look(self, kind: Aggregate[S], stream: UUID) -> S | None:
        """Return the state of an aggregate now, or None."""
        return self.world().find(kind, stream)

    def rules(self, call_id: UUID) -> CallRules:
        """Return the rules that a call was published with. Raises NotFound."""
        return announced(self.world().get(CALL, call_id))


def _is_for(state: object, organisation_id: UUID) -> bool:
    return isinstance(state, Account) and state.organisation_id == organisation_id


def _about(command: Command) -> UUID | None:
    return next((value for name, value in command if isinstance(value, UUID) and name != "by"), None)


def _handled(command: Command, fingerprint: Digest, refusal: Refused | None) -> CommandHandled:
    return CommandHandled(
        **command.stamp(),
        command=type(command).__name__,
        digest=fingerprint,
        about=_about(command),
        refused=refusal.code if refusal else None,
        detail=refusal.detail if refusal else "",
        cure=refusal.cure if refusal else "",
    )
