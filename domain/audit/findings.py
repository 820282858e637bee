"""What an auditor's question finds, and what such a question is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from domain.audit.history import History
from domain.values import Value


class Finding(Value):
    """Something worth a look, which is no accusation: what it is about, why, and the events by their positions.

    `people` are the subjects whom it concerns, `about` the stream of the thing.
    """

    about: UUID
    why: str
    positions: tuple[int, ...]
    people: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """A question that an auditor asks of every call.

    `query` says in plain words what is looked for, so that anybody can repeat it from the exported events; `rule` is
    the clause behind it; `limit` a default of ours that it needs, in words, else empty.
    """

    id: str
    title: str
    query: str
    rule: str
    limit: str
    ask: Callable[[History], Iterator[Finding]]
