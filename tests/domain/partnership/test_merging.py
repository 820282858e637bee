"""A member may leave, and partnerships may become one, while S07–S09 hold."""

from datetime import datetime
from typing import Any

import pytest

from domain.call.commands import ApproveAwardList
from domain.evaluation.commands import AssignEvaluator
from domain.messages import Command
from domain.partnership.aggregate import PARTNERSHIP
from domain.partnership.commands import (
    AgreeRoadmap,
    ConfirmMembership,
    DraftRoadmap,
    MergePartnerships,
    RecordDeparture,
    RecordMemorandum,
    RequestCoaching,
)
from domain.partnership.events import (
    CoachAssigned,
    Member,
    MemberLeft,
    MemorandumRecorded,
    PartnershipEnded,
    PartnershipFormed,
    PartnershipMerged,
    PartnershipsJoined,
)
from domain.people import Geography
from domain.pilot_action.commands import (
    CheckEligibility,
    ConfirmParticipation,
    ProposePilotAction,
    PutForwardVersion,
    SaveDraftSection,
    SubmitApplication,
)
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationFoundIneligible,
    Finding,
    ParticipationConfirmed,
)
from domain.values import ProtectedText
from tests.given import (
    ANNA,
    CALL_ID,
    CHAPTERS,
    COLIN,
    EVA,
    HAMBURG,
    HOUR,
    OPENS,
    SUE,
    TICK,
    Pair,
    Story,
    ask,
    fact,
    named,
    until,
)

OSAKA = Member(organisation_id=named("Osaka"), name="Osaka", side="non-EU")
REASON = ProtectedText(subject=SUE, text="Its council left.")


def trilateral(chapter: str) -> Story:
    """The usual story, had Osaka been a third member from the beginning."""
    formed = until("formed").get(PARTNERSHIP, HAMBURG.partnership)
    return until(chapter).retold(PartnershipFormed, members=(*formed.members, OSAKA))


# --- a member leaves


def test_a_partnership_of_three_goes_on_without_one_of_two_partners() -> None:
    left = fact(MemberLeft, on=HAMBURG.partnership, organisation_id=HAMBURG.partner, reason=REASON)
    trilateral("submitted").when(ask(RecordDeparture)).then(left)
    after = trilateral("submitted").after(ask(RecordDeparture)).get(PARTNERSHIP, HAMBURG.partnership)
    assert after.member_ids() == {HAMBURG.home, OSAKA.organisation_id}
    assert after.involved == {HAMBURG.home, HAMBURG.partner, OSAKA.organisation_id}


def test_a_member_that_left_need_not_confirm_any_more() -> None:
    submitted = trilateral("submitted").without(ParticipationConfirmed)
    confirmed = fact(ParticipationConfirmed, on=HAMBURG.pilot_action, organisation_id=OSAKA.organisation_id, version=1)
    digest = {"digest": until("opened").when(ask(SubmitApplication)).changes[0].event.model_dump()["digest"]}
    story = submitted.after(fact(confirmed.kind, on=confirmed.on, **confirmed.fields, **digest), ask(RecordDeparture))
    (found, _) = story.when(ask(CheckEligibility)).changes
    assert isinstance(found.event, ApplicationFoundEligible)


@pytest.mark.parametrize(
    ("members", "leaving", "code"),
    [
        ((), HAMBURG.partner, "S07"),
        ((OSAKA,), HAMBURG.home, "S08"),
        ((Member(organisation_id=named("Lyon"), name="Lyon", side="EU"),), HAMBURG.partner, "S09"),
    ],
    ids=["the last partner", "the coordinator", "the last from abroad"],
)
def test_a_departure_that_breaks_the_partnership_is_recorded_as_its_end(
    members: tuple[Member, ...], leaving: Any, code: str
) -> None:
    formed = until("formed").get(PARTNERSHIP, HAMBURG.partnership)
    story = until("eligible").retold(PartnershipFormed, members=(*formed.members, *members))
    leaves = ask(RecordDeparture, organisation_id=leaving)
    answer = story.when(leaves).refused(code)
    assert answer.no is not None
    assert answer.no.cure == "Record that the partnership ends with this departure."
    story.when(leaves.model_copy(update={"ends": True})).then(
        fact(MemberLeft, on=HAMBURG.partnership, organisation_id=leaving, reason=REASON),
        fact(PartnershipEnded, on=HAMBURG.partnership),
    )


