"""Our defaults on resources at their boundaries."""

from datetime import date, timedelta

import pytest

from domain.rulebook.ours import resources as rules


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


def test_a_delivery_was_acknowledged_first(refused_by) -> None:
    assert refused_by(rules.delivery_was_acknowledged, True) is None
    assert refused_by(rules.delivery_was_acknowledged, False) == "D12"


@pytest.mark.parametrize(("check", "clause"), [(rules.evidence_is_named, "D12"), (rules.rate_source_is_named, "D20")])
def test_evidence_and_a_source_are_more_than_spaces(refused_by, check, clause) -> None:
    assert refused_by(check, "Offer 17") is None
    assert refused_by(check, "") == refused_by(check, " \n") == clause


@pytest.mark.parametrize(("offers", "code"), [(1, None), (10, None), (11, "D38")])
def test_ten_offers_at_most_stand_beside_an_order(refused_by, offers, code) -> None:
    assert refused_by(rules.offers_are_few, offers) == code


@pytest.mark.parametrize(
    ("suppliers", "code"),
    [([], None), (["Plan B", "Plan C"], None), (["Plan B", "Plan C", " plan b "], "D38")],
    ids=["nobody", "two", "one twice"],
)
def test_a_supplier_offers_once(refused_by, suppliers, code) -> None:
    assert refused_by(rules.supplier_offers_once, suppliers) == code


@pytest.mark.parametrize(("offered", "code"), [(99, "D38"), (100, None), (101, "D38"), (None, "D38")])
def test_an_order_has_the_value_that_its_supplier_offered(refused_by, offered, code) -> None:
    assert refused_by(rules.order_is_among_its_offers, "Plan B", 100, offered) == code


@pytest.mark.parametrize(
    ("cents", "reason", "code"),
    [(100, "", None), (99, "", None), (101, "", "D38"), (101, "  ", "D38"), (101, "Nearer.", None)],
    ids=["the lowest", "below it", "a cent dearer", "spaces for a reason", "dearer with a reason"],
)
def test_a_choice_above_the_lowest_offer_has_a_reason(refused_by, cents, reason, code) -> None:
    assert refused_by(rules.dearer_choice_has_a_reason, cents, 100, reason) == code


@pytest.mark.parametrize(("reason", "code"), [("", None), (" ", None), ("Nearer.", "D38")])
def test_a_reason_of_a_choice_comes_with_offers(refused_by, reason, code) -> None:
    assert refused_by(rules.choice_has_offers, reason) == code
