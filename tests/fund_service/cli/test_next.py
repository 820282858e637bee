"""`fund next`: what waits for me, by when, why, and the command that does it."""

import json
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.account.commands import ConfirmRole, GrantRole
from domain.call.aggregate import CALL
from domain.call.commands import (
    ApproveAwardList,
    CloseApplicationWindow,
    EstablishRanking,
    OpenApplicationWindow,
    ProposeAwardList,
)
from domain.evaluation.commands import AssignEvaluator
from domain.people import ENGINE, Role
from domain.pilot_action.commands import CheckEligibility
from fund_service.composition import open_parts
from fund_service.facts import Facts
from fund_service.settings import Settings
from fund_service.store import open_store
from tests.fund_service.cli.conftest import Run
from tests.fund_service.small_fund import (
    APPLICANTS,
    APPROVERS,
    CALENDAR,
    CALL_ID,
    EVALUATORS,
    LINE,
    OFFICE,
    SmallFund,
    action_of,
    id_of,
    partnership_of,
)

TURIN = APPLICANTS[0]
Waiting = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallFund]:
    """A fund with one partnership that may propose a pilot action, on the day on which applications open."""
    monkeypatch.setenv("FUND_DATA", str(tmp_path))
    with open_store(Settings(data=tmp_path)) as store:
        Facts(store.engine("facts")).put("clock", CALENDAR.applications_open.isoformat())
    with open_parts(Settings(data=tmp_path)) as parts:
        small = SmallFund(parts.fund)
        small.found()
        small.pair(TURIN)
        yield small


@pytest.fixture
def waiting(fund: Run, begun: SmallFund, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """Tell what waits for somebody in the fund that was begun."""
    monkeypatch.setenv("FUND_DATA", str(tmp_path))

    def tell(who: str) -> list[dict[str, Any]]:
        rows = json.loads(fund("next", "--as", who, "--json").out)
        assert isinstance(rows, list)
        return rows

    return tell


def asked(rows: list[dict[str, Any]]) -> list[str]:
    """Return the names of the commands."""
    return [shlex.split(row["command"])[4] for row in rows]


def test_an_officer_is_told_the_next_deed_until_when_why_and_how(begun: SmallFund, waiting: Waiting) -> None:
    [row] = waiting("Officer of Turin")
    about = partnership_of(TURIN)
    assert row == {
        "id": str(about),
        "kind": "partnership",
        "title": "Turin with Nagoya",
        "partnership": "Turin with Nagoya",
        "deed": "Propose a pilot action.",
        "rule": "S34",
        "due": CALENDAR.applications_close.isoformat().replace("+00:00", "Z"),
        "late": False,
        "command": f"fund act --as 'Officer of Turin' propose-pilot-action --set partnership_id={about} "
        "--set 'pilot_action_id=…' --set 'line=…' --set 'title=…'",
    }
    assert waiting("Officer of Nagoya") == waiting("Evaluator 1") == waiting("operator") == []


def test_offices_and_evaluators_see_what_waits_for_them_and_not_what_separation_forbids(
    begun: SmallFund, waiting: Waiting
) -> None:
    begun.act(GrantRole, OFFICE, subject=id_of(EVALUATORS[0]), role=Role.CERTIFIER)
    assert asked(waiting("Secretariat 2")) == ["confirm-role"]
    assert waiting("Secretariat 1") == []
    begun.act(ConfirmRole, id_of("Secretariat 2"), subject=id_of(EVALUATORS[0]), role=Role.CERTIFIER)
    assert waiting("Secretariat 2") == []
    begun.at = CALENDAR.applications_open
    begun.act(OpenApplicationWindow, ENGINE, call_id=CALL_ID)
    begun.apply(TURIN)
    begun.at = CALENDAR.applications_close
    begun.act(CloseApplicationWindow, ENGINE, call_id=CALL_ID)
    begun.act(CheckEligibility, ENGINE, pilot_action_id=action_of(TURIN))
    assert asked(waiting("Secretariat 1")) == ["assign-evaluator"]
    begun.act(AssignEvaluator, OFFICE, pilot_action_id=action_of(TURIN), evaluator=id_of(EVALUATORS[0]))
    [declare] = waiting(EVALUATORS[0])
    assert (declare["id"], declare["title"]) == (str(action_of(TURIN)), TURIN.title)
    assert asked([declare]) == ["declare-no-conflict"]
    assert waiting(EVALUATORS[1]) == waiting(APPROVERS[0]) == []


def test_an_award_list_waits_for_each_approver_once(begun: SmallFund, waiting: Waiting) -> None:
    begun.at = CALENDAR.applications_open
    begun.act(OpenApplicationWindow, ENGINE, call_id=CALL_ID)
    begun.apply(TURIN)
    begun.at = CALENDAR.applications_close
    begun.act(CloseApplicationWindow, ENGINE, call_id=CALL_ID)
    begun.judge(TURIN)
    begun.at = CALENDAR.scores_due
    place = {"call_id": CALL_ID, "line": LINE}
    begun.act(EstablishRanking, ENGINE, **place)
    assert asked(waiting("Secretariat 1")) == ["propose-award-list"]
    begun.act(ProposeAwardList, OFFICE, **place)
    call = begun.fund.look(CALL, CALL_ID)
    assert call is not None
    digest = call.list_of(LINE).digest
    [row] = waiting(APPROVERS[0])
    assert row["command"].endswith(
        f"approve-award-list --set call_id={CALL_ID} --set line={LINE} --set digest={digest}"
    )
    begun.act(ApproveAwardList, id_of(APPROVERS[0]), **place, digest=digest)
    assert waiting(APPROVERS[0]) == waiting("Secretariat 1") == []
    assert asked(waiting(APPROVERS[1])) == ["approve-award-list"]


def test_people_read_each_deed_with_its_command_on_one_line(fund: Run) -> None:
    shown = fund("next", "--as", "Officer of Málaga").out.splitlines()
    assert shown[0].startswith("Until Thu 16 Apr 2026, 00:00 Brussels")
    assert shown[1:3] == [
        "  Accept or decline the support of €9,412.50. (D11)",
        "  Grant “=Shade for the old harbour”, Málaga with Suwon",
    ]
    assert shown[3].startswith("  fund act --as 'Officer of Málaga' accept-grant --set grant_id=")
    assert shown[5] == "1 deed"
    assert "0 of 1 deed" in fund("next", "--as", "Officer of Málaga", "--where", "kind=call").out
    assert fund("next", "--as", "Officer of Málaga", "--csv").out.startswith("id,kind,title,")


def test_an_empty_list_says_so_and_what_the_calendar_brings(fund: Run, waiting: Waiting) -> None:
    assert waiting("Approver 1") == []
    reminder = "applications reminder, Tue 17 March 2026, 09:00 Brussels (IURC competitive fund 2026)"
    assert fund("next", "--as", "Approver 1").out == (
        f"Nothing waits for Approver 1 now. Next in the calendar: {reminder}.\n"
    )


def test_an_unknown_subject_is_told_how_to_name_one(fund: Run) -> None:
    said = fund("next", "--as", "nobody")
    assert (said.code, said.err) == (
        5,
        "There is no account “nobody”. Write its label, such as “Secretariat 1”, or its id.\n",
    )
