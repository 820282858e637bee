"""The screens on the command line: a call, its ranking with every point, the dashboard, a timeline, a home."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from domain.ids import grant_id
from fund_service.cli.opening import reading
from fund_service.cli.render_dashboard import render_dashboard
from fund_service.cli.render_points import render_explanation
from fund_service.cli.render_ranking import render_ranking
from fund_service.editions.loader import edition
from fund_service.locks import file_lock
from projections.call_ranking import ranking
from projections.dashboard_view import dashboard
from tests.fund_service.cli.conftest import Run
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, action_of


def lines(text: str) -> list[str]:
    """Return the lines with single spaces."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_the_line_is_drawn_where_the_envelope_ends(fund: Run) -> None:
    shown = lines(fund("ranking", "iurc-2026").out)
    starts = ("1 ", "2 ", "3 ", "4 ", "━", "Below")
    kept = [line for line in shown if line.startswith(starts)]
    assert [line.split(" €")[0] for line in kept[:2]] == ["1 Turin with Nagoya 84.00", "2 Málaga with Suwon 84.00"]
    assert kept[2].startswith("━━━━━━ The line: €19,412.50 above it, €4,587.50 left of €24,000.00 ━")
    assert kept[3].startswith("3 Hamburg with Canberra 81.00 €8,000.00 €27,412.50")
    assert kept[3].endswith("Reserve 1")
    assert kept[4] == "Below a threshold:"
    assert kept[5].startswith("4 Dublin with Lima 68.33 €9,000.00")
    assert kept[5].endswith("Not selected")


def test_what_came_after_the_award_stands_in_its_row(fund: Run) -> None:
    shown = lines(fund("ranking", "iurc-2026").out)
    assert any(line.startswith("1 Turin") and line.endswith("Award, accepted") for line in shown)


def test_every_term_of_a_total_is_explained(fund: Run) -> None:
    shown = lines(fund("ranking", "iurc-2026", "--explain", 2).out)
    assert shown[0] == "Why Málaga with Suwon has 84.00 points"
    assert "Partnership and stakeholder mix 4 · 5 · 5 4.67 15 14.00 3, met" in shown
    assert "Total 100 84.00 70, met" in shown
    assert "Points = counts ÷ 5 × weight. The total is exactly 84; it is rounded only here (D01)." in shown
    assert "It asks for €9,412.50; down to this rank that adds up to €19,412.50." in shown


def test_a_tie_is_explained_step_by_step(fund: Run) -> None:
    shown = lines(fund("ranking", "iurc-2026", "--explain", 2).out)
    at = shown.index("Ranks 1, 2 have the same total. The published tie-break tells them apart (D03):")
    assert shown[at + 1] == "1. Relevance to the roadmap: mean 4.00 (rank 1: mean 4.00)."
    assert shown[at + 2] == "2. Transferability and replication: mean 4.00 (rank 1: mean 5.00)."


def test_a_consensus_is_explained_beside_the_scores_that_it_replaced(recorded: Path) -> None:
    page = io.StringIO()
    with reading(recorded) as source:
        found = ranking(source.connection, CALL_ID)
    assert found is not None
    first = found.rows[0]
    agreed = first.terms[0].model_copy(update={"scores": (5, 2, 3), "mean": "4/1", "consensus": True})
    row = first.model_copy(update={"terms": (agreed, *first.terms[1:])})
    console = Console(file=page, width=120, markup=False, highlight=False)
    render_explanation(console, found.model_copy(update={"rows": (row, *found.rows[1:])}), 1, edition("iurc-2026"))
    shown = lines(page.getvalue())
    assert "Relevance to the roadmap 5 · 2 · 3 4.00 25 20.00 3, met" in shown
    told = "consensus 4.00 instead of mean 3.33, as the scores lay too far apart (D02)."
    assert f"Relevance to the roadmap: {told}" in shown


def test_a_threshold_that_is_not_met_is_named(fund: Run) -> None:
    shown = lines(fund("ranking", "iurc-2026", "--explain", 4).out)
    assert "Quality and feasibility 1 · 2 · 2 1.67 25 8.33 3, NOT MET" in shown
    assert "Total 100 68.33 70, NOT MET" in shown
    assert not any(line.startswith("Ranks") for line in shown)


def test_programs_get_the_ranking_and_one_row_of_it(fund: Run) -> None:
    whole = json.loads(fund("ranking", "iurc-2026", "--json").out)
    assert [row["id"] for row in whole["rows"]] == [str(action_of(one)) for one in APPLICANTS]
    assert json.loads(fund("ranking", "iurc-2026", "--explain", 3, "--json").out) == whole["rows"][2]
    assert len(fund("ranking", "iurc-2026", "--csv").out.splitlines()) == 1 + len(APPLICANTS)


def test_the_dashboard_shows_the_funnel_the_money_and_the_refusals(fund: Run) -> None:
    shown = lines(fund("dashboard").out)
    told = {line.split(" █")[0] for line in shown}
    assert {"Partnerships 4", "Submitted 4", "Ranked 4", "Support offered 2", "Accepted 1"} <= told
    assert "Closed 0 1 running" in told
    assert {"Envelope €24,000.00", "Committed €10,000.00"} <= told
    assert "S01 1 Support for one pilot action stays within the cap of the call." in shown


