"""An open page hears that something was recorded that its reader may read: nothing else, nothing more."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import update
from starlette.requests import Request

from domain.pilot_action.commands import SaveDraftSection
from fund_service.api.bearing import COOKIE, Bearing
from fund_service.api.context import Context
from fund_service.auth.directory import SESSIONS
from fund_service.permissions.actors import Actor
from fund_service.web.live import Ear, Live, heard
from fund_service.web.wishes import deed_address
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.api.standing import asked
from tests.fund_service.small_fund import APPLICANTS, action_of, id_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import seen, somebody

SECTION = deed_address("SaveDraftSection", pilot_action_id=action_of(APPLICANTS[0]), section="action")
LEAD, STRANGER = "Officer of Turin", "Officer of Málaga"


@pytest.fixture
def fund(turning: Turning, stages: dict[Stage, Path], tmp_path: Path) -> Iterator[Api]:
    """Return a small fund of the test's own."""
    with turning.opened(copytree(stages[Stage.OPEN], tmp_path / "fund")) as opened:
        opened.parts.projector.catch_up()
        yield opened


def test_only_who_may_read_an_event_hears_that_there_is_one_and_every_page_has_heard_as_far(fund: Api) -> None:
    context: Context = fund.client.app.state.context  # type: ignore[attr-defined]
    begin = fund.parts.log.end()
    ears = [Ear(Actor(id_of(label)), begin, None) for label in (LEAD, STRANGER)]
    live = Live(context)
    assert live.told(ears) == []
    fund.parts.fund.handle(asked(SaveDraftSection, APPLICANTS[0], LEAD))
    assert live.told(ears) == []  # the screens have not followed yet
    fund.parts.projector.catch_up()
    assert live.told(ears) == ears[:1]
    assert {ear.after for ear in ears} == {fund.parts.log.end()}
    assert live.told(ears) == []


def test_a_page_that_asks_by_itself_keeps_no_session_awake(fund: Api) -> None:
    who, before = somebody(fund, LEAD), datetime.now(UTC) - timedelta(minutes=20)
    with fund.parts.store.engine("directory").begin() as connection:
        connection.execute(update(SESSIONS).values(seen_at=before))

    def seen_at() -> datetime:
        return fund.parts.sessions.of(id_of(LEAD), datetime.now(UTC))[-1].seen_at

    for path in ("/home", SECTION):
        assert seen(who.ask(path, Fund_Unasked="live")).said
        assert seen_at() == before
    who.see("/home")
    assert seen_at() > before


async def test_a_stream_ends_with_the_session_of_who_listens_and_nobody_else_opens_one(fund: Api) -> None:
    context: Context = fund.client.app.state.context  # type: ignore[attr-defined]
    assert fund.client.get("/live").status_code == 401
    secret = somebody(fund, LEAD).secret
    bearing = Bearing(None, secret, Request({"type": "http", "headers": [], "method": "GET"}))
    stream = heard(context, Live(context), bearing, 0, None)
    assert "event: quiet\n" in await anext(stream)
    assert "event: news\n" in await anext(stream)
    fund.parts.sessions.end_all(id_of(LEAD))
    assert COOKIE not in fund.client.cookies
    assert [one async for one in stream] == []
