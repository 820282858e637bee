"""The equal-treatment ledger: what each applicant was given and waited for, beside its outcome (E01, D24).

Every figure leads to its events. Hours and minutes are whole; what began and has not ended is not counted as waiting.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.account.events import AccountOpened
from domain.audit.history import History
from domain.audit.outcomes import outcomes_of
from domain.call.events import (
    ApplicationWindowClosed,
    CallCorrected,
    CallPublished,
    OutcomesReleased,
    QuestionAnswered,
    QuestionAnsweredPrivately,
    QuestionAsked,
    QuestionDeclined,
)
from domain.evaluation.events import EvaluationCompleted
from domain.grant.events import DeliveryAcknowledged, ResourceDisbursed
from domain.messages import Event, Recorded
from domain.partnership.events import (
    CoachAssigned,
    CoachingDeclined,
    CoachingOffered,
    CoachingRequested,
    CoachingSessionHeld,
    CoachingSessionMissed,
    GroupSessionHeld,
    PartnershipFormed,
)
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ClarificationAsked,
)
from domain.values import Value

MEASURES: Final[Mapping[str, str]] = {
    "coached_minutes": "Minutes of coaching",
    "coaching_offers": "Offers of coaching",
    "sessions_held": "Coaching sessions held",
    "sessions_missed": "Coaching sessions missed",
    "hours_to_coach": "Hours from asking for coaching to a coach",
    "questions_asked": "Questions asked",
    "questions_answered": "Questions answered",
    "hours_to_answer": "Hours that questions waited for an answer",
    "notices": "Notices received",
    "clarifications": "Clarifications asked of it",
    "clarification_hours_given": "Hours given for clarifications",
    "extensions": "Deadlines moved while it took part",
    "submissions": "Versions submitted",
    "hours_to_eligibility": "Hours from closing to the finding on eligibility",
    "hours_to_evaluation": "Hours from that finding to a complete evaluation",
    "hours_to_outcome": "Hours from closing to the release of the outcome",
    "hours_to_certification": "Hours from a city’s word to the certified delivery",
}
"""Each column with what it counts."""


class TreatmentRow(Value):
    """One applicant: a partnership, its last pilot action and the outcome, with each figure of `MEASURES`.

    `positions` holds the events behind each figure that is not 0.
    """

    id: UUID
    partnership: str
    pilot_action_id: UUID | None
    outcome: str
    coached_minutes: int
    coaching_offers: int
    sessions_held: int
    sessions_missed: int
    hours_to_coach: int
    questions_asked: int
    questions_answered: int
    hours_to_answer: int
    notices: int
    clarifications: int
    clarification_hours_given: int
    extensions: int
    submissions: int
    hours_to_eligibility: int
    hours_to_evaluation: int
    hours_to_outcome: int
    hours_to_certification: int
    positions: dict[str, tuple[int, ...]]


class Spread(Value):
    """How a figure is spread over the applicants of one outcome; the median is the lower of the two in the middle."""

    id: str
    measure: str
    title: str
    outcome: str
    applicants: int
    least: int
    median: int
    most: int


class _Account:
    """The figures of one applicant while the events are read."""

    def __init__(self) -> None:
        self.figures = dict.fromkeys(MEASURES, 0)
        self.positions: dict[str, list[int]] = {}
        self.since: dict[str, Recorded] = {}
        self.pilot_action_id: UUID | None = None

    def count(self, measure: str, recorded: Recorded, by: int = 1) -> None:
        self.figures[measure] += by
        self.positions.setdefault(measure, []).append(recorded.position)

    def begin(self, what: str, recorded: Recorded) -> None:
        self.since[what] = recorded

    def waited(self, measure: str, what: str, recorded: Recorded) -> None:
        """Count the hours since something began, where it did; it ends with that."""
        began = self.since.pop(what, None)
        if began is not None:
            self.figures[measure] += _hours(began.event.effective_at, recorded.event.effective_at)
            self.positions.setdefault(measure, []).extend((began.position, recorded.position))


def _hours(start: datetime, end: datetime) -> int:
    return max(0, (end - start).days * 24 + (end - start).seconds // 3600)


def treatment(history: History, notices: Collection[type[Event]]) -> Iterator[TreatmentRow]:
    """Yield a row for every partnership of a call, in the order in which they were formed; `notices` are the kinds of
    events that applicants are told of about their own matter.
    """
    formed = {recorded.stream: event for recorded, event in history.each(PartnershipFormed)}
    accounts = {id: _Account() for id in formed}
    _read_call(history, formed, accounts)
    for recorded in history.events:
        account = accounts.get(history.about(recorded.stream).partnership_id or recorded.stream)
        if account is not None:
            if isinstance(recorded.event, tuple(notices)):
                account.count("notices", recorded)
            _read_own(account, recorded)
    outcomes = outcomes_of(history)
    for id, account in accounts.items():
        action = account.pilot_action_id
        yield TreatmentRow(
            id=id,
            partnership=formed[id].name,
            pilot_action_id=action,
            outcome=outcomes[action] if action is not None else "did not apply",
            positions={name: tuple(sorted(set(found))) for name, found in account.positions.items()},
            **account.figures,
        )


def _read_own(account: _Account, recorded: Recorded) -> None:
    """Read an event of a partnership, of its pilot action, of its evaluation or of its grant."""
    event = recorded.event
    match event:
        case CoachingOffered():
            account.count("coaching_offers", recorded)
        case CoachingRequested():
            account.begin("coach", recorded)
        case CoachingDeclined():
            account.since.pop("coach", None)
        case CoachAssigned():
            account.waited("hours_to_coach", "coach", recorded)
        case CoachingSessionHeld() | GroupSessionHeld():
            account.count("sessions_held", recorded)
            account.count("coached_minutes", recorded, event.minutes)
        case CoachingSessionMissed():
            account.count("sessions_missed", recorded)
        case ClarificationAsked():
            account.count("clarifications", recorded)
            account.count("clarification_hours_given", recorded, _hours(event.effective_at, event.due))
        case ApplicationSubmitted():
            account.count("submissions", recorded)
            account.pilot_action_id = recorded.stream
        case ApplicationFoundEligible() | ApplicationFoundInadmissible() | ApplicationFoundIneligible():
            account.waited("hours_to_eligibility", "closing", recorded)
            account.begin("eligible", recorded)
        case EvaluationCompleted():
            account.waited("hours_to_evaluation", "eligible", recorded)
        case DeliveryAcknowledged():
            account.begin(f"word-{event.order}", recorded)
        case ResourceDisbursed():
            account.waited("hours_to_certification", f"word-{event.order}", recorded)
        case _:
            pass


def _read_call(history: History, formed: Mapping[UUID, PartnershipFormed], accounts: Mapping[UUID, _Account]) -> None:
    """Read the events of the call itself that somebody's treatment shows in."""
    officers = {recorded.stream: event.organisation_id for recorded, event in history.each(AccountOpened)}
    asked: dict[int, tuple[list[_Account], Recorded]] = {}
    before: CallPublished | CallCorrected | None = None
    there: list[_Account] = []
    for recorded in history.events:
        event = recorded.event
        match event:
            case PartnershipFormed():
                there.append(accounts[recorded.stream])
            case QuestionAsked():
                own = officers.get(event.by)
                whose = [
                    accounts[id]
                    for id, one in formed.items()
                    if own in {member.organisation_id for member in one.members}
                ]
                asked[event.number] = whose, recorded
                for account in whose:
                    account.count("questions_asked", recorded)
            case QuestionAnswered() | QuestionAnsweredPrivately() | QuestionDeclined():
                whose, since = asked.pop(event.number, ([], recorded))
                for account in whose:
                    account.count("questions_answered", recorded)
                    account.begin("answer", since)
                    account.waited("hours_to_answer", "answer", recorded)
            case CallPublished() | CallCorrected():
                if before is not None and before.rules.calendar != event.rules.calendar:
                    for account in there:
                        account.count("extensions", recorded)
                before = event
            case ApplicationWindowClosed():
                for account in there:
                    account.begin("closing", recorded)
                    account.begin("release", recorded)
            case OutcomesReleased():
                for one in event.outcomes:
                    of = accounts.get(history.about(one.pilot_action_id).partnership_id or one.pilot_action_id)
                    if of is not None:
                        of.waited("hours_to_outcome", "release", recorded)
            case _:
                pass


def spread(rows: Sequence[TreatmentRow]) -> Iterator[Spread]:
    """Yield how each figure is spread over the applicants of each outcome: so that unequal treatment is seen."""
    outcomes = sorted({row.outcome for row in rows})
    for measure, title in MEASURES.items():
        for outcome in outcomes:
            figures = sorted(getattr(row, measure) for row in rows if row.outcome == outcome)
            yield Spread(
                id=f"{measure}/{outcome}",
                measure=measure,
                title=title,
                outcome=outcome,
                applicants=len(figures),
                least=figures[0],
                median=figures[(len(figures) - 1) // 2],
                most=figures[-1],
            )