def test_a_partnership_that_goes_on_is_not_ended_by_the_way() -> None:
    trilateral("submitted").when(ask(RecordDeparture, ends=True)).refused("stage", "goes on")


def test_only_members_leave() -> None:
    until("formed").when(ask(RecordDeparture, organisation_id=OSAKA.organisation_id)).refused("stage", "not a member")


ENDED = ask(RecordDeparture, ends=True)


def test_the_application_of_a_partnership_that_ended_is_ineligible() -> None:
    finding = Finding(rule="S07", detail="The partnership has 1 of at least 2 members.")
    ineligible = fact(ApplicationFoundIneligible, correction=0, findings=(finding,))
    until("closed").after(ENDED).when(ask(CheckEligibility)).then(ineligible)


def test_nothing_is_done_in_a_partnership_that_ended() -> None:
    ended = until("agreed").after(ENDED)
    for kind in (ConfirmMembership, DraftRoadmap, AgreeRoadmap, RequestCoaching, RecordDeparture, ProposePilotAction):
        ended.when(ask(kind)).refused("stage", "This partnership ended.")


# --- several become one

LISBON = Pair("Lisbon", "Daegu")
BOTH = Pair("Lisbon", "Seoul")
MERGE = ask(
    MergePartnerships,
    BOTH,
    old_ids=(HAMBURG.partnership, LISBON.partnership),
    coordinator_id=LISBON.home,
    topic="Shade",
    generated=True,
    source="a letter",
)
READY = until("agreed", HAMBURG, LISBON)
COACHED = READY.after(
    fact(CoachAssigned, on=HAMBURG.partnership, coach=COLIN), fact(CoachAssigned, on=LISBON.partnership, coach=EVA)
)


def test_one_partnership_holds_the_members_of_both_and_the_old_ones_say_where_they_went() -> None:
    old = [READY.get(PARTNERSHIP, pair.partnership) for pair in (HAMBURG, LISBON)]
    told = {
        "name": "Both", "call_id": CALL_ID, "coordinator_id": LISBON.home, "geography": Geography.ASIA,
        "cluster": "", "topic": "Shade", "generated": True, "source": "a letter",
    }  # fmt: skip
    into = {"into_id": BOTH.partnership, "into_name": "Both"}
    joined = {"partnership_ids": (HAMBURG.partnership, LISBON.partnership)}
    COACHED.when(MERGE).then(
        fact(PartnershipFormed, **told, members=tuple(member for one in old for member in one.members)),
        fact(PartnershipsJoined, **joined, coaches=tuple(sorted((COLIN, EVA)))),
        fact(PartnershipMerged, on=HAMBURG.partnership, **into),
        fact(PartnershipMerged, on=LISBON.partnership, **into),
    )
    merged = COACHED.after(MERGE)
    assert merged.get(PARTNERSHIP, HAMBURG.partnership).member_ids() == {HAMBURG.home, HAMBURG.partner}
    assert merged.get(PARTNERSHIP, BOTH.partnership).coaches == {COLIN, EVA}


