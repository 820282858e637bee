"""A ranking is computed anew down to its scores, what differs is named, and what is supposed is the domain's."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from domain.call.aggregate import CALL
from domain.call.commands import EstablishRanking
from domain.call.events import RankingEstablished, RankingRow
from domain.errors import Malformed, NotFound
from domain.evaluation.commands import ConfirmFewerEvaluators, DeclareConflict, ProposeFewerEvaluators
from domain.people import ENGINE
from fund_service.audit.explaining.ranking import explain_ranking
from fund_service.audit.explaining.supposing import Supposition, Typed, read_supposed, suppose
from fund_service.composition import Parts, open_parts
from fund_service.event_store import Stored
from fund_service.settings import Settings
from tests.fund_service import small_fund
from tests.fund_service.api.conftest import Turning
from tests.fund_service.audit.recorded import everything, named
from tests.fund_service.small_fund import APPLICANTS, CALENDAR, CALL_ID, LINE, OFFICE, SmallFund, action_of, id_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import somebody

RANKING = f"/calls/{CALL_ID}/lines/{LINE}/ranking"


@contextmanager
def opened(data: Path, place: Path) -> Iterator[Parts]:
    """Open a copy of a fund, to record something in it."""
    with open_parts(Settings(data=shutil.copytree(data, place))) as parts:
        yield parts


def supposed(parts: Parts, typed: Typed) -> Supposition:
    """Return the ranking of the line as it would be."""
    record = everything(parts)
    return suppose(record, CALL_ID, LINE, read_supposed(record, CALL_ID, LINE, typed))


def places(rows: tuple[RankingRow, ...]) -> list[tuple[object, ...]]:
    """Return what a ranking says of each application, from the first rank down."""
    return [(one.pilot_action_id, one.rank, one.awarded_cents, one.reason) for one in rows]


def supposed_places(found: Supposition) -> list[tuple[object, ...]]:
    """Return the same of a supposed one."""
    return [(one.id, one.supposed_rank, one.supposed_cents, one.supposed_reason) for one in found.rows]


def established(parts: Parts) -> RankingEstablished:
    """Return the ranking as the domain recorded it."""
    found = [one.event for one in parts.log.of([CALL_ID]) if isinstance(one.event, RankingEstablished)]
    return found[-1]


def test_each_figure_of_each_place_is_the_recorded_one(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.GRANTED]) as api:
        record = everything(api.parts)
        rows = established(api.parts).rows
        whole = explain_ranking(record, CALL_ID, LINE)
        assert whole.same
        assert [one.exact for one in named(whole, "Rank")] == ["1", "2", "3", "4"]
        for row in rows:
            found = explain_ranking(record, CALL_ID, LINE, row.rank)
            assert found.same
            (total,) = named(found, "Total of 100")
            assert total.exact == row.total
            assert [part.exact for part in total.parts] == [term.points for term in row.terms]
            for part, term in zip(total.parts, row.terms, strict=True):
                mean, threshold = part.parts
                assert (mean.exact, threshold.exact) == (term.mean, str(term.threshold))
                assert [one.exact for one in mean.parts] == [str(score) for score in term.scores]
                assert all(one.name and one.events for one in mean.parts)
                assert all(one.same for one in part.compared)
        assert [
            one.value for one in named(explain_ranking(record, CALL_ID, LINE, 3), "Requests down to this rank")
        ] == ["€27,412.50"]
        with pytest.raises(NotFound):
            explain_ranking(record, CALL_ID, LINE, 5)


def test_a_tie_is_told_step_by_step_with_the_others(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.GRANTED]) as api:
        found = explain_ranking(everything(api.parts), CALL_ID, LINE, 2)
    (step,) = named(found, "Tie-break: Transferability and replication")
    assert (step.value, [(one.what, one.value) for one in step.parts]) == ("mean 4.00", [("Rank 1", "mean 5.00")])


def test_a_wrong_total_that_was_recorded_is_named(stages: dict[Stage, Path], tmp_path: Path) -> None:
    with opened(stages[Stage.EVALUATED], tmp_path / "fund") as parts:
        command = EstablishRanking(by=ENGINE, at=CALENDAR.scores_due, key="plant", call_id=CALL_ID, line=LINE)
        ((_, event),) = parts.fund.preview(command)
        assert isinstance(event, RankingEstablished)
        first = event.rows[0].model_copy(update={"total": "85/1"})
        planted = event.model_copy(update={"rows": (first, *event.rows[1:])})
        version = parts.fund.world().version(CALL, CALL_ID) + 1
        position = parts.log.append([Stored(CALL_ID, version, datetime.now(UTC), uuid4(), planted)])
        for rank in (None, 1):
            found = explain_ranking(everything(parts), CALL_ID, LINE, rank)
            assert not found.same
            (difference,) = found.differences
            assert (difference.what, difference.computed, difference.recorded) == ("Total of 100", "84.00", "85.00")
            assert difference.position == position


@pytest.mark.parametrize("euros", ["10000", "19000", "27412.50"])
def test_another_envelope_gives_what_the_fund_gives_that_has_it(
    euros: str, stages: dict[Stage, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small_fund, "ENVELOPE_CENTS", round(float(euros) * 100))
    with open_parts(Settings(data=tmp_path / "other")) as other:
        story = SmallFund(other.fund)
        monkeypatch.setattr(story, "award", story.propose)
        story.tell()
        real = established(other)
    with opened(stages[Stage.GRANTED], tmp_path / "fund") as parts:
        before = parts.log.end()
        found = supposed(parts, Typed(envelope=euros))
        assert parts.log.end() == before, "nothing is recorded"
    assert supposed_places(found) == places(real.rows)


def test_without_an_evaluator_it_is_what_the_fund_gives_without(stages: dict[Stage, Path], tmp_path: Path) -> None:
    with opened(stages[Stage.EVALUATED], tmp_path / "real") as parts:
        story = SmallFund(parts.fund)
        story.at, story.number = CALENDAR.scores_due, 10_000
        for one in APPLICANTS:
            about = {"pilot_action_id": action_of(one)}
            story.act(DeclareConflict, id_of("Evaluator 3"), **about, reason="A cousin applies.")
            story.act(ProposeFewerEvaluators, OFFICE, **about, evaluators=2, reason="Nobody else is free.")
            story.act(ConfirmFewerEvaluators, id_of("Secretariat 2"), **about)
        story.act(EstablishRanking, ENGINE, call_id=CALL_ID, line=LINE)
        real = established(parts)
    with opened(stages[Stage.GRANTED], tmp_path / "fund") as parts:
        found = supposed(parts, Typed(without=["evaluator 3"], evaluators=2))
        alone = supposed(parts, Typed(without=[str(id_of("Evaluator 3"))]))
        unmixed = supposed(parts, Typed(without=["Evaluator 2"], evaluators=2))
    assert supposed_places(found) == places(real.rows)
    assert any(one.differs for one in found.rows)
    assert alone.rows == ()
    assert {one.rule.id for one in alone.obstacles} == {"D02"}, "too few scored: which rule"
    assert len(alone.obstacles) == len(APPLICANTS)
    assert {one.rule.id for one in unmixed.obstacles} == {"E07"}, "the others come from one unit"


def test_what_cannot_be_supposed_is_refused_with_the_cure(stages: dict[Stage, Path], tmp_path: Path) -> None:
    with opened(stages[Stage.GRANTED], tmp_path / "fund") as parts:
        for typed, says in (
            (Typed(envelope="10.000"), "can mean"),
            (Typed(weights=["quality=30"]), "add up to 105"),
            (Typed(weights=["beauty=30"]), "no criterion “beauty”"),
            (Typed(thresholds=["quality=6"]), "cannot be supposed"),
            (Typed(thresholds=["quality"]), "no criterion with a number"),
            (Typed(evaluators=0), "cannot be supposed"),
        ):
            with pytest.raises(Malformed, match=says):
                supposed(parts, typed)
        with pytest.raises(NotFound, match="scored nothing"):
            supposed(parts, Typed(without=["Evaluator 4"]))
        found = supposed(parts, Typed(thresholds=["total=82"]))
        assert [one.supposed_outcome for one in found.rows] == ["Award", "Award", "Not selected", "Not selected"]
        found = supposed(parts, Typed(weights=["quality=30", "relevance=20"]))
        assert [one.supposed_total for one in found.rows] == ["84.00", "84.00", "81.00", "66.00"]


def test_only_who_sees_the_ranking_is_told_and_may_suppose(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.APPROVED]) as api:
        api.parts.projector.catch_up()
        for label in ("Secretariat 1", "Approver 1", "Auditor 1"):
            page = somebody(api, label).see(f"{RANKING}/explanation?rank=2")
            assert "Score Evaluator 1 4" in page.said, label
            assert api.get(label, f"{RANKING}/explanation").json()["same"] is True
        said = somebody(api, "Auditor 1").see(f"{RANKING}/explanation?envelope=10000").said
        assert "Nothing is recorded" in said
        assert "The envelope is €10,000.00 instead of €24,000.00." in said
        assert "Reserve was Award" in said
        assert "can mean €10.00" in somebody(api, "Auditor 1").see(f"{RANKING}/explanation?envelope=10.000").said
        for label in ("Officer of Turin", "Evaluator 1", "Coach 1", "Certifier 1", "Resource manager 1"):
            for what in ("explanation", "supposition", "explanation?rank=1"):
                assert api.get(label, f"{RANKING}/{what}").status_code == 404, label
            somebody(api, label).see(f"{RANKING}/explanation", 404)


def test_an_office_of_another_strand_is_told_no_evaluators_name(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.APPROVED]) as api:
        told = api.get("Secretariat LAC", f"{RANKING}/explanation?rank=2").text
        assert "Score of evaluator 1" in told
        assert "Evaluator 1" not in told
        assert str(id_of("Evaluator 1")) not in told
        asked = f"{RANKING}/supposition?without=Evaluator+3&evaluators=2"
        assert api.get("Secretariat LAC", asked).status_code == 404
        assert api.get("Auditor 1", asked).status_code == 200
