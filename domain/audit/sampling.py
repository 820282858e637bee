"""Samples by a stated method and a published seed: the same population, method, size and seed give the same sample.

Anybody can draw them again with SHA-256 and a table. All text is UTF-8; a digest is compared as 64 hexadecimal digits,
which is the same as comparing the numbers.

random         For each item, the SHA-256 of the seed, one line feed (0x0A) and the item's id. The items with the lowest
               digests are the sample.
stratified     Each stratum gets size × its items / all items, rounded down, and at least one. What is left of the size
               goes, one each, to the strata with the largest remainders (the earlier name where two are equal); what
               is too much is taken, one by one, from the stratum with most places (the later name where two are equal).
               Within each stratum as random.
monetary-unit  The items stand in the order of their ids, and their cents one after the other. The interval is the sum
               of all cents / size, rounded down; the start is the SHA-256 of the seed, as a number, modulo the
               interval. Every item in which a chosen cent lies is drawn: the cent at the start (the first of all cents
               is cent 0) and every interval-th after it. So an item of an interval or more is always drawn, one in
               which several chosen cents lie is drawn once, and where the sum is no multiple of the size a cent more
               than the size may be chosen.
"""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple, assert_never

from domain.audit.populations import Item, Stratum
from domain.errors import Malformed
from domain.values import Cents


class Method(StrEnum):
    """How a sample is drawn."""

    RANDOM = "random"
    STRATIFIED = "stratified"
    MONETARY_UNIT = "monetary-unit"


class Drawn(NamedTuple):
    """An item of a sample, with what drew it: its digest, or the first chosen cent that lies in it."""

    item: Item
    stratum: str
    by: str


def draw(items: Sequence[Item], method: Method, size: int, seed: str, stratum: Stratum) -> tuple[Drawn, ...]:
    """Return the sample, in the order of ids within each stratum. Raises Malformed for what cannot be drawn.

    `items` stand in the order of their ids; only a stratified sample looks at `stratum`.
    """
    if not seed.strip() or not seed.isprintable():
        raise Malformed(
            "A sample needs a seed, in one line.", "Write one that you publish, such as the date and place of the draw."
        )
    if size < 1:
        raise Malformed(f"A sample of {size} is none.", "Draw at least 1.")
    if not items:
        raise Malformed("There is nothing to draw from yet.", "Choose another population, or wait until there is one.")
    if size > len(items):
        raise Malformed(f"{size} cannot be drawn from {len(items)}.", f"Draw at most {len(items)}.")
    match method:
        case Method.RANDOM:
            return _lowest(items, size, seed, "")
        case Method.STRATIFIED:
            return _stratified(items, size, seed, stratum)
        case Method.MONETARY_UNIT:
            return _monetary(items, size, seed)
        case _:
            assert_never(method)


def digest(seed: str, id: str) -> str:
    """Return the SHA-256 of the seed, a line feed and an id, as 64 hexadecimal digits."""
    return sha256(f"{seed}\n{id}".encode()).hexdigest()


def _lowest(items: Sequence[Item], size: int, seed: str, stratum: str) -> tuple[Drawn, ...]:
    ranked = sorted(items, key=lambda item: digest(seed, item.id))[:size]
    return tuple(Drawn(item, stratum, digest(seed, item.id)) for item in sorted(ranked, key=lambda item: item.id))


def _stratified(items: Sequence[Item], size: int, seed: str, stratum: Stratum) -> tuple[Drawn, ...]:
    places = allocation(Counter(item.strata[stratum] for item in items), size)
    drawn: list[Drawn] = []
    for name, number in places.items():
        drawn += _lowest([item for item in items if item.strata[stratum] == name], number, seed, name)
    return tuple(drawn)


def allocation(sizes: Counter[str], size: int) -> dict[str, int]:
    """Return how many are drawn from each stratum, by its name. Raises Malformed when there are not enough for all."""
    if size < len(sizes):
        raise Malformed(f"{size} are too few for {len(sizes)} strata.", f"Draw at least {len(sizes)}, one from each.")
    whole, names = sizes.total(), sorted(sizes)
    places = {name: max(1, size * sizes[name] // whole) for name in names}
    left = size - sum(places.values())
    proportional = [name for name in names if size * sizes[name] >= whole]
    for name in sorted(proportional, key=lambda name: -(size * sizes[name] % whole))[: max(0, left)]:
        places[name] += 1
    for _ in range(-left):
        places[max(names, key=lambda name: (places[name], name))] -= 1
    return places


def interval_of(items: Sequence[Item], size: int) -> Cents:
    """Return the interval of a monetary-unit sample: the sum of all cents / size, rounded down."""
    return sum(item.cents for item in items) // size


def start_of(interval: Cents, seed: str) -> Cents:
    """Return the first chosen cent: the SHA-256 of the seed, as a number, modulo the interval."""
    return int(sha256(seed.encode()).hexdigest(), 16) % interval


def _monetary(items: Sequence[Item], size: int, seed: str) -> tuple[Drawn, ...]:
    without = sum(item.cents < 1 for item in items)
    if without:
        raise Malformed(
            f"{without} of the {len(items)} items have no sum, so that no cent of them could be drawn.",
            "Draw by the method random or stratified, or choose a population in which everything has a sum.",
        )
    interval = interval_of(items, size)
    chosen = start_of(interval, seed)
    drawn: list[Drawn] = []
    before = 0
    for item in items:
        after = before + item.cents
        if chosen < after:
            drawn.append(Drawn(item, "", str(chosen)))
            chosen += interval * -((chosen - after) // interval)
        before = after
    return tuple(drawn)
