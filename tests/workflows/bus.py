"""The fund's door as a process meets it: it notes every command, and says no where a test told it to."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock
from uuid import UUID

from domain.call.rules import CallRules
from domain.errors import FundError
from domain.messages import Command

HELD_SECONDS = 8.0
"""A command is held at most so long: less than the time limit of an attempt."""


class RecordingBus:
    """A command bus that carries nothing out. Thread-safe, as activities run in threads."""

    def __init__(self, rules: CallRules) -> None:
        self._rules = rules
        self._corrected: dict[UUID, CallRules] = {}
        self._lock = Lock()
        self._commands: list[Command] = []
        self._errors: dict[str, list[FundError]] = defaultdict(list)
        self._held: dict[str, tuple[Event, Event]] = {}

    def handle(self, command: Command) -> None:
        """Note a command; raise the next error that its key was promised."""
        with self._lock:
            self._commands.append(command)
            errors = self._errors[command.key]
            error = errors.pop(0) if errors else None
            held = self._held.get(command.key)
        if held is not None:
            came, answered = held
            came.set()
            answered.wait(HELD_SECONDS)
        if error is not None:
            raise error

    def rules(self, call_id: UUID) -> CallRules:
        """Return the rules in force for a call: the same for every call that was not corrected."""
        with self._lock:
            return self._corrected.get(call_id, self._rules)

    def correct(self, call_id: UUID, rules: CallRules) -> None:
        """Put other rules in force for a call."""
        with self._lock:
            self._corrected[call_id] = rules

    def answer(self, key: str, *errors: FundError) -> None:
        """Answer the next commands with this key with these errors, and those after them with yes."""
        with self._lock:
            self._errors[key] = list(errors)

    @contextmanager
    def holding(self, key: str) -> Iterator[Event]:
        """Let a command with this key wait for its answer until the end of the block; give what says that it came."""
        came, answered = Event(), Event()
        with self._lock:
            self._held[key] = came, answered
        try:
            yield came
        finally:
            answered.set()

    def sent_by(self, workflow_id: str) -> list[Command]:
        """Return every command of one process, in order."""
        with self._lock:
            return [command for command in self._commands if command.key.startswith(f"{workflow_id}/")]
