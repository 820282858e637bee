"""Whatever somebody writes into the address of a page, an answer comes, and never a fault of ours."""

from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Final
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.ids import grant_id
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, LINE, action_of, id_of, partnership_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import Visitor, somebody

PEOPLE: Final = (None, "Auditor 1", "Secretariat 1", "Officer of Turin", "Evaluator 1", "Approver 1", "Certifier 1")
KNOWN: Final = {
    "call_id": CALL_ID,
    "grant_id": grant_id(action_of(APPLICANTS[0])),
    "line": LINE,
    "organisation_id": id_of("Turin"),
    "partnership_id": partnership_of(APPLICANTS[0]),
    "pilot_action_id": action_of(APPLICANTS[0]),
    "position": 400,
    "subject": id_of("Officer of Turin"),
}
ASKED: Final = (
    *("as_of", "held_at", "q", "sort", "page", "party", "late", "deed", "open", "envelope", "without", "since"),
    *("until", "question", "at", "size", "seed", "method", "measure", "by", "done", "next", "version"),
)
ODD: Final = (
    *("", "0", "-1", "1", "300", "1e9", "9" * 30, "10.000", "abc", "true", "null", "%00", "\x00", "'\"<x>", "=1+1"),
    *("../..", "é\u202e", "🙂" * 300, "-requested_cents", "2026-03-27", "2026-13-45", "2026-03-29T02:30"),
    *("0001-01-01", "9999-12-31T23:59:59Z", "00000000-0000-0000-0000-000000000000", str(CALL_ID)),
)
VALUES: Final = st.sampled_from(ODD) | st.text(max_size=9)
QUERIES: Final = st.lists(st.tuples(st.sampled_from(ASKED), VALUES), max_size=3)


@pytest.fixture(scope="module")
def fund(turning: Turning, stages: dict[Stage, Path]) -> Iterator[Api]:
    """Return a fund in which there is something of everything; nothing is recorded in it."""
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        yield opened


def test_no_address_of_a_page_leads_to_a_fault(fund: Api) -> None:
    people = [somebody(fund, label) if label else Visitor(fund) for label in PEOPLE]
    pages = sorted(_pages(fund))
    assert len(pages) > 60

    @settings(max_examples=1000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(pages), st.sampled_from(people), QUERIES, st.booleans(), VALUES)
    def one(page: str, who: Visitor, query: list[tuple[str, str]], real: bool, odd: str) -> None:
        names = [name for _, name, _, _ in Formatter().parse(page) if name]
        given_names = {name: KNOWN.get(name, odd) if real else odd for name in names}
        path = page.format_map({name: quote(str(value), safe="") for name, value in given_names.items()})
        status = who.ask(f"{path}?{urlencode(query, errors='replace')}").status_code
        assert status < 500, (page, given_names, query)

    one()


def _pages(fund: Api) -> Iterator[str]:
    """Yield the paths of all pages but those that are followed and never end."""
    for route in fund.client.app.router.routes:  # type: ignore[attr-defined]
        if "GET" in getattr(route, "methods", ()) and not route.include_in_schema and route.path != "/live":
            yield route.path.replace(":path}", "}")
