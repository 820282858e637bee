"""What the fund decides about coaching: an offer with the same minimum for all who ask (S13, D22, D24)."""

from datetime import datetime

import pytest

from domain.account.commands import GrantRole, OpenAccount
from domain.call.events import CoachingDemandUnmet, CoachingPlaceTaken
from domain.errors import NotFound
from domain.messages import Command
from domain.partnership.aggregate import PARTNERSHIP
from domain.partnership.commands import (
    AgreeRoadmap,
    AssignCoach,
    CompleteCoaching,
    ConfirmMembership,
    DeclineCoaching,
    DraftRoadmap,
    EndCoaching,
    HoldCoachingSession,
    HoldGroupSession,
    OfferCoaching,
    RecordMissedSession,
    RemindCoaching,
    RequestCoaching,
)
from domain.partnership.events import (
    CoachAssigned,
    CoachingCompleted,
    CoachingDeclined,
    CoachingEnded,
    CoachingOffered,
    CoachingReminded,
    CoachingRequested,
    CoachingSessionHeld,
    CoachingSessionMissed,
    GroupSessionHeld,
)
from domain.people import Role, Strand
from domain.values import ProtectedText
from tests.given import CALENDAR, CALL_ID, COLIN, EVA, HAMBURG, RULES, TICK, Pair, Story, ask, fact, given, named, until

FORMED = until("formed")

OFFERED = FORMED.after(ask(OfferCoaching))
REQUESTED = OFFERED.after(ask(RequestCoaching))
ASSIGNED = REQUESTED.after(ask(AssignCoach))
HELD = ASSIGNED.after(ask(HoldCoachingSession), ask(HoldCoachingSession))
COACHING = {
    "not_offered": FORMED,
    "offered": OFFERED,
    "requested": REQUESTED,
    "assigned": HELD,
    "completed": HELD.after(ask(CompleteCoaching)),
    "ended": OFFERED.after(ask(EndCoaching)),
    "declined": OFFERED.after(ask(DeclineCoaching)),
}
NOT_OVER = {"offered", "requested", "assigned"}
BELONGS_TO = {
    OfferCoaching: {"not_offered"},
    RequestCoaching: {"offered"},
    DeclineCoaching: {"offered"},
    AssignCoach: {"requested"},
    HoldCoachingSession: {"assigned"},
    RecordMissedSession: {"assigned"},
    CompleteCoaching: {"assigned"},
    RemindCoaching: NOT_OVER,
    EndCoaching: NOT_OVER,
}


@pytest.mark.parametrize("stage", COACHING)
@pytest.mark.parametrize("kind", BELONGS_TO)
def test_each_deed_of_the_coaching_belongs_to_its_stage(kind: type[Command], stage: str) -> None:
    assert COACHING[stage].when(ask(kind)).code == (None if stage in BELONGS_TO[kind] else "stage")


def test_the_stage_is_told_in_words() -> None:
    FORMED.when(ask(RequestCoaching)).refused("stage", "The coaching is at the stage “not offered”.")


def test_coaching_is_offered_and_asked_for() -> None:
    FORMED.when(ask(OfferCoaching)).then(fact(CoachingOffered))
    OFFERED.when(ask(RequestCoaching)).then(fact(CoachingRequested))
    OFFERED.when(ask(DeclineCoaching)).then(fact(CoachingDeclined))


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (CALENDAR.coaching_opens - TICK, "S13"),
        (CALENDAR.coaching_opens, None),
        (CALENDAR.coaching_closes - TICK, None),
        (CALENDAR.coaching_closes, "S13"),
    ],
    ids=["just before", "opening", "just inside", "closing"],
)
@pytest.mark.parametrize(
    ("story", "kind"),
    [
        (FORMED, OfferCoaching),
        (OFFERED, RequestCoaching),
        (OFFERED, DeclineCoaching),
        (ASSIGNED, HoldCoachingSession),
        (ASSIGNED, RecordMissedSession),
    ],
    ids=["offered", "asked for", "declined", "held", "missed"],
)
def test_coaching_falls_into_its_months(story: Story, kind: type[Command], at: datetime, code: str) -> None:
    assert story.when(ask(kind, at=at)).code == code


def test_a_coach_is_assigned_who_has_the_role() -> None:
    place = {"partnership_id": HAMBURG.partnership, "strand": Strand.AA}
    REQUESTED.when(ask(AssignCoach)).then(
        fact(CoachAssigned, coach=COLIN, in_group=False), fact(CoachingPlaceTaken, on=CALL_ID, **place)
    )
    REQUESTED.when(ask(AssignCoach, coach=EVA)).refused("stage", "not a coach")
    REQUESTED.when(ask(AssignCoach, coach=named("nobody"))).raises(NotFound)


def test_sessions_are_counted_and_their_notes_protected() -> None:
    note = ProtectedText(subject=COLIN, text="Budget first.")
    held = ask(HoldCoachingSession, minutes=45, note="Budget first.")
    ASSIGNED.when(held).then(fact(CoachingSessionHeld, number=1, minutes=45, note=note))
    ASSIGNED.after(held).when(held).then(fact(CoachingSessionHeld, number=2, minutes=45, note=note))


def test_coaching_is_completed_after_the_minimum_of_sessions_only() -> None:
    ASSIGNED.when(ask(CompleteCoaching)).refused("D24", "0 of at least 2")
    ASSIGNED.after(ask(HoldCoachingSession)).when(ask(CompleteCoaching)).refused("D24", "1 of at least 2")
    HELD.when(ask(CompleteCoaching)).then(fact(CoachingCompleted))


