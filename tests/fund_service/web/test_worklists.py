"""Worklists, people and messages: each finds the own next deed, and nothing that is another's."""

from pathlib import Path
from shutil import copytree

from domain.evaluation.commands import AssignEvaluator
from domain.people import ENGINE
from domain.pilot_action.commands import CheckEligibility
from tests.fund_service.api.conftest import Turning
from tests.fund_service.small_fund import APPLICANTS, CALENDAR, CALL_ID, OFFICE, action_of, id_of, partnership_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import somebody

TURIN, MALAGA = APPLICANTS[:2]


def test_an_evaluator_is_led_to_the_next_application_and_reads_nothing_of_it(
    turning: Turning, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    with turning.opened(copytree(stages[Stage.CLOSED], tmp_path / "fund")) as opened:
        at = CALENDAR.eligibility_checked
        for by, command, named in (
            (ENGINE, CheckEligibility, {}),
            (OFFICE, AssignEvaluator, {"evaluator": id_of("Evaluator 4")}),
        ):
            about = {"by": by, "at": at, "key": command.__name__, "pilot_action_id": action_of(TURIN)}
            opened.parts.fund.handle(command.model_validate({**about, **named}))
        opened.parts.projector.catch_up()
        page = somebody(opened, "Evaluator 4").see("/me/evaluations")
        assert "1 application to do" in page.said
        assert "Turin with Nagoya" in page.said
        assert "Nothing of the application is shown until you have said" in page.said
        assert f"/do/pilot-actions/{action_of(TURIN)}/evaluation/declaration-of-no-conflict" in page.links
        assert f"/do/pilot-actions/{action_of(TURIN)}/evaluation/withdrawal" in page.links
        assert "Málaga" not in page.said
        other = somebody(opened, "Evaluator 5").see("/me/evaluations")
        assert "No application is given to you yet." in other.said
    with turning.opened(stages[Stage.EVALUATED]) as opened:
        opened.parts.projector.catch_up()
        said = somebody(opened, "Evaluator 1").see("/me/evaluations").said
        assert "All done" in said
        assert said.count("Done") > len(APPLICANTS)


def test_a_coach_is_led_to_the_next_session(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        who = somebody(opened, "Coach 1")
        page = who.see("/me/coaching")
        assert "You coach 1 partnership" in page.said
        assert f"/do/partnerships/{partnership_of(TURIN)}/coaching/sessions" in page.links
        assert "/me/coaching" in who.see("/home").links
        assert "/me/coaching" not in somebody(opened, "Evaluator 1").see("/home").links
        assert "No partnership is given to you yet." in somebody(opened, "Evaluator 1").see("/me/coaching").said


def test_the_secretariat_finds_people_with_their_roles_and_others_themselves(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        office, account = somebody(opened, "Secretariat 1"), f"/accounts/{id_of('Coach 1')}"
        found = office.see("/accounts?q=coach")
        assert "Coach 1" in found.said
        assert "Coach (AA)" in found.said
        assert "Evaluator 1" not in found.said
        assert account in found.links
        page = office.see(account)
        assert f"/do{account}/roles" in page.links
        assert f"/do{account}/roles/coach/revocation" in page.links
        officer = somebody(opened, "Officer of Turin")
        assert [id for id in officer.see("/accounts").ids if id.startswith("account-")] == [
            f"account-{id_of('Officer of Turin')}"
        ]
        officer.see(account, 404)
        assert f"/do{account}/roles" not in somebody(opened, "Auditor 1").see(account).links


def test_messages_are_ones_own_and_those_about_a_partnership_the_offices(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    with turning.opened(stages[Stage.RELEASED]) as opened:
        opened.parts.projector.catch_up()
        mine = somebody(opened, "Officer of Turin").see("/messages").said
        assert "Turin" in mine
        assert "Málaga" not in mine
        about = f"/partnerships/{partnership_of(MALAGA)}/messages"
        office = somebody(opened, "Secretariat 1")
        assert about in office.see(f"/calls/{CALL_ID}/partnerships").links
        assert "What was told about Málaga with Suwon" in office.see(about).said
        for label in ("Officer of Málaga", "Approver 1", "Evaluator 1"):
            somebody(opened, label).see(about, 404)
