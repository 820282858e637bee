"""A log written by hand: a call with an application for every end that there is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.account.events import AccountOpened, AuthorityClaimed, DeputyProposed, RoleProposed
from domain.call.events import (
    ApplicationRegistered,
    ApplicationWindowClosed,
    ApplicationWindowOpened,
    Award,
    AwardListAdopted,
    AwardListApproved,
    AwardListProposed,
    CallPublished,
    CallSettled,
    CoachingWindowClosed,
    CoachingWindowOpened,
    CriterionTerm,
    Outcome,
    OutcomesReleased,
    QuestionAnswered,
    QuestionAsked,
    RankingEstablished,
    RankingRow,
    ReserveExpired,
    ReserveReviewed,
)
from domain.call.rules import CallRules
from domain.evaluation.events import EvaluationOpened, EvaluatorAssigned
from domain.grant.events import (
    DeliveryAcknowledged,
    FinalReportFiled,
    GrantAccepted,
    GrantClosed,
    GrantDeclined,
    GrantLapsed,
    GrantOffered,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
)
from domain.ids import evaluation_id, grant_id
from domain.messages import Event, Recorded
from domain.organisation.events import NamedInApplication, OrganisationRegistered
from domain.partnership.events import (
    CoachAssigned,
    CoachingCompleted,
    CoachingOffered,
    Member,
    MembershipConfirmed,
    PartnershipFormed,
    RoadmapAgreed,
    RoadmapDrafted,
    RoadmapVersionAgreed,
)
from domain.people import ENGINE, Geography, Role
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    DraftSectionSaved,
    Finding,
    ParticipationConfirmed,
    PilotActionProposed,
    ResourceLine,
    SupportOffered,
    VersionPutForward,
)
from domain.receipt import CommandHandled
from domain.values import ProtectedText
from domain.working_paper.events import FindingIssued, Priority, WorkingPaperOpened

LINE = "pilot_action"
OFFICER = uuid5(NAMESPACE_URL, "officer")
ENVELOPE_CENTS = 3_000_000
REQUESTED_CENTS = 1_000_000
PARTNER = "Seoul"

Ending = Literal["award", "reserve", "not_selected"]


def id_of(name: str) -> UUID:
    """Return the id that belongs to a name."""
    return uuid5(NAMESPACE_URL, name)


def action_of(city: str) -> UUID:
    """Return the id of a city's pilot action."""
    return id_of(f"{city}/pilot action")


def organisation_of(city: str) -> UUID:
    """Return the id of a city."""
    return id_of(f"{city}/organisation")


CALL = id_of("call")
PAPER = id_of("working paper")


def rules() -> CallRules:
    """Return the rules of a small call: two criteria, two sections, one envelope for three full requests."""
    start = datetime(2026, 1, 12, 8, tzinfo=UTC)
    steps = list(range(0, 170, 10))
    points = [start + timedelta(days=day) for day in steps]
    names = (
        "published", "coaching_opens", "coaching_reminder", "coaching_closes", "applications_open",
        "applications_reminder", "applications_close", "eligibility_checked", "clarifications_due", "scores_reminder",
        "scores_due", "consensus_due", "approval_due", "outcomes_released", "implementation_ends", "final_report_due",
        "settled",
    )  # fmt: skip
    line = {"id": LINE, "name": "Pilot actions", "cap_cents": 1_000_000, "envelope_cents": ENVELOPE_CENTS}
    texts = [{"id": "need", "label": "Which need?", "help": "Say it."}]
    resources = [{"id": "resources", "label": "Which resources?", "help": "List them.", "kind": "resources"}]
    return CallRules.model_validate(
        {
            "edition": "test",
            "title": "Competitive fund 2026",
            "summary": "A call.",
            "deadline_wording": "In time.",
            "request_seconds": 60,
            "lines": [{**line, "reserve_places": 2, "reserve_months": 6}],
            "calendar": dict(zip(names, points, strict=True)),
            "coaching": {"sessions": 2, "places": {"AA": 9, "LAC": 9}},
            "criteria": [
                {"id": "relevance", "name": "Relevance", "weight": 60, "threshold": 3},
                {"id": "quality", "name": "Quality", "weight": 40, "threshold": 3},
            ],
            "evaluation": {
                "evaluators": 3, "total_threshold": 70, "justification_length": 50, "consensus_above_points": 2,
                "consensus_above_total": 25,
            },
            "tie_break": {"criteria": ["relevance"], "fewest_awards_in_geography": True, "lot_seed": "seed"},
            "acceptance": {"days": 15, "reminder_days_before": 5},
            "ordering": {"rate_days": 62, "acknowledgement_days": 20},
            "resource_kinds": [{"id": "expert_days", "name": "Expert days", "unit": "day", "usual_unit_cents": 60_000}],
            "form": [
                {"id": "action", "title": "Need and joint action", "questions": texts},
                {"id": "money", "title": "Resources", "questions": resources},
            ],
        }
    )  # fmt: skip


