"""Text as people type and read it."""

import re
from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

SHORTEST_ID = 8
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Return the text with � for what could steer a terminal or turn a line round, and for half characters."""
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)


def clipped(sentence: str) -> str:
    """Return the sentence with what it quotes shortened: what somebody typed can be as long as a file."""
    return re.sub(r"“([^”]{80})[^”]+”", r"“\1…”", sentence)


def moment(instant: datetime | None) -> str:
    """Return the instant for a column in Brussels time: Fri 20 Mar 2026, 17:00 (seconds when not zero)."""
    from domain.values import BRUSSELS

    if instant is None:
        return ""
    local = instant.astimezone(BRUSSELS)
    clock = local.strftime("%H:%M:%S") if local.second else local.strftime("%H:%M")
    return f"{local:%a} {local.day} {local:%b %Y}, {clock}"


def euros(cents: int) -> str:
    """Return the sum in integer cents as people read it: €12,345.67."""
    from domain.values import euros as in_words

    return in_words(cents)


def plural(count: int, noun: str) -> str:
    """Return the count with its noun: 1 event, 2 events, 3 identities."""
    several = f"{noun.removesuffix('y')}ies" if noun.endswith("ty") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else several}"


def shortener(ids: Collection[UUID]) -> Callable[[UUID], str]:
    """Return what shortens these ids for a column: to 8 characters, or to as many as tell them apart."""
    texts = {str(id) for id in ids}
    length = next(
        (length for length in range(SHORTEST_ID, 36) if len({text[:length] for text in texts}) == len(texts)), 36
    )
    return lambda id: str(id)[:length]
