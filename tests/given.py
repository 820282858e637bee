"""given(what happened).when(a command).then(the facts): a fund in memory, its cast, and the usual story of a call.

given(*past)            a fund in which this happened: facts, changes, or commands that are carried out
until("submitted")      the usual story up to and with a chapter (`CHAPTERS`), for one pair of cities or several
story.after(*past)      the same fund later; a story itself never changes, so that tests can share it
story.when(command)     one request more: .then(fact(…), …)  .refused("S01")  .raises(NotFound)  .code
story.get(CALL, id)     what the fund knows

`ask(SubmitApplication, at=CLOSES)` is the request as Hamburg usually makes it (who, when, for what), but for `at`.
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple, Self, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.account import commands as account
from domain.call import commands as call
from domain.call.aggregate import CALL
from domain.call.rules import CallRules
from domain.catalogue import DECIDERS, aggregate_of
from domain.errors import FundError, NotFound, Refused
from domain.evaluation import commands as evaluation
from domain.evaluation.aggregate import EVALUATION
from domain.grant import commands as grant
from domain.ids import evaluation_id, grant_id
from domain.messages import Aggregate, Change, Command, Event
from domain.organisation import commands as organisation
from domain.organisation.events import OrganisationKind
from domain.partnership import commands as partnership
from domain.partnership.aggregate import PARTNERSHIP
from domain.people import ENGINE, OPERATOR, Geography, Role, Strand
from domain.pilot_action import commands as pilot_action
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.slot import slot_id
from domain.values import BRUSSELS, Digest
from fund_service.editions.loader import edition

S = TypeVar("S")

# --- the stage --------------------------------------------------------------------------------------------------------

RULES: Final = edition("iurc-2026")
CALENDAR: Final = RULES.calendar
LINE: Final = "pilot_action"
CAP: Final = RULES.lines[0].cap_cents
ENVELOPE: Final = RULES.lines[0].envelope_cents
TICK: Final = timedelta(microseconds=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
OPENS, CLOSES, RELEASE = CALENDAR.applications_open, CALENDAR.applications_close, CALENDAR.outcomes_released
BEFORE_CLOSING: Final = CLOSES - TICK
LATER: Final = CLOSES + HOUR
EXTENDED: Final = RULES.with_deadline(LATER, "20 March 2026, 18:00 Brussels time.")
"""The rules with the deadline one hour later, `LATER`."""
DELIVERING: Final = RELEASE + 40 * DAY
DELIVERY_DUE: Final = datetime(2026, 10, 1, tzinfo=BRUSSELS)
"""The end of the period in which a resource is usually delivered."""
LAST_DAY: Final = date(2027, 6, 30)
WORDS: Final = "What the application says about this leads to this score."
CURRENT: Final = "current"
"""As a digest in a command: that of the version which the story has at that moment."""
PRESENT: Final = 999_999
"""As the base of a section in a command: the version which the section is at in that moment."""


def rules_with(envelope: int) -> CallRules:
    """Return the shipped rules with another envelope, in cents."""
    line = RULES.lines[0].model_copy(update={"envelope_cents": envelope})
    return RULES.model_copy(update={"lines": (line,)})


# --- the cast ---------------------------------------------------------------------------------------------------------


def named(name: str) -> UUID:
    """Return the id that belongs to a name."""
    return uuid5(NAMESPACE_URL, name)


CALL_ID: Final = named("the call")
SUE, SAM = named("Sue, secretariat"), named("Sam, secretariat")
COLIN: Final = named("Colin, coach")
EVA, ELLA, EMIL = named("Eva, evaluator"), named("Ella, evaluator"), named("Emil, evaluator")
ERIK, EDDA = named("Erik, evaluator"), named("Edda, evaluator")
ANNA, ALAN = named("Anna, approver"), named("Alan, approver")
RITA: Final = named("Rita, resource manager")
CORA: Final = named("Cora, certifier")
COMMITTEE: Final = (EVA, ELLA, EMIL)

STAFF: Final = (
    (SAM, "Secretariat", Role.SECRETARIAT, None),
    (COLIN, "Team AA", Role.COACH, Strand.AA),
    (EVA, "Unit one", Role.EVALUATOR, Strand.AA),
    (ELLA, "Unit one", Role.EVALUATOR, Strand.AA),
    (EMIL, "Unit two", Role.EVALUATOR, None),  # from outside, and from another unit
    (ERIK, "Unit one", Role.EVALUATOR, Strand.LAC),  # from outside, but from the same unit
    (EDDA, "Unit two", Role.EVALUATOR, Strand.AA),  # from another unit, but not from outside
    (ANNA, "Authority", Role.APPROVER, None),
    (ALAN, "Authority", Role.APPROVER, None),
    (RITA, "Team AA", Role.RESOURCE_MANAGER, Strand.AA),
    (CORA, "Authority", Role.CERTIFIER, None),
)
"""Everybody but Sue and the cities: subject, unit, role, strand."""


class Pair(NamedTuple):
    """A city, its partner abroad and their pilot action, which asks for `cents`. A lower `place` has better scores.

    `smallest` is the smallest part of the sum that is useful; None: only the whole.
    """

    city: str
    abroad: str
    cents: int = CAP
    place: int = 1
    smallest: int | None = None

    @property
    def home(self) -> UUID:
        """The city, which coordinates."""
        return named(self.city)

    @property
    def partner(self) -> UUID:
        """The city abroad."""
        return named(self.abroad)

    @property
    def officer(self) -> UUID:
        """Who acts for the city."""
        return named(f"officer of {self.city}")

    @property
    def partner_officer(self) -> UUID:
        """Who acts for the city abroad."""
        return named(f"officer of {self.abroad}")

    @property
    def partnership(self) -> UUID:
        """The id of the partnership."""
        return named(f"{self.city} and {self.abroad}")

    @property
    def pilot_action(self) -> UUID:
        """The id of the pilot action."""
        return named(f"pilot action of {self.city} and {self.abroad}")

    @property
    def evaluation(self) -> UUID:
        """The id of the evaluation."""
        return evaluation_id(self.pilot_action)

    @property
    def grant(self) -> UUID:
        """The id of the grant."""
        return grant_id(self.pilot_action)

    @property
    def slot(self) -> UUID:
        """The id of the city's place in the line."""
        return slot_id(CALL_ID, LINE, self.home)

    @property
    def points(self) -> Mapping[str, int]:
        """What each evaluator gives: fives, fours for the last criteria of lower places, threes from the seventh on."""
        ids = [criterion.id for criterion in RULES.criteria]
        if self.place > len(ids) + 1:
            return dict.fromkeys(ids, 3)
        return {name: 5 if number + self.place <= len(ids) else 4 for number, name in enumerate(ids)}


