"""The call's state: rules, register, ranking, award list and the envelope's ledger."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from domain.call.events import (
    ApplicationRegistered,
    ApplicationWindowClosed,
    ApplicationWindowOpened,
    Award,
    AwardListAdopted,
    AwardListApproved,
    AwardListProposed,
    AwardListReturned,
    AwardListVoided,
    CallCancelled,
    CallCorrected,
    CallEvent,
    CallPublished,
    CallSettled,
    CancellationProposed,
    CoachingDemandUnmet,
    CoachingPlaceTaken,
    CoachingWindowClosed,
    CoachingWindowOpened,
    CorrectionProposed,
    OfferMade,
    Outcome,
    OutcomesReleased,
    QuestionAnswered,
    QuestionAnsweredPrivately,
    QuestionAsked,
    QuestionDeclined,
    RankingEstablished,
    RankingRow,
    ReserveExpired,
    ReserveReviewed,
    SumCommitted,
    SumFreed,
    SumReturned,
)
from domain.call.rules import CallRules, SupportLine
from domain.errors import NotFound, WrongStage
from domain.messages import Aggregate, World
from domain.people import Strand
from domain.values import Cents, Digest


class Window(StrEnum):
    """A window of the calendar."""

    AHEAD = "ahead"
    OPEN = "open"
    CLOSED = "closed"


class SumState(StrEnum):
    """What stands behind a sum in the envelope's ledger; it counts until freed, or returned but for what was spent."""

    RESERVED = "reserved"
    OFFERED = "offered"
    COMMITTED = "committed"
    FREED = "freed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One grant's sum in the envelope. `counts` is what it takes from the envelope now."""

    line: str
    pilot_action_id: UUID
    cents: Cents
    state: SumState = SumState.RESERVED
    spent_cents: Cents = 0

    @property
    def was_accepted(self) -> bool:
        """Whether the offer was accepted, also where the grant is closed since."""
        return self.state in (SumState.COMMITTED, SumState.RETURNED)

    @property
    def counts(self) -> Cents:
        """What the entry takes from the envelope now, in cents."""
        return self.spent_cents if self.state in (SumState.FREED, SumState.RETURNED) else self.cents


