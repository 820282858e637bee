"""The pilot action's state: the draft, its versions, and where its application stands."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from domain.files import Attached, with_file, without_file
from domain.messages import Aggregate
from domain.people import Geography
from domain.pilot_action.events import (
    AccessAllowed,
    AccessRequested,
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ClarificationAnswered,
    ClarificationAsked,
    ConfirmationsVoided,
    DraftSectionSaved,
    ExpertNamed,
    FileAttached,
    FileDetached,
    LetterRecorded,
    LetterVerified,
    ParticipationConfirmed,
    ParticipationDeclined,
    PilotActionEvent,
    PilotActionProposed,
    ProofAttached,
    RemovalConfirmed,
    RemovalProposed,
    ResourceLine,
    SubmissionReminded,
    SupportOffered,
    VersionPutForward,
)
from domain.values import Cents, Digest, ProtectedText


class Stage(StrEnum):
    """Where the application stands (D23)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    INADMISSIBLE = "inadmissible"
    INELIGIBLE = "ineligible"
    ELIGIBLE = "eligible"
    OFFERED = "offered"


@dataclass(frozen=True, slots=True)
class Version:
    """One version that was put forward; the digest names its content.

    `letters` names who recorded each partner's letter, `declined` what each said that did not confirm it. `files` are
    those that were attached when it was put forward.
    """

    number: int
    digest: Digest
    requested_cents: Cents
    confirmed_by: frozenset[UUID] = frozenset()
    letters: dict[UUID, UUID] = field(default_factory=dict)
    declined: dict[UUID, ParticipationDeclined] = field(default_factory=dict)
    smallest_part_cents: Cents | None = None
    files: tuple[Attached, ...] = ()

    @property
    def smallest_useful_cents(self) -> Cents:
        """The smallest part of the request that it can do with, in cents; the whole where it named none (D04)."""
        return self.requested_cents if self.smallest_part_cents is None else self.smallest_part_cents


@dataclass(frozen=True, slots=True)
class Clarification:
    """The question about a clerical error: until when the answer is due (UTC), and whether it came (E09)."""

    due: datetime
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """Who saved a section of the draft last, and when (UTC)."""

    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class PilotAction:
    """A pilot action. `submitted` is the version that counts; `writers` wrote or proposed it (D05).

    `sections` names the version that each saved section of the draft is at, `saved` who saved it. `correction` is the
    call's last correction in force when it was submitted, 0 when there was none (D21). `removal` is who proposed to
    take it out, and why. `access` is who asked to see the draft by way of exception, `accesses` who may, until when
    (UTC; D18). `files` are attached to the draft, `proofs` stand beside it for what was recorded on behalf of members.
    """

    title: str = ""
    call_id: UUID | None = None
    line: str = ""
    partnership_id: UUID | None = None
    coordinator_id: UUID | None = None
    geography: Geography = Geography.ASIA
    cluster: str = ""
    stage: Stage = Stage.DRAFT
    writers: frozenset[UUID] = frozenset()
    sections: dict[str, int] = field(default_factory=dict)
    saved: dict[str, Saved] = field(default_factory=dict)
    answers: dict[str, ProtectedText] = field(default_factory=dict)
    resources: tuple[ResourceLine, ...] = ()
    smallest_useful_cents: Cents | None = None
    versions: tuple[Version, ...] = ()
    submitted: int | None = None
    correction: int = 0
    clarification: Clarification | None = None
    removal: RemovalProposed | None = None
    access: AccessRequested | None = None
    accesses: dict[UUID, datetime] = field(default_factory=dict)
    files: tuple[Attached, ...] = ()
    proofs: tuple[Attached, ...] = ()

    @property
    def current(self) -> Version | None:
        """The version that was put forward last."""
        return self.versions[-1] if self.versions else None

    def version(self, number: int | None) -> Version | None:
        """Return a version by its number, or None."""
        return next((version for version in self.versions if version.number == number), None)