HAMBURG: Final = Pair("Hamburg", "Seoul")

# --- the usual requests -----------------------------------------------------------------------------------------------


def ask(kind: type[Command], pair: Pair = HAMBURG, /, **changes: Any) -> Any:
    """Return the command as it is usually given in the story of a pair, but for `changes`."""
    by, at, fields = _usual(pair)[kind]
    ids = {
        "call_id": CALL_ID,
        "line": LINE,
        "organisation_id": pair.home,
        "partnership_id": pair.partnership,
        "pilot_action_id": pair.pilot_action,
        "grant_id": pair.grant,
        "digest": CURRENT,
    }
    known = {name: value for name, value in ids.items() if name in kind.model_fields}
    return kind(**{"by": by, "at": at, "key": "key", **known, **fields, **changes})


@cache
def _usual(pair: Pair) -> Mapping[type[Command], tuple[UUID, datetime, Mapping[str, Any]]]:
    office: dict[str, Any] = {"organisation_id": None}
    forming, coaching, applying = CALENDAR.published + DAY, CALENDAR.coaching_opens + DAY, OPENS + DAY
    judging, scoring = CALENDAR.eligibility_checked + HOUR, CALENDAR.scores_due - HOUR
    home, abroad = pair.officer, pair.partner_officer
    roadmap = {"stakeholders": "The port.", "methods": "Trials.", "deliverables": "A plan."}
    processes = {
        call.OpenCoachingWindow: CALENDAR.coaching_opens,
        call.CloseCoachingWindow: CALENDAR.coaching_closes,
        call.OpenApplicationWindow: OPENS,
        call.CloseApplicationWindow: CLOSES,
        call.EstablishRanking: CALENDAR.consensus_due,
        call.ReleaseOutcomes: RELEASE,
        call.ExpireReserve: RULES.reserve_expires(RULES.lines[0]),
        call.SettleCall: CALENDAR.settled,
        partnership.OfferCoaching: CALENDAR.coaching_opens,
        partnership.RemindCoaching: CALENDAR.coaching_reminder,
        partnership.EndCoaching: CALENDAR.coaching_closes,
        pilot_action.RemindSubmission: CALENDAR.applications_reminder,
        pilot_action.CheckEligibility: CALENDAR.eligibility_checked,
        evaluation.RemindEvaluators: CALENDAR.scores_reminder,
        evaluation.RecordOverdue: CALENDAR.scores_due,
        grant.OfferGrant: RELEASE,
        grant.RemindAcceptance: RELEASE + 10 * DAY,
        grant.LapseGrant: RELEASE + 20 * DAY,
        grant.RemindReport: CALENDAR.final_report_due - 14 * DAY,
        grant.RecordReportOverdue: CALENDAR.final_report_due,
        grant.CloseGrant: CALENDAR.final_report_due,
    }
    city = {"name": pair.city, "kind": OrganisationKind.CITY, "side": "EU", "country": "DE"}
    members = {"coordinator_id": pair.home, "member_ids": (pair.home, pair.partner), "geography": Geography.ASIA}
    period = {"period_from": date(2026, 6, 1), "period_to": date(2026, 9, 30)}
    score = {name: evaluation.GivenScore(points=points, justification=WORDS) for name, points in pair.points.items()}
    return {
        **{kind: (ENGINE, at, {}) for kind, at in processes.items()},
        account.RecordFirstSecretariat: (OPERATOR, forming, {"subject": SUE, "label": "Sue", "unit": "Secretariat"}),
        account.OpenAccount: (SUE, forming, {"subject": home, "label": "H-1", "unit": pair.city, **office}),
        account.GrantRole: (SUE, forming, {"subject": home, "role": Role.APPLICANT}),
        account.ConfirmRole: (SAM, forming, {"subject": ANNA, "role": Role.APPROVER}),
        account.RevokeRole: (SUE, forming, {"subject": COLIN, "role": Role.COACH}),
        account.RecordClusterLead: (SUE, forming, {"subject": EVA, "cluster": "climate"}),
        organisation.RegisterOrganisation: (SUE, forming, city),
        organisation.AdmitOrganisation: (SUE, forming, {"strand": Strand.AA}),
        organisation.StatePopulation: (SUE, forming, {"population": 90_000, "source": "The city's register"}),
        organisation.LinkOrganisations: (SUE, forming, {}),
        partnership.RecordMemorandum: (home, forming, {"reference": "Signed in Seoul"}),
        partnership.RecordDeparture: (SUE, judging, {"organisation_id": pair.partner, "reason": "Its council left."}),
        partnership.MergePartnerships: (SUE, OPENS - HOUR, {"name": "Both"}),
        partnership.DeclineCoaching: (home, coaching, {}),
        partnership.HoldGroupSession: (COLIN, coaching, {"minutes": 90, "note": "We compared plans."}),
        partnership.RecordMissedSession: (COLIN, coaching, {}),
        pilot_action.RecordLetter: (SUE, applying + HOUR, {"organisation_id": pair.partner, "reference": "Scan 7"}),
        pilot_action.VerifyLetter: (SAM, applying + HOUR, {"organisation_id": pair.partner}),
        pilot_action.ChooseApplication: (home, applying, {}),
        pilot_action.TakeOutApplication: (SUE, judging, {}),
        partnership.FormPartnership: (SUE, forming, {"name": f"{pair.city} and {pair.abroad}", **members}),
        partnership.ConfirmMembership: (abroad, forming, {"organisation_id": pair.partner}),
        partnership.DraftRoadmap: (home, forming, {"fields": roadmap}),
        partnership.AgreeRoadmap: (home, forming, {}),
        partnership.RequestCoaching: (home, coaching, {}),
        partnership.AssignCoach: (SUE, coaching, {"coach": COLIN}),
        partnership.HoldCoachingSession: (COLIN, coaching, {"minutes": 90, "note": "We spoke about the plan."}),
        partnership.CompleteCoaching: (COLIN, coaching, {}),
        pilot_action.ProposePilotAction: (home, applying, {"title": "Cooler streets"}),
        pilot_action.SaveDraftSection: (
            home,
            applying,
            {"section": "risks", "base": PRESENT, "answers": {"risks": "Rain."}},
        ),
        pilot_action.NameExpert: (SUE, applying, {"expert": EMIL}),
        pilot_action.PutForwardVersion: (home, applying, {}),
        pilot_action.ConfirmParticipation: (abroad, applying + HOUR, {"organisation_id": pair.partner}),
        pilot_action.SubmitApplication: (home, applying + DAY, {"declarations": declarations()}),
        pilot_action.WithdrawApplication: (home, applying + 2 * DAY, {"reason": "Too early."}),
        pilot_action.AskClarification: (SUE, CLOSES + HOUR, {"question": "Does the prototype cost €100, not €10?"}),
        pilot_action.AnswerClarification: (home, CALENDAR.clarifications_due - HOUR, {"answer": "Yes, it is €100."}),
        evaluation.AssignEvaluator: (SUE, judging, {"evaluator": EVA}),
        evaluation.DeclareNoConflict: (EVA, judging, {}),
        evaluation.DeclareConflict: (EVA, judging, {"reason": "My sister works there."}),
        evaluation.WithdrawEvaluator: (EVA, judging, {"reason": "I am ill."}),
        evaluation.ReplaceEvaluator: (SUE, CALENDAR.scores_due, {"evaluator": EVA, "reason": "No scores came."}),
        evaluation.ProposeFewerEvaluators: (SUE, scoring, {"evaluators": 2, "reason": "Nobody else is free."}),
        evaluation.ConfirmFewerEvaluators: (SAM, scoring, {}),
        evaluation.RecordAllegation: (SUE, scoring, {"evaluator": EVA, "allegation": "Her sister works there."}),
        evaluation.DecideAllegation: (SAM, scoring, {"number": 1, "upheld": True, "reasons": "She does."}),
        evaluation.GiveScores: (EVA, scoring, {"scores": score}),
        evaluation.ProposeConsensus: (EVA, CALENDAR.scores_due, {"scores": {}}),
        evaluation.AgreeConsensus: (ELLA, CALENDAR.scores_due, {}),
        call.PublishCall: (SUE, CALENDAR.published, {"rules": RULES}),
        call.ProposeAwardList: (SUE, CALENDAR.consensus_due + HOUR, {}),
        call.ReturnAwardList: (ANNA, CALENDAR.approval_due - 2 * HOUR, {"remarks": "Think of the third city again."}),
        call.ApproveAwardList: (ANNA, CALENDAR.approval_due - HOUR, {}),
        call.ProposeCorrection: (SUE, BEFORE_CLOSING, {"rules": EXTENDED, "reason": "The service was away."}),
        call.ConfirmCorrection: (SAM, BEFORE_CLOSING, {"correction": 1}),
        call.ProposeCancellation: (SUE, applying, {"reason": "The programme ends early."}),
        call.CancelCall: (SAM, applying + HOUR, {}),
        call.ReviewReserve: (ENGINE, RELEASE + 10 * DAY, {"day": date(2026, 4, 9)}),
        grant.AcceptGrant: (home, RELEASE + DAY, {}),
        grant.DeclineGrant: (home, RELEASE + DAY, {"reason": "Another programme pays."}),
        grant.OrderResource: (RITA, DELIVERING, {"kind": "study", "supplier": "Plan B GmbH", "cents": CAP, **period}),
        grant.RecordDelivery: (RITA, DELIVERING, {"order": 1, "cents": CAP, "evidence": "Delivery note 7"}),
        grant.RemindOrder: (ENGINE, DELIVERY_DUE, {"order": 1}),
        grant.CancelOrder: (RITA, DELIVERING, {"order": 1, "cause": "not_needed", "reason": "The workshop is off."}),
        grant.RecordInvoice: (RITA, DELIVERING, {"order": 1, "cents": CAP, "evidence": "Invoice 7"}),
        grant.AcknowledgeDelivery: (home, DELIVERING, {"order": 1}),
        grant.RefuseDelivery: (home, DELIVERING, {"order": 1, "reason": "Half of it is missing."}),
        grant.CertifyDelivery: (CORA, DELIVERING, {"order": 1}),
        grant.ProposeReversal: (RITA, DELIVERING, {"order": 1, "reason": "Two digits were swapped."}),
        grant.ConfirmReversal: (CORA, DELIVERING, {"order": 1}),
        grant.DismissReversal: (CORA, DELIVERING, {"order": 1, "reason": "The note says the same."}),
        grant.FileFinalReport: (home, DELIVERING, {"report": "It went well.", "lessons": "Ask the port first."}),
    }