@dataclass(frozen=True, slots=True)
class AwardList:
    """The award list of one line: its ranking, its current version, who agreed, and the reserve that is left.

    `voided`: an application on the current version was taken out. Then, as when it was `returned`, a next one follows.
    """

    ranked: bool = False
    rows: tuple[RankingRow, ...] = ()
    version: int = 0
    digest: Digest = ""
    proposed_by: UUID | None = None
    approvals: tuple[UUID, ...] = ()
    approved_at: tuple[datetime, ...] = ()
    returned: bool = False
    voided: bool = False
    adopted: bool = False
    released: bool = False
    awards: tuple[Award, ...] = ()
    reserve: tuple[Award, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    reviewed_on: date | None = None
    expired: bool = False

    @property
    def in_hand(self) -> bool:
        """Whether a version waits for approval or is adopted."""
        return self.version > 0 and not self.returned and not self.voided


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about the call: who asked it, how often an answer for all was published, whether it still waits."""

    by: UUID
    revision: int = 0
    open: bool = True


@dataclass(frozen=True, slots=True)
class Call:
    """A call with the rules in force; `register` names the line of every application that passed the door.

    `corrections` counts those proposed so far, `correction` waits for a second person, `in_force` is the number of the
    last one in force, `material` that of the last one in force which touched what applicants apply for, 0 when there
    was none (D21). `cancellation` is who proposed to cancel it, and why, until and after it is cancelled. `ended_at` is
    when it was settled or cancelled (UTC). `questions` are those about the call, by number. `coaching_places` counts
    the places for coaching that are taken in each strand.
    """

    rules: CallRules | None = None
    corrections: int = 0
    correction: CorrectionProposed | None = None
    in_force: int = 0
    material: int = 0
    questions: dict[int, Asked] = field(default_factory=dict)
    coaching: Window = Window.AHEAD
    coaching_places: dict[Strand, int] = field(default_factory=dict)
    applications: Window = Window.AHEAD
    register: dict[UUID, ApplicationRegistered] = field(default_factory=dict)
    lists: dict[str, AwardList] = field(default_factory=dict)
    ledger: dict[UUID, LedgerEntry] = field(default_factory=dict)
    cancellation: CancellationProposed | None = None
    cancelled: bool = False
    settled: bool = False
    ended_at: datetime | None = None

    def list_of(self, line: str) -> AwardList:
        """Return the award list of a line, empty before the ranking."""
        return self.lists.get(line, AwardList())

    def taken_cents(self, line: str) -> Cents:
        """Return what the grants of a line take from its envelope now: pending sums count (design decision 10)."""
        return sum(entry.counts for entry in self.ledger.values() if entry.line == line)


def _with_list(call: Call, line: str, award_list: AwardList) -> Call:
    return replace(call, lists={**call.lists, line: award_list})


def _with_entry(call: Call, grant_id: UUID, state: SumState, spent_cents: Cents = 0) -> Call:
    entry = call.ledger.get(grant_id)
    if entry is None:
        return call
    return replace(call, ledger={**call.ledger, grant_id: replace(entry, state=state, spent_cents=spent_cents)})


def _reserved(line: str, awards: tuple[Award, ...]) -> dict[UUID, LedgerEntry]:
    return {award.grant_id: LedgerEntry(line, award.pilot_action_id, award.cents) for award in awards}


def evolve(call: Call, event: CallEvent) -> Call:
    """Fold one event."""
    match event:
        case CallPublished():
            return replace(call, rules=event.rules)
        case CorrectionProposed():
            return replace(call, correction=event, corrections=event.correction)
        case CallCorrected():
            material = event.correction if event.material else call.material
            return replace(call, rules=event.rules, correction=None, in_force=event.correction, material=material)
        case QuestionAsked() | QuestionAnswered() | QuestionAnsweredPrivately() | QuestionDeclined():
            return _evolve_questions(call, event)
        case CoachingWindowOpened():
            return replace(call, coaching=Window.OPEN)
        case CoachingWindowClosed():
            return replace(call, coaching=Window.CLOSED)
        case CoachingPlaceTaken():
            taken = call.coaching_places.get(event.strand, 0) + 1
            return replace(call, coaching_places={**call.coaching_places, event.strand: taken})
        case CoachingDemandUnmet():
            return call
        case ApplicationWindowOpened():
            return replace(call, applications=Window.OPEN)
        case ApplicationRegistered():
            return replace(call, register={**call.register, event.pilot_action_id: event})
        case ApplicationWindowClosed():
            return replace(call, applications=Window.CLOSED)
        case CancellationProposed():
            return replace(call, cancellation=event)
        case CallCancelled():
            return replace(call, cancelled=True, ended_at=event.effective_at)
        case SumCommitted() | OfferMade() | SumFreed() | SumReturned() | CallSettled():
            return _evolve_ledger(call, event)
        case _:
            return _evolve_list(call, event)


def _evolve_questions(
    call: Call, event: QuestionAsked | QuestionAnswered | QuestionAnsweredPrivately | QuestionDeclined
) -> Call:
    asked = call.questions.get(event.number, Asked(event.by))
    match event:
        case QuestionAsked():
            asked = Asked(event.by)
        case QuestionAnswered():
            asked = replace(asked, revision=event.revision, open=False)
        case _:
            asked = replace(asked, open=False)
    return replace(call, questions={**call.questions, event.number: asked})


def _evolve_ledger(call: Call, event: SumCommitted | OfferMade | SumFreed | SumReturned | CallSettled) -> Call:
    match event:
        case OfferMade():
            return _with_entry(call, event.grant_id, SumState.OFFERED)
        case SumCommitted():
            return _with_entry(call, event.grant_id, SumState.COMMITTED)
        case SumFreed():
            return _with_entry(call, event.grant_id, SumState.FREED)
        case SumReturned():
            return _with_entry(call, event.grant_id, SumState.RETURNED, event.spent_cents)
        case CallSettled():
            return replace(call, settled=True, ended_at=event.effective_at)
        case _:
            assert_never(event)


def _evolve_list(
    call: Call,
    event: RankingEstablished
    | AwardListProposed
    | AwardListReturned
    | AwardListApproved
    | AwardListAdopted
    | AwardListVoided
    | OutcomesReleased
    | ReserveReviewed
    | ReserveExpired,
) -> Call:
    current = call.list_of(event.line)
    match event:
        case RankingEstablished():
            return _with_list(call, event.line, replace(current, ranked=True, rows=event.rows))
        case AwardListProposed():
            return _with_list(call, event.line, _proposed(current, event))
        case AwardListReturned():
            return _with_list(call, event.line, replace(current, returned=True))
        case AwardListApproved():
            approvals, approved_at = (*current.approvals, event.by), (*current.approved_at, event.effective_at)
            return _with_list(call, event.line, replace(current, approvals=approvals, approved_at=approved_at))
        case AwardListAdopted():
            ledger = {**call.ledger, **_reserved(event.line, current.awards)}
            return _with_list(replace(call, ledger=ledger), event.line, replace(current, adopted=True))
        case AwardListVoided():
            others = {id: entry for id, entry in call.ledger.items() if entry.line != event.line}
            voided = replace(current, voided=True, adopted=False, approvals=(), approved_at=())
            return _with_list(replace(call, ledger=others), event.line, voided)
        case OutcomesReleased():
            return _with_list(call, event.line, replace(current, released=True))
        case ReserveReviewed():
            promoted = {award.pilot_action_id for award in event.promoted}
            left = tuple(award for award in current.reserve if award.pilot_action_id not in promoted)
            ledger = {**call.ledger, **_reserved(event.line, event.promoted)}
            return _with_list(
                replace(call, ledger=ledger), event.line, replace(current, reserve=left, reviewed_on=event.day)
            )
        case ReserveExpired():
            return _with_list(call, event.line, replace(current, expired=True))
        case _:
            assert_never(event)


def _proposed(current: AwardList, event: AwardListProposed) -> AwardList:
    """Return the list with its next version, which nobody has approved yet."""
    return replace(
        current,
        version=event.version,
        digest=event.digest,
        proposed_by=event.by,
        approvals=(),
        approved_at=(),
        returned=False,
        voided=False,
        adopted=False,
        awards=event.awards,
        reserve=event.reserve,
        outcomes=event.outcomes,
    )


CALL = Aggregate("call", Call(), evolve)


def announced(call: Call) -> CallRules:
    """Return the rules in force for a call, as published or corrected, cancelled or not. Raises NotFound without."""
    if call.rules is None:
        raise NotFound("This call is not published.", "Look it up in the list of calls.")
    return call.rules


def published(call: Call) -> CallRules:
    """Return the rules in force for a call that goes on. Raises NotFound without, WrongStage when it was cancelled.

    Every deed in a call reads them, so that nothing goes on in a cancelled call (D18).
    """
    rules = announced(call)
    if call.cancelled:
        raise WrongStage("The call was cancelled; nothing goes on in it.", "Read the reasons in its timeline.")
    return rules


def line_of(call: Call, line_id: str) -> SupportLine:
    """Return a support line of a call that goes on. Raises NotFound, WrongStage."""
    line = published(call).line(line_id)
    if line is None:
        raise NotFound(f"The call has no support line {line_id!r}.", "Read the call: it names its lines.")
    return line


def rules_of(world: World, call_id: UUID | None) -> CallRules:
    """Return the rules in force for a published call that goes on. Raises NotFound, WrongStage."""
    if call_id is None:
        raise NotFound("No call is named.", "Name a call of the list of calls.")
    return published(world.get(CALL, call_id))
