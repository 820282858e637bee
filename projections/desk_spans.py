"""How long the matters of a call waited on each party, in the median, from what is counted by tenths of a day.

Those that wait still began in a tenth of a day that was counted from 1970, so that now they lie in one of two tenths
that are told. Where the middle one is among them it takes a look at the matters of that one tenth.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select

from domain.values import Value
from projections.desk_counts import BUCKET, SECOND, Kind, ended, microseconds
from projections.desk_tables import BUCKETS, SPANS
from projections.desk_waits import Desk
from projections.waiting import Party, tenths


class Waited(Value):
    """The median of the days that the matters of a call waited on a party until now."""

    party: Party
    days: float


class Bucket(NamedTuple):
    """So many matters that waited so many tenths of a day, or one more where it says how to tell those apart."""

    least: int
    most: int
    matters: int
    up_to_least: Callable[[], int]


def waited(desk: Desk) -> list[Waited]:
    """Return how long the matters waited on each party, in the median; nothing where there is none."""
    if not desk.matters:
        return []
    buckets: dict[str, list[Bucket]] = {party: [] for party in Party}
    found = desk.connection.execute(_COUNTED, {"call_id": desk.call["id"]})
    for party, kind, bucket, count in found:
        buckets[party].append(_bucket(desk, party, kind, bucket, count))
    return [Waited(party=party, days=middle(buckets[party], desk.matters)) for party in Party]


def _bucket(desk: Desk, party: str, kind: str, bucket: int, count: int) -> Bucket:
    if kind == Kind.FOR:
        return Bucket(bucket, bucket, count, lambda: count)
    until = microseconds(ended(desk.call, closes=kind == Kind.SINCE_UNTIL_CLOSING) or desk.now)
    first = bucket * BUCKET
    least, most = (_tenths(until - began) for began in (first + BUCKET - 1, first))

    def up_to_least() -> int:
        """Count those that began late enough to be told with the lesser number."""
        began = _earliest(until, least, first)
        given = {"call_id": desk.call["id"], "party": party, "kind": kind, "first": began, "last": first + BUCKET - 1}
        return int(desk.connection.execute(_WITHIN, given).scalar_one())

    return Bucket(least, most, count, up_to_least if least < most else lambda: count)


def _tenths(waited: int) -> int:
    """Return the tenths of a day that are told of so many microseconds; none where time went backwards."""
    return tenths(max(0, round(waited / SECOND)))


def _earliest(until: int, most: int, first: int) -> int:
    """Return the first beginning within a bucket of which no more than so many tenths are told."""
    low, high = first, first + BUCKET - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _tenths(until - middle) <= most else (middle + 1, high)
    return low


def middle(buckets: Sequence[Bucket], matters: int) -> float:
    """Return the median in days; matters in no bucket did not wait."""
    none = matters - sum(bucket.matters for bucket in buckets)
    every = [Bucket(0, 0, none, lambda: none), *buckets]
    lower, upper = _ranked(every, (matters - 1) // 2), _ranked(every, matters // 2)
    return (lower / 10 + upper / 10) / 2


def _ranked(buckets: Sequence[Bucket], rank: int) -> int:
    """Return the tenths of the one with so many before it."""
    ordered = sorted(buckets, key=lambda bucket: bucket.least)
    before = list(accumulate(bucket.matters for bucket in ordered))
    least = ordered[bisect_right(before, rank)].least
    sure = sum(bucket.matters for bucket in buckets if bucket.most <= least)
    if sure <= rank:
        sure += sum(bucket.up_to_least() for bucket in buckets if bucket.least == least < bucket.most)
    return least if sure > rank else least + 1


_COUNTED: Final = select(BUCKETS.c.party, BUCKETS.c.kind, BUCKETS.c.bucket, BUCKETS.c.count).where(
    BUCKETS.c.call_id == bindparam("call_id")
)
_WITHIN: Final = select(func.count()).where(
    SPANS.c.call_id == bindparam("call_id"),
    SPANS.c.party == bindparam("party"),
    SPANS.c.kind == bindparam("kind"),
    SPANS.c.microseconds.between(bindparam("first"), bindparam("last")),
)
