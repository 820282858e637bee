"""The door: every command of a person, a script or a process goes through `Fund.handle` and nothing goes around it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from eventsourcing.persistence import IntegrityError

from domain.call.aggregate import CALL, published
from domain.call.rules import CallRules
from domain.catalogue import DECIDERS, aggregate_of
from domain.errors import Conflict, KeyReused, NotFound, Refused, RuleViolated, WrongStage
from domain.messages import Aggregate, Change, Command
from domain.receipt import RECEIPT, CommandHandled, Receipt, receipt_id
from domain.values import Digest
from fund_service.clock import Clock
from fund_service.event_store import EventLog, Stored
from fund_service.keys import KeyVault
from fund_service.permissions import check_permission

S = TypeVar("S")
ATTEMPTS = 20


class Answer(NamedTuple):
    """What a command led to: the log's position at which its effects can be seen; `repeated` when the key was known."""

    position: int
    repeated: bool = False


class Snapshot:
    """The world of one decision: every aggregate is loaded once, and written with the version that was seen."""

    def __init__(self, log: EventLog, vault: KeyVault) -> None:
        """Look at the log as it is now."""
        self._log = log
        self._vault = vault
        self._seen: dict[UUID, tuple[Any, int]] = {}

    def _load(self, kind: Aggregate[S], stream: UUID) -> tuple[S, int]:
        if stream not in self._seen:
            self._seen[stream] = self._log.load(kind, stream)
        return self._seen[stream]

    def find(self, kind: Aggregate[S], stream: UUID) -> S | None:
        """Return the state of an aggregate, or None when nothing was recorded about it."""
        state, version = self._load(kind, stream)
        return state if version else None

    def get(self, kind: Aggregate[S], stream: UUID) -> S:
        """Return the state of an aggregate that exists. Raises NotFound."""
        state = self.find(kind, stream)
        if state is None:
            raise NotFound(f"There is no {kind.name.replace('-', ' ')} {stream}.", "Look up its id in the lists.")
        return state

    def digest(self, *parts: str) -> Digest:
        """Return the keyed digest of the parts."""
        return self._vault.digest(*parts)

    def stored(self, changes: Iterator[Change], recorded_at: datetime, caused_by: UUID) -> list[Stored]:
        """Return the changes with the place that each takes in its stream."""
        versions: dict[UUID, int] = {}
        stored = []
        for stream, event in changes:
            if stream not in versions:
                versions[stream] = self._load(aggregate_of(event), stream)[1]
            versions[stream] += 1
            stored.append(Stored(stream, versions[stream], recorded_at, caused_by, event))
        return stored


class Fund:
    """The service that handles commands. Thread-safe; one per process."""

    def __init__(self, log: EventLog, vault: KeyVault, clock: Clock) -> None:
        """Use this log, these keys and this clock."""
        self.log = log
        self.vault = vault
        self.clock = clock

    def handle(self, command: Command) -> Answer:
        """Carry out a command, once per actor and idempotency key, and return where its effects can be seen.

        Raises Refused when a rule or the stage says no (kept, and repeated for the same key), NotPermitted, NotFound,
        Malformed, KeyReused when the key was used for another request, Conflict when others change the same thing all
        the time.
        """
        receipt_stream = receipt_id(command.by, command.key)
        fingerprint = self._fingerprint(command)
        for _ in range(ATTEMPTS):
            world = Snapshot(self.log, self.vault)
            receipt = world.find(RECEIPT, receipt_stream)
            if receipt is not None:
                return self._repeat(receipt, fingerprint)
            check_permission(command, world)
            changes, refusal = _decide(command, world)
            handled = Change(receipt_stream, _handled(command, fingerprint, refusal))
            stored = world.stored(iter([*changes, handled]), datetime.now(UTC), receipt_stream)
            try:
                position = self.log.append(stored)
            except IntegrityError:
                continue  # somebody was faster, perhaps this very command: look again
            if refusal:
                raise refusal
            return Answer(position)
        raise Conflict("Others change the same thing at this moment.", "Send the request again with the same key.")

    def _repeat(self, receipt: Receipt, fingerprint: Digest) -> Answer:
        if receipt.digest != fingerprint:
            raise KeyReused("This idempotency key was used for another request.", "Use a new key.")
        if receipt.refused == WrongStage.code:
            raise WrongStage(receipt.detail, receipt.cure)
        if receipt.refused:
            raise RuleViolated(receipt.refused, receipt.detail, receipt.cure)
        return Answer(self.log.end(), repeated=True)

    def _fingerprint(self, command: Command) -> Digest:
        return self.vault.digest(type(command).__name__, command.model_dump_json(exclude={"at", "key"}))

    def look(self, kind: Aggregate[S], stream: UUID) -> S | None:
        """Return the state of an aggregate now, or None."""
        return Snapshot(self.log, self.vault).find(kind, stream)

    def rules(self, call_id: UUID) -> CallRules:
        """Return the rules that a call was published with. Raises NotFound."""
        return published(Snapshot(self.log, self.vault).get(CALL, call_id))


def _decide(command: Command, world: Snapshot) -> tuple[list[Change], Refused | None]:
    try:
        return list(DECIDERS[type(command)](command, world)), None
    except Refused as refusal:
        return [], refusal


def _handled(command: Command, fingerprint: Digest, refusal: Refused | None) -> CommandHandled:
    named = (value for name, value in command if isinstance(value, UUID) and name != "by")
    return CommandHandled(
        **command.stamp(),
        command=type(command).__name__,
        digest=fingerprint,
        about=next(named, None),
        refused=refusal.code if refusal else None,
        detail=refusal.detail if refusal else "",
        cure=refusal.cure if refusal else "",
    )
