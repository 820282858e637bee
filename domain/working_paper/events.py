"""What happens to a working paper. Whatever somebody wrote in it is protected: no log tells it without a key."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from domain.messages import Event
from domain.values import ProtectedText


class Priority(StrEnum):
    """How much a finding matters: what is put right first, soon, or when there is time."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Standing(StrEnum):
    """Where an auditor found a finding when following up: answered well enough, put right, or neither."""

    ACCEPTED = "accepted"
    IMPLEMENTED = "implemented"
    OPEN = "open"


class WorkingPaperOpened(Event):
    """An auditor opened a working paper in a call; `about` is the address of what it is about, as the fund writes it.

    That is a page, or an answer of the API, of now or of the past: a call, an application, a grant, a sample, events.
    """

    TOPIC: ClassVar[str] = "working-paper.opened"
    SAYS: ClassVar[str] = "An auditor opened a working paper."
    call_id: UUID
    title: ProtectedText
    about: ProtectedText


class NoteWritten(Event):
    """An auditor wrote a note, for auditors alone; `cites` is the address of what it is about, or empty."""

    TOPIC: ClassVar[str] = "working-paper.note-written"
    SAYS: ClassVar[str] = "An auditor wrote a note in a working paper."
    note: ProtectedText
    cites: ProtectedText


class FindingIssued(Event):
    """An auditor told the secretariat of a finding, which it answers by the end of a day in Brussels (D34, D35)."""

    TOPIC: ClassVar[str] = "working-paper.finding-issued"
    SAYS: ClassVar[str] = "Finding {number} of an audit, of {priority} priority, is to be answered by {answer_by}."
    number: int
    priority: Priority
    condition: ProtectedText
    criterion: ProtectedText
    cause: ProtectedText
    effect: ProtectedText
    recommendation: ProtectedText
    answer_by: date


class FindingAnswered(Event):
    """The secretariat answered a finding: whether it agrees, and then by which day it will be put right (D36)."""

    TOPIC: ClassVar[str] = "working-paper.finding-answered"
    SAYS: ClassVar[str] = "Finding {number} of an audit was answered."
    number: int
    agreed: bool
    answer: ProtectedText
    by_when: date | None


class FindingFollowedUp(Event):
    """An auditor looked at a finding again; one that stays open is answered anew by a later day (D35, D36)."""

    TOPIC: ClassVar[str] = "working-paper.finding-followed-up"
    SAYS: ClassVar[str] = "Finding {number} of an audit was looked at again: {standing}."
    number: int
    standing: Standing
    remark: ProtectedText
    by_when: date | None


class WorkingPaperClosed(Event):
    """An auditor closed a working paper with a conclusion: each of its findings is settled (D37)."""

    TOPIC: ClassVar[str] = "working-paper.closed"
    SAYS: ClassVar[str] = "The working paper was closed."
    conclusion: ProtectedText


WorkingPaperEvent = (
    WorkingPaperOpened | NoteWritten | FindingIssued | FindingAnswered | FindingFollowedUp | WorkingPaperClosed
)
