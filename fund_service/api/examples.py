"""An example of every request: the body of each deed by its command, and words for each parameter by its name.

They stand in the document; a test sends every one of them. The rules of a call are those of the shipped edition.
"""

from collections.abc import Mapping
from typing import Any, Final

from domain.account import commands as account
from domain.call import commands as call
from domain.evaluation import commands as evaluation
from domain.grant import commands as grant
from domain.messages import Command
from domain.organisation import commands as organisation
from domain.partnership import commands as partnership
from domain.pilot_action import commands as pilot_action
from domain.working_paper import commands as working_paper

ID: Final = "6f1c1f0e-6f0a-4c39-9a53-0d4b1d0f7c11"
OTHER: Final = "b7d3a5b2-94f4-4d7e-8f43-5a1de3c2a902"
DIGEST: Final = "3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b"
EDITION: Final = "iurc-2026"

_DIGEST: Final = {"digest": DIGEST}
_SCORE: Final = {"points": 4, "justification": "Two schoolyards in one summer, each with a budget and a named officer."}
_SCORES: Final = {"relevance": _SCORE}

BODIES: Final[Mapping[type[Command], Mapping[str, Any]]] = {
    organisation.RegisterOrganisation: {
        "name": "Bonn",
        "kind": "city",
        "side": "EU",
        "country": "DE",
        "population": 330_000,
    },
    organisation.AdmitOrganisation: {"strand": "AA", "source": "The programme's list of 3 March 2026"},
    organisation.StatePopulation: {"population": 331_885, "source": "Eurostat, 1 January 2025"},
    organisation.LinkOrganisations: {"other_ids": [OTHER], "call_id": ID},
    account.OpenAccount: {"label": "Evaluator 12", "unit": "Technical University of Dortmund"},
    account.GrantRole: {"role": "evaluator"},
    account.RevokeRole: {"reason": "Left the programme."},
    account.RecordClusterLead: {"cluster": "Climate"},
    account.InviteOfficer: {"subject": OTHER, "label": "Second officer of Turin"},
    account.ClaimAuthority: {"reference": "Letter of the mayor of 4 May 2026, scanned as 2026-117"},
    account.DeclineAuthority: {"reason": "The letter is not signed."},
    account.NameDeputy: {"subject": OTHER, "role": "approver", "first_day": "2026-06-01", "last_day": "2026-06-19"},
    account.EndDeputy: {"reason": "She is back."},
    account.HoldErasure: {"reason": "The Court of Auditors looks at this call."},
    account.LiftHold: {"reason": "The audit is closed."},
    account.DecideErasure: {"ground": "asked_for"},
    call.ProposeCancellation: {"reason": "The programme ends earlier than foreseen."},
    call.AskQuestion: {"question": "May an expert from our university be paid?"},
    call.AnswerQuestion: {
        "question": "May experts from a member's own university be paid?",
        "answer": "Yes, as any other supplier, where the city does not own the university.",
    },
    call.AnswerPrivately: {"answer": "Your letter of 4 May arrived and is complete."},
    call.DeclineQuestion: {"reason": "It is answered already.", "see": 1},
    call.ProposeAwardList: {"departures": [{"pilot_action_id": ID, "place": 2, "reason": "The tie was drawn by lot."}]},
    call.ReturnAwardList: {**_DIGEST, "remarks": "The third application lacks the minutes of the consensus."},
    call.ApproveAwardList: _DIGEST,
    partnership.FormPartnership: {
        "call_id": ID,
        "name": "Turin with Nagoya",
        "coordinator_id": ID,
        "member_ids": [ID, OTHER],
        "geography": "Asia",
        "topic": "Shade in schoolyards",
    },
    partnership.MergePartnerships: {"old_ids": [ID, OTHER], "name": "Turin with Nagoya", "coordinator_id": ID},
    partnership.RecordDeparture: {"reason": "The city council withdrew its consent.", "ends": True},
    partnership.DraftRoadmap: {
        "fields": {
            "stakeholders": "Schools, parents, the water company.",
            "methods": "Two workshops and one study visit.",
            "deliverables": "A plan for twelve schoolyards.",
        }
    },
    partnership.AgreeRoadmap: _DIGEST,
    partnership.RecordMemorandum: {"reference": "MoU 2026/14, signed on 2 February 2026"},
    partnership.AssignCoach: {"coach": ID},
    partnership.HoldCoachingSession: {"minutes": 90, "note": "Stakeholders are mapped; the budget is open."},
    partnership.HoldGroupSession: {"partnership_ids": [ID, OTHER], "minutes": 60, "note": "How to score well."},
    pilot_action.ProposePilotAction: {"partnership_id": ID, "line": "pilot_action", "title": "Cool schoolyards"},
    pilot_action.NameExpert: {"expert": ID},
    pilot_action.SaveDraftSection: {
        "resources": [{"kind": "expert_days", "quantity": 10, "unit_cents": 60_000, "why": "To plan the planting."}],
        "smallest_useful_cents": 300_000,
    },
    pilot_action.ConfirmParticipation: _DIGEST,
    pilot_action.DeclineParticipation: {
        **_DIGEST,
        "ask_another": True,
        "reason": "I left the office for cooperation. Please ask my successor.",
    },
    pilot_action.RecordLetter: {**_DIGEST, "reference": "Letter of 4 May 2026, scanned as 2026-117"},
    pilot_action.VerifyLetter: _DIGEST,
    pilot_action.SubmitApplication: {
        **_DIGEST,
        "declarations": ["no_double_funding", "not_retroactive", "no_exclusion"],
    },
    pilot_action.WithdrawApplication: {"reason": "The site is no longer free."},
    pilot_action.RequestAccess: {"reason": "A member says that its officers cannot read the draft.", "hours": 2},
    pilot_action.AskClarification: {"question": "Who pays for the trees after the first year?"},
    pilot_action.AnswerClarification: {"answer": "The city's gardens office, from its own budget."},
    pilot_action.ProposeRemoval: {"cause": "ineligible", "rule": "S05", "reason": "The city was never admitted."},
    evaluation.AssignEvaluator: {"evaluator": ID},
    evaluation.ReplaceEvaluator: {"successor": OTHER, "reason": "Ill until the end of June."},
    evaluation.DeclareConflict: {"reason": "My institute advises one of the cities."},
    evaluation.WithdrawEvaluator: {"reason": "Ill until the end of June."},
    evaluation.ProposeFewerEvaluators: {"evaluators": 2, "reason": "Nobody else without a conflict is free in time."},
    evaluation.RecordAllegation: {"allegation": "Worked for the coordinating city until last year."},
    evaluation.DecideAllegation: {"upheld": False, "reasons": "The contract ended three years ago."},
    evaluation.GiveScores: {"scores": _SCORES},
    evaluation.ProposeConsensus: {"scores": _SCORES},
    evaluation.AgreeConsensus: _DIGEST,
    grant.DeclineGrant: {"reason": "The city's share was not voted."},
    grant.OrderResource: {
        "kind": "expert_days",
        "supplier": "Studio Verde",
        "cents": 120_000,
        "period_from": "2026-09-01",
        "period_to": "2026-10-31",
        "offers": [
            {"supplier": "Studio Verde", "cents": 120_000, "remark": "Can begin at once."},
            {"supplier": "Studio Blu", "cents": 115_000},
        ],
        "choice_reason": "Studio Blu is free from November on.",
    },
    grant.CancelOrder: {"cause": "supplier_failed", "reason": "The supplier went out of business."},
    grant.RecordDelivery: {"cents": 120_000, "evidence": "Delivery note 77, file 2026-204"},
    grant.RecordInvoice: {"cents": 118_500, "evidence": "Invoice 2026/881, file 2026-219"},
    grant.RefuseDelivery: {"reason": "Two of the ten days were not worked."},
    grant.ProposeReversal: {"reason": "The invoice was booked on the wrong order."},
    grant.DismissReversal: {"reason": "The order is the right one."},
    grant.FileFinalReport: {"report": "Two schoolyards were planted.", "lessons": "Ask the caretakers first."},
    working_paper.OpenWorkingPaper: {"title": "Orders of May", "about": f"/calls/{ID}/audit/exceptions"},
    working_paper.WriteNote: {"note": "Two orders went to one supplier on one day.", "cites": f"/grants/{ID}?as_of=7"},
    working_paper.IssueFinding: {
        "priority": "high",
        "condition": "Two orders of one kind went to one supplier on one day.",
        "criterion": "An order of more than €5,000 needs three offers.",
        "cause": "Nobody looks at the orders of a day together.",
        "effect": "The limit for three offers is passed unseen.",
        "recommendation": "Look at all orders of a month together.",
        "answer_by": "2027-11-30",
    },
    working_paper.AnswerFinding: {"agreed": True, "answer": "We shall look at them.", "by_when": "2027-12-31"},
    working_paper.FollowUpFinding: {"standing": "implemented", "remark": "The list of December was looked at."},
    working_paper.CloseWorkingPaper: {"conclusion": "One finding, which is put right."},
}
"""By the command of each deed that needs more than its path says; calls and corrections take an edition's rules."""

