"""The ranking of a line explains every sum, tries another envelope without a trace, and keeps four eyes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

from domain.call.aggregate import CALL
from domain.call.commands import ApproveAwardList, EstablishRanking, ProposeAwardList, ReturnAwardList
from domain.people import ENGINE
from fund_service.web.wishes import deed_address
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, CALENDAR, CALL_ID, EVALUATORS, LINE, action_of, id_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import somebody

RANKING = f"/calls/{CALL_ID}/lines/{LINE}/ranking"
TURIN, MALAGA, HAMBURG, DUBLIN = APPLICANTS


def test_every_sum_of_the_ranking_is_explained_at_an_address(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.APPROVED]) as opened:
        opened.parts.projector.catch_up()
        who = somebody(opened, "Approver 1")
        whole = who.see(RANKING)
        assert "Ranking of 4 applications" in whole.said
        assert "approve" not in whole.said.partition("Version 1 is adopted")[2], "it is decided"
        assert "Rank 4: below a threshold Show 1" in whole.said
        assert "Dublin" not in whole.said
        (link,) = (link for link in whole.links if f"open={action_of(MALAGA)}" in link)
        said = who.see(link).said
        assert "Why Málaga with Suwon has 84.00 points" in said
        assert "Turin with Nagoya; Málaga with Suwon have the same total." in said
        assert "Transferability and replication: mean 4.00 ; Turin mean 5.00" in said
        below = who.see(f"{RANKING}?open={action_of(DUBLIN)}").said
        assert "Quality and feasibility Below 3" in below
        assert "Why Dublin with Lima has" in below


def test_what_the_evaluators_wrote_stands_beside_the_scores_for_who_may_read_it(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    with turning.opened(stages[Stage.APPROVED]) as opened:
        opened.parts.projector.catch_up()
        approver = somebody(opened, "Approver 1")
        opened_row = f"{RANKING}?open={action_of(MALAGA)}"
        for page in (opened_row, f"{RANKING}/explanation?rank=2", f"/pilot-actions/{action_of(MALAGA)}/outcome"):
            assert f"{EVALUATORS[0]}: " in approver.see(page).said.partition("What the evaluators wrote")[2]
        assert "What the evaluators wrote" not in approver.see(RANKING).said, "of each place on its own page"
        applicant, own = somebody(opened, "Officer of Málaga"), f"/pilot-actions/{action_of(MALAGA)}"
        assert "What the evaluators wrote" not in applicant.see(own).said
    with turning.opened(stages[Stage.RELEASED]) as opened:
        opened.parts.projector.catch_up()
        applicant = somebody(opened, "Officer of Málaga")
        for page in (own, f"{own}/outcome"):
            said = applicant.see(page).said.partition("What the evaluators wrote")[2]
            assert "Evaluator no. 1: " in said
            assert not any(name in said for name in EVALUATORS), "the call hides them"


def test_in_spanish_every_figure_of_a_ranking_has_its_comma(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.APPROVED]) as opened:
        opened.parts.projector.catch_up()
        who = somebody(opened, "Auditor 1")
        who.language = "es"
        row, place = f"{RANKING}?open={action_of(MALAGA)}", f"{RANKING}/explanation?rank=2"
        for page in (row, place, f"{RANKING}/explanation", f"/pilot-actions/{action_of(MALAGA)}/outcome"):
            said = who.see(page).said
            assert re.findall(r"84,00", said)
            assert re.findall(r"\d\.\d\d\b", said) == []


def test_another_envelope_moves_the_line_and_is_recorded_nowhere(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.APPROVED]) as opened:
        opened.parts.projector.catch_up()
        who, before = somebody(opened, "Auditor 1"), opened.parts.fund.world().at
        assert " left of €24,000.00" in who.see(RANKING).said
        lower = who.see(f"{RANKING}?envelope=10000").said
        assert "What if: an envelope of €10,000.00 instead of €24,000.00. Nothing is recorded" in lower
        assert "The line: €10,000.00 above it, €0.00 left of €10,000.00" in lower
        assert lower.index("The line: €10,000.00") < lower.index("Málaga") < lower.index("Reserve 1")
        assert "can mean €10.00" in who.see(f"{RANKING}?envelope=10.000").said
        assert "is no sum" in who.see(f"{RANKING}?envelope=<script>").said
        assert opened.parts.fund.world().at == before


def test_before_it_is_ranked_the_page_says_when_and_others_are_told_of_none(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    with turning.opened(stages[Stage.CLOSED]) as opened:
        opened.parts.projector.catch_up()
        said = somebody(opened, "Secretariat 1").see(RANKING).said
        assert "The applications are not ranked yet" in said
        assert "no support line" in somebody(opened, "Secretariat 1").see(RANKING.replace(LINE, "x"), 404).said
        for label in ("Officer of Turin", "Evaluator 1", "Coach 1", "Certifier 1", "Resource manager 1"):
            who = somebody(opened, label)
            who.see(RANKING, 404)
            assert RANKING not in who.see("/home").links


@pytest.fixture
def proposed(turning: Turning, stages: dict[Stage, Path], tmp_path: Path) -> Iterator[Api]:
    """Return a small fund whose award list waits for approval."""
    with turning.opened(copytree(stages[Stage.EVALUATED], tmp_path / "fund")) as opened:
        act(opened, EstablishRanking, ENGINE)
        act(opened, ProposeAwardList, id_of("Secretariat 1"))
        yield opened


def act(api: Api, command: type, by: object, **named: object) -> None:
    """Let somebody decide about the line."""
    stamp = {"by": by, "at": CALENDAR.approval_due, "key": f"{command.__name__}/{datetime.now(UTC)}"}
    api.parts.fund.handle(command(**stamp, call_id=CALL_ID, line=LINE, **named))
    api.parts.projector.catch_up()


def test_each_is_offered_what_they_may_do_with_the_list_or_told_why_not(proposed: Api) -> None:
    office, first, second = (somebody(proposed, one) for one in ("Secretariat 1", "Approver 1", "Approver 2"))
    digest = proposed.parts.fund.world().get(CALL, CALL_ID).list_of(LINE).digest
    approval = f"/do/calls/{CALL_ID}/lines/{LINE}/award-list/approvals?digest={digest}"
    assert "Check and approve" not in office.see(RANKING).said
    assert approval in first.see(RANKING).links
    act(proposed, ApproveAwardList, id_of("Approver 1"), digest=digest)
    assert "Why can’t I approve it?" in first.see(RANKING).said
    assert "approved this version already" in first.see(RANKING).said
    page = second.see(RANKING)
    assert approval in page.links
    assert "Approved Approver 1" in page.said
    act(proposed, ReturnAwardList, id_of("Approver 2"), digest=digest, remarks="Rank 2 first.")
    assert "Version 1 was sent back with remarks." in office.see(RANKING).said
    assert f"/do/calls/{CALL_ID}/lines/{LINE}/award-list/versions" in office.see(RANKING).links


def test_who_proposes_approves_or_sends_back_sees_the_list_with_what_was_written_about_it(proposed: Api) -> None:
    office, approver = somebody(proposed, "Secretariat 1"), somebody(proposed, "Approver 1")
    named = {"call_id": CALL_ID, "line": LINE}
    digest = proposed.parts.fund.world().get(CALL, CALL_ID).list_of(LINE).digest
    approving = deed_address("ApproveAwardList", **named, digest=digest)
    returning = deed_address("ReturnAwardList", **named, digest=digest)
    assert returning in approver.see(approving).links
    for page in (approving, returning):
        said = approver.see(page).said
        assert "€19,412.50 of €24,000.00 is awarded, €4,587.50 is left." in said
        assert "1 Turin with Nagoya" in said
    act(proposed, ReturnAwardList, id_of("Approver 1"), digest=digest, remarks="Rank 2 first.")
    assert "Sent back with these remarks: Rank 2 first." in office.see(RANKING).said
    again = office.see(deed_address("ProposeAwardList", **named))
    assert "Sent back with these remarks: Rank 2 first." in again.said
    assert f'<option value="{action_of(MALAGA)}">2. Málaga with Suwon</option>' in again.content
    why = {"departures": ({"pilot_action_id": action_of(MALAGA), "place": 1, "reason": "It is the only coast."},)}
    act(proposed, ProposeAwardList, id_of("Secretariat 1"), **why)
    for page in (RANKING, approving):
        assert "Moved from rank 2 to place 1: Málaga with Suwon E14 It is the only coast." in approver.see(page).said
    outside = somebody(proposed, "Officer of Turin").see(approving)
    assert "What stands on the list" not in outside.said
