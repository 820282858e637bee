"""The exceptions report: what is worth a look, with the names of screens and the sentences of the log."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Connection, select

from domain.audit.exceptions import QUESTIONS, exceptions
from domain.audit.history import History
from domain.values import Instant, Value
from projections import lists
from projections.timeline import NAMES_OF_NOBODY, PEOPLE, UNKNOWN, sentence


class QuestionAbout(Value):
    """A question of the exceptions report: what it looks for, under which rule, with which default of ours, and how
    much it found.
    """

    id: str
    title: str
    query: str
    rule: str
    limit: str
    found: int


class ExceptionRow(Value):
    """Something that a question found: worth a look, and no accusation.

    `why` says what is seen, `happened` tells the events at `positions` of the log in their own sentences, the last of
    which held from `at` (UTC); `people` are the pseudonyms of those whom it concerns.
    """

    id: str
    question: str
    title: str
    rule: str
    why: str
    about: UUID
    kind: str
    partnership_id: UUID | None
    pilot_action_id: UUID | None
    partnership: str
    people: tuple[str, ...]
    positions: tuple[int, ...]
    happened: tuple[str, ...]
    at: Instant


def exception_rows(history: History, connection: Connection) -> Iterator[ExceptionRow]:
    """Yield what is worth a look in a call, question by question."""
    events = {recorded.position: recorded for recorded in history.events}
    names = {one.id: one.name for one in lists.partnerships(connection, history.call_id)}
    people = labels(connection)
    known: Counter[tuple[str, int]] = Counter()
    for question, finding in exceptions(history):
        told = [events[position] for position in finding.positions]
        matter = history.about(finding.about)
        known[question.id, finding.positions[0]] += 1
        number = known[question.id, finding.positions[0]]
        yield ExceptionRow(
            id=f"{question.id}-{finding.positions[0]}{f'-{number}' if number > 1 else ''}",
            question=question.id,
            title=question.title,
            rule=question.rule,
            why=finding.why,
            about=finding.about,
            kind=told[-1].event.TOPIC.partition(".")[0],
            partnership_id=matter.partnership_id,
            pilot_action_id=matter.pilot_action_id,
            partnership=names.get(matter.partnership_id, "") if matter.partnership_id is not None else "",
            people=tuple(people.get(one, UNKNOWN) for one in finding.people),
            positions=finding.positions,
            happened=tuple(sentence(recorded.event) for recorded in told),
            at=told[-1].event.effective_at,
        )


def question_rows(rows: list[ExceptionRow]) -> Iterator[QuestionAbout]:
    """Yield every question with how much it found."""
    found = Counter(row.question for row in rows)
    for one in QUESTIONS:
        asked = {"id": one.id, "title": one.title, "query": one.query, "rule": one.rule, "limit": one.limit}
        yield QuestionAbout(**asked, found=found[one.id])


def labels(connection: Connection) -> dict[UUID, str]:
    """Return the pseudonym of everybody."""
    return {**{row.subject: row.label for row in connection.execute(select(PEOPLE))}, **NAMES_OF_NOBODY}
