"""The working paper's state. What people wrote in it is not in it: nothing is decided by that."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, assert_never
from uuid import UUID

from domain.messages import Aggregate
from domain.working_paper.events import (
    FindingAnswered,
    FindingFollowedUp,
    FindingIssued,
    NoteWritten,
    Standing,
    WorkingPaperClosed,
    WorkingPaperEvent,
    WorkingPaperOpened,
)

SETTLED: Final = frozenset({Standing.ACCEPTED, Standing.IMPLEMENTED})
"""How a finding stands about which nothing more is to be done."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an auditor found: `answer_by` is the day (in Brussels) for the answer that is waited for, or was."""

    answer_by: date = date.max
    answered: bool = False
    standing: Standing | None = None

    @property
    def settled(self) -> bool:
        """Whether an auditor found that nothing more is to be done."""
        return self.standing in SETTLED

    @property
    def waits(self) -> bool:
        """Whether an answer of the secretariat is waited for."""
        return not self.answered and not self.settled


@dataclass(frozen=True, slots=True)
class WorkingPaper:
    """What an auditor notes and finds about something in a call; `findings` by their numbers, from 1."""

    call_id: UUID | None = None
    closed: bool = False
    findings: dict[int, Finding] = field(default_factory=dict)


def evolve(paper: WorkingPaper, event: WorkingPaperEvent) -> WorkingPaper:
    """Fold one event."""
    match event:
        case WorkingPaperOpened():
            return replace(paper, call_id=event.call_id)
        case FindingIssued():
            return _with(paper, event.number, answer_by=event.answer_by)
        case FindingAnswered():
            return _with(paper, event.number, answered=True)
        case FindingFollowedUp(standing=Standing.OPEN):
            again = {"answered": False, "answer_by": event.by_when or date.max}
            return _with(paper, event.number, standing=event.standing, **again)
        case FindingFollowedUp():
            return _with(paper, event.number, standing=event.standing)
        case WorkingPaperClosed():
            return replace(paper, closed=True)
        case NoteWritten():
            return paper
        case _:
            assert_never(event)


def _with(paper: WorkingPaper, number: int, **changed: Any) -> WorkingPaper:
    finding = replace(paper.findings.get(number, Finding()), **changed)
    return replace(paper, findings={**paper.findings, number: finding})


WORKING_PAPER = Aggregate("working-paper", WorkingPaper(), evolve)
