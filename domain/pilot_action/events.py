"""What happens to a pilot action and its application."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from domain.files import File
from domain.messages import Event
from domain.people import Geography
from domain.values import Cents, Digest, Instant, ProtectedText, Value


class ResourceLine(Value):
    """One resource in kind that is asked for: so many units of a kind at a unit value in cents, and why."""

    kind: str
    quantity: int
    unit_cents: Cents
    why: ProtectedText

    @property
    def cents(self) -> int:
        """The line's value in cents."""
        return self.quantity * self.unit_cents


class PilotActionProposed(Event):
    """A partnership proposed a pilot action for a support line of the call."""

    TOPIC: ClassVar[str] = "pilot-action.proposed"
    SAYS: ClassVar[str] = "The pilot action “{title}” was proposed."
    title: str
    call_id: UUID
    line: str
    partnership_id: UUID
    coordinator_id: UUID
    geography: Geography
    cluster: str


class ExpertNamed(Event):
    """An IURC expert proposed the pilot action or helped to write it, and so does not judge it (S45, D05)."""

    TOPIC: ClassVar[str] = "pilot-action.expert-named"
    SAYS: ClassVar[str] = "An IURC expert who proposed the pilot action or helped to write it was named."
    expert: UUID


class DraftSectionSaved(Event):
    """An officer saved one section of the draft, which is then at this version; nobody judges a draft."""

    TOPIC: ClassVar[str] = "pilot-action.draft-section-saved"
    SAYS: ClassVar[str] = "A section of the draft was saved ({section})."
    section: str
    version: int
    answers: dict[str, ProtectedText]
    resources: tuple[ResourceLine, ...] | None
    smallest_useful_cents: Cents | None = None


class FileAttached(Event):
    """An officer attached a file to the draft; the next version that is put forward contains it (D30)."""

    TOPIC: ClassVar[str] = "pilot-action.file-attached"
    SAYS: ClassVar[str] = "A file was attached to the draft."
    attachment_id: UUID
    file: File
    section: str | None = None


class FileDetached(Event):
    """An officer took a file off the draft; versions that were put forward with it keep it."""

    TOPIC: ClassVar[str] = "pilot-action.file-detached"
    SAYS: ClassVar[str] = "A file was taken off the draft."
    attachment_id: UUID


class ProofAttached(Event):
    """An officer of the secretariat attached the proof of what was recorded on behalf of this member (D10, D30)."""

    TOPIC: ClassVar[str] = "pilot-action.proof-attached"
    SAYS: ClassVar[str] = "A proof of what was recorded on behalf of a member was attached."
    organisation_id: UUID
    attachment_id: UUID
    file: File


class VersionPutForward(Event):
    """The draft was put forward as an immutable version for the partners to confirm (D08, D10).

    The digest names its content: a version with the same content has the same digest, and stays confirmed.
    `smallest_useful_cents` is the smallest part of the request that it can do with; None: only the whole (D04).
    """

    TOPIC: ClassVar[str] = "pilot-action.version-put-forward"
    SAYS: ClassVar[str] = "Version {version} was put forward, asking for {requested_cents}."
    version: int
    digest: Digest
    requested_cents: Cents
    answers: dict[str, ProtectedText]
    resources: tuple[ResourceLine, ...]
    smallest_useful_cents: Cents | None = None


class ConfirmationsVoided(Event):
    """A material change voided what these members had confirmed; they are asked to confirm the new version (D10)."""

    TOPIC: ClassVar[str] = "pilot-action.confirmations-voided"
    SAYS: ClassVar[str] = "The application changed: who had confirmed it is asked to confirm version {version}."
    version: int
    organisation_ids: tuple[UUID, ...]


class ParticipationConfirmed(Event):
    """A partner confirmed its part in the version that the digest names (D10)."""

    TOPIC: ClassVar[str] = "pilot-action.participation-confirmed"
    SAYS: ClassVar[str] = "A partner confirmed its part in version {version}."
    organisation_id: UUID
    version: int
    digest: Digest


class ParticipationDeclined(Event):
    """A partner did not confirm its part in the version that the digest names, and said why (D10).

    `ask_another`: the person who was asked is not the one to confirm, and the reason says whom to ask. Whoever
    declined may still confirm.
    """

    TOPIC: ClassVar[str] = "pilot-action.participation-declined"
    SAYS: ClassVar[str] = "A partner did not confirm its part in version {version}, and said why."
    organisation_id: UUID
    version: int
    digest: Digest
    ask_another: bool
    reason: ProtectedText


class LetterRecorded(Event):
    """An officer recorded a partner's scanned letter; it counts when a second officer verified it (D10, D18)."""

    TOPIC: ClassVar[str] = "pilot-action.letter-recorded"
    SAYS: ClassVar[str] = "A partner's letter about version {version} was recorded; a second officer verifies it."
    organisation_id: UUID
    version: int
    digest: Digest
    reference: ProtectedText


class LetterVerified(Event):
    """A second officer verified the letter that `recorded_by` recorded.

    It confirms the version that the digest names (D10, D18).
    """

    TOPIC: ClassVar[str] = "pilot-action.letter-verified"
    SAYS: ClassVar[str] = "A second officer verified the partner's letter about version {version}."
    organisation_id: UUID
    version: int
    digest: Digest
    recorded_by: UUID


class ApplicationSubmitted(Event):
    """The application arrived in time; the last valid version counts (D07, D08). `effective_at` is the arrival.

    `correction` is the last correction of the call in force then, 0 for its rules as published (D21).
    """

    TOPIC: ClassVar[str] = "pilot-action.application-submitted"
    SAYS: ClassVar[str] = "Version {version} of the application was submitted, asking for {requested_cents}."
    version: int
    digest: Digest
    requested_cents: Cents
    declarations: tuple[str, ...]
    correction: int


