"""JSON as it was meant: NaN and Infinity are no numbers, none is beyond all use, a name stands once in an object."""

import json
from typing import Any, Final

LONGEST: Final = 18
"""So many characters a whole number has at most."""


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
