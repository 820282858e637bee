"""What an explanation is made of: statements with their values, how these are computed, and what they rest on."""

from collections.abc import Iterable, Iterator
from typing import Self
from uuid import UUID

from domain.rulebook import rule
from domain.values import Instant, Value


class CitedEvent(Value):
    """An event that something rests on; `by` is None where the reader is not to know who. Both clocks are UTC."""

    position: int
    topic: str
    sentence: str
    by: UUID | None
    by_label: str
    effective_at: Instant
    recorded_at: Instant


class RuleInForce(Value):
    """A rule by which something was decided; `correction` is the last correction of the call in force then (D21).

    It is 0 for the rules as published, None for what belongs to no call.
    """

    id: str
    sentence: str
    source: str
    correction: int | None


class Compared(Value):
    """What was recorded of a value, and whether it is the same as what is computed; `event` where the reader may read
    the event that says so.
    """

    recorded: str
    same: bool
    event: CitedEvent | None


class Statement(Value):
    """One thing that is so: `what` in plain words, `name` of whom or what it is about, `how` its value is computed.

    Sums are in euro, `exact` is the value as it is compared: cents in digits, a fraction n/d, or the word itself.
    """

    what: str
    name: str = ""
    value: str = ""
    exact: str = ""
    how: str = ""
    rule: RuleInForce | None = None
    events: tuple[CitedEvent, ...] = ()
    compared: tuple[Compared, ...] = ()
    parts: tuple["Statement", ...] = ()

    def all(self) -> Iterator["Statement"]:
        """Yield this statement and all below it."""
        yield self
        for part in self.parts:
            yield from part.all()


class Difference(Value):
    """A value that is recorded otherwise than it is computed; `position` is that of the event, where it can be read."""

    what: str
    name: str
    computed: str
    recorded: str
    position: int | None


class Explanation(Value):
    """Why something is as it is, from the log up to `position`. `same` tells whether all that is computed anew is the
    same as what was recorded; else `differences` name what is not.
    """

    id: UUID
    what: str
    name: str
    position: int
    same: bool
    differences: tuple[Difference, ...]
    statements: tuple[Statement, ...]

    @classmethod
    def of(cls, id: UUID, what: str, name: str, position: int, statements: Iterable[Statement]) -> Self:
        """Return the explanation that is made of these statements."""
        told = tuple(statements)
        found = tuple(_differences(told))
        return cls(id=id, what=what, name=name, position=position, same=not found, differences=found, statements=told)


def _differences(statements: Iterable[Statement]) -> Iterator[Difference]:
    for statement in (one for root in statements for one in root.all()):
        for compared in statement.compared:
            if not compared.same:
                yield Difference(
                    what=statement.what,
                    name=statement.name,
                    computed=statement.value,
                    recorded=compared.recorded,
                    position=compared.event.position if compared.event is not None else None,
                )


def in_force(rule_id: str, correction: int | None) -> RuleInForce:
    """Return a rule with the version of the call's rules that it had."""
    found = rule(rule_id)
    return RuleInForce(id=found.id, sentence=found.sentence, source=found.source, correction=correction)
