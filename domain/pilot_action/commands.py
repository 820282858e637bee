"""What can be asked of a pilot action and its application."""

from typing import Final
from uuid import UUID

from pydantic import Field

from domain.amounts import LIMIT_CENTS, TypedSums
from domain.files import GivenFile
from domain.messages import Command
from domain.pilot_action.events import RemovalCause
from domain.values import Cents, Digest

LONGEST_ACCESS_HOURS: Final = 24
"""So long a draft may be seen by way of exception at most, before it is asked for again (D18)."""


class ResourceRequest(TypedSums):
    """One resource in kind that the applicant asks for; the unit value in integer cents, or typed as `unit_euros`."""

    kind: str = Field(min_length=1, max_length=40)
    quantity: int = Field(ge=1, le=10_000)
    unit_cents: Cents = Field(gt=0, le=LIMIT_CENTS)
    why: str = Field(min_length=1, max_length=1000)


class ProposePilotAction(Command):
    """Propose a pilot action for a support line, for the partnership's coordinator."""

    pilot_action_id: UUID
    partnership_id: UUID
    line: str
    title: str = Field(min_length=1, max_length=200)


class NameExpert(Command):
    """Name an IURC expert who proposed the pilot action or helped to write it (S45, D05)."""

    pilot_action_id: UUID
    expert: UUID


class SaveDraftSection(Command):
    """Save one section of the draft: its answers, and its resources where it asks for them.

    `base` is the version of the section that the writer saw, 0 for one that nobody had saved. With the resources goes
    the smallest part of their sum that is still useful; None when only the whole is (D04).
    """

    pilot_action_id: UUID
    section: str
    base: int = Field(default=0, ge=0)
    answers: dict[str, str] = {}
    resources: tuple[ResourceRequest, ...] | None = Field(default=None, max_length=100)
    smallest_useful_cents: Cents | None = None


class AttachFile(Command):
    """Attach a file to the draft, to a section of the form where it names one."""

    pilot_action_id: UUID
    attachment_id: UUID
    file: GivenFile
    section: str | None = Field(default=None, max_length=40)


class DetachFile(Command):
    """Take a file off the draft; the versions that were put forward with it keep it."""

    pilot_action_id: UUID
    attachment_id: UUID


class AttachProof(Command):
    """Attach the proof of what was recorded on behalf of a member, such as its scanned letter."""

    pilot_action_id: UUID
    organisation_id: UUID
    attachment_id: UUID
    file: GivenFile


class PutForwardVersion(Command):
    """Put the draft forward as the next version for the partners to confirm."""

    pilot_action_id: UUID


class ConfirmParticipation(Command):
    """Confirm for one partner its part in the version that the digest names."""

    pilot_action_id: UUID
    organisation_id: UUID
    digest: Digest


class DeclineParticipation(Command):
    """Do not confirm for one partner the version that the digest names: say why, or whom to ask instead."""

    pilot_action_id: UUID
    organisation_id: UUID
    digest: Digest
    ask_another: bool = False
    reason: str = Field(min_length=1, max_length=1000)


class RecordLetter(Command):
    """Record the scanned letter by which a partner confirms its part in the version that the digest names."""

    pilot_action_id: UUID
    organisation_id: UUID
    digest: Digest
    reference: str = Field(min_length=1, max_length=500)


class VerifyLetter(Command):
    """Verify, as a second officer, the letter that was recorded for a partner and a version."""

    pilot_action_id: UUID
    organisation_id: UUID
    digest: Digest


class ChooseApplication(Command):
    """Record the city's internal choice: this pilot action is the one that it submits in its line."""

    pilot_action_id: UUID


class SubmitApplication(Command):
    """Submit the version that the digest names, with the declarations on honour."""

    pilot_action_id: UUID
    digest: Digest
    declarations: tuple[str, ...]


class WithdrawApplication(Command):
    """Withdraw the application."""

    pilot_action_id: UUID
    reason: str = Field(max_length=1000)


class AskClarification(Command):
    """Ask the applicant about an obvious clerical error, after closing."""

    pilot_action_id: UUID
    question: str = Field(min_length=1, max_length=2000)


class AnswerClarification(Command):
    """Answer the question about the clerical error."""

    pilot_action_id: UUID
    answer: str = Field(min_length=1, max_length=2000)


class RemindSubmission(Command):
    """Remind the applicant of the closing instant (a calendar point)."""

    pilot_action_id: UUID


class CheckEligibility(Command):
    """Judge admissibility and eligibility after closing (a calendar point)."""

    pilot_action_id: UUID


class TakeOutApplication(Command):
    """Take the application of a partnership that ended out of the competition."""

    pilot_action_id: UUID


class ProposeRemoval(Command):
    """Propose to take an application out of the competition for another cause, by a rule and with the reason (D18)."""

    pilot_action_id: UUID
    cause: RemovalCause
    rule: str
    reason: str = Field(max_length=2000)


class ConfirmRemoval(Command):
    """Take an application out of the competition as the second person."""

    pilot_action_id: UUID


class RequestAccess(Command):
    """Ask to see, by way of exception, a draft that nobody but its members sees: for what reason, and how long.

    A second officer decides; the members read it in their timeline (D18).
    """

    pilot_action_id: UUID
    reason: str = Field(max_length=2000)
    hours: int = Field(ge=1, le=LONGEST_ACCESS_HOURS)


class AllowAccess(Command):
    """Allow, as the second person, the officer who asked to see the draft, from now for as long as was asked (D18)."""

    pilot_action_id: UUID