_PASSWORD: Final = "eleven quiet harbours"
OF_ACTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "signIn": {"login": "ona@fund.example", "password": _PASSWORD},
    "stepUp": {"password": _PASSWORD},
    "signInAtProvider": {"page": "/api/v1/me/home"},
    "stepUpAtProvider": {"page": "/api/v1/me/next"},
    "changePassword": {"old": _PASSWORD, "new": "twelve loud lighthouses"},
    "writeMyProfile": {"full_name": "Ona Example", "email": "ona@fund.example", "language": "lt"},
    "confirmSecondFactor": {"code": "123456"},
    "makeToken": {"role": "applicant", "label": "Our spreadsheet", "days": 30},
    "invite": {"subject": ID},
    "acceptInvitation": {
        "token": "the last part of the link",
        "code": "the code that came another way",
        "login": "ona@fund.example",
        "password": _PASSWORD,
    },
    "acceptInvitationAtProvider": {
        "token": "the last part of the link",
        "code": "the code that came another way",
    },
}
"""By its operation, the body of each request about who somebody is."""

_WORDS: Final[Mapping[str, Any]] = {
    "after": 0,
    "by": "cluster",
    "cursor": "YWZ0ZXIgMTAw",
    "due": "2026-06-30T21:59:59Z",
    "effective_at": "2026-06-30T21:59:59Z",
    "accept_by": "2026-06-30T21:59:59Z",
    "recorded_at": "2026-06-30T21:59:59Z",
    "submitted_at": "2026-03-31T14:59:59Z",
    "since": "2026-06-30T21:59:59Z",
    "cluster": "Climate",
    "coordinator": "Turin",
    "country": "IT",
    "as_of": "1",
    "dry_run": True,
    "with_files": True,
    "with_names": True,
    "held_at": "2026-03-20T17:00+01:00",
    "edition": EDITION,
    "figure": "submitted",
    "format": "csv",
    "geography": "Asia",
    "group": "Climate",
    "kind": "submission",
    "label": "Evaluator 12",
    "limit": 50,
    "line": "pilot_action",
    "method": "POST",
    "name": "Turin with Nagoya",
    "next_step": "Confirm",
    "note": "default",
    "number": 1,
    "order": 1,
    "outcome": "awarded",
    "partnership": "Turin with Nagoya",
    "path": "/api/v1/me",
    "q": "Turin",
    "quote": "10,000",
    "role": "evaluator",
    "rule": "S05",
    "rule_id": "S05",
    "section": "resources",
    "sentence": "Turin was admitted.",
    "side": "EU",
    "source": "FAQ",
    "stage": "open",
    "status": "C",
    "title": "Cool schoolyards",
    "topic": "Shade in schoolyards",
    "unit": "Secretariat",
    "who": "city",
    **dict.fromkeys(("pilot", "roadmap", "another", "confirm", "declare"), "yes"),
    "partner": "JP",
    "euros": "9412.50",
}
_FLAGS: Final = (
    *("admitted", "closed", "done", "ended", "generated", "is_coordinator", "late", "missed", "population_asked"),
    *("report_filed", "report_overdue", "roadmap_agreed", "sealed", "yours"),
)


