"""Every deed has a page: what it takes, what would follow, why not; and what somebody typed is never lost."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from domain.grant.aggregate import GRANT
from domain.ids import grant_id
from domain.partnership.aggregate import PARTNERSHIP
from fund_service.api.deeds import DEEDS
from fund_service.auth.throttle import Throttle
from fund_service.web.wishes import deed_address
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, action_of, id_of, partnership_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.reading_pages import Page
from tests.fund_service.web.visitor import seen, somebody

TURIN = partnership_of(APPLICANTS[0])
GRANTED = grant_id(action_of(APPLICANTS[0]))
ORDER = deed_address("OrderResource", grant_id=GRANTED)
ORDERED = {
    "kind": "study",
    "supplier": "Plan B",
    "euros": "1 250,50",
    "period_from": "2026-06-01",
    "period_to": "2026-06-30",
}
BUYER, LOGIN, PASSWORD = "Resource manager 1", "rm@fund.example", "eleven quiet harbours"


@pytest.fixture(scope="module")
def fund(turning: Turning, stages: dict[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Return a small fund of the file's own, in which who orders has a login."""
    place = copytree(stages[Stage.GRANTED], tmp_path_factory.mktemp("doing") / "fund")
    with turning.opened(place) as opened:
        opened.parts.projector.catch_up()
        with opened.parts.store.engine("directory").begin() as connection:
            logins = opened.parts.local.logins
            logins.give(connection, id_of(BUYER), logins.checked(LOGIN, PASSWORD), datetime.now(UTC))
        opened.client.app.state.context.throttle = Throttle(opened.parts.vault.digest)  # type: ignore[attr-defined]
        yield opened


def hidden_fields(page: Page) -> dict[str, str]:
    """Return the fields of a form that nobody sees."""
    found = re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)">', page.content)
    return {name: value.replace("&#34;", '"') for name, value in found}


def ordered(fund: Api) -> int:
    """Return for how much was ordered, in cents."""
    granted = fund.parts.fund.look(GRANT, GRANTED)
    assert granted is not None
    return granted.ordered_cents


