"""Sums as people type them: read where they can mean one thing only, asked back in figures and words where not.

The programme itself writes “10.000 €”, which an English reader takes for ten euros; so nothing of that kind is guessed.
"""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import model_validator

from domain.errors import Malformed
from domain.values import Value, euros

LIMIT_CENTS = 100_000_000
"""The largest sum that can be typed, in cents: a million euros."""

_CURE = "Write euros with the digits 0 to 9 and cents after a point, as in 10000.00."
_EURO = re.compile(r"^(?:€|EUR)\s*|\s*(?:€|EUR)$")
_PLAIN = re.compile(r"(?P<whole>[0-9]+)(?:[.,](?P<part>[0-9]{1,2}))?")
_SPACED = re.compile(r"(?P<whole>[0-9]{1,3}(?:[ '’\u00a0\u202f][0-9]{3})+)(?:[.,](?P<part>[0-9]{1,2}))?")
_ENGLISH = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+)\.(?P<part>[0-9]{1,2})|[0-9]{1,3}(?:,[0-9]{3}){2,}")
_CONTINENTAL = re.compile(r"(?P<whole>[0-9]{1,3}(?:\.[0-9]{3})+),(?P<part>[0-9]{1,2})|[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_TWO_READINGS = re.compile(r"(?P<whole>[1-9][0-9]{0,2})[.,](?P<part>[0-9]{3})")
_FRACTION = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:[.,'’ \u00a0\u202f][0-9]{3})+)[.,][0-9]{3,}")


def cents_from(text: str) -> int:
    """Return the sum that a person typed in euros, in cents: 10000, 10000.5, 10 000,50, €9,999.99, 9.999,99 EUR.

    Raises Malformed for what can mean two sums (10.000, 10,000), naming both in figures and in words, and for what is
    no sum: negative, a fraction of a cent, not a number, above a million euros.
    """
    figures = _EURO.sub("", text.strip())
    if two := _TWO_READINGS.fullmatch(figures):
        raise _asked_back(text, int(two["whole"]), int(two["part"]))
    if figures.startswith(("-", "−", "(")):
        raise Malformed(f"The sum “{text}” is negative.", _CURE)
    for pattern in (_PLAIN, _SPACED, _ENGLISH, _CONTINENTAL):
        if found := pattern.fullmatch(figures):
            whole = re.sub(r"\D", "", found["whole"] or figures)
            return _within_limit(text, whole, (found["part"] or "").ljust(2, "0"))
    if _FRACTION.fullmatch(figures):
        raise Malformed(f"The sum “{text}” has a fraction of a cent.", _CURE)
    raise Malformed(f"“{text}” is no sum.", _CURE)


def readings(text: str) -> list[tuple[int, str]]:
    """Return the sums that a text can mean where it can mean two, in cents, each in words; of one with a fraction of a
    cent, the other alone.
    """
    two = _TWO_READINGS.fullmatch(_EURO.sub("", text.strip()))
    if two is None:
        return []
    whole, part = int(two["whole"]), int(two["part"])
    large = whole * 1000 + part
    small = [(whole * 100 + part // 10, _spoken(whole, part))] if part % 10 == 0 else []
    return [(large * 100, _euros_in_words(large)), *small]


def _within_limit(text: str, whole: str, part: str) -> int:
    if len(whole.lstrip("0")) > 7 or int(whole + part) > LIMIT_CENTS:
        raise Malformed(f"The sum “{text}” is above {euros(LIMIT_CENTS)}.", "Enter a smaller sum.")
    return int(whole + part)


def _asked_back(text: str, whole: int, thousandths: int) -> Malformed:
    small = f"€{whole}.{thousandths:03}".removesuffix("0")
    large = whole * 1000 + thousandths
    return Malformed(
        f"“{text}” can mean {small} ({_spoken(whole, thousandths)}) "
        f"or {euros(large * 100)} ({_euros_in_words(large)}).",
        f"Write {small.removeprefix('€')} or {large}.00, without a mark between thousands.",
    )


def _spoken(whole: int, thousandths: int) -> str:
    spoken = _euros_in_words(whole)
    if not thousandths:
        return spoken
    if thousandths % 10:
        return f"{spoken} and {number_in_words(thousandths)} thousandths"
    return f"{spoken} and {number_in_words(thousandths // 10)} cent{'' if thousandths == 10 else 's'}"


def _euros_in_words(whole: int) -> str:
    return f"{number_in_words(whole)} euro{'' if whole == 1 else 's'}"


_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def number_in_words(number: int) -> str:
    """Return a number from 0 to 999,999 in English words: 1250 → one thousand two hundred and fifty."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, rest = _TENS[number // 10 - 2], number % 10
        return f"{tens}-{_ONES[rest]}" if rest else tens
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    rest = number % size
    if not rest:
        return f"{number_in_words(number // size)} {name}"
    link = " and " if rest < 100 else " "
    return f"{number_in_words(number // size)} {name}{link}{number_in_words(rest)}"


class TypedSums(Value):
    """Base of what people type sums into: for a field `…cents` they may give `…euros`, a text as people write sums."""

    @model_validator(mode="before")
    @classmethod
    def _read_sums(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        return dict(_in_cents(cls, name, value) for name, value in data.items())


def _in_cents(kind: type[Value], name: str, value: Any) -> tuple[str, Any]:
    field = f"{name.removesuffix('euros')}cents"
    if name.endswith("euros") and field in kind.model_fields:
        return field, cents_from(str(value))
    return name, value