def evolve(pilot: PilotAction, event: PilotActionEvent) -> PilotAction:
    """Fold one event."""
    match event:
        case PilotActionProposed():
            return replace(
                pilot,
                title=event.title,
                call_id=event.call_id,
                line=event.line,
                partnership_id=event.partnership_id,
                coordinator_id=event.coordinator_id,
                geography=event.geography,
                cluster=event.cluster,
                writers=pilot.writers | {event.by},
            )
        case ExpertNamed():
            return replace(pilot, writers=pilot.writers | {event.expert})
        case DraftSectionSaved():
            return _saved(pilot, event)
        case FileAttached():
            attached = Attached(event.attachment_id, event.file, section=event.section)
            return replace(pilot, writers=pilot.writers | {event.by}, files=with_file(pilot.files, attached))
        case FileDetached():
            return replace(pilot, files=without_file(pilot.files, event.attachment_id))
        case ProofAttached():
            proof = Attached(event.attachment_id, event.file, organisation_id=event.organisation_id)
            return replace(pilot, proofs=with_file(pilot.proofs, proof))
        case VersionPutForward():
            return replace(pilot, versions=(*pilot.versions, _put_forward(pilot, event)))
        case ParticipationConfirmed():
            return replace(pilot, versions=tuple(_confirmed(version, event) for version in pilot.versions))
        case ParticipationDeclined():
            return replace(pilot, versions=tuple(_declined(version, event) for version in pilot.versions))
        case LetterRecorded():
            return replace(pilot, versions=tuple(_with_letter(version, event) for version in pilot.versions))
        case LetterVerified():
            return pilot
        case ApplicationSubmitted():
            return replace(pilot, stage=Stage.SUBMITTED, submitted=event.version, correction=event.correction)
        case ApplicationWithdrawn():
            return replace(pilot, stage=Stage.WITHDRAWN)
        case SubmissionReminded() | ConfirmationsVoided() | RemovalConfirmed():
            return pilot
        case RemovalProposed():
            return replace(pilot, removal=event)
        case ClarificationAsked():
            return replace(pilot, clarification=Clarification(event.due))
        case ClarificationAnswered():
            asked = pilot.clarification
            return replace(pilot, clarification=asked and replace(asked, answered=True))
        case ApplicationFoundInadmissible():
            return replace(pilot, stage=Stage.INADMISSIBLE)
        case ApplicationFoundIneligible():
            return replace(pilot, stage=Stage.INELIGIBLE)
        case ApplicationFoundEligible():
            return replace(pilot, stage=Stage.ELIGIBLE)
        case SupportOffered():
            return replace(pilot, stage=Stage.OFFERED)
        case AccessRequested():
            return replace(pilot, access=event)
        case AccessAllowed():
            return replace(pilot, access=None, accesses={**pilot.accesses, event.officer: event.until})
        case _:
            assert_never(event)


def _saved(pilot: PilotAction, event: DraftSectionSaved) -> PilotAction:
    saved = replace(
        pilot,
        writers=pilot.writers | {event.by},
        sections={**pilot.sections, event.section: event.version},
        saved={**pilot.saved, event.section: Saved(event.by, event.effective_at)},
        answers={**pilot.answers, **event.answers},
    )
    if event.resources is None:
        return saved
    return replace(saved, resources=event.resources, smallest_useful_cents=event.smallest_useful_cents)


def _put_forward(pilot: PilotAction, event: VersionPutForward) -> Version:
    """Return the new version, confirmed by whoever confirmed the same content before (D10)."""
    same = [version for version in pilot.versions if version.digest == event.digest]
    confirmed = frozenset().union(*(version.confirmed_by for version in same))
    letters = {partner: officer for version in same for partner, officer in version.letters.items()}
    declined = {partner: said for version in same for partner, said in version.declined.items()}
    known = (confirmed, letters, declined, event.smallest_useful_cents, pilot.files)
    return Version(event.version, event.digest, event.requested_cents, *known)


def _confirmed(version: Version, event: ParticipationConfirmed) -> Version:
    if version.digest != event.digest:
        return version
    declined = {member: said for member, said in version.declined.items() if member != event.organisation_id}
    return replace(version, confirmed_by=version.confirmed_by | {event.organisation_id}, declined=declined)


def _declined(version: Version, event: ParticipationDeclined) -> Version:
    if version.digest != event.digest:
        return version
    return replace(version, declined={**version.declined, event.organisation_id: event})


def _with_letter(version: Version, event: LetterRecorded) -> Version:
    if version.digest != event.digest:
        return version
    return replace(version, letters={**version.letters, event.organisation_id: event.by})


PILOT_ACTION = Aggregate("pilot-action", PilotAction(), evolve)
