"""What an auditor asks on the command line."""

import json
from pathlib import Path
from zipfile import ZipFile

from tests.fund_service.cli.conftest import Run
from tests.fund_service.staged_fund import Stage

CALL = ("--call", "iurc-2026")


def test_what_is_worth_a_look_is_told_with_its_events_and_filtered_as_every_list(
    fund: Run, stages: dict[Stage, Path]
) -> None:
    assert fund("audit", "exceptions", *CALL).out.startswith("0 findings")
    of = ("audit", "exceptions", *CALL, "--data", stages[Stage.GRANTED])
    told = json.loads(fund(*of, "--where", "people=coach 1", "--json").out)
    assert [(row["why"], row["happened"]) for row in told] == [
        ("The role coach was not used in this call.", ["The role coach was granted."])
    ]
    assert str(told[0]["positions"][0]) in fund(*of).out
    asked = json.loads(fund("audit", "exceptions", *CALL, "--questions", "--json").out)
    assert len(asked) == 11
    assert "Looks for" in fund("audit", "exceptions", *CALL, "--questions").out


def test_a_sample_says_from_what_and_how_it_was_drawn(fund: Run) -> None:
    said = fund("audit", "sample", *CALL, "--method", "monetary-unit", "--size", 2, "--seed", "Brussels")
    assert said.code == 0
    assert "Drawn from 4 applications of €36,412.50, as of position" in said.out
    assert "interval 1820625 cents, first chosen cent" in said.out
    assert "method monetary-unit, seed “Brussels”." in said.out
    alike = fund("audit", "sample", *CALL, "--size", 4, "--seed", "x", "--json")
    assert len(json.loads(alike.out)) == 4


def test_a_sample_that_cannot_be_drawn_is_refused_with_the_cure(fund: Run) -> None:
    for words, says in (
        (("--size", 5), "5 cannot be drawn from 4. Draw at most 4."),
        (("--size", 1, "--of", "cities"), "There is no “cities” here. Use one of: applications, grants, orders"),
        (("--size", 1, "--method", "best"), "There is no “best” here. Use one of: random, stratified, monetary-unit."),
        (("--size", 1, "--of", "decisions", "--method", "monetary-unit"), "items have no sum"),
    ):
        said = fund("audit", "sample", *CALL, "--seed", "x", *words)
        assert (said.code, said.out) == (2, "")
        assert says in said.err


def test_equal_treatment_is_told_for_each_and_by_outcome(fund: Run) -> None:
    told = json.loads(fund("audit", "equal-treatment", *CALL, "--json").out)
    assert {row["partnership"] for row in told} >= {"Turin with Nagoya", "Dublin with Lima"}
    by_outcome = fund("audit", "equal-treatment", *CALL, "--spread", "--where", "measure=submissions")
    assert "submissions/reserve" in by_outcome.out


def test_control_totals_agree(fund: Run) -> None:
    said = fund("audit", "totals", *CALL)
    assert said.code == 0
    assert "All agree, as of position" in said.out


def test_a_dossier_is_written_once_beside_its_sample(fund: Run, stages: dict[Stage, Path], tmp_path: Path) -> None:
    file = tmp_path / "dossier.zip"
    of = ("audit", "sample", *CALL, "--data", stages[Stage.GRANTED], "--of", "orders", "--size", 1, "--seed", "x")
    assert f"The dossier is written to {file}." in fund(*of, "--dossier", file).out
    with ZipFile(file) as archive:
        assert "items/0001/events.txt" in archive.namelist()
    again = fund(*of, "--dossier", file)
    assert (again.code, again.err.count("is there already")) == (2, 1)
    drawn = fund("audit", "sample", *CALL, "--size", 99, "--seed", "x", "--dossier", tmp_path / "none.zip")
    assert drawn.code == 2
    assert not (tmp_path / "none.zip").exists()