def test_a_reminder_says_when_coaching_ends() -> None:
    OFFERED.when(ask(RemindCoaching)).then(fact(CoachingReminded, closes=CALENDAR.coaching_closes))


@pytest.mark.parametrize(
    ("stage", "requested", "sessions"), [("offered", False, 0), ("requested", True, 0), ("assigned", True, 2)]
)
def test_unmet_demand_is_recorded_when_coaching_ends(stage: str, requested: bool, sessions: int) -> None:
    COACHING[stage].when(ask(EndCoaching)).then(fact(CoachingEnded, requested=requested, sessions=sessions))


# --- what is not there


@pytest.mark.parametrize("kind", [ConfirmMembership, DraftRoadmap, AgreeRoadmap, *BELONGS_TO])
def test_a_partnership_that_does_not_exist_is_not_found(kind: type[Command]) -> None:
    FORMED.when(ask(kind, partnership_id=named("nowhere"))).raises(NotFound)


def test_coaching_of_a_partnership_without_a_call_is_not_found() -> None:
    unformed = given(fact(CoachingReminded, on=HAMBURG.partnership, closes=CALENDAR.coaching_closes))
    unformed.when(ask(OfferCoaching)).raises(NotFound)


# --- more demand than places

LISBON = Pair("Lisbon", "Osaka")
ASKED = until("formed", HAMBURG, LISBON).after(
    *(ask(kind, pair) for pair in (HAMBURG, LISBON) for kind in (OfferCoaching, RequestCoaching))
)
PLACE = fact(CoachingPlaceTaken, on=CALL_ID, partnership_id=named("a partnership"), strand=Strand.AA)
FULL = ASKED.after(*[PLACE] * RULES.coaching.places[Strand.AA])
IN_GROUP = FULL.after(ask(AssignCoach), ask(AssignCoach, LISBON))
GROUP = ask(HoldGroupSession, partnership_ids=(HAMBURG.partnership, LISBON.partnership), minutes=120)


def test_when_the_places_of_the_strand_are_used_up_the_unmet_demand_is_recorded() -> None:
    unmet = fact(CoachingDemandUnmet, on=CALL_ID, partnership_id=HAMBURG.partnership, strand=Strand.AA)
    FULL.when(ask(AssignCoach)).then(fact(CoachAssigned, coach=COLIN, in_group=True), unmet)


def test_the_last_place_of_the_strand_is_still_given_and_other_strands_take_none_of_it() -> None:
    away = fact(CoachingPlaceTaken, on=CALL_ID, partnership_id=named("away"), strand=Strand.LAC)
    almost = ASKED.after(*[PLACE] * (RULES.coaching.places[Strand.AA] - 1), *[away] * 9)
    first, _ = almost.after(ask(AssignCoach)).when(ask(AssignCoach, LISBON)).changes
    assert almost.after(ask(AssignCoach)).get(PARTNERSHIP, HAMBURG.partnership).in_group is False
    assert first.event.model_dump()["in_group"] is True


def test_a_partnership_without_a_place_of_its_own_gets_group_sessions_only() -> None:
    IN_GROUP.when(ask(HoldCoachingSession)).refused("D24", "coached in a group")


def test_a_group_session_counts_for_each_partnership_of_the_group() -> None:
    note = ProtectedText(subject=COLIN, text="We compared plans.")
    held = {"minutes": 120, "partnerships": 2, "note": note}
    IN_GROUP.when(GROUP).then(
        fact(GroupSessionHeld, on=HAMBURG.partnership, **held, number=1),
        fact(GroupSessionHeld, on=LISBON.partnership, **held, number=1),
    )
    assert IN_GROUP.after(GROUP, GROUP).when(ask(CompleteCoaching, LISBON)).code is None


def test_a_group_session_names_coached_partnerships_once_within_the_months() -> None:
    twice = GROUP.model_copy(update={"partnership_ids": (HAMBURG.partnership, HAMBURG.partnership)})
    assert len(IN_GROUP.when(twice).changes) == 1
    IN_GROUP.when(GROUP.model_copy(update={"at": CALENDAR.coaching_closes})).refused("S13")
    FULL.after(ask(AssignCoach)).when(GROUP).refused("stage")


def test_a_session_to_which_the_partnership_did_not_come_counts_for_nothing() -> None:
    ASSIGNED.when(ask(RecordMissedSession)).then(fact(CoachingSessionMissed))
    missed = ASSIGNED.after(ask(HoldCoachingSession), ask(RecordMissedSession))
    missed.when(ask(CompleteCoaching)).refused("D24", "1 of at least 2")
    assert missed.after(ask(HoldCoachingSession)).when(ask(CompleteCoaching)).code is None


@pytest.mark.parametrize(
    ("strand", "code"), [(Strand.AA, None), (None, None), (Strand.LAC, "D22")], ids=["its own", "all", "the other"]
)
def test_a_coach_serves_the_strand_of_the_partnership(strand: Strand | None, code: str | None) -> None:
    nora = named("Nora, coach")
    story = REQUESTED.after(
        ask(OpenAccount, subject=nora, unit="A team"), ask(GrantRole, subject=nora, role=Role.COACH, strand=strand)
    )
    assert story.when(ask(AssignCoach, coach=nora)).code == code
