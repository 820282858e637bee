"""given(what happened).when(a command).then(the facts): the requests of a call as they are usually made, and its story.

given(*past)            a fund in which this happened: facts, changes, or commands that are carried out
until("submitted")      the usual story up to and with a chapter (`CHAPTERS`), for one pair of cities or several
story.after(*past)      the same fund later; a story itself never changes, so that tests can share it
story.when(command)     one request more: .then(fact(…), …)  .refused("S01")  .raises(NotFound)  .code
story.get(CALL, id)     what the fund knows

`ask(SubmitApplication, at=CLOSES)` is the request as Hamburg usually makes it (who, when, for what), but for `at`.

The cast and its calendar are in `cast.py`, the fund in memory in `story.py`; tests take both from here.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from domain.account import commands as account
from domain.call import commands as call
from domain.call.rules import CallRules
from domain.evaluation import commands as evaluation
from domain.files import FileKind, GivenFile
from domain.grant import commands as grant
from domain.log_key import NameLogKey
from domain.messages import Command
from domain.organisation import commands as organisation
from domain.organisation.events import OrganisationKind
from domain.partnership import commands as partnership
from domain.people import ENGINE, OPERATOR, Geography, Role, Strand
from domain.pilot_action import commands as pilot_action
from domain.working_paper import commands as working_paper
from tests.cast import (  # noqa: F401 - tests take the cast from here
    ALAN,
    ANNA,
    BEFORE_CLOSING,
    CALENDAR,
    CALL_ID,
    CAP,
    CLOSES,
    COLIN,
    COMMITTEE,
    CORA,
    DAY,
    DELIVERING,
    DELIVERY_DUE,
    DORA,
    EDDA,
    ELLA,
    EMIL,
    ENVELOPE,
    ERIK,
    EVA,
    EXTENDED,
    HAMBURG,
    HOUR,
    LAST_DAY,
    LATER,
    LEAVE,
    LINE,
    ON_LEAVE,
    OPENS,
    RELEASE,
    RITA,
    RULES,
    SAM,
    STAFF,
    SUE,
    TICK,
    WORDS,
    Pair,
    named,
    rules_with,
)
from tests.story import CURRENT, PRESENT, Fact, Past, Story, fact, given  # noqa: F401 - and what happens

PLAN: Final = named("a plan of the harbour")
"""The id of a file that is attached."""
AUDRA: Final = named("Audra")
"""An auditor."""
PAPER: Final = named("a working paper")
LOOKED_AT: Final = DELIVERING + DAY
"""The instant at which an auditor works, and a day on which the secretariat can answer."""


def a_file(content: str = "plan", **changes: Any) -> GivenFile:
    """Return a file with this content, in words."""
    digest = sha256(content.encode()).hexdigest()
    return GivenFile(**{"digest": digest, "size": 1_000, "kind": FileKind.PDF, "title": "Plan", **changes})


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
        "paper_id": PAPER,
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
    standing_in = {"subject": DORA, "represents": ANNA, "role": Role.APPROVER}
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
        account.InviteOfficer: (home, forming, {"subject": abroad, "label": "S-1", "organisation_id": pair.partner}),
        account.GrantRole: (SUE, forming, {"subject": home, "role": Role.APPLICANT}),
        account.ConfirmRole: (SAM, forming, {"subject": ANNA, "role": Role.APPROVER}),
        account.RevokeRole: (SUE, forming, {"subject": COLIN, "role": Role.COACH, "reason": "He left."}),
        account.RecordClusterLead: (SUE, forming, {"subject": EVA, "cluster": "climate"}),
        account.MarkSharedMailbox: (SUE, forming, {"subject": named("the mailbox of the port")}),
        account.ClaimAuthority: (
            named("Hanna"),
            forming,
            {"subject": named("Hanna"), "reference": "Letter 7, scanned"},
        ),
        account.AcceptAuthority: (SUE, forming, {"subject": named("Hanna")}),
        account.ConfirmAuthority: (SAM, forming, {"subject": named("Hanna")}),
        account.DeclineAuthority: (SAM, forming, {"subject": named("Hanna"), "reason": "It is not signed."}),
        account.NameDeputy: (
            ANNA,
            ON_LEAVE - DAY,
            {**standing_in, **LEAVE},
        ),
        account.ConfirmDeputy: (SUE, ON_LEAVE - DAY, standing_in),
        account.EndDeputy: (SAM, ON_LEAVE + DAY, {**standing_in, "reason": "She is back."}),
        account.HoldErasure: (SUE, forming, {"subject": home, "reason": "An appeal is before the court."}),
        account.LiftHold: (SAM, forming, {"subject": home, "reason": "The court has decided."}),
        account.DecideErasure: (SUE, forming, {"subject": home}),
        account.RecordErasure: (ENGINE, forming, {"subject": home}),
        NameLogKey: (ENGINE, forming, {"verifier": "iurc-fund/log+00000000+AA=="}),
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
        pilot_action.ProposeRemoval: (SUE, judging, {"cause": "ineligible", "rule": "E12", "reason": "It was untrue."}),
        pilot_action.ConfirmRemoval: (SAM, judging, {}),
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
        pilot_action.RequestAccess: (SUE, applying, {"reason": "A member complained of a fault.", "hours": 24}),
        pilot_action.AllowAccess: (SAM, applying + HOUR, {}),
        pilot_action.PutForwardVersion: (home, applying, {}),
        pilot_action.AttachFile: (home, applying, {"attachment_id": PLAN, "file": a_file()}),
        pilot_action.DetachFile: (home, applying, {"attachment_id": PLAN}),
        pilot_action.AttachProof: (
            SUE,
            applying + HOUR,
            {"organisation_id": pair.partner, "attachment_id": PLAN, "file": a_file()},
        ),
        pilot_action.ConfirmParticipation: (abroad, applying + HOUR, {"organisation_id": pair.partner}),
        pilot_action.DeclineParticipation: (
            abroad,
            applying + HOUR,
            {"organisation_id": pair.partner, "reason": "Our part is not what we agreed."},
        ),
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
        call.AskQuestion: (home, coaching, {"question": "May a port be a partner?"}),
        call.AnswerQuestion: (
            SUE,
            applying,
            {"number": 1, "question": "May a public port take part?", "answer": "Yes, as a stakeholder."},
        ),
        call.AnswerPrivately: (SUE, applying, {"number": 1, "answer": "Your account is open now."}),
        call.DeclineQuestion: (SUE, applying, {"number": 1, "reason": "The call says it on its first page."}),
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
        grant.AttachEvidence: (RITA, DELIVERING, {"order": 1, "attachment_id": PLAN, "file": a_file()}),
        grant.AttachToReport: (home, DELIVERING, {"attachment_id": PLAN, "file": a_file()}),
        working_paper.OpenWorkingPaper: (AUDRA, LOOKED_AT, {"title": "Orders", "about": "/calls/1/audit/exceptions"}),
        working_paper.WriteNote: (AUDRA, LOOKED_AT, {"note": "Two orders on one day.", "cites": "/grants/1?as_of=7"}),
        working_paper.IssueFinding: (AUDRA, LOOKED_AT, {**_FINDING, "answer_by": LOOKED_AT.date() + timedelta(14)}),
        working_paper.AnswerFinding: (SUE, LOOKED_AT + DAY, {"number": 1, "agreed": False, "answer": "They differ."}),
        working_paper.FollowUpFinding: (
            AUDRA,
            LOOKED_AT + 2 * DAY,
            {"number": 1, "standing": "accepted", "remark": "They do."},
        ),
        working_paper.CloseWorkingPaper: (AUDRA, LOOKED_AT + 3 * DAY, {"conclusion": "All is well."}),
        grant.FileFinalReport: (home, DELIVERING, {"report": "It went well.", "lessons": "Ask the port first."}),
    }


_FINDING: Final = {
    "priority": "medium",
    "condition": "Two orders of one kind went to one supplier on one day.",
    "criterion": "An order over the limit needs three offers.",
    "cause": "Nobody looks at both together.",
    "effect": "The limit is passed unseen.",
    "recommendation": "Look at all orders of a month together.",
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