def test_a_deed_is_done_by_its_form_once_and_its_page_says_what_was_recorded(fund: Api) -> None:
    fund.parts.projector.catch_up()
    who = somebody(fund, BUYER)
    form = who.see(ORDER)
    before = ordered(fund)
    sent = {**hidden_fields(form), **ORDERED}
    answers = [who.send(ORDER, sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert ordered(fund) == before + 125_050
    fund.parts.projector.catch_up()
    shown = who.see(answers[0].headers["Location"])
    assert "Recorded" in shown.said
    assert "Plan B" in shown.said or "€1,250.50" in shown.said


def test_what_would_follow_is_told_and_nothing_is_recorded(fund: Api) -> None:
    who, end = somebody(fund, BUYER), fund.parts.log.end()
    told = seen(who.send(ORDER, {**hidden_fields(who.see(ORDER)), **ORDERED, "dry_run": "yes"}))
    assert "What happens if I do this now" in told.said
    assert "Who is told The coordinating city or region" in told.said
    assert 'value="Plan B"' in told.content
    assert fund.parts.log.end() == end


def test_a_refusal_names_rule_and_cure_and_keeps_what_was_typed(fund: Api) -> None:
    who = somebody(fund, BUYER)
    form = hidden_fields(who.see(ORDER))
    refused = seen(who.send(ORDER, {**form, **ORDERED, "euros": "9999.00"}), 409)
    assert "Why can’t I order a resource in kind?" in refused.said
    assert "/rules#D14" in refused.links or "/rules#S01" in refused.links or "Rule" in refused.said
    assert 'value="Plan B"' in refused.content
    again = who.send(ORDER, {**hidden_fields(refused), **ORDERED})
    assert again.status_code == 303


def test_a_sum_with_two_meanings_is_asked_back_beside_its_box(fund: Api) -> None:
    who, before = somebody(fund, BUYER), ordered(fund)
    form = hidden_fields(who.see(ORDER))
    asked = seen(who.send(ORDER, {**form, **ORDERED, "euros": "1.250"}), 422)
    assert "“1.250” can mean €1.25" in asked.said
    assert "#box-euros" in asked.links
    assert ordered(fund) == before


def test_a_missing_sum_is_named_beside_its_box_as_people_know_it(fund: Api) -> None:
    who = somebody(fund, BUYER)
    missing = seen(who.send(ORDER, {**hidden_fields(who.see(ORDER)), **ORDERED, "euros": ""}), 422)
    assert "#box-euros" in missing.links
    assert 'id="wrong-euros"' in missing.content
    assert "Value, all tax that is not recovered included: add it" in missing.said


def test_who_may_not_do_it_learns_why_and_nobody_learns_of_what_is_not_theirs(fund: Api) -> None:
    own = somebody(fund, "Officer of Turin").see(ORDER)
    assert "only the resource manager of this strand may" in own.said
    assert "There is no grant" in somebody(fund, "Officer of Málaga").see(ORDER, 404).said


def test_a_session_that_ends_in_the_middle_of_typing_loses_nothing(fund: Api) -> None:
    who = somebody(fund, BUYER)
    form = hidden_fields(who.see(ORDER))
    fund.parts.sessions.end_all(id_of(BUYER))
    out = seen(who.send(ORDER, {**form, **ORDERED}), 401)
    kept = hidden_fields(out)
    assert kept["supplier"] == "Plan B"
    wrong = seen(who.send(ORDER, {**kept, "login": LOGIN, "password": "wrong"}), 401)
    assert hidden_fields(wrong)["supplier"] == "Plan B"
    back = seen(who.send(ORDER, {**kept, "login": LOGIN, "password": PASSWORD}))
    assert 'value="Plan B"' in back.content
    assert who.send(ORDER, {**hidden_fields(back), **ORDERED}).status_code == 303


def test_a_form_of_another_site_is_refused(fund: Api) -> None:
    who, before = somebody(fund, BUYER), ordered(fund)
    form = hidden_fields(who.see(ORDER))
    assert who.send(ORDER, {**form, **ORDERED}, Sec_Fetch_Site="cross-site").status_code == 403
    stale = seen(who.send(ORDER, {**form, **ORDERED, "csrf": "of another session"}), 403)
    assert 'value="Plan B"' in stale.content
    assert ordered(fund) == before


def test_what_approves_needs_a_fresh_proof_on_the_page_itself(fund: Api) -> None:
    where = deed_address("MarkSharedMailbox", subject=id_of("Coach 1"))
    who = somebody(fund, "Secretariat 1")
    page = who.see(where)
    assert "password" in page.content or "Why can’t I" in page.said


def test_every_deed_without_a_file_has_a_page(fund: Api) -> None:
    who = somebody(fund, "Secretariat 1")
    partnership = fund.parts.fund.look(PARTNERSHIP, TURIN)
    assert partnership is not None
    given: dict[str, Any] = {
        "call_id": CALL_ID,
        "partnership_id": TURIN,
        "pilot_action_id": action_of(APPLICANTS[0]),
        "grant_id": GRANTED,
        "organisation_id": partnership.coordinator_id,
        "subject": id_of("Coach 1"),
        "represents": id_of("Approver 1"),
        "evaluator": id_of("Evaluator 1"),
        "attachment_id": GRANTED,
        "paper_id": id_of("a working paper"),
    } | {"line": "pilots", "order": 1, "number": 1, "correction": 1, "role": "coach", "section": "summary"}
    for deed in DEEDS:
        if not deed.uploads:
            known = {name: value for name, value in given.items() if name in deed.command.model_fields}
            answer = who.ask(deed_address(deed.command.__name__, **known))
            assert answer.status_code in (200, 303, 404), deed.path
            assert answer.is_redirect or len(Page(answer.text).said) > 100