def example_of(name: str, schema: Mapping[str, Any], fields: list[str]) -> Any:
    """Return an example of a parameter, of its type; `fields` are those of the rows that it is about."""
    if "default" in schema and ("$ref" in schema or name == "since"):
        return schema["default"]  # one of a few words, which it refers to, or a moment
    found = _example_of(name, schema, fields)
    types = {one.get("type") for one in (schema, *schema.get("anyOf", ()))}
    if "integer" in types:
        return int(found)
    if "array" in types:
        return [found]
    return found if "boolean" in types else str(found)


def _example_of(name: str, schema: Mapping[str, Any], fields: list[str]) -> Any:
    if name == "sort":
        return f"-{fields[0]}"
    if name == "fields":
        return ",".join(fields[:2])
    if name in _WORDS:
        return _WORDS[name]
    if (
        schema.get("format") == "uuid"
        or name == "id"
        or name.endswith("_id")
        or name in ("about", "call", "stream", "subject", "thing")
    ):
        return ID
    if name in _FLAGS:
        return "true"
    return DIGEST if name.endswith("digest") else "1"


def bodies() -> Mapping[type[Command], Mapping[str, Any]]:
    """Return the body of each deed that has one."""
    from fund_service.editions.loader import edition

    rules = edition(EDITION).model_dump(mode="json")
    corrected = {"rules": rules, "reason": "The deadline is a week later: the form was away for two days."}
    return {**BODIES, call.PublishCall: {"rules": rules}, call.ProposeCorrection: corrected}
