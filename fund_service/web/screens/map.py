"""Who works with whom: the published pairings as lines on a map, and the same as a list."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Query

from fund_service.api.asking import Asking, Open
from fund_service.api.resources.pairings import PairingRow, published_pairings
from fund_service.rehearsal.pairings import positions
from fund_service.web.lists import Listed, shown
from fund_service.web.pages import Pages
from projections.results import results

WIDE: Final = 1000
"""The earth is so wide on the map, from 180° west to 180° east: an equirectangular frame, as its outline is drawn."""


class Point(NamedTuple):
    """A place on the map."""

    name: str
    x: float
    y: float


class Lines(NamedTuple):
    """A pairing on the map: from who coordinates to each other member that has a position."""

    name: str
    supported: bool
    ends: tuple[tuple[Point, Point], ...]


def map_page(pages: Pages) -> None:
    """Enter the page. `cluster` keeps the pairings of one cluster."""

    @pages.page("/map", "map.html", Open.EVERYBODY)
    def pairings(
        asking: Asking, wanted: Listed, cluster: Annotated[str, Query(max_length=100)] = ""
    ) -> Mapping[str, Any]:
        everywhere = published_pairings()
        rows = [one for one in everywhere if not cluster or one.cluster == cluster]
        found = shown(asking, rows, PairingRow, None, wanted)
        supported = {one.partnership: one for one in results(asking.connection)}
        lines = list(_lines(found.rows, supported))
        points = {point.name: point for one in lines for pair in one.ends for point in pair}
        members = {member for one in found.rows for member in one.members}
        return {
            "list": found,
            "cluster": cluster,
            "clusters": sorted({one.cluster for one in everywhere if one.cluster}),
            "lines": lines,
            "points": sorted(points.values()),
            "missing": sorted(members - positions().keys()),
            "supported": supported,
        }


def _points() -> Mapping[str, Point]:
    scale = WIDE / 360
    return {
        name: Point(name, round((longitude + 180) * scale, 1), round((90 - latitude) * scale, 1))
        for name, (latitude, longitude) in positions().items()
    }


def _lines(rows: Iterable[PairingRow], supported: Mapping[str, Any]) -> Iterator[Lines]:
    at = _points()
    for row in rows:
        members = [at[name] for name in row.members if name in at]
        first = at.get(row.coordinator)
        if first is not None:
            yield Lines(row.name, row.name in supported, tuple((first, one) for one in members if one != first))
