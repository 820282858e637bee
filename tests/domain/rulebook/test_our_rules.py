"""Our defaults at their boundaries."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from domain.rulebook import ours as rules

CLOSES = datetime(2026, 3, 20, 16, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
ADA, BEN = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(("points", "code"), [(-1, "D01"), (0, None), (5, None), (6, "D01")])
def test_a_score_is_on_the_scale(refused_by, points, code) -> None:
    assert refused_by(rules.score_is_on_the_scale, points, "relevance") == code


@pytest.mark.parametrize(
    ("text", "code"), [("x" * 50, None), ("x" * 49, "D01"), ("  " + "x" * 49 + "\n", "D01"), (" " * 50, "D01")]
)
def test_a_justification_has_enough_characters_without_the_spaces_around_it(refused_by, text, code) -> None:
    assert refused_by(rules.justification_is_given, text, 50, "relevance") == code


def test_a_short_justification_is_told_its_length(answer) -> None:
    refusal = answer(rules.justification_is_given, " too short ", 50, "relevance")
    assert refusal.detail == "The justification for “relevance” has 9 of at least 50 characters."


@pytest.mark.parametrize(("count", "code"), [(0, "D02"), (2, "D02"), (3, None), (4, None)])
def test_enough_evaluators_scored(refused_by, count, code) -> None:
    assert refused_by(rules.enough_evaluators_scored, count, 3) == code


@pytest.mark.parametrize(("outside", "code"), [([], "D02"), ([False] * 3, "D02"), ([False, False, True], None)])
def test_one_evaluator_is_from_outside(refused_by, outside, code) -> None:
    assert refused_by(rules.one_evaluator_is_from_outside, outside) == code


@pytest.mark.parametrize(("number", "code"), [(1, "D02"), (2, None), (4, None), (5, "D02"), (6, "D02")])
def test_an_override_keeps_two_evaluators_and_fewer_than_required(refused_by, number, code) -> None:
    assert refused_by(rules.override_keeps_two_evaluators, number, 5) == code


@pytest.mark.parametrize(("points", "forced"), [((4, 4), False), ((5, 4, 3), False), ((5, 2, 3), True)])
def test_scores_more_than_two_points_apart_force_a_consensus(points, forced) -> None:
    assert rules.scores_force_consensus(points, 2) is forced


@pytest.mark.parametrize(
    ("lowest", "forced"), [(Fraction(60), False), (Fraction(55), False), (Fraction(5499, 100), True)]
)
def test_totals_more_than_25_apart_force_a_consensus(lowest, forced) -> None:
    assert rules.totals_force_consensus([Fraction(80), lowest, Fraction(70)], 25) is forced


@pytest.mark.parametrize(
    ("proposed", "code"), [(["b", "a"], None), (["a"], "D02"), (["a", "b", "c"], "D02"), ([], "D02")]
)
def test_a_consensus_covers_what_diverges(refused_by, proposed, code) -> None:
    assert refused_by(rules.consensus_covers_what_diverges, proposed, ["a", "b"]) == code


def test_a_consensus_was_found_or_the_open_criteria_are_named(answer, refused_by) -> None:
    assert refused_by(rules.consensus_was_found, []) is None
    refusal = answer(rules.consensus_was_found, ["relevance", "quality"])
    assert (refusal.code, "relevance, quality" in refusal.detail) == ("D02", True)


JUDGES = [rules.evaluator_is_independent, rules.approver_is_independent, rules.certifier_is_independent]


@pytest.mark.parametrize("check", JUDGES)
def test_who_has_no_tie_may_judge(refused_by, check) -> None:
    assert refused_by(check, []) is None


@pytest.mark.parametrize("check", JUDGES)
def test_who_has_a_tie_may_not_judge_and_is_told_every_tie(answer, check) -> None:
    refusal = answer(check, ["coached this partnership", "managed its cluster"])
    assert refusal.code == "D05"
    assert refusal.detail.endswith(": you coached this partnership and managed its cluster.")


def test_a_coach_may_not_evaluate_the_partnership_coached(answer) -> None:
    refusal = answer(rules.evaluator_is_independent, ["coached this partnership"])
    assert refusal.detail == "You may not evaluate this application: you coached this partnership."


@pytest.mark.parametrize(("at", "code"), [(CLOSES - TICK, None), (CLOSES, "D07"), (CLOSES + TICK, "D07")])
def test_a_request_at_the_closing_instant_is_too_late(refused_by, at, code) -> None:
    assert refused_by(rules.request_arrived_in_time, at, CLOSES) == code


@pytest.mark.parametrize(
    ("late", "closed", "arrived"),
    [
        (timedelta(0), "17:00:00", "17:00:00"),
        (TICK, "17:00:00.000000", "17:00:00.000001"),
        (SECOND - TICK, "17:00:00.000000", "17:00:00.999999"),
        (SECOND, "17:00:00", "17:00:01"),
        (2 * SECOND + TICK, "17:00:00", "17:00:02"),
    ],
)
def test_a_late_request_is_told_both_instants_as_exactly_as_needed(answer, late, closed, arrived) -> None:
    assert answer(rules.request_arrived_in_time, CLOSES + late, CLOSES).detail == (
        f"The call closed on Fri 20 March 2026, {closed} Brussels; "
        f"your request arrived on Fri 20 March 2026, {arrived} Brussels."
    )


@pytest.mark.parametrize(("at", "code"), [(CLOSES - TICK, None), (CLOSES, "D11"), (CLOSES + TICK, "D11")])
def test_an_acceptance_at_the_end_of_the_offer_is_too_late(refused_by, at, code) -> None:
    assert refused_by(rules.acceptance_is_in_time, at, CLOSES) == code


@pytest.mark.parametrize(("at", "code"), [(CLOSES - TICK, "D17"), (CLOSES, None), (CLOSES + TICK, None)])
def test_outcomes_wait_for_the_release(refused_by, at, code) -> None:
    assert refused_by(rules.outcomes_wait_for_the_release, at, CLOSES) == code


@pytest.mark.parametrize(
    ("check", "clause"),
    [
        (rules.declaration_comes_first, "D06"),
        (rules.delivery_was_acknowledged, "D12"),
        (rules.roadmap_is_agreed, "D26"),
    ],
)
def test_what_must_come_first_has_come(refused_by, check, clause) -> None:
    assert refused_by(check, True) is None
    assert refused_by(check, False) == clause


def test_an_entity_coordinates_one_application_in_a_line(answer, refused_by) -> None:
    assert refused_by(rules.entity_has_no_other_application, "Hamburg", False) is None
    refusal = answer(rules.entity_has_no_other_application, "Hamburg", True)
    assert (refusal.code, refusal.detail.startswith("Hamburg already")) == ("D09", True)


def test_an_agreement_names_the_current_version(refused_by) -> None:
    old, current = "a" * 64, "b" * 64
    assert refused_by(rules.agreement_names_the_current_version, current, current) is None
    assert refused_by(rules.agreement_names_the_current_version, old, current) == "D10"
    assert refused_by(rules.agreement_names_the_current_version, current[:12], current) == "D10"


@pytest.mark.parametrize(("check", "clause"), [(rules.partners_have_confirmed, "D10"), (rules.form_is_complete, "D19")])
def test_nothing_is_missing_or_it_is_named(answer, refused_by, check, clause) -> None:
    assert refused_by(check, []) is None
    refusal = answer(check, ["Seoul", "Busan"])
    assert (refusal.code, refusal.detail.endswith("missing: Seoul, Busan.")) == (clause, True)


@pytest.mark.parametrize(("cents", "code"), [(-1, "D12"), (0, "D12"), (1, None)])
def test_an_amount_is_at_least_one_cent(refused_by, cents, code) -> None:
    assert refused_by(rules.amount_is_positive, cents) == code


@pytest.mark.parametrize("check", [rules.order_is_within_commitment, rules.delivery_is_within_order])
@pytest.mark.parametrize(("cents", "code"), [(323_249, None), (323_250, None), (323_251, "D12")])
def test_a_sum_up_to_its_limit_is_accepted_and_one_cent_more_is_not(refused_by, check, cents, code) -> None:
    assert refused_by(check, cents, 323_250) == code


def test_an_order_above_what_is_left_is_told_by_how_much(answer) -> None:
    refusal = answer(rules.order_is_within_commitment, 323_251, 323_250)
    assert refusal.detail == "This order of €3,232.51 is €0.01 above what is left (€3,232.50)."
    assert refusal.cure == "Lower it by €0.01, or cancel another order."


@pytest.mark.parametrize(
    ("starts", "stops", "code"),
    [
        (date(2027, 6, 1), date(2027, 6, 30), None),
        (date(2027, 6, 30), date(2027, 6, 30), None),
        (date(2027, 6, 1), date(2027, 7, 1), "D12"),
        (date(2027, 6, 2), date(2027, 6, 1), "D12"),
    ],
    ids=["ends on the last day", "is the last day", "ends a day later", "ends before it starts"],
)
def test_an_order_falls_into_implementation(refused_by, starts, stops, code) -> None:
    assert refused_by(rules.order_falls_into_implementation, starts, stops, date(2027, 6, 30)) == code


@pytest.mark.parametrize(
    ("check", "clause"),
    [(rules.evidence_is_named, "D12"), (rules.rate_source_is_named, "D20"), (rules.a_reason_is_given, "D18")],
)
def test_evidence_a_source_and_a_reason_are_more_than_spaces(refused_by, check, clause) -> None:
    assert refused_by(check, "Offer 17") is None
    assert refused_by(check, "") == refused_by(check, " \n") == clause


@pytest.mark.parametrize(("supplier", "code"), [("Plan C", None), ("Plan B", "D12"), (" plan b ", "D12")])
def test_a_failed_supplier_is_replaced_by_another(refused_by, supplier, code) -> None:
    assert refused_by(rules.failed_supplier_is_replaced_by_another, supplier, "Plan B") == code


@pytest.mark.parametrize(("currency", "code"), [("USD", None), ("usd", "D20"), ("EUR", "D20"), ("", "D20")])
def test_a_currency_is_known(refused_by, currency, code) -> None:
    assert refused_by(rules.currency_is_known, currency, {"USD", "JPY"}) == code


@pytest.mark.parametrize("rate", ["1", "1.0823", "0.000000001", "999999999.999999999", "01.5"])
def test_a_rate_is_a_decimal_above_zero(refused_by, rate) -> None:
    assert refused_by(rules.rate_is_exact, rate) is None


@pytest.mark.parametrize(
    "rate",
    ["", "0", "0.0", "-1", "1,08", "1.", ".5", "1e3", "NaN", "1.0000000001", "1000000000", " 1", "1\n", "¹"],
)
def test_what_is_no_exact_rate_is_refused(refused_by, rate) -> None:
    assert refused_by(rules.rate_is_exact, rate) == "D20"


@pytest.mark.parametrize(("days_before", "code"), [(-1, "D20"), (0, None), (62, None), (63, "D20")])
def test_a_rate_is_of_the_day_of_the_order_or_of_the_days_before(refused_by, days_before, code) -> None:
    ordered_on = date(2026, 5, 10)
    assert refused_by(rules.rate_is_recent, ordered_on - timedelta(days=days_before), ordered_on, 62) == code


@pytest.mark.parametrize(("cents", "code"), [(92_395, "D20"), (92_396, None), (92_397, "D20")])
def test_a_value_in_euro_follows_from_the_rate(refused_by, cents, code) -> None:
    assert refused_by(rules.value_follows_from_the_rate, cents, 92_396, "USD 1,000.00", "1.0823") == code


def test_a_value_that_does_not_follow_is_told_the_right_one(answer) -> None:
    refusal = answer(rules.value_follows_from_the_rate, 1, 92_396, "USD 1,000.00", "1.0823")
    assert refusal.detail == "USD 1,000.00 at 1.0823 for one euro is €923.96; the order says €0.01."
    assert refusal.cure.startswith("Enter €923.96")


def test_a_kind_of_resource_is_listed_in_the_call(answer, refused_by) -> None:
    assert refused_by(rules.kind_is_listed, "travel", {"travel", "studies"}) is None
    refusal = answer(rules.kind_is_listed, "cash", {"travel", "studies"})
    assert (refusal.code, refusal.cure) == ("D13", "Choose one of: studies, travel.")


def test_a_second_person_confirms(refused_by) -> None:
    assert refused_by(rules.a_second_person_confirms, ADA, BEN) is None
    assert refused_by(rules.a_second_person_confirms, ADA, UUID(int=1)) == "D18"


@pytest.mark.parametrize(("days", "code"), [(0, "D25"), (1, "D25"), (2, None), (3, None)])
def test_a_clarification_leaves_two_working_days(refused_by, days, code) -> None:
    assert refused_by(rules.clarification_leaves_time, days, CLOSES) == code


@pytest.mark.parametrize(("at", "code"), [(CLOSES - TICK, None), (CLOSES, "D25"), (CLOSES + TICK, "D25")])
def test_a_clarification_comes_before_it_is_due(refused_by, at, code) -> None:
    assert refused_by(rules.clarification_came_in_time, at, CLOSES) == code


@pytest.mark.parametrize(("at", "code"), [(CLOSES - TICK, None), (CLOSES, "D07"), (CLOSES + TICK, "D07")])
def test_a_deadline_is_extended_before_it(refused_by, at, code) -> None:
    assert refused_by(rules.deadline_is_extended_before_it, at, CLOSES) == code


@pytest.mark.parametrize(("reason", "code"), [("", "D21"), (" \n", "D21"), ("x", None)])
def test_a_correction_gives_its_reason(refused_by, reason, code) -> None:
    assert refused_by(rules.correction_gives_its_reason, reason) == code


@pytest.mark.parametrize(("points", "code"), [(0, "D21"), (1, None)])
def test_a_correction_changes_something(refused_by, points, code) -> None:
    assert refused_by(rules.correction_changes_something, points) == code


@pytest.mark.parametrize(("points", "code"), [([], None), (["zone"], "D21")])
def test_what_is_fixed_stays(refused_by, points, code) -> None:
    assert refused_by(rules.what_is_fixed_stays, points) == code


@pytest.mark.parametrize(
    ("new", "at", "code"),
    [
        (CLOSES - TICK, CLOSES - SECOND, "D21"),
        (CLOSES, CLOSES + SECOND, None),  # it does not change
        (CLOSES + TICK, CLOSES - TICK, None),
        (CLOSES + TICK, CLOSES, "D21"),
    ],
)
def test_a_corrected_date_lies_ahead_and_moves_later(refused_by, new, at, code) -> None:
    assert refused_by(rules.corrected_dates_move_later, "approval_due", CLOSES, new, at) == code


@pytest.mark.parametrize(("extended", "code"), [(CLOSES - TICK, "D21"), (CLOSES, "D21"), (CLOSES + TICK, None)])
def test_a_material_correction_extends_the_deadline(refused_by, extended, code) -> None:
    assert refused_by(rules.material_correction_extends_the_deadline, CLOSES, extended) == code


@pytest.mark.parametrize(("confirmed", "code"), [(1, "D21"), (2, None), (3, None)])
def test_a_submission_follows_the_last_material_correction(refused_by, confirmed, code) -> None:
    assert refused_by(rules.submission_follows_the_correction, confirmed, 2) == code


@pytest.mark.parametrize(("smallest", "code"), [(0, "D04"), (1, None), (500, None), (501, "D04")])
def test_the_smallest_useful_part_is_more_than_nothing_and_at_most_the_request(refused_by, smallest, code) -> None:
    assert refused_by(rules.part_is_within_the_request, smallest, 500) == code


@pytest.mark.parametrize(("awarded", "code"), [(500, None), (501, "D04")])
def test_awards_use_the_envelope_to_the_cent_and_no_further(refused_by, awarded, code) -> None:
    assert refused_by(rules.awards_are_within_the_envelope, awarded, 500) == code


@pytest.mark.parametrize(("holders", "code"), [([], None), (["Hamburg"], None), (["Hamburg", "Holstein"], "D09")])
def test_an_entity_holds_one_place(refused_by, holders, code) -> None:
    assert refused_by(rules.entity_holds_one_place, holders) == code


@pytest.mark.parametrize(("other", "code"), [(False, None), (True, "D09")])
def test_an_application_is_the_one_that_its_city_chose(refused_by, other, code) -> None:
    assert refused_by(rules.application_is_the_chosen_one, "Hamburg", "Hamburg and Seoul", other) == code


@pytest.mark.parametrize(("serves", "code"), [("AA", None), (None, None), ("LAC", "D22")])
def test_a_coach_serves_the_strand(refused_by, serves, code) -> None:
    assert refused_by(rules.coach_serves_the_strand, serves, "AA") == code


@pytest.mark.parametrize(("in_group", "code"), [(False, None), (True, "D24")])
def test_a_session_of_its_own_has_a_place(refused_by, in_group, code) -> None:
    assert refused_by(rules.session_of_its_own_has_a_place, in_group) == code