def text(words: str = "words") -> ProtectedText:
    """Return free text of the officer."""
    return ProtectedText(subject=OFFICER, text=words)


class Story:
    """A log that grows as it is told. Positions have gaps, as they do in the store."""

    def __init__(self) -> None:
        self.log: list[Recorded] = []
        self._versions: Counter[UUID] = Counter()
        self._now = datetime(2026, 1, 12, 8, tzinfo=UTC)

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        """Return the next events after a position, as the store does."""
        return [recorded for recorded in self.log if recorded.position > after][:limit]

    def tell(self, stream: UUID, kind: type[Event], /, **fields: Any) -> None:
        """Record one event, a minute after the last one, by the officer where nobody else is named."""
        self._now += timedelta(minutes=1)
        event = kind.model_validate({"by": OFFICER, "effective_at": self._now, **fields})
        self.record(stream, event)

    def record(self, stream: UUID, event: Event) -> None:
        """Record one event as it is."""
        self._versions[stream] += 1
        position = 2 * len(self.log) + 1
        caused_by = id_of(f"receipt {position}")
        known = (position, stream, self._versions[stream], self._now, caused_by)
        self.log.append(Recorded(*known, event))

    def publish(self) -> None:
        """Publish the call; an officer has an account."""
        self.tell(OFFICER, AccountOpened, label="Secretariat 2, fictitious", unit="Secretariat", organisation_id=None)
        self.tell(CALL, CallPublished, rules=rules())
        self.tell(CALL, CoachingWindowOpened, by=ENGINE)

    def register(self, city: str, country: str) -> None:
        """Make a city known with its country."""
        about = {"kind": "city", "side": "EU", "population": None, "generated": False}
        self.tell(organisation_of(city), OrganisationRegistered, name=city, country=country, **about)

    def form(self, city: str, generated: bool = False) -> None:
        """Pair a city with the partner abroad."""
        members = [
            Member(organisation_id=organisation_of(city), name=city, side="EU"),
            Member(organisation_id=organisation_of(PARTNER), name=PARTNER, side="non-EU"),
        ]
        self.tell(
            id_of(city),
            PartnershipFormed,
            name=f"{city} with {PARTNER}",
            call_id=CALL,
            coordinator_id=organisation_of(city),
            members=members,
            geography=Geography.ASIA,
            cluster="Mobility",
            topic="",
            generated=generated,
            source="a test",
        )

    def agree(self, city: str, *who: str, version: int = 1) -> None:
        """Write a version of the roadmap; these members agree to it, and with both of them it is agreed."""
        stream, named = id_of(city), {"version": version, "digest": f"roadmap {version}"}
        self.tell(stream, RoadmapDrafted, **named, fields={"objectives": text()}, visits_sought=False)
        for name in who:
            self.tell(stream, RoadmapVersionAgreed, **named, organisation_id=organisation_of(name))
        if len(who) == 2:
            self.tell(stream, RoadmapAgreed, **named)

    def prepare(self, city: str) -> None:
        """Bring a partnership to an agreed roadmap and a proposed pilot action."""
        self.form(city)
        self.tell(id_of(city), MembershipConfirmed, organisation_id=organisation_of(PARTNER))
        self.agree(city, city, PARTNER)
        self.tell(id_of(city), CoachingOffered, by=ENGINE)
        self.tell(id_of(city), CoachingCompleted)
        self.propose(city)

    def propose(self, city: str) -> None:
        """Propose the city's pilot action."""
        place = {"partnership_id": id_of(city), "coordinator_id": organisation_of(city)}
        about = {"title": f"Safe ways to school in {city}", "geography": Geography.ASIA, "cluster": "Mobility"}
        self.tell(action_of(city), PilotActionProposed, call_id=CALL, line=LINE, **place, **about)

    def draft(self, city: str, *sections: str) -> None:
        """Save sections of the draft."""
        stream = action_of(city)
        if "action" in sections:
            self.tell(stream, DraftSectionSaved, section="action", version=1, answers={"need": text()}, resources=None)
        if "money" in sections:
            self.tell(stream, DraftSectionSaved, section="money", version=1, answers={}, resources=[_line()])

    def put_forward(self, city: str, version: int = 1) -> None:
        """Put the draft forward as a version."""
        named = {"version": version, "digest": f"{city} {version}", "requested_cents": REQUESTED_CENTS}
        content = {"answers": {"need": text()}, "resources": [_line()]}
        self.tell(action_of(city), VersionPutForward, **named, **content)
        if version == 1:
            place = {"call_id": CALL, "pilot_action_id": action_of(city)}
            self.tell(organisation_of(PARTNER), NamedInApplication, **place)

    def confirm(self, city: str, version: int = 1) -> None:
        """Let the partner abroad confirm a version."""
        named = {"version": version, "digest": f"{city} {version}"}
        self.tell(action_of(city), ParticipationConfirmed, organisation_id=organisation_of(PARTNER), **named)

    def submit(self, city: str, version: int = 1) -> None:
        """Submit a version."""
        named = {"version": version, "digest": f"{city} {version}", "requested_cents": REQUESTED_CENTS}
        self.tell(action_of(city), ApplicationSubmitted, **named, declarations=[], correction=0)
        if version == 1:
            place = {"line": LINE, "geography": Geography.ASIA}
            self.tell(CALL, ApplicationRegistered, pilot_action_id=action_of(city), **place)

    def apply(self, city: str, version: int = 1) -> None:
        """Bring a proposed pilot action to a submitted and confirmed application."""
        self.draft(city, "action", "money")
        self.put_forward(city, version)
        self.confirm(city, version)
        self.submit(city, version)

    def withdraw(self, city: str) -> None:
        """Withdraw the application."""
        self.tell(action_of(city), ApplicationWithdrawn, reason=text())

    def refuse(self, about: UUID, rule: str, detail: str = "It came too late.") -> None:
        """Refuse a request under a rule, or at this stage."""
        receipt = {"command": "SubmitApplication", "digest": "d", "about": about, "refused": rule, "detail": detail}
        self.tell(id_of(f"receipt {len(self.log)}"), CommandHandled, **receipt)

    def open(self) -> None:
        """Open the window for applications."""
        self.tell(CALL, CoachingWindowClosed, by=ENGINE)
        self.tell(CALL, ApplicationWindowOpened, by=ENGINE)

    def close(self) -> None:
        """Close the window for applications."""
        self.tell(CALL, ApplicationWindowClosed, by=ENGINE)

    def find(self, city: str, kind: type[Event] = ApplicationFoundEligible) -> None:
        """Record what the check found."""
        findings = [Finding(rule="D10", detail=f"{PARTNER} did not confirm.")]
        fields = {} if kind is ApplicationFoundEligible else {"findings": findings}
        self.tell(action_of(city), kind, by=ENGINE, correction=0, **fields)

    def judge(self, city: str) -> None:
        """Open the evaluation of an application and assign an evaluator."""
        stream, about = evaluation_id(action_of(city)), {"pilot_action_id": action_of(city)}
        self.tell(stream, EvaluationOpened, by=ENGINE, call_id=CALL, line=LINE, partnership_id=id_of(city), **about)
        self.tell(stream, EvaluatorAssigned, evaluator=id_of("evaluator"), unit="A", outside=True)

    def rank(self, endings: Mapping[str, Ending]) -> None:
        """Rank the cities in this order, all of them asking for the same sum."""
        rows = [_row(rank, city, ending) for rank, (city, ending) in enumerate(endings.items(), start=1)]
        ranking = {"correction": 0, "envelope_cents": ENVELOPE_CENTS, "rows": rows}
        self.tell(CALL, RankingEstablished, by=ENGINE, line=LINE, **ranking)

    def adopt(self, endings: Mapping[str, Ending], version: int = 1) -> None:
        """Propose the award list, approve it twice, adopt it."""
        awards, reserve = _awards(endings, "award"), _awards(endings, "reserve")
        named = {"line": LINE, "version": version}
        listed = {"awards": awards, "reserve": reserve, "departures": [], "outcomes": _outcomes(endings)}
        self.tell(CALL, AwardListProposed, **named, correction=0, digest="list", **listed)
        approvers = [id_of("approver 1"), id_of("approver 2")]
        for approver in approvers:
            self.tell(CALL, AwardListApproved, by=approver, **named, digest="list")
        reserved = sum(award.cents for award in awards)
        self.tell(CALL, AwardListAdopted, **named, approved_by=approvers, reserved_cents=reserved)

    def release(self, endings: Mapping[str, Ending]) -> None:
        """Release all outcomes."""
        released = {"version": 1, "awards": _awards(endings, "award"), "outcomes": _outcomes(endings)}
        self.tell(CALL, OutcomesReleased, by=ENGINE, line=LINE, **released)

    def offer(self, city: str) -> None:
        """Offer support."""
        stream, cents = grant_id(action_of(city)), REQUESTED_CENTS
        place = {"call_id": CALL, "line": LINE, "pilot_action_id": action_of(city), "partnership_id": id_of(city)}
        until = {"accept_by": self._now + timedelta(days=15), "remind_at": self._now + timedelta(days=10)}
        coordinator = organisation_of(city)
        self.tell(
            stream, GrantOffered, by=ENGINE, **place, coordinator_id=coordinator, cents=cents, correction=0, **until
        )
        self.tell(action_of(city), SupportOffered, by=ENGINE, grant_id=stream, cents=cents)

    def answer(self, city: str, kind: type[Event]) -> None:
        """Accept or decline the offer, or let it lapse."""
        fields: dict[type[Event], dict[str, Any]] = {
            GrantAccepted: {"cents": REQUESTED_CENTS},
            GrantDeclined: {"line": LINE, "reason": text()},
            GrantLapsed: {"line": LINE},
        }
        self.tell(grant_id(action_of(city)), kind, call_id=CALL, **fields[kind])

    def deliver(self, city: str, order: int, ordered_cents: int, delivered_cents: int, certified: bool = True) -> None:
        """Order a resource and let it be delivered, acknowledged and certified."""
        stream, due = grant_id(action_of(city)), self._now + timedelta(days=20)
        period = {"period_from": "2026-05-01", "period_to": "2026-05-31", "deliver_by": due}
        what = {"kind": "expert_days", "supplier": "Velo Consult, fictitious"}
        self.tell(stream, ResourceOrdered, order=order, **what, cents=ordered_cents, **period)
        delivered = {"cents": delivered_cents, "evidence": "report.pdf", "acknowledge_by": due}
        self.tell(stream, ResourceDelivered, order=order, **delivered)
        if certified:
            self.tell(stream, DeliveryAcknowledged, order=order)
            released = ordered_cents - delivered_cents
            self.tell(stream, ResourceDisbursed, order=order, cents=delivered_cents, released_cents=released)

    def finish(self, city: str, spent_cents: int) -> None:
        """File the report and close the grant."""
        stream, returned = grant_id(action_of(city)), REQUESTED_CENTS - spent_cents
        self.tell(stream, FinalReportFiled, report=text(), lessons=text())
        self.tell(stream, GrantClosed, call_id=CALL, spent_cents=spent_cents, returned_cents=returned)

    def promote(self, *cities: str) -> None:
        """Review the reserve and promote these cities."""
        promoted = [_award(city) for city in cities]
        self.tell(CALL, ReserveReviewed, line=LINE, day="2026-06-20", free_cents=2_000_000, promoted=promoted)

    def settle(self, *remaining: str) -> None:
        """End the reserve list and settle the call."""
        self.tell(CALL, ReserveExpired, by=ENGINE, line=LINE, pilot_action_ids=[action_of(city) for city in remaining])
        self.tell(CALL, CallSettled, by=ENGINE, envelope_cents=ENVELOPE_CENTS, spent_cents=0)


