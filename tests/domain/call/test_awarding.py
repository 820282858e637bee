"""What the fund decides about awards: the ranking, the award list, the release, the reserve."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

import pytest

from domain.account.events import AccountOpened, ClusterLeadRecorded
from domain.call.aggregate import CALL, SumState
from domain.call.commands import (
    ApproveAwardList,
    CloseApplicationWindow,
    DepartureFromRank,
    EstablishRanking,
    ExpireReserve,
    OpenApplicationWindow,
    ProposeAwardList,
    PublishCall,
    ReleaseOutcomes,
    ReturnAwardList,
    ReviewReserve,
)
from domain.call.events import (
    ApplicationRegistered,
    Award,
    AwardListAdopted,
    AwardListApproved,
    AwardListProposed,
    AwardListReturned,
    CallPublished,
    CoachingWindowOpened,
    Departure,
    OfferMade,
    Outcome,
    OutcomesReleased,
    RankingEstablished,
    RankingRow,
    ReserveExpired,
    ReserveReviewed,
)
from domain.call.ranking import Scored, rank
from domain.errors import NotFound
from domain.evaluation.commands import DeclareNoConflict, GiveScores
from domain.evaluation.events import EvaluatorAssigned
from domain.grant.commands import AcceptGrant, CloseGrant, DeclineGrant, FileFinalReport, OfferGrant
from domain.grant.events import GrantOffered, PartOffered
from domain.messages import Command
from domain.partnership.events import CoachAssigned, PartnershipFormed
from domain.people import ENGINE, Geography
from domain.pilot_action.commands import (
    CheckEligibility,
    PutForwardVersion,
    SaveDraftSection,
    SubmitApplication,
    WithdrawApplication,
)
from domain.pilot_action.events import DraftSectionSaved, SupportOffered
from domain.values import ProtectedText
from tests.given import (
    ALAN,
    ANNA,
    CALL_ID,
    CAP,
    CHAPTERS,
    COMMITTEE,
    DAY,
    ENVELOPE,
    HAMBURG,
    LINE,
    RELEASE,
    RULES,
    SUE,
    TICK,
    Fact,
    Pair,
    Past,
    Story,
    ask,
    fact,
    given,
    named,
    rules_with,
    until,
)

LISBON = Pair("Lisbon", "Lima", place=2)
PUBLISHED = given(ask(PublishCall))
AWARDED = until("released")


def award(pair: Pair) -> Award:
    """What a pair is to get."""
    return Award(pilot_action_id=pair.pilot_action, grant_id=pair.grant, cents=pair.cents)


def outcome_of(row: RankingRow, more: str = "") -> Outcome:
    """What a row of the ranking leads to, with what is added to its reason."""
    return Outcome(pilot_action_id=row.pilot_action_id, outcome=row.outcome, reason=row.reason + more)


# --- the ranking


def test_the_eligible_applications_are_ranked_from_their_scores() -> None:
    oslo = Pair("Oslo", "Osaka", place=7)  # below the thresholds
    pairs = (HAMBURG, LISBON, oslo)
    scored = [
        Scored(
            pair.pilot_action, Geography.ASIA, CAP, CAP, {name: (points,) * 3 for name, points in pair.points.items()}
        )
        for pair in pairs
    ]
    rows = rank(scored, RULES, RULES.lines[0])
    assert [row.pilot_action_id for row in rows] == [pair.pilot_action for pair in pairs]
    until("scored", *pairs).when(ask(EstablishRanking)).then(
        fact(RankingEstablished, line=LINE, correction=0, envelope_cents=ENVELOPE, rows=rows)
    )


def test_a_ranking_may_be_made_again_until_an_award_list_follows_from_it() -> None:
    assert until("ranked").when(ask(EstablishRanking)).code is None
    until("proposed").when(ask(EstablishRanking)).refused("stage", "An award list follows")


def test_nothing_is_ranked_while_applications_come_in() -> None:
    until("submitted").when(ask(EstablishRanking)).refused("stage", "window for applications is open")


ALL_BUT_ONE = [ask(kind, by=one) for one in COMMITTEE[1:] for kind in (DeclareNoConflict, GiveScores)]


@pytest.mark.parametrize(
    ("story", "count"),
    [(until("closed"), 0), (until("eligible"), 0), (until("assigned"), 0), (until("assigned").after(*ALL_BUT_ONE), 2)],
    ids=["not checked yet", "without evaluators", "without scores", "one score is missing"],
)
def test_nothing_is_ranked_while_a_score_is_missing(story: Story, count: int) -> None:
    story.when(ask(EstablishRanking)).refused("D02", f"from {count} of at least 3 evaluators")


def judged(story: Story) -> Story:
    """The window is closed, Lisbon's application is checked where it still can be, and Hamburg's has its scores."""
    closed = story.after(ask(CloseApplicationWindow))
    checked = closed.after(*closed.when(ask(CheckEligibility, LISBON)).changes, ask(CheckEligibility))
    return checked.after(*CHAPTERS["assigned"][1](HAMBURG), *CHAPTERS["scored"][1](HAMBURG))


BOTH = until("submitted", HAMBURG, LISBON)
ELSEWHERE = {"pilot_action_id": LISBON.pilot_action, "line": "visits", "geography": Geography.ASIA}


@pytest.mark.parametrize(
    "story",
    [
        judged(BOTH.after(ask(WithdrawApplication, LISBON))),
        judged(BOTH.after(*(ask(kind, LISBON) for kind in (SaveDraftSection, PutForwardVersion, SubmitApplication)))),
        judged(BOTH).after(fact(ApplicationRegistered, on=CALL_ID, **ELSEWHERE)),
    ],
    ids=["withdrawn", "inadmissible", "in another line"],
)
def test_what_is_not_in_the_competition_neither_stands_in_the_ranking_nor_holds_it_up(story: Story) -> None:
    [change] = story.when(ask(EstablishRanking)).changes
    assert [row.pilot_action_id for row in change.event.rows] == [HAMBURG.pilot_action]
    judged(BOTH).when(ask(EstablishRanking)).refused("D02")


# --- the award list


def test_the_award_list_follows_from_the_ranking_and_its_digest_names_it() -> None:
    oslo = Pair("Oslo", "Osaka", place=3, cents=2)
    story = until("ranked", HAMBURG, LISBON, oslo, envelope=2 * CAP)
    rows = story.get(CALL, CALL_ID).list_of(LINE).rows
    listed = [f"{pair.pilot_action}:{pair.cents}" for pair in (HAMBURG, LISBON, oslo)]
    story.when(ask(ProposeAwardList)).then(
        fact(
            AwardListProposed,
            line=LINE,
            version=1,
            correction=0,
            digest=story.digest("award list", str(CALL_ID), LINE, "1", *listed),
            awards=(award(HAMBURG), award(LISBON)),
            reserve=(award(oslo),),
            departures=(),
            outcomes=tuple(outcome_of(row) for row in rows),
        )
    )


def test_an_award_list_is_proposed_once_and_after_the_ranking() -> None:
    until("scored").when(ask(ProposeAwardList)).refused("stage", "not ranked yet")
    until("proposed").when(ask(ProposeAwardList)).refused("stage", "proposed already")


def test_a_call_in_which_nobody_is_left_has_an_empty_list_that_is_released_all_the_same() -> None:
    nobody = PUBLISHED.after(*until("founded").log[1:], ask(OpenApplicationWindow), ask(CloseApplicationWindow))
    story = nobody.after(ask(EstablishRanking), ask(ProposeAwardList), ask(ApproveAwardList))
    adopted = story.after(ask(ApproveAwardList, by=ALAN))
    adopted.when(ask(ReleaseOutcomes)).then(fact(OutcomesReleased, **NAMED, awards=(), outcomes=()))


PROPOSED = until("proposed", HAMBURG, LISBON, envelope=CAP)  # Lisbon is on the reserve list
NAMED = {"line": LINE, "version": 1}
APPROVED = {**NAMED, "digest": PROPOSED.get(CALL, CALL_ID).list_of(LINE).digest}


def test_the_second_approval_adopts_the_list_and_reserves_the_sum_of_its_awards() -> None:
    PROPOSED.when(ask(ApproveAwardList)).then(fact(AwardListApproved, **APPROVED))
    PROPOSED.after(ask(ApproveAwardList)).when(ask(ApproveAwardList, by=ALAN)).then(
        fact(AwardListApproved, **APPROVED),
        fact(AwardListAdopted, **NAMED, approved_by=(ANNA, ALAN), reserved_cents=CAP),
    )


def test_an_approval_names_the_version_that_it_is_for() -> None:
    PROPOSED.when(ask(ApproveAwardList, digest="0" * 64)).refused("D10")


def test_nothing_is_approved_before_it_is_proposed_or_after_it_is_adopted() -> None:
    until("ranked").when(ask(ApproveAwardList)).refused("stage", "No award list waits")
    until("adopted").when(ask(ApproveAwardList)).refused("stage", "No award list waits")


CLUSTER = "Climate Adaptation"


def clustered(story: Story) -> Story:
    """The same story of partnerships in one cluster."""
    return story.retold(PartnershipFormed, cluster=CLUSTER)


def works_for(organisation: UUID) -> Fact:
    """Anna works for an organisation."""
    return fact(AccountOpened, on=ANNA, label="A", unit="Authority", organisation_id=organisation)


def ties(pair: Pair) -> dict[str, tuple[Past, str]]:
    """What binds Anna to a pair, with the words in which she is told so."""
    sat = {"evaluator": ANNA, "unit": "Unit one", "outside": True}
    wrote = {"by": ANNA, "section": "risks", "version": 2, "answers": {}, "resources": None}
    return {
        "evaluated": (fact(EvaluatorAssigned, on=pair.evaluation, **sat), "evaluated an application on it"),
        "wrote": (fact(DraftSectionSaved, on=pair.pilot_action, **wrote), "wrote an application on it"),
        "coached": (fact(CoachAssigned, on=pair.partnership, coach=ANNA), "coached a partnership on it"),
        "works for the city": (works_for(pair.home), "work for a member of a partnership on it"),
        "manages the cluster": (
            fact(ClusterLeadRecorded, on=ANNA, cluster=CLUSTER),
            "manage the cluster of a partnership on it",
        ),
        "works for the partner": (works_for(pair.partner), "work for a member of a partnership on it"),
    }


@pytest.mark.parametrize("pair", [HAMBURG, LISBON], ids=["awarded", "on the reserve list"])
@pytest.mark.parametrize("tie", ties(HAMBURG))
def test_nobody_with_a_tie_to_an_application_on_the_list_approves_it(tie: str, pair: Pair) -> None:
    past, words = ties(pair)[tie]
    for kind in (ApproveAwardList, ReturnAwardList):
        clustered(PROPOSED).after(past).when(ask(kind)).refused("D05", f"approve this: you {words}.")


@pytest.mark.parametrize("tie", ties(HAMBURG))
def test_nobody_with_a_tie_to_an_application_that_was_not_selected_approves_the_list(tie: str) -> None:
    oslo = Pair("Oslo", "Osaka", place=7)
    story = clustered(until("proposed", HAMBURG, oslo))
    story.after(ties(oslo)[tie][0]).when(ask(ApproveAwardList)).refused("D05")


@pytest.mark.parametrize(
    ("by", "past", "words"),
    [
        (SUE, (), "proposed this award list"),
        (ANNA, (ask(ApproveAwardList),), "approved this version already"),
    ],
    ids=["who proposed it", "who approved it"],
)
def test_three_persons_decide_on_an_award_list(by: UUID, past: Iterable[Past], words: str) -> None:
    PROPOSED.after(*past).when(ask(ApproveAwardList, by=by)).refused("D05", f"approve this: you {words}.")


def test_every_tie_is_told_once() -> None:
    past = [ties(pair)[tie][0] for pair in (HAMBURG, LISBON) for tie in ("coached", "wrote")]
    PROPOSED.after(*past).when(ask(ApproveAwardList)).refused(
        "D05", "approve this: you wrote an application on it and coached a partnership on it."
    )


def test_an_approver_has_an_account() -> None:
    PROPOSED.when(ask(ApproveAwardList, by=named("nobody"))).raises(NotFound)


@pytest.mark.parametrize(("at", "code"), [(RELEASE - TICK, "D17"), (RELEASE, None), (RELEASE + TICK, None)])
def test_outcomes_are_released_at_the_published_instant_and_not_before(at: datetime, code: str | None) -> None:
    assert until("adopted").when(ask(ReleaseOutcomes, at=at)).code == code


def test_all_outcomes_are_released_at_once_each_with_its_reason() -> None:
    oslo = Pair("Oslo", "Osaka", place=7)
    story = until("adopted", HAMBURG, LISBON, oslo, envelope=CAP)
    rows = story.get(CALL, CALL_ID).list_of(LINE).rows
    outcomes = tuple(
        Outcome(pilot_action_id=pair.pilot_action, outcome=outcome, reason=row.reason)
        for pair, outcome, row in zip((HAMBURG, LISBON, oslo), ("award", "reserve", "not_selected"), rows, strict=True)
    )
    story.when(ask(ReleaseOutcomes)).then(fact(OutcomesReleased, **NAMED, awards=(award(HAMBURG),), outcomes=outcomes))


def test_outcomes_are_released_once_and_after_the_adoption() -> None:
    until("proposed").when(ask(ReleaseOutcomes)).refused("stage", "not adopted")
    AWARDED.when(ask(ReleaseOutcomes)).refused("stage", "released already")


# --- a part of a request

PARTLY = LISBON._replace(smallest=400_000)
NEXT = Pair("Oslo", "Osaka", 700_000, place=3, smallest=300_000)


def test_the_list_awards_the_part_that_is_left_and_the_offer_says_so() -> None:
    story = until("released", HAMBURG, PARTLY, NEXT, envelope=CAP + 400_000)
    current = story.get(CALL, CALL_ID).list_of(LINE)
    assert [award.cents for award in current.awards] == [CAP, 400_000]
    assert current.reserve == (award(NEXT),)
    assert story.get(CALL, CALL_ID).taken_cents(LINE) == CAP + 400_000
    kinds = [type(change.event) for change in story.when(ask(OfferGrant, PARTLY)).changes]
    assert kinds == [GrantOffered, PartOffered, SupportOffered, OfferMade]
    offered = story.when(ask(OfferGrant, PARTLY)).changes
    assert offered[1] == fact(PartOffered, on=PARTLY.grant, cents=400_000, requested_cents=CAP).change(ENGINE, RELEASE)
    assert PartOffered not in [type(change.event) for change in story.when(ask(OfferGrant)).changes]


def test_a_part_that_is_refused_passes_to_the_next_in_rank_who_may_get_a_part_too() -> None:
    story = until("released", HAMBURG, PARTLY, NEXT, Pair("Porto", "Perth", 1, place=4), envelope=CAP + 400_000)
    refused = story.after(ask(OfferGrant, PARTLY), ask(DeclineGrant, PARTLY))
    part = award(NEXT).model_copy(update={"cents": 400_000})
    reviewed = refused.when(ask(ReviewReserve)).changes[0].event
    assert (reviewed.free_cents, reviewed.promoted) == (400_000, (part,))
    assert refused.after(ask(ReviewReserve)).get(CALL, CALL_ID).taken_cents(LINE) == CAP + 400_000


def test_no_part_below_the_smallest_useful_one_is_offered_to_the_reserve() -> None:
    story = until("released", HAMBURG, NEXT._replace(smallest=600_001), envelope=600_000 + CAP)
    small = story.after(ask(OfferGrant)).when(ask(ReviewReserve)).changes[0].event
    assert (small.free_cents, small.promoted) == (600_000, ())


# --- departures from rank

OSLO = Pair("Oslo", "Osaka", place=3)
PORTO = Pair("Porto", "Perth", place=7)  # below the thresholds
RANKED = until("ranked", HAMBURG, LISBON, OSLO, PORTO, envelope=2 * CAP)
WHY = "No other pilot action is in the south."


def moving(pair: Pair, place: int, reason: str = WHY) -> ProposeAwardList:
    """The list with one application moved to another place."""
    moved = DepartureFromRank(pilot_action_id=pair.pilot_action, place=place, reason=reason)
    command: ProposeAwardList = ask(ProposeAwardList, departures=(moved,))
    return command


def test_a_reasoned_departure_moves_an_application_and_the_line_is_drawn_anew() -> None:
    proposed = RANKED.when(moving(OSLO, 2)).changes[0].event
    assert (proposed.awards, proposed.reserve) == ((award(HAMBURG), award(OSLO)), (award(LISBON),))
    reason = ProtectedText(subject=SUE, text=WHY)
    departure = Departure(pilot_action_id=OSLO.pilot_action, rank=3, place=2, reason=reason)
    assert proposed.departures == (departure,)
    told = {outcome.pilot_action_id: outcome for outcome in proposed.outcomes}
    assert told[OSLO.pilot_action].outcome == "award"
    assert told[OSLO.pilot_action].reason.endswith(" It was moved to place 2, for recorded reasons (E14).")
    assert "moved" not in told[LISBON.pilot_action].reason
    assert proposed.digest != RANKED.when(ask(ProposeAwardList)).changes[0].event.digest


def test_departures_are_made_one_after_another() -> None:
    first, second = moving(OSLO, 1).departures[0], moving(HAMBURG, 3).departures[0]
    proposed = RANKED.when(ask(ProposeAwardList, departures=(first, second))).changes[0].event
    assert [listed.pilot_action_id for listed in (*proposed.awards, *proposed.reserve)] == [
        pair.pilot_action for pair in (OSLO, LISBON, HAMBURG)
    ]


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_departure_without_reasons_is_refused(reason: str) -> None:
    RANKED.when(moving(OSLO, 2, reason)).refused("E14", "without reasons")


@pytest.mark.parametrize(("pair", "place"), [(PORTO, 1), (OSLO, 4), (HAMBURG, 4)])
def test_a_departure_stays_above_the_thresholds(pair: Pair, place: int) -> None:
    RANKED.when(moving(pair, place)).refused("E14", "3 applications are above the thresholds")
    assert RANKED.when(moving(OSLO, 3)).code is None


def test_what_is_not_ranked_is_not_moved() -> None:
    RANKED.when(moving(Pair("Graz", "Gimhae"), 1)).raises(NotFound, "not in this ranking")


def test_a_list_with_a_departure_is_approved_by_two_others_as_any_list() -> None:
    story = RANKED.after(moving(OSLO, 2))
    story.when(ask(ApproveAwardList, by=SUE)).refused("D05", "proposed this award list")
    adopted = story.after(ask(ApproveAwardList), ask(ApproveAwardList, by=ALAN))
    released = adopted.when(ask(ReleaseOutcomes)).changes[0].event
    assert released.awards == (award(HAMBURG), award(OSLO))
    assert [one.outcome for one in released.outcomes] == ["award", "award", "reserve", "not_selected"]


# --- a list that is sent back

RETURNED = PROPOSED.after(ask(ApproveAwardList, by=ALAN), ask(ReturnAwardList))


def test_an_approver_sends_the_list_back_with_remarks() -> None:
    remarks = ProtectedText(subject=ANNA, text="Think of the third city again.")
    PROPOSED.when(ask(ReturnAwardList)).then(fact(AwardListReturned, **APPROVED, remarks=remarks))
    PROPOSED.when(ask(ReturnAwardList, digest="0" * 64)).refused("D10")


def test_a_list_that_was_sent_back_waits_for_its_next_version() -> None:
    for kind in (ApproveAwardList, ReturnAwardList):
        RETURNED.when(ask(kind)).refused("stage", "sent back with remarks")
        until("ranked").when(ask(kind)).refused("stage", "No award list waits")
        until("adopted").when(ask(kind)).refused("stage", "No award list waits")


def test_the_next_version_voids_the_approvals_of_the_one_before() -> None:
    story = RETURNED.after(ask(ProposeAwardList))
    current = story.get(CALL, CALL_ID).list_of(LINE)
    assert (current.version, current.approvals) == (2, ())
    assert current.digest != APPROVED["digest"]
    story.when(ask(ApproveAwardList, by=ALAN, digest=APPROVED["digest"])).refused("D10")
    story.when(ask(ProposeAwardList)).refused("stage", "proposed already")
    again = story.after(ask(ApproveAwardList, by=ALAN))
    assert [type(change.event) for change in again.when(ask(ApproveAwardList)).changes] == [
        AwardListApproved,
        AwardListAdopted,
    ]


def test_no_list_is_adopted_that_is_above_the_envelope_in_force() -> None:
    tighter = PROPOSED.after(ask(ApproveAwardList), fact(CallPublished, on=CALL_ID, rules=rules_with(CAP - 1)))
    tighter.when(ask(ApproveAwardList, by=ALAN)).refused("D04", "€0.01 above what is free in the envelope")
    anew = tighter.after(ask(ReturnAwardList, by=ALAN), ask(ProposeAwardList))
    assert anew.get(CALL, CALL_ID).list_of(LINE).awards == ()


# --- the reserve

EXPIRES = datetime.fromisoformat("2026-09-30T12:00:00+02:00")


def reserve(*cents: int) -> tuple[Pair, ...]:
    """Pairs on the reserve list, in their order, each with what it asks for."""
    return tuple(Pair(f"City {place}", f"Partner {place}", sum_, place) for place, sum_ in enumerate(cents, start=2))


def declined(*waiting: Pair) -> Story:
    """Hamburg, the only one awarded, declined, so that the whole envelope of one award is free again."""
    return until("released", HAMBURG, *waiting, envelope=CAP).after(ask(OfferGrant), ask(DeclineGrant))


@pytest.mark.parametrize(
    ("asked", "promoted"),
    [
        ((CAP,), 1),
        ((600_000, 400_000), 2),
        ((600_000, 400_001), 1),
        ((600_000, 400_001, 1), 1),
        ((1, CAP, 1), 1),
        ((600_000, 300_000, 100_000, 1), 3),
        ((), 0),
    ],
    ids=[
        "one fits exactly", "two fit exactly", "one cent too much", "a smaller one does not jump",
        "not even over a large one", "three fit exactly", "nobody waits",
    ],
)  # fmt: skip
def test_the_reserve_moves_up_in_rank_order_until_the_first_that_does_not_fit(
    asked: tuple[int, ...], promoted: int
) -> None:
    waiting = reserve(*asked)
    awards = tuple(award(pair) for pair in waiting[:promoted])
    day = date(2026, 4, 1)
    declined(*waiting).when(ask(ReviewReserve, day=day)).then(
        fact(ReserveReviewed, line=LINE, day=day, free_cents=CAP, promoted=awards)
    )


def review_after(days: int) -> Command:
    """The review at the end of a day, so many days after the release."""
    return ask(ReviewReserve, at=RELEASE + (days + 1) * DAY, day=(RELEASE + days * DAY).date())


def test_what_moved_up_takes_its_sum_and_leaves_the_list() -> None:
    first, second, third = waiting = reserve(600_000, 500_000, 1)
    story = declined(*waiting).after(review_after(1))
    call = story.get(CALL, CALL_ID)
    assert call.list_of(LINE).reserve == (award(second), award(third))
    assert (call.ledger[first.grant].state, call.taken_cents(LINE)) == (SumState.RESERVED, 600_000)
    assert story.when(review_after(2)).changes[0].event.promoted == ()
    lapsed = story.after(ask(OfferGrant, first), ask(DeclineGrant, first))
    assert lapsed.when(review_after(3)).changes[0].event.promoted == (award(second), award(third))


def test_what_a_closed_grant_returned_goes_to_the_reserve() -> None:
    [waiting] = reserve(CAP)
    running = until("released", HAMBURG, waiting, envelope=CAP).after(ask(OfferGrant), ask(AcceptGrant))
    assert running.when(review_after(2)).changes[0].event.free_cents == 0
    story = running.after(ask(FileFinalReport), ask(CloseGrant, at=RELEASE + 60 * DAY))
    assert story.when(review_after(60)).changes[0].event.promoted == (award(waiting),)


def test_the_reserve_is_reviewed_once_on_a_calendar_day() -> None:
    story = until("released", HAMBURG, *reserve(CAP), envelope=CAP).after(ask(OfferGrant), review_after(1))
    declined_later = story.after(ask(DeclineGrant))
    declined_later.when(review_after(1)).refused("stage", "reviewed for 2026-04-01 already")
    declined_later.when(review_after(0)).refused("stage", "reviewed for 2026-04-01 already")
    assert declined_later.when(review_after(2)).code is None


def test_nobody_moves_up_once_the_months_of_the_reserve_list_are_over() -> None:
    declined(*reserve(CAP)).when(ask(ReviewReserve, at=EXPIRES)).refused("stage", "months of the reserve list are over")
    assert declined(*reserve(CAP)).when(ask(ReviewReserve, at=EXPIRES - TICK)).code is None


def test_the_reserve_list_ends_after_its_months_and_those_left_on_it_are_told() -> None:
    waiting = reserve(600_000, 500_000)
    story = declined(*waiting).after(ask(ReviewReserve))
    story.when(ask(ExpireReserve, at=EXPIRES)).then(
        fact(ReserveExpired, line=LINE, pilot_action_ids=(waiting[1].pilot_action,))
    )
    story.when(ask(ExpireReserve, at=EXPIRES - TICK)).refused("stage", "end of the reserve list comes on")


@pytest.mark.parametrize("kind", [ReviewReserve, ExpireReserve])
def test_a_reserve_list_is_in_force_from_the_release_until_it_ends(kind: type[Command]) -> None:
    until("adopted").when(ask(kind)).refused("stage", "no reserve list in force")
    AWARDED.after(ask(ExpireReserve)).when(ask(kind)).refused("stage", "no reserve list in force")


# --- what is not there

OF_A_LIST = [ProposeAwardList, ReturnAwardList, ApproveAwardList]
OF_A_LINE = [EstablishRanking, *OF_A_LIST, ReleaseOutcomes, ReviewReserve, ExpireReserve]


@pytest.mark.parametrize("kind", OF_A_LINE)
def test_a_call_that_does_not_exist_is_not_found(kind: type[Command]) -> None:
    AWARDED.when(ask(kind, call_id=named("no call"))).raises(NotFound)


@pytest.mark.parametrize("kind", OF_A_LINE)
def test_a_line_that_the_call_does_not_have_is_not_found(kind: type[Command]) -> None:
    AWARDED.when(ask(kind, line="visits")).raises(NotFound, "no support line 'visits'")


@pytest.mark.parametrize("kind", OF_A_LINE)
def test_a_call_without_rules_is_not_found(kind: type[Command]) -> None:
    given(fact(CoachingWindowOpened, on=CALL_ID)).when(ask(kind)).raises(NotFound, "not published")


# --- the answer


def test_easter_inside_the_days_for_an_answer_changes_nothing() -> None:
    offered = AWARDED.when(ask(OfferGrant)).changes[0].event
    assert offered.accept_by == datetime.fromisoformat("2026-04-16T00:00:00+02:00")  # the end of 15 April


def test_days_for_an_answer_that_end_on_good_friday_end_with_the_tuesday_after_easter() -> None:
    early = ask(OfferGrant, at=datetime.fromisoformat("2026-03-19T12:00:00+01:00"))
    assert AWARDED.when(early).changes[0].event.accept_by == datetime.fromisoformat("2026-04-08T00:00:00+02:00")
