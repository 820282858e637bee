"""What the fund decides about a call: its windows, its ranking, its award list, its reserve, its settlement."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

import pytest

from domain.account.events import AccountOpened
from domain.call.aggregate import CALL, SumState
from domain.call.commands import (
    ApproveAwardList,
    CloseApplicationWindow,
    CloseCoachingWindow,
    EstablishRanking,
    ExpireReserve,
    OpenApplicationWindow,
    OpenCoachingWindow,
    ProposeAwardList,
    PublishCall,
    ReleaseOutcomes,
    ReviewReserve,
    SettleCall,
)
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
    Outcome,
    OutcomesReleased,
    RankingEstablished,
    ReserveExpired,
    ReserveReviewed,
)
from domain.call.ranking import Scored, rank
from domain.errors import NotFound
from domain.evaluation.commands import DeclareNoConflict, GiveScores
from domain.evaluation.events import EvaluatorAssigned
from domain.grant.commands import AcceptGrant, CloseGrant, DeclineGrant, FileFinalReport, OfferGrant
from domain.messages import Command, Event
from domain.partnership.events import CoachAssigned
from domain.people import Geography
from domain.pilot_action.commands import (
    CheckEligibility,
    PutForwardVersion,
    SaveDraftSection,
    SubmitApplication,
    WithdrawApplication,
)
from domain.pilot_action.events import DraftSectionSaved
from tests.given import (
    ALAN,
    ANNA,
    CALENDAR,
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


# --- publication and windows


def test_a_call_is_published_once_with_all_its_rules() -> None:
    given().when(ask(PublishCall)).then(fact(CallPublished, rules=RULES))
    PUBLISHED.when(ask(PublishCall, rules=rules_with(1))).refused("stage", "published already")


COACHING = PUBLISHED.after(ask(OpenCoachingWindow))
APPLICATIONS = PUBLISHED.after(ask(OpenApplicationWindow))
WINDOWS = [
    (PUBLISHED, OpenCoachingWindow, CALENDAR.coaching_opens, CoachingWindowOpened),
    (COACHING, CloseCoachingWindow, CALENDAR.coaching_closes, CoachingWindowClosed),
    (PUBLISHED, OpenApplicationWindow, CALENDAR.applications_open, ApplicationWindowOpened),
    (APPLICATIONS, CloseApplicationWindow, CALENDAR.applications_close, ApplicationWindowClosed),
]


@pytest.mark.parametrize(("story", "kind", "point", "event"), WINDOWS)
def test_a_window_opens_and_closes_at_its_point_of_the_calendar_and_not_before(
    story: Story, kind: type[Command], point: datetime, event: type[Event]
) -> None:
    story.when(ask(kind, at=point)).then(fact(event))
    story.when(ask(kind, at=point - TICK)).refused("stage", "comes on")


@pytest.mark.parametrize(
    ("opens", "closes"), [(OpenCoachingWindow, CloseCoachingWindow), (OpenApplicationWindow, CloseApplicationWindow)]
)
def test_a_window_opens_once_and_then_closes_once(opens: type[Command], closes: type[Command]) -> None:
    PUBLISHED.when(ask(closes)).refused("stage", "is ahead")
    PUBLISHED.after(ask(opens)).when(ask(opens)).refused("stage", "is open")
    closed = PUBLISHED.after(ask(opens), ask(closes))
    closed.when(ask(opens)).refused("stage", "is closed")
    closed.when(ask(closes)).refused("stage", "is closed")


# --- the ranking


def test_the_eligible_applications_are_ranked_from_their_scores() -> None:
    oslo = Pair("Oslo", "Osaka", place=7)  # below the thresholds
    pairs = (HAMBURG, LISBON, oslo)
    scored = [
        Scored(pair.pilot_action, Geography.ASIA, CAP, {name: (points,) * 3 for name, points in pair.points.items()})
        for pair in pairs
    ]
    rows = rank(scored, RULES, RULES.lines[0])
    assert [row.pilot_action_id for row in rows] == [pair.pilot_action for pair in pairs]
    until("scored", *pairs).when(ask(EstablishRanking)).then(
        fact(RankingEstablished, line=LINE, envelope_cents=ENVELOPE, ranked=3, above_thresholds=2, rows=rows)
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
    listed = [f"{pair.pilot_action}:{pair.cents}" for pair in (HAMBURG, LISBON, oslo)]
    story.when(ask(ProposeAwardList)).then(
        fact(
            AwardListProposed,
            line=LINE,
            version=1,
            digest=story.digest("award list", str(CALL_ID), LINE, "1", *listed),
            awards=(award(HAMBURG), award(LISBON)),
            reserve=(award(oslo),),
        )
    )


def test_an_award_list_is_proposed_once_and_after_the_ranking() -> None:
    until("scored").when(ask(ProposeAwardList)).refused("stage", "not ranked yet")
    until("proposed").when(ask(ProposeAwardList)).refused("stage", "proposed already")


def test_a_call_in_which_nobody_is_left_has_an_empty_list_that_is_released_all_the_same() -> None:
    nobody = PUBLISHED.after(*until("founded").log[1:], ask(OpenApplicationWindow), ask(CloseApplicationWindow))
    story = nobody.after(ask(EstablishRanking), ask(ProposeAwardList), ask(ApproveAwardList))
    adopted = story.after(ask(ApproveAwardList, by=ALAN))
    adopted.when(ask(ReleaseOutcomes)).then(fact(OutcomesReleased, line=LINE, awards=(), outcomes=()))


PROPOSED = until("proposed", HAMBURG, LISBON, envelope=CAP)  # Lisbon is on the reserve list
NAMED = {"line": LINE, "version": 1}
APPROVED = {**NAMED, "digest": PROPOSED.get(CALL, CALL_ID).list_of(LINE).digest}


def test_the_second_approval_adopts_the_list_and_reserves_the_sum_of_its_awards() -> None:
    PROPOSED.when(ask(ApproveAwardList)).then(fact(AwardListApproved, **APPROVED))
    PROPOSED.after(ask(ApproveAwardList)).when(ask(ApproveAwardList, by=ALAN)).then(
        fact(AwardListApproved, **APPROVED), fact(AwardListAdopted, **NAMED, reserved_cents=CAP)
    )


def test_an_approval_names_the_version_that_it_is_for() -> None:
    PROPOSED.when(ask(ApproveAwardList, digest="0" * 64)).refused("D10")


def test_nothing_is_approved_before_it_is_proposed_or_after_it_is_adopted() -> None:
    until("ranked").when(ask(ApproveAwardList)).refused("stage", "No award list waits")
    until("adopted").when(ask(ApproveAwardList)).refused("stage", "No award list waits")


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
        "works for the partner": (works_for(pair.partner), "work for a member of a partnership on it"),
    }


@pytest.mark.parametrize("pair", [HAMBURG, LISBON], ids=["awarded", "on the reserve list"])
@pytest.mark.parametrize("tie", ties(HAMBURG))
def test_nobody_with_a_tie_to_an_application_on_the_list_approves_it(tie: str, pair: Pair) -> None:
    past, words = ties(pair)[tie]
    PROPOSED.after(past).when(ask(ApproveAwardList)).refused("D05", f"approve this: you {words}.")


@pytest.mark.parametrize("tie", ties(HAMBURG))
def test_nobody_with_a_tie_to_an_application_that_was_not_selected_approves_the_list(tie: str) -> None:
    oslo = Pair("Oslo", "Osaka", place=7)
    until("proposed", HAMBURG, oslo).after(ties(oslo)[tie][0]).when(ask(ApproveAwardList)).refused("D05")


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
    story.when(ask(ReleaseOutcomes)).then(
        fact(OutcomesReleased, line=LINE, awards=(award(HAMBURG),), outcomes=outcomes)
    )


def test_outcomes_are_released_once_and_after_the_adoption() -> None:
    until("proposed").when(ask(ReleaseOutcomes)).refused("stage", "not adopted")
    AWARDED.when(ask(ReleaseOutcomes)).refused("stage", "released already")


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


def test_the_envelope_of_one_line_pays_for_no_other_line() -> None:
    [waiting] = reserve(CAP)
    elsewhere = {"on": CALL_ID, "line": "visits", "version": 1}
    visits = fact(AwardListProposed, **elsewhere, digest="", awards=(award(LISBON),), reserve=())
    story = declined(waiting).after(visits, fact(AwardListAdopted, **elsewhere, reserved_cents=CAP))
    assert story.when(ask(ReviewReserve)).changes[0].event.promoted == (award(waiting),)


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
        fact(ReserveExpired, line=LINE, remaining=(waiting[1].pilot_action,))
    )
    story.when(ask(ExpireReserve, at=EXPIRES - TICK)).refused("stage", "end of the reserve list comes on")


@pytest.mark.parametrize("kind", [ReviewReserve, ExpireReserve])
def test_a_reserve_list_is_in_force_from_the_release_until_it_ends(kind: type[Command]) -> None:
    until("adopted").when(ask(kind)).refused("stage", "no reserve list in force")
    AWARDED.after(ask(ExpireReserve)).when(ask(kind)).refused("stage", "no reserve list in force")


# --- the settlement


@pytest.mark.parametrize(
    ("story", "spent"),
    [(until("ended"), CAP), (declined(), 0), (PUBLISHED, 0)],
    ids=["spent", "declined", "nobody applied"],
)
def test_a_call_is_settled_with_what_was_spent_of_its_envelope(story: Story, spent: int) -> None:
    envelope = story.get(CALL, CALL_ID).rules.lines[0].envelope_cents
    story.when(ask(SettleCall)).then(fact(CallSettled, envelope_cents=envelope, spent_cents=spent))
    story.after(ask(SettleCall)).when(ask(SettleCall)).refused("stage", "settled already")
    story.when(ask(SettleCall, at=CALENDAR.settled - TICK)).refused("stage", "The settlement comes on")


@pytest.mark.parametrize("chapter", ["adopted", "offered", "accepted", "reported"])
def test_a_call_with_a_grant_that_is_not_closed_is_not_settled(chapter: str) -> None:
    until(chapter).when(ask(SettleCall)).refused("stage", "1 grants are not closed yet")


# --- what is not there

OF_A_LINE = [EstablishRanking, ProposeAwardList, ApproveAwardList, ReleaseOutcomes, ReviewReserve, ExpireReserve]
OF_THE_CALL = [OpenCoachingWindow, CloseCoachingWindow, OpenApplicationWindow, CloseApplicationWindow, SettleCall]


@pytest.mark.parametrize("kind", [*OF_A_LINE, *OF_THE_CALL])
def test_a_call_that_does_not_exist_is_not_found(kind: type[Command]) -> None:
    AWARDED.when(ask(kind, call_id=named("no call"))).raises(NotFound)


@pytest.mark.parametrize("kind", OF_A_LINE)
def test_a_line_that_the_call_does_not_have_is_not_found(kind: type[Command]) -> None:
    AWARDED.when(ask(kind, line="visits")).raises(NotFound, "no support line 'visits'")


@pytest.mark.parametrize("kind", [*OF_A_LINE, SettleCall])
def test_a_call_without_rules_is_not_found(kind: type[Command]) -> None:
    given(fact(CoachingWindowOpened, on=CALL_ID)).when(ask(kind)).raises(NotFound, "not published")
