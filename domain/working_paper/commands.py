"""What can be asked of a working paper: the secretariat answers its findings, auditors do all the rest."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from domain.messages import Command
from domain.working_paper.events import Priority, Standing

_AN_ADDRESS: Final = r"^/([!-.0-\[\]-~][!-~]*)?$"
"""One slash alone at its beginning, and no space: so a link to it never leads away from the fund."""
_AN_ADDRESS_OR_NONE: Final = rf"^$|{_AN_ADDRESS}"

Day = Annotated[date, Field(le=date(2099, 12, 31))]
"""A day in Brussels that a calendar knows the end of."""
Passage = Annotated[str, Field(max_length=4000)]


class OpenWorkingPaper(Command):
    """Open a working paper in a call. It changes nothing of the call, and only auditors read it.

    What it is about is named by an address of the fund, from its first slash on: of now, or of the past.
    """

    paper_id: UUID
    call_id: UUID
    title: str = Field(min_length=1, max_length=200)
    about: str = Field(max_length=2000, pattern=_AN_ADDRESS)


class WriteNote(Command):
    """Write a note, for auditors alone; `cites` is the address of what it is about, where there is one."""

    paper_id: UUID
    note: str = Field(min_length=1, max_length=8000)
    cites: str = Field(default="", max_length=2000, pattern=_AN_ADDRESS_OR_NONE)


class IssueFinding(Command):
    """Tell the secretariat of a finding: what is, what should be, why it is not, what follows, and what to do.

    The day for the answer lasts until midnight in Brussels.
    """

    paper_id: UUID
    priority: Priority
    condition: Passage
    criterion: Passage
    cause: Passage
    effect: Passage
    recommendation: Passage
    answer_by: Day


class AnswerFinding(Command):
    """Answer a finding of an audit; who agrees says by which day (in Brussels) it will be put right."""

    paper_id: UUID
    number: int
    agreed: bool
    answer: str = Field(min_length=1, max_length=4000)
    by_when: Day | None = None


class FollowUpFinding(Command):
    """Say where a finding stands now; one that stays open is answered anew by a day (in Brussels)."""

    paper_id: UUID
    number: int
    standing: Standing
    remark: str = Field(min_length=1, max_length=4000)
    by_when: Day | None = None


class CloseWorkingPaper(Command):
    """Close a working paper with a conclusion, once each of its findings is settled."""

    paper_id: UUID
    conclusion: str = Field(min_length=1, max_length=4000)