class ApplicationWithdrawn(Event):
    """The applicant withdrew the application (D08)."""

    TOPIC: ClassVar[str] = "pilot-action.application-withdrawn"
    SAYS: ClassVar[str] = "The application was withdrawn."
    reason: ProtectedText


class SubmissionReminded(Event):
    """The applicant was reminded of the closing instant."""

    TOPIC: ClassVar[str] = "pilot-action.submission-reminded"
    SAYS: ClassVar[str] = "A reminder went out: applications close {closes}."
    closes: Instant


class ClarificationAsked(Event):
    """The secretariat asked about an obvious clerical error; the answer is due before `due` (E09, D25)."""

    TOPIC: ClassVar[str] = "pilot-action.clarification-asked"
    SAYS: ClassVar[str] = "The secretariat asked about a clerical error; the answer is due before {due}."
    question: ProtectedText
    due: Instant


class ClarificationAnswered(Event):
    """The applicant cleared up the clerical error; what was submitted stays as it is (E09)."""

    TOPIC: ClassVar[str] = "pilot-action.clarification-answered"
    SAYS: ClassVar[str] = "The applicant answered the question about the clerical error."
    answer: ProtectedText


class Finding(Value):
    """One rule that an application does not meet, with the reason in words (E11)."""

    rule: str
    detail: str


class ApplicationFoundInadmissible(Event):
    """The application cannot be admitted: late, incomplete or without a partner's confirmation (D10, D23).

    `correction` is the last correction of the call in force then, 0 for its rules as published (D21).
    """

    TOPIC: ClassVar[str] = "pilot-action.application-found-inadmissible"
    SAYS: ClassVar[str] = "The application is inadmissible."
    correction: int
    findings: tuple[Finding, ...]


class ApplicationFoundIneligible(Event):
    """Who applies or what is applied for is not eligible (S05, D23).

    `correction` is the last correction of the call in force then, 0 for its rules as published (D21).
    """

    TOPIC: ClassVar[str] = "pilot-action.application-found-ineligible"
    SAYS: ClassVar[str] = "The application is ineligible."
    correction: int
    findings: tuple[Finding, ...]


class ApplicationFoundEligible(Event):
    """The application is admissible and eligible; it goes to the evaluators.

    `correction` is the last correction of the call in force then, 0 for its rules as published (D21).
    """

    TOPIC: ClassVar[str] = "pilot-action.application-found-eligible"
    SAYS: ClassVar[str] = "The application is admissible and eligible."
    correction: int


class RemovalCause(StrEnum):
    """Why an eligible application is taken out of the competition: its applicant wishes it, or what came out late."""

    WITHDRAWN = "withdrawn"
    INADMISSIBLE = "inadmissible"
    INELIGIBLE = "ineligible"


class RemovalProposed(Event):
    """An officer proposed to take an eligible application out of the competition; a second one decides (D18, D23)."""

    TOPIC: ClassVar[str] = "pilot-action.removal-proposed"
    SAYS: ClassVar[str] = "It was proposed to take the application out as {cause} ({rule}); a second officer decides."
    cause: RemovalCause
    rule: str
    reason: ProtectedText


class RemovalConfirmed(Event):
    """A second officer confirmed what `proposed_by` proposed: the application is out of the competition (D18, D23)."""

    TOPIC: ClassVar[str] = "pilot-action.removal-confirmed"
    SAYS: ClassVar[str] = "A second officer confirmed that the application is taken out as {cause} ({rule})."
    proposed_by: UUID
    cause: RemovalCause
    rule: str
    reason: ProtectedText


class SupportOffered(Event):
    """The applicant was offered support in kind (S02)."""

    TOPIC: ClassVar[str] = "pilot-action.support-offered"
    SAYS: ClassVar[str] = "Support of {cents} was offered, in kind."
    grant_id: UUID
    cents: Cents


class AccessRequested(Event):
    """An officer asked to see, for some hours, a draft that nobody but its members sees; a second one decides (D18)."""

    TOPIC: ClassVar[str] = "pilot-action.access-requested"
    SAYS: ClassVar[str] = (
        "An officer of the secretariat asked to see the draft for {hours} hours, by way of exception; "
        "a second officer decides."
    )
    reason: ProtectedText
    hours: int


class AccessAllowed(Event):
    """A second officer allowed the one who asked to see the draft until an instant, for the reason given (D18)."""

    TOPIC: ClassVar[str] = "pilot-action.access-allowed"
    SAYS: ClassVar[str] = "A second officer allowed the one who asked to see the draft until {until}, by exception."
    officer: UUID
    reason: ProtectedText
    until: Instant


PilotActionEvent = (
    PilotActionProposed
    | ExpertNamed
    | DraftSectionSaved
    | FileAttached
    | FileDetached
    | ProofAttached
    | VersionPutForward
    | ConfirmationsVoided
    | ParticipationConfirmed
    | ParticipationDeclined
    | LetterRecorded
    | LetterVerified
    | ApplicationSubmitted
    | ApplicationWithdrawn
    | SubmissionReminded
    | ClarificationAsked
    | ClarificationAnswered
    | ApplicationFoundInadmissible
    | ApplicationFoundIneligible
    | ApplicationFoundEligible
    | RemovalProposed
    | RemovalConfirmed
    | SupportOffered
    | AccessRequested
    | AccessAllowed
)
