"""Each question of the exceptions report finds what was planted, and keeps quiet at the boundary beside it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.account.events import DeputyNamed, RoleRevoked
from domain.audit.decisions import overrides, without_consensus, without_reasons
from domain.audit.exceptions import QUESTIONS, exceptions
from domain.audit.history import history
from domain.audit.orders import chosen_offers, split_orders
from domain.audit.people import changed_roles, two_stages, unused_roles
from domain.audit.times import clocks, late_acts, moved_deadlines
from domain.call.events import (
    Award,
    AwardListApproved,
    AwardListProposed,
    CallCancelled,
    CallCorrected,
    Departure,
    Outcome,
    OutcomesReleased,
    QuestionAnswered,
    QuestionAsked,
    QuestionDeclined,
    RankingEstablished,
)
from domain.evaluation.events import (
    ConsensusReached,
    DivergenceFound,
    EvaluationCompleted,
    EvaluationReopened,
    EvaluatorWithdrew,
    FewerEvaluatorsConfirmed,
    ScoresOverdue,
)
from domain.grant.events import (
    DeliveryAcknowledged,
    Offer,
    OffersCompared,
    OrderCancelled,
    ResourceDelivered,
    ResourceDisbursed,
)
from domain.partnership.events import CoachAssigned
from domain.people import ENGINE, Role
from domain.pilot_action.events import ApplicationFoundIneligible, ApplicationWithdrawn, ExpertNamed
from domain.pilot_action.events import Finding as Fault
from domain.receipt import CommandHandled
from domain.rulebook import rule
from tests.cast import EXTENDED, RULES
from tests.domain.audit.planted import ACTION, BEGAN, CALL, EVALUATION, GRANT, LINE, PAIR, SAM, SUE, Planted, seen, text

DONE = {"pilot_action_id": ACTION, "call_id": CALL, "line": LINE}
LIST = {"line": LINE, "version": 1, "digest": "0" * 64}


def planted() -> Planted:
    return Planted().begin()


def proposed(call: Planted, by: object = SUE, *departures: Departure) -> int:
    award = Award(pilot_action_id=ACTION, grant_id=GRANT, cents=1)
    made = {**LIST, "correction": 0, "awards": (award,), "reserve": (), "outcomes": (), "departures": departures}
    return call.plant(CALL, AwardListProposed, by=by, **made)


def test_a_call_in_which_nothing_is_unusual_has_no_findings() -> None:
    call = planted()
    call.score(SUE, 4)
    call.score(SAM, 4)
    call.plant(EVALUATION, EvaluationCompleted, by=ENGINE, **DONE)
    assert list(exceptions(call.history())) == []


def test_every_question_names_a_rule_and_says_what_it_looks_for() -> None:
    assert len({one.id for one in QUESTIONS}) == len(QUESTIONS) == 11
    for one in QUESTIONS:
        assert rule(one.rule)
        assert one.query.endswith(".")


def test_every_decision_by_way_of_exception_is_found() -> None:
    call = planted()
    fewer = call.plant(EVALUATION, FewerEvaluatorsConfirmed, evaluators=2, proposed_by=SAM)
    proposed(call)
    departs = proposed(call, SUE, Departure(pilot_action_id=ACTION, rank=2, place=1, reason=text()))
    over = call.plant(CALL, CallCancelled, proposed_by=SAM, reason="No money.", pilot_action_ids=(), lines=())
    assert seen(list(overrides(call.history()))) == [
        ("Fewer evaluators than the call requires were enough.", (fewer,)),
        ("The award list departs from the ranking.", (departs,)),
        ("The call was cancelled.", (over,)),
    ]


@pytest.mark.parametrize(("minutes", "late"), [(0, True), (-1, False)])
def test_an_answer_at_the_instant_that_it_was_due_is_late(minutes: int, late: bool) -> None:
    call = planted()
    due = call.at + timedelta(days=2)
    asked = call.plant(CALL, QuestionAsked, number=1, question=text(), due=due)
    said = {"number": 1, "revision": 1, "question": "Why?", "answer": "Because."}
    answered = call.plant(CALL, QuestionAnswered, at=due + timedelta(minutes=minutes), **said)
    call.plant(CALL, QuestionDeclined, days=9, number=1, asked_by=SAM, reason=text(), see=None)  # answered before
    found = list(late_acts(call.history()))
    assert [one.positions for one in found] == ([(asked, answered)] if late else [])


def test_late_deliveries_and_a_citys_late_word_and_what_was_overdue_or_refused_are_found() -> None:
    call = planted()
    ordered = call.order(1, 1000)
    soon = call.at + timedelta(days=40)
    note = {"order": 1, "cents": 1000, "evidence": "A note", "acknowledge_by": soon}
    delivered = call.plant(GRANT, ResourceDelivered, days=31, **note)
    word = call.plant(GRANT, DeliveryAcknowledged, days=20, order=1)
    overdue = call.plant(EVALUATION, ScoresOverdue, by=ENGINE, evaluators=(), empty_seats=1, due=call.at)
    refused = {"command": "SubmitApplication", "digest": "", "about": ACTION}
    shut = call.plant(uuid4(), CommandHandled, **refused, refused="D07")
    call.plant(uuid4(), CommandHandled, **refused, refused="S01")
    call.plant(uuid4(), CommandHandled, **refused)
    call.plant(uuid4(), CommandHandled, **{**refused, "about": uuid4()}, refused="D07")  # of another call
    found = list(late_acts(call.history()))
    assert [one.positions for one in found] == [(ordered, delivered), (delivered, word), (overdue,), (shut,)]
    due, came = "Wed 11 February 2026, 09:05 Brussels", "Thu 12 February 2026, 09:07 Brussels"
    assert found[0].why == f"It was due {due}, and came {came}."
    assert found[3].about == ACTION


def test_one_person_in_two_stages_of_one_matter_is_found_and_two_people_are_not() -> None:
    call = planted()
    coached = call.plant(PAIR, CoachAssigned, by=SAM, coach=SUE)
    call.plant(ACTION, ExpertNamed, by=SAM, expert=SUE)
    assert list(two_stages(call.history())) == [], "to write and to coach is no conflict"
    call.score(SAM, 4)
    judged = call.score(SUE, 4)
    (found,) = two_stages(call.history())
    assert found.why == "One person coached it and helped to write it and judged it."
    assert found.positions == (coached, coached + 2, judged)
    assert (found.about, found.people) == (PAIR, (SUE,))


def test_whoever_judges_or_orders_and_decides_on_the_list_of_the_line_is_found() -> None:
    call = planted()
    listed = proposed(call, SAM)
    ordered = call.order(1, 1000, by=SAM)
    certified = call.plant(GRANT, ResourceDisbursed, by=SUE, order=1, cents=1000, released_cents=0)
    approved = call.plant(CALL, AwardListApproved, by=SUE, **LIST)
    assert seen(list(two_stages(call.history()))) == [
        ("One person proposed the award list and ordered for it.", (listed, ordered)),
        ("One person certified a delivery and approved the award list.", (certified, approved)),
    ]
    again = call.plant(CALL, AwardListApproved, by=SAM, **LIST)
    assert ("One person proposed the award list and approved the award list.", (listed, again)) in seen(
        list(two_stages(call.history()))
    )


def test_whoever_confirms_an_own_proposal_is_found() -> None:
    call = planted()
    alone = call.plant(EVALUATION, FewerEvaluatorsConfirmed, by=SUE, evaluators=2, proposed_by=SUE)
    assert seen(list(two_stages(call.history()))) == [("One person did both parts of what two people do.", (alone,))]


@pytest.mark.parametrize(
    ("cents", "found"), [(449_999, False), (450_000, True), (499_999, True), (500_000, False), (500_001, False)]
)
def test_an_order_is_just_under_the_limit_from_nine_tenths_of_it_up_to_below_it(cents: int, found: bool) -> None:
    call = planted()
    call.order(1, cents)
    assert bool(list(split_orders(call.history()))) is found


def test_orders_of_one_supplier_that_together_reach_the_limit_within_thirty_days_are_found() -> None:
    call = planted()
    first = call.order(1, 250_000)
    call.order(2, 250_000, supplier="Another one")
    cancelled = call.order(3, 300_000)
    gone = {"cause": "not_needed", "freed_cents": 300_000, "reason": text()}
    call.plant(GRANT, OrderCancelled, order=3, **gone)
    assert list(split_orders(call.history())) == []
    second = call.order(4, 249_999, supplier=" PLAN B gmbh ", days=29)
    assert list(split_orders(call.history())) == [], "one cent less than the limit"
    third = call.order(5, 1)
    (found,) = split_orders(call.history())
    assert found.why == "3 orders from one supplier are €5,000.00 together."
    assert found.positions == (first, second, third)
    assert cancelled not in found.positions


def test_orders_further_apart_than_thirty_days_are_not_looked_at_together() -> None:
    call = planted()
    call.order(1, 250_000)
    call.order(2, 250_000, days=30)
    assert list(split_orders(call.history())) == []


def compare(call: Planted, order: int, chosen: int, *cents: int) -> int:
    """Let offers of these values be compared for an order."""
    offers = tuple(Offer(supplier=f"Supplier {value}", cents=value, remark=text("")) for value in cents)
    sums = {"cents": cents[chosen - 1], "lowest_cents": min(cents)}
    return call.plant(
        GRANT, OffersCompared, order=order, offers=offers, chosen=chosen, **sums, choice_reason=text("Nearer.")
    )


def test_orders_without_two_offers_or_above_the_lowest_are_found_and_the_others_are_not() -> None:
    call = planted()
    without = call.order(1, 100_000)
    low = call.order(2, 90_000)
    compare(call, 2, 1, 90_000, 90_001)
    dear = call.order(3, 90_001)
    beside = compare(call, 3, 2, 90_000, 90_001, 95_000)
    alone = call.order(4, 80_000)
    one = compare(call, 4, 1, 80_000)
    call.order(5, 300_000)
    call.plant(GRANT, OrderCancelled, order=5, cause="not_needed", freed_cents=300_000, reason=text())
    found = list(chosen_offers(call.history()))
    assert seen(found) == [
        ("Order 1 of €1,000.00: no two offers were compared.", (without,)),
        ("Order 3 of €900.01: €0.01 above the lowest of 3 offers.", (dear, beside)),
        ("Order 4 of €800.00: no two offers were compared.", (alone, one)),
    ]
    assert low not in {position for one in found for position in one.positions}
    assert {who for one in found for who in one.people} == {SUE}


def apart(call: Planted) -> int:
    call.score(SUE, 1)
    call.score(SAM, 5)
    return call.plant(EVALUATION, DivergenceFound, by=ENGINE, criteria=("relevance",), totals_apart="80/1")


def complete(call: Planted) -> int:
    return call.plant(EVALUATION, EvaluationCompleted, by=ENGINE, **DONE)


def rank(call: Planted, line: str = LINE) -> int:
    return call.plant(CALL, RankingEstablished, by=ENGINE, line=line, correction=0, envelope_cents=1, rows=())


def test_an_evaluation_that_goes_on_apart_without_a_consensus_is_found_once() -> None:
    call = planted()
    since = apart(call)
    rank(call, "another line")
    on = complete(call)
    rank(call)
    assert seen(list(without_consensus(call.history()))) == [("It went on without a consensus.", (since, on))]
    ranked = planted()
    since = apart(ranked)
    on = rank(ranked)
    assert seen(list(without_consensus(ranked.history()))) == [("It went on without a consensus.", (since, on))]


def test_a_consensus_or_scores_that_count_no_more_leave_nothing_to_find() -> None:
    agreed = planted()
    apart(agreed)
    agreed.plant(EVALUATION, ConsensusReached, by=ENGINE, points={"relevance": 3})
    complete(agreed)
    assert list(without_consensus(agreed.history())) == []
    left = planted()
    apart(left)
    left.plant(EVALUATION, EvaluatorWithdrew, by=SAM, evaluator=SAM, reason=text())
    complete(left)
    assert list(without_consensus(left.history())) == []


def test_scores_too_far_apart_with_no_divergence_recorded_are_found() -> None:
    call = planted()
    call.score(SUE, 2)
    call.score(SAM, 4)
    complete(call)
    assert list(without_consensus(call.history())) == [], "two points are allowed"
    call.plant(EVALUATION, EvaluationReopened, by=ENGINE, **DONE)
    call.score(SAM, 5)
    on = complete(call)
    why = "Scores lie too far apart, and no divergence was recorded."
    assert seen(list(without_consensus(call.history()))) == [(why, (on,))]


def test_without_the_rules_of_its_call_nothing_is_reckoned_anew() -> None:
    call = planted()
    del call.log[0]
    call.score(SUE, 0, text("Short."))
    call.score(SAM, 5)
    complete(call)
    assert list(without_consensus(call.history())) == []
    assert list(without_reasons(call.history())) == []


@pytest.mark.parametrize(("days", "found"), [(6, True), (7, False)])
def test_a_role_that_was_given_less_than_seven_days_before_the_first_deed_in_it_is_found(
    days: int, found: bool
) -> None:
    call = planted()
    given = call.give(SUE, Role.EVALUATOR)
    call.give(SAM, Role.COACH)
    call.at += timedelta(days=days, minutes=-1)
    judged = call.score(SUE, 4)
    call.score(SUE, 4)
    why = "The role evaluator was given 6 days before."
    assert seen(list(changed_roles(call.history()))) == ([(why, (given, judged))] if found else [])


def test_a_deputy_who_decides_at_once_is_found() -> None:
    call = planted()
    dates = {"starts": call.at, "until": call.at + timedelta(days=9)}
    deputy = {"role": Role.CERTIFIER, "strand": None, "represents": SAM, "proposed_by": SAM, **dates}
    named = call.plant(SUE, DeputyNamed, by=SAM, **deputy)
    done = call.plant(GRANT, ResourceDisbursed, days=1, order=1, cents=1, released_cents=0)
    assert seen(list(changed_roles(call.history()))) == [("The role certifier was given a day before.", (named, done))]


def test_a_blank_reason_a_short_justification_and_an_outcome_without_reason_are_found() -> None:
    call = planted()
    blank = call.plant(ACTION, ApplicationWithdrawn, reason=text("  "))
    call.plant(ACTION, ApplicationWithdrawn, reason=text(None))  # erased: it was there
    call.plant(ACTION, ApplicationWithdrawn, reason=text("!"))
    short = call.score(SUE, 4, text("x" * 49))
    call.score(SUE, 4, text("x" * 50))
    none = call.plant(ACTION, ApplicationFoundIneligible, by=ENGINE, correction=0, findings=())
    fault = Fault(rule="S05", detail=" ")
    empty = call.plant(ACTION, ApplicationFoundIneligible, by=ENGINE, correction=0, findings=(fault,))
    said = Fault(rule="S05", detail="Nobody admitted it.")
    call.plant(ACTION, ApplicationFoundIneligible, by=ENGINE, correction=0, findings=(said,))
    outcome = Outcome(pilot_action_id=ACTION, outcome="reserve", reason="")
    told = {"line": LINE, "version": 1, "awards": ()}
    untold = call.plant(CALL, OutcomesReleased, by=ENGINE, **told, outcomes=(outcome,))
    call.plant(CALL, OutcomesReleased, by=ENGINE, **told, outcomes=(outcome.model_copy(update={"reason": "Rank 9"}),))
    assert seen(list(without_reasons(call.history()))) == [
        ("The reason is blank.", (blank,)),
        ("A justification is shorter than the call asks for.", (short,)),
        ("A finding has no reason.", (none,)),
        ("A finding has no reason.", (empty,)),
        ("An outcome has no reason.", (untold,)),
    ]


def test_a_deadline_that_a_correction_moved_is_found_and_what_it_left_is_not() -> None:
    call = planted()
    change = {"correction": 1, "proposed_by": SAM, "reason": "Why.", "points": (), "material": False}
    call.plant(CALL, CallCorrected, **change, rules=RULES)
    moved = call.plant(CALL, CallCorrected, **change, rules=EXTENDED)
    (found,) = moved_deadlines(call.history())
    assert found.positions == (moved,)
    assert found.why.startswith("The step “applications close” moved from Fri 20 March 2026, 17:00 Brussels to ")
    assert found.why.endswith("Fri 20 March 2026, 18:00 Brussels.")


def test_a_role_in_which_nobody_did_anything_is_found_until_it_is_used_or_revoked() -> None:
    call = planted()
    used = call.give(SUE, Role.EVALUATOR)
    call.give(SUE, Role.AUDITOR)  # who reads only
    revoked = call.give(SAM, Role.COACH)
    idle = call.give(SAM, Role.APPROVER)
    assert [one.positions for one in unused_roles(call.history())] == [(used,), (revoked,), (idle,)]
    call.score(SUE, 4)
    call.plant(SAM, RoleRevoked, role=Role.COACH, reason=text())
    (found,) = unused_roles(call.history())
    assert (found.why, found.about) == ("The role approver was not used in this call.", SAM)


@pytest.mark.parametrize(("seconds", "found"), [(5, False), (6, True)])
def test_a_clock_that_went_back_by_more_than_five_seconds_is_found(seconds: int, found: bool) -> None:
    call = planted()
    before = call.give(SUE, Role.COACH)
    back = call.plant(
        SAM, RoleRevoked, role=Role.COACH, reason=text(), recorded_at=call.at - timedelta(seconds=seconds)
    )
    why = "The machine's clock went back between these two."
    assert seen(list(clocks(call.history()))) == ([(why, (before, back))] if found else [])


@pytest.mark.parametrize(("who", "found"), [(SUE, True), (ENGINE, False)])
def test_requests_that_arrived_against_the_order_of_the_log_are_found_but_what_holds_from_a_point_is_not(
    who: object, found: bool
) -> None:
    call = planted()
    given = call.plant(SAM, RoleRevoked, role=Role.COACH, reason=text())
    early = call.plant(SAM, RoleRevoked, by=who, role=Role.COACH, reason=text(), at=BEGAN)
    why = "The later one arrived earlier, by the fund's clock."
    assert seen(list(clocks(call.history()))) == ([(why, (given, early))] if found else [])


def test_what_lies_beyond_the_position_or_in_another_call_is_not_looked_at() -> None:
    call = planted()
    call.plant(uuid4(), FewerEvaluatorsConfirmed, evaluators=2, proposed_by=SAM)
    assert list(overrides(call.history())) == []
    call.plant(EVALUATION, FewerEvaluatorsConfirmed, evaluators=2, proposed_by=SAM)
    whole = call.history()
    assert len(list(overrides(whole))) == 1
    assert [one.id for one, _ in exceptions(whole)] == ["overrides"]
    assert list(exceptions(history(CALL, call.log, whole.at - 1))) == []


def test_before_closing_nothing_tells_of_applications() -> None:
    call = planted()
    call.plant(EVALUATION, FewerEvaluatorsConfirmed, evaluators=2, proposed_by=SAM)
    refused = {"command": "SubmitApplication", "digest": "", "refused": "D07"}
    call.plant(uuid4(), CommandHandled, **refused, about=ACTION)
    coached = call.plant(PAIR, CoachAssigned, by=SAM, coach=SUE)
    seen_before = call.history().without_applications()
    assert [one.position for one in seen_before.events] == [1, 3, coached]
