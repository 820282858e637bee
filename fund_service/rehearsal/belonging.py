"""Scenes of who belongs to what: entities, choices, partners in two applications, letters, departures, mergers, and who
follows an officer that left.
"""

from collections.abc import Iterator

from domain.account.commands import (
    AcceptAuthority,
    ClaimAuthority,
    ConfirmAuthority,
    GrantRole,
    MarkSharedMailbox,
    OpenAccount,
)
from domain.messages import Event, Recorded
from domain.organisation.commands import LinkOrganisations, StatePopulation
from domain.organisation.events import (
    OfficerSucceeded,
    OrganisationsLinked,
    PopulationAsked,
    PopulationStated,
    ToldOfSeveralApplications,
)
from domain.partnership.commands import DraftRoadmap, MergePartnerships, RecordDeparture, RecordMemorandum
from domain.partnership.events import MemberLeft, MemorandumRecorded, PartnershipMerged
from domain.people import Role
from domain.pilot_action.commands import ChooseApplication, RecordLetter, VerifyLetter
from domain.pilot_action.events import ApplicationFoundInadmissible, ApplicationFoundIneligible, LetterVerified
from domain.receipt import CommandHandled
from domain.slot import ApplicationChosen
from fund_service.rehearsal.cases import Area, Case, happened, refused
from fund_service.rehearsal.cast import fictitious
from fund_service.rehearsal.plans import Fate, Plan
from fund_service.rehearsal.stage import Stage


def _found(id: str, sentence: str, kind: type[Event], rule: str) -> Case:
    """Return a case that shows in a finding under this rule."""

    def seen(recorded: Recorded) -> bool:
        return any(finding.rule == rule for finding in getattr(recorded.event, "findings", ()))

    return Case(id, Area.WHO, sentence, kind, seen)


def _told(id: str, sentence: str, words: str) -> Case:
    """Return a case that shows in a refusal under D09 in these words."""

    def seen(recorded: Recorded) -> bool:
        event = recorded.event
        return isinstance(event, CommandHandled) and event.refused == "D09" and words in event.detail

    return Case(id, Area.WHO, sentence, CommandHandled, seen)


CASES: tuple[Case, ...] = (
    _found(
        "not-admitted",
        "An invented city that the programme did not admit is found ineligible.",
        ApplicationFoundIneligible,
        "S05",
    ),
    happened("population-asked", Area.WHO, "An unknown population is asked for and refuses nobody.", PopulationAsked),
    happened("population-stated", Area.WHO, "The secretariat answers such a question.", PopulationStated),
    happened("entity-linked", Area.WHO, "A city and its region are linked as one entity.", OrganisationsLinked),
    _told("second-of-entity", "A second application of the same entity is refused, whoever leads.", "one entity with"),
    happened("choice", Area.WHO, "A city that coordinates several partnerships records its choice.", ApplicationChosen),
    _told("not-chosen", "An application that its city did not choose is refused.", "chose the application"),
    happened(
        "told-of-several",
        Area.WHO,
        "A partner abroad in two applications is told so before it confirms.",
        ToldOfSeveralApplications,
    ),
    _found(
        "partner-silent",
        "The application that the partner does not confirm is inadmissible.",
        ApplicationFoundInadmissible,
        "D10",
    ),
    refused("letter-alone", Area.WHO, "Who recorded a letter may not verify it.", "D18", VerifyLetter),
    happened("letter", Area.WHO, "A partner confirms by a letter that two officers record and verify.", LetterVerified),
    happened("member-left", Area.WHO, "A member leaves after closing, and the partnership goes on.", MemberLeft),
    refused("last-partner", Area.WHO, "A partnership does not go on with one member.", "S07", RecordDeparture),
    happened("merged", Area.WHO, "Two partnerships become one after coaching.", PartnershipMerged),
    refused("merged-is-over", Area.WHO, "Nothing is done with a partnership that was merged.", "stage", DraftRoadmap),
    happened("memorandum", Area.WHO, "A memorandum is recorded and gates nothing.", MemorandumRecorded),
    refused("successor-by-one", Area.WHO, "One officer alone does not name who follows.", "D18", ConfirmAuthority),
    happened(
        "successor",
        Area.WHO,
        "The only officer of a partner has left: who follows proves it, and two officers decide.",
        OfficerSucceeded,
    ),
    refused("mailbox", Area.WHO, "A shared mailbox receives messages, and is granted no role.", "D32", GrantRole),
)


def _players(stage: Stage, fate: Fate) -> Iterator[Plan]:
    return (plan for plan in stage.plans if plan.player and plan.fate is fate)


def link(stage: Stage) -> None:
    """Link a region with the city in it, and answer the question for the city's population."""
    (city,), (region,) = _players(stage, Fate.CONFIRMS_BY_LETTER), _players(stage, Fate.ENTITY_OF_ANOTHER)
    first = stage.cast.secretariat[0]
    organisation = stage.cast.organisation(city.pairing.coordinator.name)
    others = (stage.cast.organisation(region.pairing.coordinator.name),)
    named = {"organisation_id": organisation, "other_ids": others, "call_id": stage.call_id}
    stage.act(LinkOrganisations, first, f"{city.key}/link", **named)
    stated = {"population": 96_000, "source": "invented for this rehearsal"}
    stage.act(StatePopulation, first, f"{city.key}/population", organisation_id=organisation, **stated)


