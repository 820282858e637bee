"""The map shows the published pairings, and with whom a pilot action gets support only once that is public."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fund_service.rehearsal.pairings import pairings, positions
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import Visitor


@pytest.fixture(scope="module", params=[Stage.APPROVED, Stage.GRANTED])
def fund(request: pytest.FixtureRequest, turning: Turning, stages: dict[Stage, Path]) -> Iterator[tuple[Api, bool]]:
    """Return a small fund before the release and after it, and which it is. Turin and Nagoya are paired in public."""
    with turning.opened(stages[request.param]) as opened:
        opened.parts.projector.catch_up()
        yield opened, request.param is Stage.GRANTED


def test_each_pairing_is_a_line_and_a_row_and_support_is_told_when_it_is_public(fund: tuple[Api, bool]) -> None:
    opened, released = fund
    page = Visitor(opened).see("/map")
    assert page.content.count('<g class="pairing') == sum(
        1 for one in pairings() if one.coordinator.name in positions()
    )
    assert page.said.count(" with ") >= len(pairings())
    assert ("Cool schoolyards" in page.said) is released
    assert ("pairing--supported" in page.content) is released
    assert "Without a position here: Lemvig" in page.said


def test_lines_stay_on_the_earth_and_end_where_the_places_lie(fund: tuple[Api, bool]) -> None:
    content = Visitor(fund[0]).see("/map?q=Nagoya").content
    ((x1, y1, x2, y2),) = re.findall(r'<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)"/>', content)
    latitude, longitude = positions()["Turin"]
    assert abs(float(x1) - (longitude + 180) / 0.36) < 0.1
    assert abs(float(y1) - (90 - latitude) / 0.36) < 0.1
    assert float(x2) > float(x1)
    assert 33.3 < float(y2) < 408.3


def test_the_map_is_narrowed_by_cluster_and_says_the_same_as_the_list(fund: tuple[Api, bool]) -> None:
    page = Visitor(fund[0]).see("/map?cluster=Circular%20Economy")
    of_it = [one for one in pairings() if one.cluster == "Circular Economy"]
    assert f"{len(of_it)} rows" in page.said
    assert page.content.count('<g class="pairing') <= len(of_it)
    rows = fund[0].get(None, "/pairings?cluster=Circular%20Economy").json()
    assert [row["name"] for row in rows] == [one.name for one in of_it]
    assert "0 rows" in Visitor(fund[0]).see("/map?cluster=none").said
