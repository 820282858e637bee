"""JSON as it was meant: NaN and Infinity are no numbers, none is beyond all use, a name stands once in an object."""

import json
import re
from typing import Any, Final

from domain.errors import Malformed

LONGEST: Final = 18
"""So many characters a whole number has at most."""

_STEERING: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def checked_text(text: str) -> str:
    """Return a text that holds nothing that steers a terminal or turns a line round. Raises Malformed."""
    if _STEERING.search(text):
        raise Malformed("A text holds a character that cannot be shown.", "Leave out control and direction characters.")
    return text


def parsed(text: str) -> Any:
    """Return what a text says. Raises ValueError, RecursionError."""
    return json.loads(
        text, parse_constant=_no_number, parse_float=_number, parse_int=_whole, object_pairs_hook=_each_once
    )


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _number(text: str) -> float:
    found = float(text)
    if found in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return found


def _whole(text: str) -> int:
    if len(text) > LONGEST:
        raise ValueError("a number is too large")
    return int(text)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands there twice")
    return found