def declarations() -> tuple[str, ...]:
    """Return what the applicant declares on honour."""
    return tuple(declaration.id for declaration in RULES.declarations)


def corrected(**fields: Any) -> CallRules:
    """Return the rules with the deadline one hour later, and with these fields."""
    return CallRules.model_validate({**dict(EXTENDED), **fields})


def resources(cents: int, kind: str = "study") -> tuple[pilot_action.ResourceRequest, ...]:
    """Return a list of one resource of this value."""
    return (pilot_action.ResourceRequest(kind=kind, quantity=1, unit_cents=cents, why="We need it."),)


# --- the usual story --------------------------------------------------------------------------------------------------


def _founding() -> Iterator[Command]:
    yield ask(account.RecordFirstSecretariat)
    for subject, unit, role, strand in STAFF:
        yield ask(account.OpenAccount, subject=subject, label=role, unit=unit)
        yield ask(account.GrantRole, subject=subject, role=role, strand=strand)
    for subject, role in ((ANNA, Role.APPROVER), (ALAN, Role.APPROVER), (CORA, Role.CERTIFIER)):
        yield ask(account.ConfirmRole, subject=subject, role=role)


def _forming(pair: Pair) -> Iterator[Command]:
    abroad = {"name": pair.abroad, "side": "non-EU", "country": "KR"}
    yield ask(organisation.RegisterOrganisation, pair)
    yield ask(organisation.RegisterOrganisation, pair, organisation_id=pair.partner, **abroad)
    yield ask(organisation.AdmitOrganisation, pair)
    yield ask(account.OpenAccount, pair, organisation_id=pair.home)
    yield ask(account.GrantRole, pair)
    yield ask(partnership.FormPartnership, pair)


