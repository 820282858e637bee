"""The calibration example: scored first and then seen, invented, and recorded nowhere."""

from pathlib import Path

from domain.rulebook.ours.evaluating import justification_is_given
from fund_service.editions.calibrating import calibration_example
from fund_service.editions.loader import edition, shipped_editions
from fund_service.web.screens.calibration import CALIBRATION
from tests.fund_service.api.conftest import Turning
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import somebody


def test_every_shipped_edition_has_an_example_that_scores_its_criteria_as_its_rules_ask() -> None:
    for name in shipped_editions():
        rules, example = edition(name), calibration_example(name)
        assert example is not None
        assert example.edition == name
        assert list(example.panel) == [criterion.id for criterion in rules.criteria]
        assert example.notes.keys() <= example.panel.keys()
        for criterion, panel in example.panel.items():
            for one in panel:
                justification_is_given(one.why, rules.evaluation.justification_length, criterion)
    assert calibration_example("iurc-1999") is None


def test_an_evaluator_scores_it_first_and_then_sees_what_was_given(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.EVALUATED]) as opened:
        opened.parts.projector.catch_up()
        who, end = somebody(opened, "Evaluator 1"), opened.parts.log.end()
        assert CALIBRATION in who.see("/me/evaluations").links
        page = who.see(CALIBRATION)
        assert "Invented." in page.said
        assert "Panel, first" not in page.said
        chosen = [criterion.id for criterion in edition("iurc-2026").criteria]
        part = who.see(f"{CALIBRATION}?{chosen[0]}=4")
        assert "Choose points for every criterion" in part.said
        assert "Panel, first" not in part.said
        assert "Panel, first" not in who.see(f"{CALIBRATION}?{'&'.join(f'{one}=9' for one in chosen)}").said
        whole = who.see(f"{CALIBRATION}?{'&'.join(f'{one}=3' for one in chosen)}")
        assert "You gave 3 ; the panel gave 5, 4, 5." in whole.said
        assert whole.said.count("Panel, first") == len(chosen)
        assert opened.parts.log.end() == end