@pytest.mark.parametrize("pair", [HAMBURG, LISBON], ids=["one", "the other"])
def test_nothing_is_done_with_the_old_ones_any_more(pair: Pair) -> None:
    merged = until("confirmed", HAMBURG, LISBON).after(MERGE)
    deeds: tuple[type[Command], ...] = (
        ConfirmMembership, DraftRoadmap, AgreeRoadmap, RequestCoaching, RecordDeparture, RecordMemorandum,
        SaveDraftSection, SubmitApplication,
    )  # fmt: skip
    for kind in deeds:
        merged.when(ask(kind, pair)).refused("stage", "went into “Both”")
    merged.when(ask(ProposePilotAction, pair, pilot_action_id=named("another"))).refused("stage", "went into “Both”")
    merged.when(MERGE.model_copy(update={"partnership_id": named("yet another")})).refused("stage", "went into")


@pytest.mark.parametrize(("at", "code"), [(OPENS - TICK, None), (OPENS, "stage")], ids=["just before", "opening"])
def test_partnerships_are_merged_before_applications_open(at: datetime, code: str | None) -> None:
    assert READY.when(MERGE.model_copy(update={"at": at})).code == code


@pytest.mark.parametrize(
    ("story", "changes", "code"),
    [
        (READY, {"old_ids": (HAMBURG.partnership, HAMBURG.partnership)}, "stage"),
        (READY, {"partnership_id": HAMBURG.partnership}, "stage"),
        (READY, {"coordinator_id": HAMBURG.partner}, "S08"),
    ],
    ids=["one twice", "an old id", "led from abroad"],
)
def test_what_is_formed_is_a_new_partnership_that_follows_the_rules(
    story: Story, changes: dict[str, Any], code: str
) -> None:
    story.when(MERGE.model_copy(update=changes)).refused(code)


def test_partnerships_of_two_geographies_do_not_become_one() -> None:
    away = until("formed", HAMBURG).retold(PartnershipFormed, geography=Geography.LATIN_AMERICA)
    both = away.after(*(change for change in READY.log if change.stream in (LISBON.partnership,)))
    both.when(MERGE).refused("stage", "one geography")


@pytest.mark.parametrize("tie", ["evaluator", "approver"])
def test_who_coached_an_old_one_judges_nothing_of_the_new_one(tie: str) -> None:
    joined = {"partnership_ids": (), "coaches": (EVA, ANNA)}
    if tie == "evaluator":
        story = until("eligible").after(fact(PartnershipsJoined, on=HAMBURG.partnership, **joined))
        story.when(ask(AssignEvaluator)).refused("D05", "coached this partnership")
    else:
        story = until("proposed").after(fact(PartnershipsJoined, on=HAMBURG.partnership, **joined))
        story.when(ask(ApproveAwardList)).refused("D05", "coached a partnership")


def test_what_was_formed_of_others_applies_once_its_members_have_agreed_and_confirmed_anew() -> None:
    drafting = CHAPTERS["drafted"][1]
    drafted = COACHED.after(MERGE, *drafting(BOTH), ask(PutForwardVersion, BOTH))
    drafted.when(ask(SubmitApplication, BOTH)).refused("D26")
    members = drafted.get(PARTNERSHIP, BOTH.partnership).member_ids()
    agreeing = (ask(AgreeRoadmap, BOTH, organisation_id=member) for member in sorted(members))
    agreed = drafted.after(ask(DraftRoadmap, BOTH), *agreeing)
    confirming = (ask(ConfirmParticipation, BOTH, organisation_id=one) for one in sorted(members - {LISBON.home}))
    submitted = agreed.after(*confirming, ask(SubmitApplication, BOTH))
    assert type(submitted.when(ask(CheckEligibility, BOTH)).changes[0].event) is ApplicationFoundEligible


# --- a memorandum


@pytest.mark.parametrize("at", [OPENS - 100 * HOUR, OPENS + 9_000 * HOUR], ids=["early", "late"])
def test_a_memorandum_is_recorded_at_any_time(at: datetime) -> None:
    reference = ProtectedText(subject=HAMBURG.officer, text="Signed in Seoul")
    until("formed").when(ask(RecordMemorandum, at=at)).then(fact(MemorandumRecorded, reference=reference))
