"""What happens to a call."""

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from domain.call.rules import CallRules
from domain.messages import Event, Upcaster
from domain.people import Geography, Strand
from domain.values import Cents, Digest, Instant, ProtectedText, Value


def _with_blindness(recorded: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an event with rules, which said nothing of blindness while no applicant saw an evaluator."""
    rules = recorded["rules"]
    evaluation = {**rules["evaluation"], "blindness": "evaluators_hidden"}
    return {**recorded, "rules": {**rules, "evaluation": evaluation}}


class CallPublished(Event):
    """The secretariat published the call with all its rules, which stay in force for it (design decision 2)."""

    TOPIC: ClassVar[str] = "call.published"
    SAYS: ClassVar[str] = "The call was published with its rules."
    UPCASTERS: ClassVar[tuple[Upcaster, ...]] = (_with_blindness,)
    rules: CallRules


class CorrectedPoint(Value):
    """One point of the published rules with its old and its new value; empty where there was or is none."""

    point: str
    old: str
    new: str


class CorrectionProposed(Event):
    """An officer proposed a correction of the published rules; nobody outside is told before it is confirmed (D21)."""

    TOPIC: ClassVar[str] = "call.correction-proposed"
    SAYS: ClassVar[str] = "Correction {correction} of the call was proposed: {reason} It waits for a second person."
    UPCASTERS: ClassVar[tuple[Upcaster, ...]] = (_with_blindness,)
    correction: int
    reason: str
    points: tuple[CorrectedPoint, ...]
    rules: CallRules


class CallCorrected(Event):
    """A second person confirmed: the corrected rules are in force from this instant, and all are told (D07, D21).

    The reason is an official text for everybody. What is `material` must be confirmed anew by whoever had submitted.
    """

    TOPIC: ClassVar[str] = "call.corrected"
    SAYS: ClassVar[str] = "Correction {correction} of the call: {reason} Applications close {closes}."
    UPCASTERS: ClassVar[tuple[Upcaster, ...]] = (_with_blindness,)
    correction: int
    proposed_by: UUID
    reason: str
    points: tuple[CorrectedPoint, ...]
    material: bool
    rules: CallRules

    @property
    def closes(self) -> datetime:
        """The closing instant in force from now on (UTC)."""
        return self.rules.calendar.applications_close


class QuestionAsked(Event):
    """An officer of a city or region asked the secretariat about the call; nobody outside learns who (E01, D29)."""

    TOPIC: ClassVar[str] = "call.question-asked"
    SAYS: ClassVar[str] = "Question {number} about the call was asked; the answer is due {due}."
    number: int
    question: ProtectedText
    due: Instant


class QuestionAnswered(Event):
    """The secretariat published a question with its answer: all are told the same at this instant (E01, D29).

    Both are official texts for everybody and name nobody. A later `revision` takes the place of the one before.
    """

    TOPIC: ClassVar[str] = "call.question-answered"
    SAYS: ClassVar[str] = "“{question}” was answered for all, as question {number} about the call."
    number: int
    revision: int
    question: str
    answer: str


class QuestionAnsweredPrivately(Event):
    """The secretariat answered a question that concerns the asker alone, to the asker alone (D29)."""

    TOPIC: ClassVar[str] = "call.question-answered-privately"
    SAYS: ClassVar[str] = "Question {number} about the call was answered to the asker alone."
    number: int
    asked_by: UUID
    answer: ProtectedText


class QuestionDeclined(Event):
    """The secretariat declined to answer a question, with the reason; `see` is the published one that answers it."""

    TOPIC: ClassVar[str] = "call.question-declined"
    SAYS: ClassVar[str] = "Question {number} about the call was declined with a reason."
    number: int
    asked_by: UUID
    reason: ProtectedText
    see: int | None


class CoachingWindowOpened(Event):
    """The months of coaching began (S13)."""

    TOPIC: ClassVar[str] = "call.coaching-window-opened"
    SAYS: ClassVar[str] = "The months of coaching began."


class CoachingWindowClosed(Event):
    """The months of coaching ended (S13)."""

    TOPIC: ClassVar[str] = "call.coaching-window-closed"
    SAYS: ClassVar[str] = "The months of coaching ended."


class CoachingPlaceTaken(Event):
    """A partnership got one of its strand's places for coaching sessions of its own (D24)."""

    TOPIC: ClassVar[str] = "call.coaching-place-taken"
    SAYS: ClassVar[str] = "One of the places for coaching in {strand} was taken."
    partnership_id: UUID
    strand: Strand


class CoachingDemandUnmet(Event):
    """The strand's places were used up when a partnership asked; it gets the same minimum in a group (D24)."""

    TOPIC: ClassVar[str] = "call.coaching-demand-unmet"
    SAYS: ClassVar[str] = "The places for coaching in {strand} are used up: one more partnership is coached in a group."
    partnership_id: UUID
    strand: Strand


class ApplicationWindowOpened(Event):
    """Applications can be submitted from now on (S14)."""

    TOPIC: ClassVar[str] = "call.application-window-opened"
    SAYS: ClassVar[str] = "Applications can be submitted."


class ApplicationRegistered(Event):
    """An application passed the door for the first time and stands in the call's register (D08)."""

    TOPIC: ClassVar[str] = "call.application-registered"
    SAYS: ClassVar[str] = "An application was entered in the call's register."
    pilot_action_id: UUID
    line: str
    geography: Geography


class ApplicationWindowClosed(Event):
    """The closing instant passed (D07).

    `effective_at` is that instant; it is recorded after the last request that came in time was answered.
    """

    TOPIC: ClassVar[str] = "call.application-window-closed"
    SAYS: ClassVar[str] = "The time for applications ended."


class CriterionTerm(Value):
    """One criterion's part of a total: the scores, their exact mean and the points as fractions 'n/d' (D01).

    With a `consensus` that takes the place of the mean in `mean`; the scores stay as they were given.
    """

    criterion: str
    scores: tuple[int, ...]
    mean: str
    weight: int
    points: str
    threshold: int
    passed: bool
    consensus: bool = False


class TieStep(Value):
    """One step of the published tie-break that told this row apart from the row before it (D03)."""

    step: str
    value: str


class RankingRow(Value):
    """One application in the ranking with every term of its total, and where the line falls (D01, D03, D04).

    `total` is an exact fraction 'n/d' of 100. `adds_up_to_cents` is the sum of the requests down to this row.
    `awarded_cents` is the whole request, or the part of it that is left of the envelope, never below
    `smallest_useful_cents`; 0 below the line.
    """

    pilot_action_id: UUID
    rank: int
    geography: Geography
    terms: tuple[CriterionTerm, ...]
    total: str
    passed: bool
    tie: tuple[TieStep, ...] = ()
    requested_cents: Cents
    smallest_useful_cents: Cents
    adds_up_to_cents: Cents
    awarded_cents: Cents
    outcome: Literal["award", "reserve", "not_selected"]
    reason: str


class RankingEstablished(Event):
    """The applications of a line were ranked from the scores, every point explained (D01–D04).

    `correction` is the last correction of the call in force then, 0 for its rules as published (D21).
    """

    TOPIC: ClassVar[str] = "call.ranking-established"
    SAYS: ClassVar[str] = "The applications were ranked: {above_thresholds} of {ranked} are above the thresholds."
    line: str
    correction: int
    envelope_cents: Cents
    rows: tuple[RankingRow, ...]

    @property
    def ranked(self) -> int:
        """How many were ranked."""
        return len(self.rows)

    @property
    def above_thresholds(self) -> int:
        """How many of them are above all thresholds."""
        return sum(row.passed for row in self.rows)


class Award(Value):
    """Support for one pilot action on the award list, at most what was requested."""

    pilot_action_id: UUID
    grant_id: UUID
    cents: Cents


class Departure(Value):
    """An application above the thresholds that was moved from its rank to another place, with the reasons (E14)."""

    pilot_action_id: UUID
    rank: int
    place: int
    reason: ProtectedText


class Outcome(Value):
    """One applicant's outcome with its reason in words (D23, E11)."""

    pilot_action_id: UUID
    outcome: Literal["award", "reserve", "not_selected"]
    reason: str


class AwardListProposed(Event):
    """The secretariat proposed the award list; the digest names this version (D05, D10).

    It follows from the ranking but for its departures; `outcomes` are what is released when it is adopted (E11).
    `correction` is the last correction of the call in force then, 0 for its rules as published (D21).
    """

    TOPIC: ClassVar[str] = "call.award-list-proposed"
    SAYS: ClassVar[str] = "Version {version} of the award list was proposed."
    line: str
    version: int
    correction: int
    digest: Digest
    awards: tuple[Award, ...]
    reserve: tuple[Award, ...]
    departures: tuple[Departure, ...]
    outcomes: tuple[Outcome, ...]


class AwardListReturned(Event):
    """An approver sent this version back with remarks; the next version voids the approvals given so far (D10)."""

    TOPIC: ClassVar[str] = "call.award-list-returned"
    SAYS: ClassVar[str] = "An approver sent version {version} of the award list back with remarks."
    line: str
    version: int
    digest: Digest
    remarks: ProtectedText


class AwardListApproved(Event):
    """An approver approved this version of the award list (D05: two approvers)."""

    TOPIC: ClassVar[str] = "call.award-list-approved"
    SAYS: ClassVar[str] = "An approver approved version {version} of the award list."
    line: str
    version: int
    digest: Digest


class AwardListAdopted(Event):
    """Two approvers agreed, in this order; the sum of the awards is reserved in the envelope (D04, D05)."""

    TOPIC: ClassVar[str] = "call.award-list-adopted"
    SAYS: ClassVar[str] = "The award list is adopted; {reserved_cents} are reserved in the envelope."
    line: str
    version: int
    approved_by: tuple[UUID, ...]
    reserved_cents: Cents


class AwardListVoided(Event):
    """An application was taken out: this version of the award list no longer counts, nor do its approvals (D10, D23).

    `freed_cents` is what an adopted version had reserved in the envelope, 0 where it was not adopted.
    """

    TOPIC: ClassVar[str] = "call.award-list-voided"
    SAYS: ClassVar[str] = "Version {version} of the award list no longer counts: an application was taken out."
    line: str
    version: int
    pilot_action_id: UUID
    freed_cents: Cents


class OutcomesReleased(Event):
    """All outcomes of a line, of this version of its list, were released to all applicants at one instant (D17)."""

    TOPIC: ClassVar[str] = "call.outcomes-released"
    SAYS: ClassVar[str] = "All outcomes were released at one instant."
    line: str
    version: int
    awards: tuple[Award, ...]
    outcomes: tuple[Outcome, ...]


class OfferMade(Event):
    """An offer went out from the reserved sum."""

    TOPIC: ClassVar[str] = "call.offer-made"
    SAYS: ClassVar[str] = "An offer of {cents} was made."
    grant_id: UUID
    cents: Cents


class SumCommitted(Event):
    """An offer was accepted: its reserved sum is committed."""

    TOPIC: ClassVar[str] = "call.sum-committed"
    SAYS: ClassVar[str] = "{cents} of the envelope are committed."
    grant_id: UUID
    cents: Cents


class SumFreed(Event):
    """An offer lapsed or was declined: its reserved sum is free again."""

    TOPIC: ClassVar[str] = "call.sum-freed"
    SAYS: ClassVar[str] = "{cents} of the envelope are free again."
    grant_id: UUID
    cents: Cents


class ReserveReviewed(Event):
    """At the end of a day with lapses or refusals the reserve was offered what is free, in rank order only (D04)."""

    TOPIC: ClassVar[str] = "call.reserve-reviewed"
    SAYS: ClassVar[str] = "The reserve list was reviewed with {free_cents} free."
    line: str
    day: date
    free_cents: Cents
    promoted: tuple[Award, ...]


class ReserveExpired(Event):
    """The reserve list ended; those still on it are told (D04)."""

    TOPIC: ClassVar[str] = "call.reserve-expired"
    SAYS: ClassVar[str] = "The reserve list ended."
    line: str
    pilot_action_ids: tuple[UUID, ...]


class SumReturned(Event):
    """A grant was closed: what it did not spend went back to the envelope (D12)."""

    TOPIC: ClassVar[str] = "call.sum-returned"
    SAYS: ClassVar[str] = "A grant was closed: {spent_cents} spent, {returned_cents} returned to the envelope."
    grant_id: UUID
    spent_cents: Cents
    returned_cents: Cents


class CancellationProposed(Event):
    """An officer of the secretariat proposed to cancel the call; a second person decides (D18).

    The reason is an official text for everybody, once the call is cancelled.
    """

    TOPIC: ClassVar[str] = "call.cancellation-proposed"
    SAYS: ClassVar[str] = "The cancellation of the call was proposed: {reason} It waits for a second person."
    reason: str


class CallCancelled(Event):
    """Two persons cancelled the call with reasons, told to all at one instant; nothing goes on in it (D18, D21).

    `pilot_action_ids` names those in its register; their processes and those of its `lines` end with it.
    """

    TOPIC: ClassVar[str] = "call.cancelled"
    SAYS: ClassVar[str] = "The call was cancelled: {reason} Nothing goes on in it."
    proposed_by: UUID
    reason: str
    pilot_action_ids: tuple[UUID, ...]
    lines: tuple[str, ...]


class CallSettled(Event):
    """Every grant is closed and the call is settled."""

    TOPIC: ClassVar[str] = "call.settled"
    SAYS: ClassVar[str] = "The call is settled: {spent_cents} were spent of an envelope of {envelope_cents}."
    envelope_cents: Cents
    spent_cents: Cents


CallEvent = (
    CallPublished
    | CorrectionProposed
    | CallCorrected
    | QuestionAsked
    | QuestionAnswered
    | QuestionAnsweredPrivately
    | QuestionDeclined
    | CoachingWindowOpened
    | CoachingWindowClosed
    | CoachingPlaceTaken
    | CoachingDemandUnmet
    | ApplicationWindowOpened
    | ApplicationRegistered
    | ApplicationWindowClosed
    | RankingEstablished
    | AwardListProposed
    | AwardListReturned
    | AwardListApproved
    | AwardListAdopted
    | AwardListVoided
    | OutcomesReleased
    | OfferMade
    | SumCommitted
    | SumFreed
    | ReserveReviewed
    | ReserveExpired
    | SumReturned
    | CancellationProposed
    | CallCancelled
    | CallSettled
)
