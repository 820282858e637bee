"""What can be asked of a call."""

from datetime import date
from uuid import UUID

from pydantic import Field

from domain.call.rules import CallRules
from domain.messages import Command
from domain.values import Digest, Value


class PublishCall(Command):
    """Publish a call with all its rules."""

    call_id: UUID
    rules: CallRules


class ProposeCorrection(Command):
    """Propose other rules for a published call, with the reason that everybody will read."""

    call_id: UUID
    rules: CallRules
    reason: str = Field(max_length=1000)


class ConfirmCorrection(Command):
    """Confirm the correction of this number as a second person."""

    call_id: UUID
    correction: int


class AskQuestion(Command):
    """Ask the secretariat a question about the call; who asked is told to nobody outside it."""

    call_id: UUID
    question: str = Field(min_length=1, max_length=2000)


class AnswerQuestion(Command):
    """Publish a question, in words that name nobody, with its answer, for all at one instant.

    `revision` is 1 for the first answer, and one more than the published one to put that right.
    """

    call_id: UUID
    number: int
    question: str = Field(min_length=1, max_length=2000)
    answer: str = Field(min_length=1, max_length=4000)
    revision: int = Field(default=1, ge=1)


class AnswerPrivately(Command):
    """Answer a question that concerns the asker alone, to the asker alone."""

    call_id: UUID
    number: int
    answer: str = Field(min_length=1, max_length=4000)


class DeclineQuestion(Command):
    """Decline to answer a question, with the reason; `see` is the published question that answers it already."""

    call_id: UUID
    number: int
    reason: str = Field(max_length=2000)
    see: int | None = None


class OpenCoachingWindow(Command):
    """Open the months of coaching (a calendar point)."""

    call_id: UUID


class CloseCoachingWindow(Command):
    """Close the months of coaching (a calendar point)."""

    call_id: UUID


class OpenApplicationWindow(Command):
    """Open the door for applications (a calendar point)."""

    call_id: UUID


class CloseApplicationWindow(Command):
    """Record that the closing instant has passed (a calendar point)."""

    call_id: UUID


class EstablishRanking(Command):
    """Rank the applications of a line from their scores."""

    call_id: UUID
    line: str


class DepartureFromRank(Value):
    """Move one application above the thresholds to another place among them, for these reasons (E14)."""

    pilot_action_id: UUID
    place: int = Field(ge=1)
    reason: str = Field(max_length=2000)


class ProposeAwardList(Command):
    """Propose the award list that follows from the ranking, but for departures, which are made one after another."""

    call_id: UUID
    line: str
    departures: tuple[DepartureFromRank, ...] = Field(default=(), max_length=20)


class ReturnAwardList(Command):
    """Send the version of the award list that the digest names back with remarks."""

    call_id: UUID
    line: str
    digest: Digest
    remarks: str = Field(min_length=1, max_length=2000)


class ApproveAwardList(Command):
    """Approve the version of the award list that the digest names."""

    call_id: UUID
    line: str
    digest: Digest


class ReleaseOutcomes(Command):
    """Release all outcomes of a line at one instant (a calendar point)."""

    call_id: UUID
    line: str


class ReviewReserve(Command):
    """Offer what is free to the reserve, in rank order, at the end of a calendar day."""

    call_id: UUID
    line: str
    day: date


class ExpireReserve(Command):
    """End the reserve list of a line (a calendar point)."""

    call_id: UUID
    line: str


class ProposeCancellation(Command):
    """Propose to cancel the call before its outcomes are released, with the reason that all will read."""

    call_id: UUID
    reason: str = Field(max_length=2000)


class CancelCall(Command):
    """Cancel the call as the second person."""

    call_id: UUID


class SettleCall(Command):
    """Settle the call when every grant is closed (a calendar point)."""

    call_id: UUID
