"""What a sum in another currency is worth, exactly, at the limit between two cents."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.currencies import DIGITS, in_euro_cents, in_words


@pytest.mark.parametrize(
    ("amount", "currency", "units_per_euro", "cents"),
    [
        (100_000, "USD", "1.0823", 92_396),
        (1_000, "JPY", "160", 625),
        (1_000, "KWD", "0.5", 200),
        (1, "USD", "2", 1),
        (999_999_999, "USD", "2000000000", 0),
        (1_000_000_000, "USD", "2000000000", 1),
        (1_000_000_001, "USD", "2000000000", 1),
        (3_000_000_000, "USD", "2000000000", 2),
        (2, "JPY", "399.999999999", 1),
        (2, "JPY", "400", 1),
        (2, "JPY", "400.000000001", 0),
    ],
    ids=[
        "hundredths", "no smaller unit", "thousandths", "half a cent", "less than half a cent", "half a cent of many",
        "more than half a cent", "one and a half", "a little more than half", "just half", "a little less than half",
    ],
)  # fmt: skip
def test_a_sum_is_converted_exactly_and_half_a_cent_rounded_up(
    amount: int, currency: str, units_per_euro: str, cents: int
) -> None:
    assert in_euro_cents(amount, currency, units_per_euro) == cents


@given(
    amount=st.integers(1, 10**12),
    currency=st.sampled_from(sorted(DIGITS)),
    rate=st.decimals("0.000000001", "999999999", places=9).map(lambda rate: f"{rate:f}"),
)
def test_a_value_is_never_further_from_the_sum_than_half_a_cent(amount: int, currency: str, rate: str) -> None:
    exact = Fraction(amount, 10 ** DIGITS[currency]) / Fraction(rate) * 100
    assert Fraction(-1, 2) <= exact - in_euro_cents(amount, currency, rate) < Fraction(1, 2)


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [(123_456, "USD", "USD 1,234.56"), (1_234, "JPY", "JPY 1,234"), (5, "KWD", "KWD 0.005"), (100, "USD", "USD 1.00")],
)
def test_a_sum_is_read_in_its_own_units(amount: int, currency: str, words: str) -> None:
    assert in_words(amount, currency) == words


def test_currencies_have_three_capital_letters_and_none_is_the_euro() -> None:
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in DIGITS)
    assert "EUR" not in DIGITS