def _agreeing(pair: Pair) -> Iterator[Command]:
    yield ask(partnership.ConfirmMembership, pair)
    yield ask(partnership.DraftRoadmap, pair)
    yield ask(partnership.AgreeRoadmap, pair)
    yield ask(partnership.AgreeRoadmap, pair, by=pair.partner_officer, organisation_id=pair.partner)


def _drafting(pair: Pair) -> Iterator[Command]:
    yield ask(pilot_action.ProposePilotAction, pair)
    for section in RULES.form:
        answers = {question.id: f"About {question.id}." for question in section.questions if question.kind == "text"}
        asked = {} if answers else {"resources": resources(pair.cents), "smallest_useful_cents": pair.smallest}
        yield ask(pilot_action.SaveDraftSection, pair, section=section.id, answers=answers, **asked)


def _scoring(pair: Pair) -> Iterator[Command]:
    for evaluator in COMMITTEE:
        yield ask(evaluation.DeclareNoConflict, pair, by=evaluator)
        yield ask(evaluation.GiveScores, pair, by=evaluator)


def _each(*kinds: type[Command]) -> Any:
    return lambda pair: (ask(kind, pair) for kind in kinds)


def _nothing(pair: Pair) -> tuple[Command, ...]:
    return ()


CHAPTERS: Final[Mapping[str, tuple[Any, Any]]] = {
    # what happens once · what happens for each pair
    "founded": (_founding, _nothing),
    "formed": (tuple, _forming),
    "agreed": (tuple, _agreeing),
    "drafted": (tuple, _drafting),
    "put forward": (tuple, _each(pilot_action.PutForwardVersion)),
    "confirmed": (tuple, _each(pilot_action.ConfirmParticipation)),
    "opened": (lambda: [ask(call.OpenApplicationWindow)], _nothing),
    "submitted": (tuple, _each(pilot_action.SubmitApplication)),
    "closed": (lambda: [ask(call.CloseApplicationWindow)], _nothing),
    "eligible": (tuple, _each(pilot_action.CheckEligibility)),
    "assigned": (tuple, lambda pair: [ask(evaluation.AssignEvaluator, pair, evaluator=one) for one in COMMITTEE]),
    "scored": (tuple, _scoring),
    "ranked": (lambda: [ask(call.EstablishRanking)], _nothing),
    "proposed": (lambda: [ask(call.ProposeAwardList)], _nothing),
    "adopted": (lambda: [ask(call.ApproveAwardList, by=approver) for approver in (ANNA, ALAN)], _nothing),
    "released": (lambda: [ask(call.ReleaseOutcomes)], _nothing),
    "offered": (tuple, _each(grant.OfferGrant)),
    "accepted": (tuple, _each(grant.AcceptGrant)),
    "ordered": (tuple, lambda pair: [ask(grant.OrderResource, pair, cents=pair.cents)]),
    "delivered": (tuple, lambda pair: [ask(grant.RecordDelivery, pair, cents=pair.cents)]),
    "acknowledged": (tuple, _each(grant.AcknowledgeDelivery)),
    "certified": (tuple, _each(grant.CertifyDelivery)),
    "reported": (tuple, _each(grant.FileFinalReport)),
    "ended": (tuple, _each(grant.CloseGrant)),
}
"""The chapters of the usual story, in order. An office is founded, then the pairs act; from the offers on, all win."""


