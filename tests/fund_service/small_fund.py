"""A small fund, recorded through the fund's own door: four partnerships, four applications, one of them refused at
first, a ranking with a tie and a line, outcomes released, one grant accepted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from domain.account.commands import ConfirmRole, GrantRole, OpenAccount, RecordFirstSecretariat
from domain.call.aggregate import CALL
from domain.call.commands import (
    ApproveAwardList,
    CloseApplicationWindow,
    EstablishRanking,
    OpenApplicationWindow,
    ProposeAwardList,
    PublishCall,
    ReleaseOutcomes,
)
from domain.errors import RuleViolated
from domain.evaluation.commands import AssignEvaluator, DeclareNoConflict, GiveScores
from domain.grant.commands import AcceptGrant, OfferGrant
from domain.ids import grant_id
from domain.messages import Command
from domain.organisation.commands import AdmitOrganisation, RegisterOrganisation
from domain.partnership.aggregate import PARTNERSHIP
from domain.partnership.commands import AgreeRoadmap, ConfirmMembership, DraftRoadmap, FormPartnership
from domain.people import ENGINE, NEEDS_SECOND_PERSON, OPERATOR, Role, Strand
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.commands import (
    CheckEligibility,
    ConfirmParticipation,
    ProposePilotAction,
    PutForwardVersion,
    SaveDraftSection,
    SubmitApplication,
)
from fund_service.application import Fund
from fund_service.composition import open_parts
from fund_service.editions.loader import edition
from fund_service.facts import Facts
from fund_service.settings import Settings
from fund_service.store import open_store

ENVELOPE_CENTS = 2_400_000
NOTE = "What we learnt with Suwon stays between us."
"""Free text of a person, protected in the store."""


class Applicant(NamedTuple):
    """One partnership with its application, and by criterion the scores of three evaluators."""

    city: str
    partner: str
    geography: str
    title: str
    requested_cents: int
    scores: Mapping[str, tuple[int, int, int]]


APPLICANTS: Sequence[Applicant] = (
    Applicant("Turin", "Nagoya", "Asia", "Cool schoolyards", 1_000_000, {"transferability": (5, 5, 5)}),
    Applicant(
        "Málaga",
        "Suwon",
        "Asia",
        "=Shade for the old harbour",
        941_250,
        {"partnership": (4, 5, 5), "sustainability": (5, 5, 4)},
    ),
    Applicant("Hamburg", "Canberra", "Australasia", "Repair cafés [on wheels]", 800_000, {"sustainability": (4, 4, 5)}),
    Applicant("Dublin", "Lima", "Latin America", "Quiet deliveries", 900_000, {"quality": (1, 2, 2)}),
)
"""Every score that is not named is 4. Turin and Málaga have the same total, 84; Turin is more transferable."""
EVALUATORS = ("Evaluator 1", "Evaluator 2", "Evaluator 3")
APPROVERS = ("Approver 1", "Approver 2")
RULES = edition("iurc-2026")
LINE = RULES.lines[0].id
CALENDAR = RULES.calendar


def id_of(name: str) -> UUID:
    """Return the id that belongs to a name."""
    return uuid5(NAMESPACE_URL, f"small fund/{name}")


CALL_ID = id_of("call")
ALIKE = {
    "Turin Metropolitan Area": UUID("cafe0000-0000-4000-8000-000000000001"),
    "Nova Imaginaria": UUID("cafe0000-0000-4000-8000-000000000002"),
}
"""Organisations without a partnership: their ids begin alike, and one name begins like another's."""
OFFICE = id_of("Secretariat 1")


