"""A page asks the database as often for many rows as for a few."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, CALENDAR, CALL_ID, Applicant
from tests.fund_service.staged_fund import Stage, StagedFund, copied
from tests.fund_service.web.visitor import somebody

MORE = tuple(
    Applicant(f"Place {n}", f"Partner {n}", "Asia", f"Benches for street {n}", 900_000, {}) for n in range(1, 7)
)
PAGES = (
    "/home",
    "/messages",
    "/accounts",
    "/search?q=with",
    "/search?q=officer",
    f"/calls/{CALL_ID}/partnerships",
    f"/calls/{CALL_ID}/applications",
    f"/calls/{CALL_ID}/applications?sort=-title&q=e",
    f"/calls/{CALL_ID}/grants",
    f"/calls/{CALL_ID}/desk",
    f"/calls/{CALL_ID}/dashboard",
)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Return the statements that the databases of screens and directory are asked meanwhile."""
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        asked.append(re.sub(r"IN \([^()]*\)", "IN (…)", statement))  # however many are named

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def statements(api: Api, page: str) -> list[str]:
    """Return what one look at a page asks, by somebody who looked before."""
    who = somebody(api, "Secretariat 1")
    who.see(page)
    with counted() as asked:
        who.see(page)
    return asked


@pytest.fixture(scope="module")
def few(turning: Turning, stages: dict[Stage, Path]) -> dict[str, list[str]]:
    """Return what each page asks in a small fund."""
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        return {page: statements(opened, page) for page in PAGES}


@pytest.fixture(scope="module")
def many(turning: Turning, stages: dict[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Return what each page asks in the same fund, with more than twice as many partnerships and applications."""
    with turning.opened(copied(stages[Stage.OPEN], tmp_path_factory.mktemp("many") / "fund")) as opened:
        story = StagedFund(opened.parts.fund)
        story.number = 10_000
        for one in MORE:
            story.at = CALENDAR.published
            story.pair(one)
            story.at = CALENDAR.applications_open
            story.apply(one)
        opened.parts.projector.catch_up()
        assert f"{len(APPLICANTS) + len(MORE)} rows" in somebody(opened, "Secretariat 1").see(PAGES[6]).said
        return {page: statements(opened, page) for page in PAGES}


@pytest.mark.parametrize("page", PAGES)
def test_more_rows_are_asked_for_by_the_same_queries(
    page: str, few: dict[str, list[str]], many: dict[str, list[str]]
) -> None:
    assert len(few[page]) > 0
    assert many[page] == few[page]
