"""One deed about many: each row is foreseen, then recorded by itself, once, or stays with its reason."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from domain.evaluation.aggregate import EVALUATION
from domain.ids import evaluation_id
from domain.people import ENGINE
from domain.pilot_action.commands import CheckEligibility
from fund_service.auth.sessions import csrf_of
from fund_service.web.wishes import deed_address
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, CALENDAR, CALL_ID, action_of, id_of
from tests.fund_service.staged_fund import Stage, StagedFund, copied
from tests.fund_service.web.visitor import Visitor, seen, somebody

TURIN, MALAGA, HAMBURG, DUBLIN = APPLICANTS
KEY: Final = "one look"


@pytest.fixture
def closed(turning: Turning, stages: dict[Stage, Path], tmp_path: Path) -> Iterator[Api]:
    """Return a fund in which three applications wait for evaluators; the fourth was not looked at yet."""
    with turning.opened(copied(stages[Stage.CLOSED], tmp_path / "fund")) as opened:
        story = StagedFund(opened.parts.fund)
        story.number, story.at = 10_000, CALENDAR.eligibility_checked
        for one in (TURIN, MALAGA, HAMBURG):
            story.act(CheckEligibility, ENGINE, pilot_action_id=action_of(one))
        opened.parts.facts.put("clock", story.at.isoformat())
        opened.parts.projector.catch_up()
        yield opened


def seats(api: Api) -> int:
    """Return how many seats are taken on all committees."""
    found = (api.parts.fund.look(EVALUATION, evaluation_id(action_of(one))) for one in APPLICANTS)
    return sum(len(one.seats) for one in found if one is not None)


def rows(*given: object) -> list[tuple[str, str]]:
    """Return the rows of a form by their pages."""
    return [("row", deed_address("AssignEvaluator", pilot_action_id=action_of(one))) for one in given]  # type: ignore[arg-type]


def send(who: Visitor, *pairs: tuple[str, str]) -> str:
    """Send a form of many, and return what the page says."""
    return seen(who.send_all("/together", [("csrf", csrf_of(who.secret or "")), *pairs])).said


def test_ticked_rows_of_a_list_are_asked_about_before_anything_is_recorded(closed: Api) -> None:
    who, end = somebody(closed, "Secretariat 1"), closed.parts.log.end()
    page = who.see(f"/calls/{CALL_ID}/applications")
    assert "With the ticked rows" in page.said
    ids = [("row", str(action_of(one))) for one in (TURIN, MALAGA)]
    said = send(who, ("deed", "AssignEvaluator"), *ids)
    assert "Assign an evaluator to an application 2 rows" in said
    assert "Nothing is recorded yet." in said
    assert said.count("To be filled in") == 2
    assert closed.parts.log.end() == end


def test_each_row_says_what_would_be_recorded_or_why_not(closed: Api) -> None:
    who, end = somebody(closed, "Secretariat 1"), closed.parts.log.end()
    given = rows(TURIN, DUBLIN)
    said = send(who, *given, ("key", KEY), ("evaluator", str(id_of("Evaluator 1"))))
    assert said.count("Possible An evaluator was assigned.") == 1
    assert said.count("Refused") == 1
    assert closed.parts.log.end() == end


def test_what_is_ticked_is_recorded_row_by_row_and_sent_twice_it_is_recorded_once(closed: Api) -> None:
    who = somebody(closed, "Secretariat 1")
    given = rows(TURIN, MALAGA, HAMBURG, DUBLIN)
    ticks = [("tick", address) for _, address in (*given[:2], given[3])]
    form = [*given, *ticks, ("key", KEY), ("evaluator", str(id_of("Evaluator 1"))), ("record", "yes")]
    said = send(who, *form)
    assert "2 of 4 recorded. 1 refused: each says why." in said
    assert "Left out" in said
    assert "Look again at the refused row" in said
    assert seats(closed) == 2
    again = send(who, *form)
    assert again.count("Recorded before") == 2
    assert seats(closed) == 2


def test_a_row_may_say_for_itself_what_the_others_are_asked(closed: Api) -> None:
    who = somebody(closed, "Secretariat 1")
    given = [
        ("row", deed_address("AssignEvaluator", pilot_action_id=action_of(one), evaluator=id_of(name)))
        for one, name in ((TURIN, "Evaluator 1"), (MALAGA, "Evaluator 2"))
    ]
    said = send(who, *given)
    assert said.count("Possible") == 2
    assert "The same for all rows" not in said
    send(who, *given, *(("tick", row) for _, row in given), ("key", KEY), ("record", "yes"))
    taken = [closed.parts.fund.look(EVALUATION, evaluation_id(action_of(one))) for one in (TURIN, MALAGA)]
    assert [set(one.seats) for one in taken if one] == [{id_of("Evaluator 1")}, {id_of("Evaluator 2")}]


def test_nobody_does_more_together_than_row_by_row(closed: Api) -> None:
    evaluator = ("evaluator", str(id_of("Evaluator 1")))
    for who in ("Officer of Turin", "Secretariat LAC"):
        form = [*rows(TURIN, MALAGA), ("key", KEY), evaluator, ("record", "yes")]
        said = send(somebody(closed, who), *form, *(("tick", address) for _, address in rows(TURIN, MALAGA)))
        assert "0 of 2 recorded. 2 refused" in said
    assert "or you may not see it." in send(
        somebody(closed, "Officer of Dublin"), *rows(TURIN), ("key", KEY), evaluator
    )
    assert seats(closed) == 0


def test_what_cannot_go_together_is_refused_with_the_cure(closed: Api) -> None:
    who = somebody(closed, "Secretariat 1")
    csrf = ("csrf", csrf_of(who.secret or ""))
    other = ("row", deed_address("AssignCoach", partnership_id=id_of("x")))
    for pairs, says in (
        ([], "No row is ticked."),
        ([*rows(TURIN), other], "cannot be done together"),
        ([("row", deed_address("GrantRole", subject=id_of("x")))], "cannot be done together"),
        ([("deed", "CheckEligibility"), ("row", str(id_of("x")))], "no such deed about many things"),
    ):
        assert says in seen(who.send_all("/together", [csrf, *pairs]), 422).said
    assert who.send_all("/together", rows(TURIN)).status_code == 403
    assert seats(closed) == 0


def test_what_waits_several_times_is_offered_together_at_home(closed: Api) -> None:
    page = somebody(closed, "Secretariat 1").see("/home")
    assert "Do the same for several" in page.said
    assert "Assign an evaluator to an application 3" in page.said
    assert "Do the same for several" not in somebody(closed, "Officer of Turin").see("/home").said