class SmallFund:
    """People act here, each deed once, at the instant that is named."""

    def __init__(self, fund: Fund) -> None:
        self.fund = fund
        self.at: datetime = CALENDAR.published
        self.number = 0
        self.rules = RULES

    def act(self, command: type[Command], by: UUID, **named: object) -> None:
        """Let somebody do something now."""
        self.number += 1
        stamp = {"by": by, "at": self.at, "key": f"small/{self.number}"}
        self.fund.handle(command.model_validate({**stamp, **named}))

    def tell(self) -> None:
        """Tell the whole story."""
        self.found()
        for one in APPLICANTS:
            self.pair(one)
        self.at = CALENDAR.applications_open
        self.act(OpenApplicationWindow, ENGINE, call_id=CALL_ID)
        for one in APPLICANTS:
            self.apply(one)
        self.at = CALENDAR.applications_close
        self.act(CloseApplicationWindow, ENGINE, call_id=CALL_ID)
        for one in APPLICANTS:
            self.judge(one)
        self.award()

    def found(self) -> None:
        """Open the offices and publish the call, with a small envelope."""
        self.act(RecordFirstSecretariat, OPERATOR, subject=OFFICE, label="Secretariat 1", unit="Secretariat")
        self.open_account("Secretariat 2", Role.SECRETARIAT, "Secretariat")
        for number, name in enumerate(EVALUATORS):
            self.open_account(name, Role.EVALUATOR, f"Unit {number % 2}")
        for name in APPROVERS:
            self.open_account(name, Role.APPROVER, "Contracting authority")
        for name, organisation in ALIKE.items():
            self.register(organisation, name, "EU")
        line = RULES.lines[0].model_copy(update={"envelope_cents": ENVELOPE_CENTS})
        self.act(PublishCall, OFFICE, call_id=CALL_ID, rules=self.rules.model_copy(update={"lines": (line,)}))

    def open_account(
        self, label: str, role: Role, unit: str, organisation: UUID | None = None, strand: Strand | None = None
    ) -> None:
        """Open an account with a role, confirmed by a second officer where that is needed."""
        subject = id_of(label)
        self.act(OpenAccount, OFFICE, subject=subject, label=label, unit=unit, organisation_id=organisation)
        self.act(GrantRole, OFFICE, subject=subject, role=role, strand=strand)
        if role in NEEDS_SECOND_PERSON:
            self.act(ConfirmRole, id_of("Secretariat 2"), subject=subject, role=role)

    def register(self, organisation: UUID, name: str, side: str) -> None:
        """Make an organisation known."""
        about = {"organisation_id": organisation, "name": name, "kind": "city", "side": side, "country": "ZZ"}
        self.act(RegisterOrganisation, OFFICE, **about)

    def pair(self, one: Applicant) -> None:
        """Form a partnership that confirms, writes its roadmap and agrees to it."""
        members = [id_of(one.city), id_of(one.partner)]
        for name, side, role in ((one.city, "EU", Role.APPLICANT), (one.partner, "non-EU", Role.PARTNER)):
            self.register(id_of(name), name, side)
            self.open_account(f"Officer of {name}", role, name, id_of(name))
        self.act(AdmitOrganisation, OFFICE, organisation_id=members[0], strand="AA")
        about = {"partnership_id": partnership_of(one)}
        place = {"coordinator_id": members[0], "member_ids": members, "geography": one.geography}
        self.act(FormPartnership, OFFICE, **about, **place, call_id=CALL_ID, name=f"{one.city} with {one.partner}")
        officer, partner = officers(one)
        self.act(ConfirmMembership, partner, **about, organisation_id=members[1])
        fields = {"stakeholders": NOTE, "methods": "Workshops.", "deliverables": "A plan."}
        self.act(DraftRoadmap, officer, **about, fields=fields)
        roadmap = self.fund.look(PARTNERSHIP, partnership_of(one))
        assert roadmap is not None
        for by, member in zip((officer, partner), members, strict=True):
            self.act(AgreeRoadmap, by, **about, organisation_id=member, digest=roadmap.roadmap_digest)

    def apply(self, one: Applicant) -> None:
        """Draft, put forward, confirm and submit."""
        self.draft(one)
        self.submit(one)

    def draft(self, one: Applicant) -> None:
        """Draft, put forward and confirm; Málaga asks for too much at first (S01)."""
        officer, partner = officers(one)
        about = {"pilot_action_id": action_of(one)}
        self.act(ProposePilotAction, officer, **about, partnership_id=partnership_of(one), line=LINE, title=one.title)
        for section in RULES.form:
            answers = {question.id: "Our answer." for question in section.questions if question.kind == "text"}
            self.act(SaveDraftSection, officer, **about, section=section.id, answers=answers)
        if one.city == "Málaga":
            self.ask_for(one, 1_000_001)
            with pytest.raises(RuleViolated, match="at most"):
                self.act(PutForwardVersion, officer, **about)
        self.ask_for(one, one.requested_cents)
        self.act(PutForwardVersion, officer, **about)
        digest = self.submission(one)["digest"]
        self.act(ConfirmParticipation, partner, **about, digest=digest, organisation_id=id_of(one.partner))

    def submit(self, one: Applicant) -> None:
        """Submit the current version."""
        self.at += timedelta(minutes=1, seconds=7)
        self.act(SubmitApplication, officers(one)[0], pilot_action_id=action_of(one), **self.submission(one))

    def submission(self, one: Applicant) -> dict[str, object]:
        """Return what is said when the current version is submitted."""
        pilot = self.fund.look(PILOT_ACTION, action_of(one))
        assert pilot is not None
        assert pilot.current is not None
        return {"digest": pilot.current.digest, "declarations": [declaration.id for declaration in RULES.declarations]}

    def ask_for(self, one: Applicant, cents: int) -> None:
        """Save the section with the resources."""
        resource = {"kind": "study", "quantity": 1, "unit_cents": cents, "why": "We need it."}
        pilot = self.fund.look(PILOT_ACTION, action_of(one))
        assert pilot is not None
        section = {"section": "resources", "resources": [resource], "base": pilot.sections.get("resources", 0)}
        self.act(SaveDraftSection, officers(one)[0], pilot_action_id=action_of(one), **section)

    def judge(self, one: Applicant) -> None:
        """Let three evaluators declare and score."""
        self.at = CALENDAR.eligibility_checked
        about = {"pilot_action_id": action_of(one)}
        self.act(CheckEligibility, ENGINE, **about)
        for number, name in enumerate(EVALUATORS):
            self.act(AssignEvaluator, OFFICE, **about, evaluator=id_of(name))
            self.act(DeclareNoConflict, id_of(name), **about)
            why = f"Reader {number + 1} finds this in the application and says so in enough words."
            scores = {
                criterion.id: {"points": one.scores.get(criterion.id, (4, 4, 4))[number], "justification": why}
                for criterion in RULES.criteria
            }
            self.act(GiveScores, id_of(name), **about, scores=scores)

    def award(self) -> None:
        """Rank, propose, approve, release, offer; the first accepts."""
        self.adopt()
        self.release()
        self.accept()

    def adopt(self) -> None:
        """Rank, propose the list and approve it."""
        self.propose()
        for name in APPROVERS:
            self.approve(name)

    def propose(self) -> None:
        """Rank, and propose the list."""
        self.at = CALENDAR.scores_due
        place = {"call_id": CALL_ID, "line": LINE}
        self.act(EstablishRanking, ENGINE, **place)
        self.act(ProposeAwardList, OFFICE, **place)

    def approve(self, name: str) -> None:
        """Approve the list."""
        call = self.fund.look(CALL, CALL_ID)
        assert call is not None
        digest = call.list_of(LINE).digest
        self.act(ApproveAwardList, id_of(name), call_id=CALL_ID, line=LINE, digest=digest)

    def release(self) -> None:
        """Release the outcomes, and offer what was awarded."""
        self.at = CALENDAR.outcomes_released
        self.act(ReleaseOutcomes, ENGINE, call_id=CALL_ID, line=LINE)
        call = self.fund.look(CALL, CALL_ID)
        assert call is not None
        for award in call.list_of(LINE).awards:
            self.act(OfferGrant, ENGINE, grant_id=award.grant_id, pilot_action_id=award.pilot_action_id)

    def accept(self) -> None:
        """Accept the first offer."""
        self.at += timedelta(days=2)
        first = APPLICANTS[0]
        self.act(AcceptGrant, officers(first)[0], grant_id=grant_id(action_of(first)))


def partnership_of(one: Applicant) -> UUID:
    """Return the id of an applicant's partnership."""
    return id_of(f"partnership/{one.city}")


def action_of(one: Applicant) -> UUID:
    """Return the id of an applicant's pilot action."""
    return id_of(f"pilot action/{one.city}")


def officers(one: Applicant) -> tuple[UUID, UUID]:
    """Return the officers of the coordinator and of the partner abroad."""
    return id_of(f"Officer of {one.city}"), id_of(f"Officer of {one.partner}")


def record(directory: Path, *, rehearsed: bool = True) -> Path:
    """Record the small fund in a data directory, as a rehearsal or as a live fund."""
    if rehearsed:
        with open_store(Settings(data=directory)) as store:
            Facts(store.engine("facts")).put("seed", "small fund")
    with open_parts(Settings(data=directory)) as parts:
        SmallFund(parts.fund).tell()
    return directory