def until(chapter: str, *pairs: Pair, envelope: int = ENVELOPE) -> "Story":
    """Return the usual story of these pairs (Hamburg's, if none is named) up to and with a chapter."""
    return _until(chapter, pairs or (HAMBURG,), envelope)


@cache
def _until(chapter: str, pairs: tuple[Pair, ...], envelope: int) -> "Story":
    number = list(CHAPTERS).index(chapter)
    if number:
        before = _until(list(CHAPTERS)[number - 1], pairs, envelope)
    else:
        before = given(ask(call.PublishCall, rules=rules_with(envelope)))
    once, for_each = CHAPTERS[chapter]
    return before.after(*once(), *(command for pair in pairs for command in for_each(pair)))


# --- given, when, then ------------------------------------------------------------------------------------------------


class Fact(NamedTuple):
    """An event as a test tells it: who and when follow from the command, the stream too unless it is named."""

    kind: type[Event]
    on: UUID | None
    fields: Mapping[str, Any]

    def change(self, by: UUID = SUE, at: datetime = CALENDAR.published, on: UUID | None = None) -> Change:
        """Return the event on its stream."""
        stream = self.on or on
        assert stream is not None, "say on which stream it happened"
        return Change(stream, self.kind(**{"by": by, "effective_at": at, **self.fields}))


