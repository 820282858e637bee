"""An edition is rehearsed before it is published, in a place of its own; what the script needs of it is said."""

from pathlib import Path

import pytest

from domain.call.rules import CallRules
from fund_service.cli.main import main
from fund_service.editions.loader import edition, shipped_editions
from fund_service.rehearsal.needs import unmet

RULES = edition("iurc-2026")
LINE = RULES.lines[0]


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """Return the shipped edition's file with one thing written differently."""
    text = shipped_editions()["iurc-2026"].read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "edition.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


NEEDS: list[tuple[CallRules, str]] = [
    (RULES.model_copy(update={"lines": (LINE, LINE)}), "one support line instead of 2"),
    (
        RULES.model_copy(update={"lines": (LINE.model_copy(update={"cap_cents": 999_999}),)}),
        "a cap of €10,000.00 instead of €9,999.99",
    ),
    (
        RULES.model_copy(update={"resource_kinds": RULES.resource_kinds[2:]}),
        "the kinds of resources expert_days",
    ),
    (
        RULES.model_copy(update={"evaluation": RULES.evaluation.model_copy(update={"evaluators": 5})}),
        "3 evaluators instead of 5",
    ),
    (
        RULES.model_copy(update={"coaching": RULES.coaching.model_copy(update={"sessions": 1})}),
        "at least 2 sessions of coaching instead of 1",
    ),
]


def test_the_shipped_edition_can_be_rehearsed() -> None:
    assert list(unmet(RULES)) == []


@pytest.mark.parametrize(("rules", "need"), NEEDS, ids=[need for _, need in NEEDS])
def test_what_the_script_needs_is_named(rules: CallRules, need: str) -> None:
    assert list(unmet(rules)) == [need]


def test_an_edition_that_the_script_cannot_play_is_refused_in_one_sentence_and_leaves_no_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, place = changed(tmp_path, "  evaluators: 3", "  evaluators: 5"), tmp_path / "rehearsal"
    assert main(["rehearse", str(file), "--data", str(place)]) == 2
    told = "IURC competitive fund 2026 cannot be rehearsed: the script needs 3 evaluators instead of 5."
    assert capsys.readouterr().err.startswith(told)
    assert not place.exists()


def test_dates_that_cannot_fit_are_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = changed(tmp_path, "clarifications_due: 2026-03-25", "clarifications_due: 2026-03-24")
    file.write_text(file.read_text(encoding="utf-8").replace("  evaluators: 3", "  evaluators: 5"), encoding="utf-8")
    assert main(["rehearse", str(file), "--data", str(tmp_path / "rehearsal")]) == 2
    assert capsys.readouterr().err.startswith("Warning: Replies to clarification have 1 of at least 2 working days")


def test_a_live_fund_is_never_rehearsed_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--data", str(tmp_path / "live")]
    assert main(["init", *place]) == 0
    assert main(["rehearse", str(shipped_editions()["iurc-2026"]), *place]) == 2
    assert "holds a live fund, which is never mixed with a rehearsal." in capsys.readouterr().err


def test_a_rehearsal_without_a_place_is_played_beside_the_live_fund(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUND_DATA", str(tmp_path / "live"))
    assert main(["init"]) == 0
    beside = tmp_path / "live-rehearsal-iurc-2026"
    assert main(["init", "--data", str(beside)]) == 0
    assert main(["rehearse", str(shipped_editions()["iurc-2026"])]) == 2
    assert str(beside) in capsys.readouterr().err
