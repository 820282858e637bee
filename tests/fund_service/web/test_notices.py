"""Every page leads to an honest statement of accessibility and to what is kept of people."""

from pathlib import Path
from shutil import copytree

import pytest

from fund_service.api import bearing
from fund_service.composition import open_parts
from fund_service.settings import Settings, read_settings
from fund_service.web import languages
from tests.fund_service.api.conftest import SERVED, Api, Turning
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import Visitor


def test_every_page_leads_to_both_and_they_name_whom_one_writes_to_or_that_nobody_is_named(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        who = Visitor(opened)
        assert {"/accessibility", "/privacy"} <= set(who.see("/").links) & set(who.see("/nothing", 404).links)
        for where in ("/accessibility", "/privacy"):
            assert "has not said yet how to reach them" in who.see(where).said


@pytest.mark.parametrize(
    ("contact", "link"),
    [("help@fund.example", "mailto:help@fund.example"), ("https://x.example/a", "https://x.example/a")],
)
def test_whom_one_writes_to_is_a_setting(stages: dict[Stage, Path], tmp_path: Path, contact: str, link: str) -> None:
    place = copytree(stages[Stage.OPEN], tmp_path / "fund")
    with open_parts(Settings(data=place, contact=contact, **SERVED)) as parts:
        parts.projector.catch_up()
        for where in ("/accessibility", "/privacy"):
            assert link in Visitor(Api(parts)).see(where).links


def test_the_privacy_notice_names_every_cookie_that_the_service_sets(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    set_here = {
        value for module in (bearing, languages) for value in vars(module).values() if str(value).startswith("__Host-")
    }
    assert len(set_here) == 3
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        said = Visitor(opened).see("/privacy").said
        for cookie in set_here:
            assert cookie in said


def test_a_contact_is_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    for unread in ("nobody", "http://x.example", "javascript:alert(1)", "a b@c"):
        monkeypatch.setenv("FUND_CONTACT", unread)
        with pytest.raises(Exception, match="FUND_CONTACT"):
            read_settings()