def fact(kind: type[Event], /, on: UUID | None = None, **fields: Any) -> Fact:
    """Return what happened or is expected to happen, on a stream or on the one that the command names first."""
    return Fact(kind, on, fields)


Past = Fact | Change | Command


def given(*past: Past) -> "Story":
    """Return a fund in which this happened."""
    return Story().after(*past)


class Story:
    """A fund in memory: its log, and the state of every stream as the world of decisions. It never changes."""

    def __init__(self, log: tuple[Change, ...] = (), states: Mapping[UUID, tuple[str, Any]] | None = None) -> None:
        """Go on from a log with the states that follow from it."""
        self.log = log
        self._states = states or {}

    def find(self, kind: Aggregate[S], stream: UUID) -> S | None:
        """Return the state of an aggregate, or None when nothing was recorded about it."""
        name, state = self._states.get(stream, (kind.name, None))
        assert name == kind.name, f"this stream is a {name}, no {kind.name}"
        return state

    def get(self, kind: Aggregate[S], stream: UUID) -> S:
        """Return the state of an aggregate that exists. Raises NotFound."""
        state = self.find(kind, stream)
        if state is None:
            raise NotFound(f"There is no {kind.name}.")
        return state

    def digest(self, *parts: str) -> Digest:
        """Return the keyed digest of the parts."""
        return hmac.new(b"a key", json.dumps(parts).encode(), "sha256").hexdigest()

    def decide(self, command: Command) -> tuple[Change, ...]:
        """Return what follows from a command. Raises what the decision raises."""
        return tuple(DECIDERS[type(command)](self.completed(command), self))

    def after(self, *past: Past) -> "Story":
        """Return the fund in which this happened too; what is refused here fails the test."""
        story = self
        for step in past:
            match step:
                case Command():
                    story = story._recording(*story.decide(step))
                case Fact():
                    story = story._recording(step.change())
                case _:
                    story = story._recording(step)
        return story

    def _recording(self, *changes: Change) -> "Story":
        states = dict(self._states)
        for stream, event in changes:
            kind = aggregate_of(event)
            name, state = states.get(stream, (kind.name, kind.initial))
            assert name == kind.name, f"this stream is a {name}, no {kind.name}"
            states[stream] = name, kind.evolve(state, event)
        return Story((*self.log, *changes), states)

    def without(self, kind: type[Event]) -> "Story":
        """Return the same story, had this never happened."""
        return given(*(change for change in self.log if not isinstance(change.event, kind)))

    def retold(self, kind: type[Event], **fields: Any) -> "Story":
        """Return the same story, had this happened otherwise."""
        return given(
            *(
                Change(stream, event.model_copy(update=fields) if isinstance(event, kind) else event)
                for stream, event in self.log
            )
        )

    def when(self, command: Command) -> "Answer":
        """Ask for something."""
        return Answer(self, self.completed(command))

    def completed(self, command: Any) -> Any:
        """Return the command with the digest, or the base, that the story has now, where it names the current one."""
        if getattr(command, "base", None) == PRESENT:
            pilot = self.find(PILOT_ACTION, command.pilot_action_id)
            base = pilot.sections.get(command.section, 0) if pilot else 0
            return command.model_copy(update={"base": base})
        if getattr(command, "digest", None) != CURRENT:
            return command
        match command:
            case partnership.AgreeRoadmap():
                found = self.find(PARTNERSHIP, command.partnership_id)
                digest = found.roadmap_digest if found else None
            case evaluation.AgreeConsensus():
                judged = self.find(EVALUATION, evaluation_id(command.pilot_action_id))
                digest = judged.proposal.digest if judged and judged.proposal else None
            case call.ApproveAwardList() | call.ReturnAwardList():
                called = self.find(CALL, command.call_id)
                digest = called.list_of(command.line).digest if called else None
            case _:
                pilot = self.find(PILOT_ACTION, command.pilot_action_id)
                digest = pilot.current.digest if pilot and pilot.current else None
        return command.model_copy(update={"digest": digest}) if digest else command