def _line() -> ResourceLine:
    return ResourceLine(kind="expert_days", quantity=10, unit_cents=REQUESTED_CENTS // 10, why=text())


def _award(city: str) -> Award:
    return Award(pilot_action_id=action_of(city), grant_id=grant_id(action_of(city)), cents=REQUESTED_CENTS)


def _awards(endings: Mapping[str, Ending], which: Ending) -> list[Award]:
    return [_award(city) for city, ending in endings.items() if ending == which]


def _outcomes(endings: Mapping[str, Ending]) -> list[Outcome]:
    return [
        Outcome(pilot_action_id=action_of(city), outcome=ending, reason=f"It is {ending}.")
        for city, ending in endings.items()
    ]


def _row(rank: int, city: str, ending: Ending) -> RankingRow:
    passed = ending != "not_selected"
    mean = Fraction(13, 3) if passed else Fraction(7, 3)
    terms = [
        CriterionTerm(
            criterion=name,
            scores=(4, 5, 4) if passed else (2, 3, 2),
            mean=f"{mean.numerator}/{mean.denominator}",
            weight=weight,
            points=str(mean / 5 * weight),
            threshold=3,
            passed=passed,
        )
        for name, weight in (("relevance", 60), ("quality", 40))
    ]
    return RankingRow(
        pilot_action_id=action_of(city),
        rank=rank,
        geography=Geography.ASIA,
        terms=tuple(terms),
        total=str(mean * 20),
        passed=passed,
        requested_cents=REQUESTED_CENTS,
        smallest_useful_cents=REQUESTED_CENTS,
        awarded_cents=REQUESTED_CENTS if ending == "award" else 0,
        adds_up_to_cents=rank * REQUESTED_CENTS,
        outcome=ending,
        reason=f"Rank {rank}.",
    )


ENDINGS: Mapping[str, Ending] = {
    "Milan": "award",
    "Turin": "award",
    "Dublin": "award",
    "Umeå": "reserve",
    "Piraeus": "reserve",
    "Leuven": "not_selected",
    "Porto": "not_selected",
}


def submitted_call() -> Story:
    """Tell a call up to its closing: ten applications and a draft; one withdrawn, one withdrawn and submitted again."""
    story = Story()
    story.publish()
    story.form("Testburg", generated=True)
    story.tell(id_of("Testburg"), CoachAssigned, coach=id_of("coach"))
    applicants = (*ENDINGS, "Bremen", "Vigo", "Graz")
    for city in (*applicants, "Łódź"):
        story.prepare(city)
    story.open()
    for city in applicants:
        story.apply(city)
    story.draft("Łódź", "action")
    story.withdraw("Graz")
    story.withdraw("Porto")
    story.apply("Porto", version=2)
    story.close()
    story.refuse(action_of("Łódź"), "D07")
    return story


def judged_call() -> Story:
    """Go on until everything is judged and nothing is released."""
    story = submitted_call()
    story.find("Bremen", ApplicationFoundInadmissible)
    story.find("Vigo", ApplicationFoundIneligible)
    for city in ENDINGS:
        story.find(city)
    story.judge("Milan")
    story.rank(ENDINGS)
    story.adopt(ENDINGS)
    return story


def whole_call() -> Story:
    """Go on to the end: one grant spent in part, one declined, one lapsed, one promoted and spent in full."""
    story = judged_call()
    story.release(ENDINGS)
    for city in ("Milan", "Turin", "Dublin"):
        story.offer(city)
    story.answer("Milan", GrantAccepted)
    story.answer("Turin", GrantDeclined)
    story.answer("Dublin", GrantLapsed)
    story.promote("Umeå")
    story.offer("Umeå")
    story.answer("Umeå", GrantAccepted)
    story.deliver("Milan", 1, 400_000, 390_000)
    story.deliver("Milan", 2, 100_000, 100_000)
    story.deliver("Umeå", 1, 1_000_000, 1_000_000)
    story.refuse(grant_id(action_of("Umeå")), "D12")
    story.refuse(grant_id(action_of("Umeå")), "stage")
    story.finish("Milan", 490_000)
    story.finish("Umeå", 1_000_000)
    story.settle("Piraeus")
    story.register("Milan", "IT")
    story.tell(CALL, QuestionAsked, by=id_of("officer"), number=1, question=text(), due=rules().answers_due)
    story.tell(CALL, QuestionAnswered, number=1, revision=1, question="May we?", answer="Yes.")
    story.tell(id_of("auditor"), RoleProposed, role=Role.AUDITOR, strand=None)
    leave = {"represents": id_of("officer"), "starts": rules().answers_due, "until": rules().calendar.settled}
    story.tell(id_of("deputy"), DeputyProposed, role=Role.APPROVER, **leave)
    claim = {"organisation_id": organisation_of("Milan"), "departed": id_of("officer")}
    story.tell(id_of("successor"), AuthorityClaimed, **claim, reference=text())
    story.tell(PAPER, WorkingPaperOpened, call_id=CALL, title=text(), about=text())
    parts = dict.fromkeys(("condition", "criterion", "cause", "effect", "recommendation"), text())
    due = {"answer_by": rules().answers_due.date()}
    story.tell(PAPER, FindingIssued, number=1, priority=Priority.HIGH, **parts, **due)
    return story