def record_memorandum(stage: Stage) -> None:
    """Let a city record the memorandum with its partner."""
    for plan in _players(stage, Fate.CONFIRMS_BY_LETTER):
        named = {"partnership_id": stage.partnership_id(plan), "reference": "Fictitious: signed at a city hall."}
        stage.act(RecordMemorandum, stage.officer(plan), f"{plan.key}/memorandum", **named)


def choose(stage: Stage) -> None:
    """Let every city with several partnerships that want to apply record which one does."""
    several = {plan.pairing.coordinator.name for plan in stage.plans if plan.fate is Fate.SECOND_OF_ITS_CITY}
    for plan in stage.plans:
        if plan.pairing.coordinator.name not in several or plan.fate is Fate.SECOND_OF_ITS_CITY:
            continue
        if plan.applies and plan.fate is not Fate.ROADMAP_NOT_AGREED:
            named = {"pilot_action_id": stage.pilot_action_id(plan)}
            stage.act(ChooseApplication, stage.officer(plan), f"{plan.key}/choice", **named)


def confirm_by_letter(stage: Stage) -> None:
    """Let an officer record a partner's letter, try to verify it alone (D18), and a second one verify it (D10)."""
    first, second = stage.cast.secretariat
    for plan in _players(stage, Fate.CONFIRMS_BY_LETTER):
        for member in plan.pairing.members[1:]:
            named = stage.part(plan, member)
            key = f"{plan.key}/{member.name}/letter"
            stage.act(RecordLetter, first, key, **named, reference="Fictitious: scan 7.")
            stage.refused("D18", VerifyLetter, first, f"{key}/alone", **named)
            stage.act(VerifyLetter, second, f"{key}/verified", **named)


def merge(stage: Stage) -> None:
    """Make one partnership of two after coaching; with the old ones nothing is done any more."""
    plans = tuple(_players(stage, Fate.MERGES))
    named = {
        "partnership_id": stage.cast.id("partnership/merged"),
        "old_ids": tuple(stage.partnership_id(plan) for plan in plans),
        "name": " together with ".join(plan.pairing.name for plan in plans),
        "coordinator_id": stage.cast.organisation(plans[0].pairing.coordinator.name),
        "generated": True,
        "source": "invented for this rehearsal",
    }
    stage.act(MergePartnerships, stage.cast.secretariat[0], "partnership/merge", **named)
    old = {"partnership_id": stage.partnership_id(plans[1]), "fields": {"methods": "Fictitious."}}
    stage.refused("stage", DraftRoadmap, stage.officer(plans[1]), "partnership/merged/roadmap", **old)


def succeed(stage: Stage) -> None:
    """Let somebody follow the only officer of a partner that was silent, by proof and two officers (D31).

    The partner's shared mailbox receives messages; it is no officer (D32).
    """
    first, second = stage.cast.secretariat
    for plan in _players(stage, Fate.PARTNER_SILENT):
        place = plan.pairing.members[-1].name
        subject, mailbox = stage.cast.id(f"successor/{place}"), stage.cast.id(f"mailbox/{place}")
        account = {"unit": place, "organisation_id": stage.cast.organisation(place)}
        for whose, what in ((subject, "Second officer"), (mailbox, "Mailbox")):
            label = fictitious(f"{what} of {place}")
            stage.act(OpenAccount, first, f"{place}/{what}", subject=whose, label=label, **account)
        stage.act(MarkSharedMailbox, first, f"{place}/mailbox", subject=mailbox)
        stage.refused("D32", GrantRole, first, f"{place}/mailbox/role", subject=mailbox, role=Role.PARTNER)
        proof, who = {"reference": "Fictitious: letter of the mayor, scan 8."}, {"subject": subject}
        stage.act(ClaimAuthority, subject, f"{place}/successor", **who, **proof)
        stage.act(AcceptAuthority, first, f"{place}/successor/accepted", **who)
        stage.refused("D18", ConfirmAuthority, first, f"{place}/successor/alone", **who)
        stage.act(ConfirmAuthority, second, f"{place}/successor/confirmed", **who)


def leave(stage: Stage) -> None:
    """Let one of two partners leave after closing; without the last the partnership would be none (S07)."""
    for plan in _players(stage, Fate.MEMBER_LEAVES):
        *_, stays, leaves = (stage.cast.organisation(member.name) for member in plan.pairing.members)
        named = {"partnership_id": stage.partnership_id(plan), "reason": "Fictitious: the council decided otherwise."}
        first = stage.cast.secretariat[0]
        stage.act(RecordDeparture, first, f"{plan.key}/departure", **named, organisation_id=leaves)
        stage.refused("S07", RecordDeparture, first, f"{plan.key}/departure/last", **named, organisation_id=stays)