class Answer:
    """What the fund says to a command."""

    def __init__(self, story: Story, command: Command) -> None:
        """Let the fund decide."""
        self.command = command
        self.changes: tuple[Change, ...] = ()
        self.no: FundError | None = None
        try:
            self.changes = story.decide(command)
        except FundError as error:
            self.no = error

    def then(self, *facts: Fact) -> Self:
        """Require exactly these facts, stated by who asked and holding from the moment of the request."""
        if self.no:
            raise self.no
        first = next((value for name, value in self.command if isinstance(value, UUID) and name != "by"), None)
        expected = tuple(told.change(self.command.by, self.command.at, first) for told in facts)
        assert self.changes == expected, "\n".join(
            ["not what was expected:", *map(str, expected), "but:", *map(str, self.changes)]
        )
        return self

    @property
    def code(self) -> str | None:
        """The rule that refuses, or `stage`; None when the command was carried out."""
        if isinstance(self.no, Refused):
            return self.no.code
        if self.no:
            raise self.no
        assert self.changes, "nothing happened"
        return None

    def refused(self, code: str, says: str = "") -> Self:
        """Require a refusal by this rule, or by the stage, in words that hold `says`."""
        assert isinstance(self.no, Refused), f"not refused: {self.no or self.changes}"
        assert (self.no.code, says in self.no.detail) == (code, True), f"{self.no.code}: {self.no.detail}"
        assert self.no.detail.endswith(".")
        assert self.no.cure == "" or self.no.cure.endswith(".")
        return self

    def raises(self, kind: type[FundError], says: str = "") -> Self:
        """Require an error that is no refusal, in words that hold `says`."""
        assert type(self.no) is kind, f"no {kind.__name__}: {self.no or self.changes}"
        assert says in str(self.no), self.no
        return self
