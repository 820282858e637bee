"""A list as one looks at it, saved under a name: above that list and at home, for oneself alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import CALL_ID
from tests.fund_service.staged_fund import Stage, copied
from tests.fund_service.web.visitor import Visitor, seen, somebody

LIST = f"/calls/{CALL_ID}/applications"
HERE = f"{LIST}?sort=-title&q=e"


@pytest.fixture
def fund(turning: Turning, stages: dict[Stage, Path], tmp_path: Path) -> Iterator[Api]:
    """Return a small fund of the test's own."""
    with turning.opened(copied(stages[Stage.OPEN], tmp_path / "fund")) as opened:
        opened.parts.projector.catch_up()
        yield opened


def test_a_view_stands_above_its_list_and_at_home_until_it_is_forgotten(fund: Api) -> None:
    who = somebody(fund, "Secretariat 1")
    assert "Save this view" in who.see(f"{HERE}&page=1").said
    answer = who.send("/views", {"address": HERE, "name": "Titles <b> downwards"})
    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    for where in (LIST, HERE, "/home"):
        page = who.see(where)
        assert HERE in page.links, where
        assert "Titles <b> downwards" in page.said
        assert "<b>" not in page.content
    assert "Titles" not in who.see("/accounts").said
    assert "Titles" not in somebody(fund, "Secretariat 2").see("/home").said
    view = who.see("/home").content.partition('name="forget" value="')[2].partition('"')[0]
    somebody(fund, "Secretariat 2").send("/views", {"forget": view})
    assert "Titles" in who.see("/home").said
    assert who.send("/views", {"forget": view, "address": "/home"}).headers["Location"] == "/home"
    assert "Titles" not in who.see("/home").said


def test_a_view_leads_nowhere_else_and_is_saved_by_its_owners_own_page_alone(fund: Api) -> None:
    who = somebody(fund, "Secretariat 1")
    assert who.send("/views", {"address": "https://elsewhere.example/", "name": "x"}).headers["Location"] == "/home"
    assert "elsewhere" not in who.see("/home").content
    assert who.send_all("/views", [("address", HERE), ("name", "y")]).status_code == 403
    assert Visitor(fund).send("/views", {"address": HERE, "name": "y"}).status_code == 401
    assert "A view needs a name." in seen(who.send("/views", {"address": HERE, "name": " "}), 422).said
    assert "This names no view." in seen(who.send("/views", {"forget": "x"}), 422).said
