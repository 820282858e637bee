"""The rows of a ranking in groups, from the line down: awarded, in reserve, above the thresholds, below one."""

from collections.abc import Iterable
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from projections.call_ranking import RankedRow


class Group(StrEnum):
    """Where a row stands: it is awarded, has a reserve place, has none though it is above the thresholds, or is not."""

    AWARD = "award"
    RESERVE = "reserve"
    ABOVE = "above"
    BELOW = "below"


class Grouped(NamedTuple):
    """Rows one under another in the same group."""

    group: Group
    rows: "list[RankedRow]"


def group_of(row: "RankedRow") -> Group:
    """Return the group of a row."""
    if row.outcome in (Group.AWARD, Group.RESERVE):
        return Group(row.outcome)
    return Group.ABOVE if row.passed else Group.BELOW


def in_groups(rows: "Iterable[RankedRow]") -> list[Grouped]:
    """Return the rows in their order, group by group; a departure from rank divides one."""
    return [Grouped(group, list(found)) for group, found in groupby(rows, key=group_of)]