def test_the_dashboard_takes_the_only_call_or_the_one_that_is_named(fund: Run) -> None:
    assert fund("dashboard", "--json") == fund("dashboard", "iurc-2026", "--json")
    assert json.loads(fund("dashboard", "--json").out)["id"] == str(CALL_ID)


def test_the_dashboard_is_grouped_and_its_last_row_is_the_whole(fund: Run) -> None:
    shown = lines(fund("dashboard", "--by", "geography").out)
    assert "Asia 2 0 2 2 2 2 2 1 0 ████████" in shown
    assert "All 4 0 4 4 4 4 2 1 0" in shown
    assert "Nothing of these €24,000.00 €0.00 €0.00 €0.00 €0.00 €0.00" in shown
    assert "Asia 1 S01 1" in shown


def test_groups_are_filtered_sorted_and_printed_for_programs(fund: Run) -> None:
    [one] = json.loads(fund("dashboard", "--by", "geography", "--where", "id=Asia", "--json").out)
    assert (one["submitted"], one["committed_cents"], one["refusals"]) == (2, 1_000_000, {"S01": 1})
    rows = fund("dashboard", "--by", "month", "--csv", "--sort", "-id").out.splitlines()
    assert rows[0].startswith("id,sealed,partnerships,")
    assert rows[1].startswith("2026-04,") or rows[1].startswith("2026-03,")
    assert fund("dashboard", "--csv").out.splitlines()[1].startswith(str(CALL_ID))


def test_what_the_dashboard_cannot_be_grouped_by_is_said_with_what_it_can(fund: Run) -> None:
    said = fund("dashboard", "--by", "colour")
    assert (said.code, said.err) == (
        2,
        "The dashboard cannot be grouped by “colour”. Use one of: cluster, geography, country, month.\n",
    )
    assert fund("dashboard", "--sort", "id").code == 2


def test_a_call_is_shown_with_the_rules_that_it_was_published_with(fund: Run) -> None:
    told = json.loads(fund("call", "show", "iurc-2026", "--json").out)
    assert told["rules"]["lines"][0]["envelope_cents"] == 2_400_000
    shown = lines(fund("call", "show", "iurc-2026").out)
    assert "applications close Fri 20 Mar 2026, 17:00" in shown
    assert "Relevance to the roadmap 25 3" in shown


def test_a_timeline_tells_who_did_what_when_and_what_was_refused(fund: Run) -> None:
    rows = json.loads(fund("timeline", action_of(APPLICANTS[1]), "--json").out)
    refused = [row for row in rows if row["rule"]]
    assert [(row["rule"], row["command"]) for row in refused] == [("S01", "PutForwardVersion")]
    shown = lines(fund("timeline", action_of(APPLICANTS[1])).out)
    assert any("Mon 2 Mar 2026, 09:01:07 The pilot action" in line and "Officer of Málaga" in line for line in shown)


def test_a_home_shows_the_next_step_and_the_grant(fund: Run) -> None:
    shown = lines(fund("home", "malaga").out)
    assert shown[0] == "Málaga with Suwon"
    assert "Next for you: Accept or decline the support of €9,412.50. Until Thu 16 April 2026, 00:00 Brussels." in shown
    [told] = json.loads(fund("home", "malaga", "--json").out)
    assert told["pilot_actions"][0]["grant"]["id"] == str(grant_id(action_of(APPLICANTS[1])))


def test_a_home_without_a_partnership_says_what_will_stand_there(fund: Run) -> None:
    assert fund("home", "Nova Imaginaria").out.startswith("No partnership yet.")
    assert fund("home", "Nova Imaginaria", "--json").out == "[]\n"


def test_protected_text_is_shown_to_the_operator_only_where_it_is_asked_for(fund: Run) -> None:
    told = json.loads(fund("show", "pilot-action", action_of(APPLICANTS[0]), "--json").out)
    assert told["state"]["answers"]["need"] == "Our answer."
    assert told["state"]["resources"][0]["why"] == "We need it."
    assert "    why: We need it." in fund("show", "pilot-action", action_of(APPLICANTS[0])).out


def test_what_a_thing_is_now_is_told_in_euro_brussels_time_and_words(fund: Run) -> None:
    shown = fund("show", "grant", grant_id(action_of(APPLICANTS[1]))).out
    assert "  cents: €9,412.50\n" in shown
    assert "  accept by: Thu 16 Apr 2026, 00:00 Brussels\n" in shown
    assert "  stage: offered\n" in shown
    assert "  report filed: no\n" in shown
    assert "  accepted at: –\n" in shown


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_pictures_fit_into_any_width(recorded: Path, width: int) -> None:
    page = io.StringIO()
    console = Console(file=page, width=width, markup=False, highlight=False)
    with reading(recorded) as source:
        found, row = ranking(source.connection, CALL_ID), dashboard(source.connection, CALL_ID)
    assert found is not None
    assert row is not None
    render_ranking(console, found)
    render_dashboard(console, row)
    assert max(map(len, page.getvalue().splitlines())) <= width
    assert "The line: " in page.getvalue()


def test_commands_read_beside_a_running_service(fund: Run, recorded: Path) -> None:
    with file_lock(recorded / "service.lock", "service"):
        assert fund("dashboard").code == 0
