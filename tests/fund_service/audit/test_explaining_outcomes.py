"""The outcome of an application, and a refusal, are explained to whom may be told, and decided anew as they were."""

from pathlib import Path

import pytest

from domain.errors import NotFound
from domain.people import Blindness
from fund_service.audit.explaining.outcome import explain_outcome
from fund_service.audit.explaining.refusals import explain_refusal, refusals
from tests.fund_service.api.conftest import Turning
from tests.fund_service.audit.recorded import everything, named
from tests.fund_service.small_fund import APPLICANTS, action_of
from tests.fund_service.staged_fund import DUBLIN, MALAGA, TURIN, Stage, record_stages
from tests.fund_service.web.visitor import somebody


def outcome(one: object) -> str:
    """Return where the outcome of an applicant is explained."""
    return f"/pilot-actions/{action_of(one)}/outcome"  # type: ignore[arg-type]


def test_each_outcome_follows_from_the_log_as_it_was_released(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.GRANTED]) as api:
        record = everything(api.parts)
        for one, released in zip(APPLICANTS, ("Award", "Award", "Reserve", "Not selected"), strict=True):
            found = explain_outcome(record, action_of(one))
            assert found.same, one.city
            (told,) = named(found, "The outcome that was released")
            assert told.value == released
            assert told.compared
            (checked,) = named(found, "The application is admissible and eligible.")
            assert [said.same for said in checked.compared] == [True], "it was checked anew"
            assert named(found, "The application arrived in time")
            assert len(named(found, "An approver approved version 1 of the award list.")) == 2


def test_nothing_is_told_to_an_applicant_before_the_release(turning: Turning, stages: dict[Stage, Path]) -> None:
    for stage in (Stage.CLOSED, Stage.EVALUATED, Stage.APPROVED):
        with turning.opened(stages[stage]) as api:
            api.parts.projector.catch_up()
            for label in ("Officer of Turin", "Officer of Nagoya", "Coach 1"):
                assert api.get(label, f"{outcome(TURIN)}/explanation").status_code == 404, (stage, label)
                somebody(api, label).see(outcome(TURIN), 404)
            said = api.get("Certifier 1", f"{outcome(TURIN)}/explanation").text
            assert "Award" not in said, "whom the ranking is not shown"
            assert "Rank" not in said
            told = api.get("Auditor 1", f"{outcome(TURIN)}/explanation").text
            assert ("Rank" in told) is (stage is Stage.APPROVED)


def test_an_applicant_is_told_the_points_that_count_and_not_who_gave_them(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    with turning.opened(stages[Stage.GRANTED]) as api:
        api.parts.projector.catch_up()
        told = api.get("Officer of Dublin", f"{outcome(DUBLIN)}/explanation")
        statements = {one["what"]: one["value"] for one in told.json()["statements"]}
        assert statements["Quality and feasibility"] == "1.67"
        assert statements["The outcome that was released"] == "Not selected"
        assert told.json()["same"] is True
        for hidden in ("Evaluator", "Approver", "Secretariat", "Rank", "award list"):
            assert hidden not in told.text, hidden
        page = somebody(api, "Officer of Dublin").see(outcome(DUBLIN))
        assert "The outcome that was released Not selected" in page.said
        assert api.get("Officer of Málaga", f"{outcome(DUBLIN)}/explanation").status_code == 404


def test_in_an_open_call_an_applicant_is_told_who_evaluated(turning: Turning, tmp_path: Path) -> None:
    stages = record_stages(tmp_path, Blindness.OPEN)
    with turning.opened(stages[Stage.GRANTED]) as api:
        told = api.get("Officer of Dublin", f"{outcome(DUBLIN)}/explanation").text
        assert "Evaluator 1" in told
        assert '"what":"Score' not in told


def test_a_refusal_is_decided_anew_on_the_state_that_it_met(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.GRANTED]) as api:
        record, fund = everything(api.parts), api.parts.fund
        (row,) = refusals(fund, record.reader, record.position, action_of(MALAGA))
        for which in (str(row.receipt), str(row.position)):
            found = explain_refusal(record, fund, which)
            assert found.same
            asked, rule, met = found.statements
            assert asked.exact == "PutForwardVersion"
            assert [one.same for one in asked.compared] == [True], "the same request is refused again"
            assert rule.rule is not None
            assert (rule.rule.id, rule.rule.source, rule.rule.correction) == ("S01", "001 §2.3", 0)
            figures = {one.what: one.value for one in met.parts if not one.what.startswith("Named")}
            assert figures["Requested in the draft"] == "€10,000.01", "as it was then"
            assert figures["Cap of the line"] == "€10,000.00"
            assert len(named(found, "Named in the refusal and found here")) == 2
        for which in ("1", "0", "-1", "x", str(action_of(MALAGA)), "9" * 12):
            with pytest.raises(NotFound):
                explain_refusal(record, fund, which)


def test_a_refusal_is_told_to_whom_it_was_made_and_to_offices(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.GRANTED]) as api:
        api.parts.projector.catch_up()
        listed = f"/refusals?thing={action_of(MALAGA)}"
        (row,) = api.get("Auditor 1", listed).json()
        for label, told in (
            ("Officer of Málaga", True),
            ("Secretariat 1", True),
            ("Officer of Turin", False),
            ("Officer of Suwon", False),
            ("Evaluator 1", False),
        ):
            assert len(api.get(label, listed).json()) == told, label
            status = api.get(label, f"/refusals/{row['receipt']}/explanation").status_code
            assert status == (200 if told else 404), label
        page = somebody(api, "Auditor 1").see(f"/pilot-actions/{action_of(MALAGA)}/timeline")
        (link,) = (link for link in page.links if link.startswith("/refusals/"))
        assert "Requested in the draft €10,000.01" in somebody(api, "Auditor 1").see(link).said
