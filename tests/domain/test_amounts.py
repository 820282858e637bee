"""A typed sum is read where it can mean one thing only; where it can mean two it is asked back, never guessed."""

import pytest
from pydantic import ValidationError

from domain.amounts import LIMIT_CENTS, cents_from, number_in_words, readings
from domain.errors import Malformed
from domain.grant.commands import OrderResource, RecordDelivery
from domain.pilot_action.commands import ResourceRequest
from tests.given import ask


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("10000", 1_000_000),
        ("10000.50", 1_000_050),
        ("10000,5", 1_000_050),
        ("10 000.50", 1_000_050),
        ("10 000", 1_000_000),
        ("10\u202f000,00", 1_000_000),
        ("10'000", 1_000_000),
        ("€ 9,999.99", 999_999),
        ("9.999,99 EUR", 999_999),
        (" 10,50 € ", 1_050),
        ("1,000,000", LIMIT_CENTS),
        ("1.000.000", LIMIT_CENTS),
        ("1000000.00", LIMIT_CENTS),
        ("007", 700),
        ("0", 0),
        ("0.01", 1),
    ],
)
def test_what_can_mean_one_sum_only_is_read(text: str, cents: int) -> None:
    assert cents_from(text) == cents


@pytest.mark.parametrize(
    ("text", "small", "large"),
    [
        ("10.000", "€10.00 (ten euros)", "€10,000.00 (ten thousand euros)"),
        ("10,000", "€10.00 (ten euros)", "€10,000.00 (ten thousand euros)"),
        ("10.000 €", "€10.00 (ten euros)", "€10,000.00 (ten thousand euros)"),
        ("1,500", "€1.50 (one euro and fifty cents)", "€1,500.00 (one thousand five hundred euros)"),
        ("1.010", "€1.01 (one euro and one cent)", "€1,010.00 (one thousand and ten euros)"),
        (
            "1.234",
            "€1.234 (one euro and two hundred and thirty-four thousandths)",
            "€1,234.00 (one thousand two hundred and thirty-four euros)",
        ),
    ],
)
def test_what_can_mean_two_sums_is_asked_back_in_figures_and_words(text: str, small: str, large: str) -> None:
    with pytest.raises(Malformed) as asked:
        cents_from(text)
    assert asked.value.detail == f"“{text}” can mean {small} or {large}."


def test_who_is_asked_back_is_told_how_to_write_either() -> None:
    with pytest.raises(Malformed) as asked:
        cents_from("10.000")
    assert asked.value.cure == "Write 10.00 or 10000.00, without a mark between thousands."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("-5", "is negative"),
        ("−5.00 €", "is negative"),
        ("(5)", "is negative"),
        ("0.005", "a fraction of a cent"),
        ("1234.567", "a fraction of a cent"),
        ("9,999.999", "a fraction of a cent"),
        ("1000000.01", "is above €1,000,000.00"),
        ("9" * 5000, "is above €1,000,000.00"),
        ("NaN", "is no sum"),
        ("Infinity", "is no sum"),
        ("1e4", "is no sum"),
        ("", "is no sum"),
        ("ten", "is no sum"),
        ("1,00,000", "is no sum"),
        ("10.00.00", "is no sum"),
        ("\u0661\u0660", "is no sum"),
        ("\uff11\uff10", "is no sum"),
    ],
)
def test_what_is_no_sum_is_sent_back(text: str, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        cents_from(text)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (19, "nineteen"),
        (20, "twenty"),
        (21, "twenty-one"),
        (99, "ninety-nine"),
        (100, "one hundred"),
        (101, "one hundred and one"),
        (1_000, "one thousand"),
        (1_100, "one thousand one hundred"),
        (999_999, "nine hundred and ninety-nine thousand nine hundred and ninety-nine"),
    ],
)
def test_a_number_is_said_in_words(number: int, words: str) -> None:
    assert number_in_words(number) == words


def test_a_sum_may_be_typed_wherever_a_command_takes_cents() -> None:
    asked = ResourceRequest.model_validate({"kind": "study", "quantity": 1, "unit_euros": "9,999.99", "why": "So."})
    assert asked.unit_cents == 999_999
    for command in (OrderResource, RecordDelivery):
        typed = ask(command).model_dump(exclude={"cents"}) | {"euros": "12.50"}
        assert command.model_validate(typed).cents == 1_250


def test_a_typed_sum_with_two_meanings_never_becomes_a_command() -> None:
    with pytest.raises(Malformed, match="ten thousand euros"):
        ResourceRequest.model_validate({"kind": "study", "quantity": 1, "unit_euros": "10.000", "why": "So."})


def test_only_fields_can_be_typed_sums() -> None:
    with pytest.raises(ValidationError, match="valid dictionary"):
        ResourceRequest.model_validate("10.00")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1.600", [(160_000, "one thousand six hundred euros"), (160, "one euro and sixty cents")]),
        ("€10,000", [(1_000_000, "ten thousand euros"), (1000, "ten euros")]),
        ("1.625", [(162_500, "one thousand six hundred and twenty-five euros")]),
        ("1600", []),
        ("1.60", []),
        ("none", []),
    ],
)
def test_what_a_text_can_mean_is_told_where_that_is_two_sums(text: str, meant: list[tuple[int, str]]) -> None:
    assert readings(text) == meant
