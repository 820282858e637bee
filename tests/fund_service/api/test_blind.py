"""Who evaluates sees what its state allows, and by every route the same: before the declaration no content, others'
scores once its own are in, nothing at all once it left; and nobody is named whom the call's blindness hides (D06, D27).
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from domain.evaluation.commands import (
    AssignEvaluator,
    DeclareConflict,
    DeclareNoConflict,
    GiveScores,
    ReplaceEvaluator,
    WithdrawEvaluator,
)
from domain.ids import evaluation_id
from domain.people import ENGINE, Blindness, Role
from domain.pilot_action.commands import CheckEligibility
from fund_service.api.deeds import DEEDS
from fund_service.permissions.deeds import PERMISSIONS
from tests.fund_service.api.asking import sights, tried
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.api.standing import asked, things
from tests.fund_service.small_fund import APPLICANTS, EVALUATORS, OFFICE, RULES, Applicant, action_of, id_of
from tests.fund_service.staged_fund import CALENDAR, Stage, StagedFund, copied, record_stages

TURIN, MALAGA, HAMBURG, DUBLIN = APPLICANTS
ME: Final = "Evaluator 4"
CONTENT: Final = "Our answer."
WORDS: Final = "finds this in the application and says so in enough words."


@pytest.fixture(scope="module")
def blind_stages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Stage, Path]:
    """Return the stages of a call that hides the evaluators from applicants and the applicants from evaluators."""
    return record_stages(tmp_path_factory.mktemp("blind"), Blindness.APPLICANTS_HIDDEN_TOO)


class Judging:
    """Everybody is eligible; people act, and everything is read that one evaluator can read."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.story = StagedFund(api.parts.fund)
        self.story.number = 10_000
        self.story.at = CALENDAR.eligibility_checked
        for one in APPLICANTS:
            self.act(CheckEligibility, None, one)
            for name in EVALUATORS[:2]:
                self.act(AssignEvaluator, OFFICE, one, evaluator=id_of(name))
                self.act(DeclareNoConflict, id_of(name), one)
        self.score("Evaluator 1", TURIN)

    def act(self, command: Any, by: Any, one: Applicant, **named: Any) -> None:
        """Let somebody do something about an application, and the screens follow."""
        self.story.act(command, by or ENGINE, pilot_action_id=action_of(one), **named)
        self.api.parts.projector.catch_up()

    def score(self, who: str, one: Applicant) -> None:
        """Let an evaluator score."""
        scores = {criterion.id: {"points": 3, "justification": f"{who} {WORDS}"} for criterion in RULES.criteria}
        self.act(GiveScores, id_of(who), one, scores=scores)

    def told(self, one: Applicant) -> dict[str, str]:
        """Return all that the evaluator is told."""
        return told(self.api, one, ME)

    def foreseen(self, one: Applicant) -> Iterator[str]:
        """Yield every answer of the evaluator's requests that only try."""
        for deed in DEEDS:
            if Role.EVALUATOR in PERMISSIONS[deed.command].roles:
                yield _text(tried(self.api, deed, asked(deed.command, one, ME), ME))


def told(api: Api, one: Applicant, who: str) -> dict[str, str]:
    """Return every answer that somebody gets to a question about an application, to every list, and of the feed."""
    # cities and published pairings are known; what one did oneself stays among one's own data
    apart = ("organisation", "/pairings", "/people/me/export")
    paths = {path.format_map(things(one)) for path in sights() if not any(part in path for part in apart)}
    paths |= {"/events?limit=1000", f"/pilot-actions?q={one.title}", "/pilot-actions?sort=-partnership"}
    answers = {path: api.get(who, path) for path in paths}
    answers |= {f"{path} as CSV": api.get(who, path, Accept="text/csv") for path in _LISTS}
    return {path: _text(answer) for path, answer in answers.items() if answer.status_code == 200}


_LISTS: Final = ("/pilot-actions", "/me/evaluations", "/me/next", "/partnerships", "/grants")


def _text(answer: Any) -> str:
    """Return what an answer tells; which cities are in the programme at all tells nothing of who applies."""
    told = answer.json() if answer.headers["Content-Type"] == "application/json" else answer.text
    if isinstance(told, list) and told and "specversion" in told[0]:
        told = [event for event in told if not event["type"].startswith("iurc-fund.organisation.")]
    return f"{answer.headers.get('Total-Count', '')} {json.dumps(told, ensure_ascii=False)}"


@pytest.fixture(scope="module")
def judging(
    blind_stages: Mapping[Stage, Path], turning: Turning, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Judging]:
    """Return a fund whose applications are being judged."""
    with turning.opened(copied(blind_stages[Stage.CLOSED], tmp_path_factory.mktemp("judging") / "fund")) as api:
        yield Judging(api)


def marks(one: Applicant) -> set[str]:
    """Return what tells of an application at all."""
    return {str(action_of(one)), str(evaluation_id(action_of(one))), one.title}


def names(one: Applicant) -> set[str]:
    """Return what tells who applies: cities, partnership, officers, by name and by id."""
    of_city = {f"{what}{city}" for what in ("", "Officer of ") for city in (one.city, one.partner)}
    ids = {str(id_of(name)) for name in of_city} | {str(things(one)["partnership_id"])}
    return of_city | ids


def found(words: set[str], read: Mapping[str, str]) -> list[str]:
    """Return where any of these words is read."""
    return [f"{path}: {word}" for path, text in read.items() for word in words if word in text]


def test_who_has_no_seat_reads_nothing_of_an_application(judging: Judging) -> None:
    assert found(marks(DUBLIN) | names(DUBLIN), judging.told(DUBLIN)) == []


def test_before_the_declaration_an_evaluator_reads_that_it_is_there_and_neither_content_nor_names(
    judging: Judging,
) -> None:
    judging.act(AssignEvaluator, OFFICE, DUBLIN, evaluator=id_of(ME))
    read = judging.told(DUBLIN)
    assert DUBLIN.title in read["/me/evaluations"]
    sum_and_text = {CONTENT, str(DUBLIN.requested_cents), "€9,000"}
    assert found(sum_and_text, read) == []
    assert found(names(DUBLIN), read) == []


def test_after_the_declaration_it_reads_the_content_and_no_scores_of_others(judging: Judging) -> None:
    judging.act(AssignEvaluator, OFFICE, TURIN, evaluator=id_of(ME))
    judging.act(DeclareNoConflict, id_of(ME), TURIN)
    read = judging.told(TURIN)
    assert CONTENT in read[f"/pilot-actions/{action_of(TURIN)}/versions/1"]
    assert found({WORDS}, read) == []
    assert '"points"' not in read[f"/pilot-actions/{action_of(TURIN)}/evaluation"]
    judging.score(ME, TURIN)
    assert WORDS in judging.told(TURIN)[f"/pilot-actions/{action_of(TURIN)}/evaluation"]
    assert found(names(TURIN), judging.told(TURIN)) == []
    assert found(names(TURIN), dict(enumerate(judging.foreseen(TURIN)))) == []  # type: ignore[arg-type]


def test_who_leaves_reads_nothing_any_more_by_no_route(judging: Judging) -> None:
    for one in (MALAGA, HAMBURG):
        judging.act(AssignEvaluator, OFFICE, one, evaluator=id_of(ME))
        judging.act(DeclareNoConflict, id_of(ME), one)
        judging.score(ME, one)
        assert found(marks(one), judging.told(one))
    judging.act(WithdrawEvaluator, id_of(ME), MALAGA, reason="I am ill.")
    judging.act(DeclareConflict, id_of(ME), HAMBURG, reason="My sister works there.")
    judging.story.at = CALENDAR.scores_due
    judging.act(ReplaceEvaluator, OFFICE, DUBLIN, evaluator=id_of(ME), successor=id_of("Evaluator 5"), reason="Late.")
    for one in (MALAGA, HAMBURG, DUBLIN):
        assert found(marks(one) | names(one), judging.told(one)) == [], one.city


def test_in_a_call_that_does_not_hide_applicants_an_evaluator_reads_who_applies(
    stages: Mapping[Stage, Path], turning: Turning
) -> None:
    with turning.opened(stages[Stage.GRANTED]) as api:
        rows = {row["id"]: row for row in api.get("Evaluator 1", "/me/evaluations").json()}
        assert rows[str(action_of(TURIN))]["members"] == ["Turin", "Nagoya"]
        events = api.get("Evaluator 1", "/events?limit=1000").json()
        assert str(id_of("Officer of Turin")) in {event["data"]["by"] for event in events}


def test_no_applicant_reads_who_evaluates_after_the_release_either(
    blind_stages: Mapping[Stage, Path], turning: Turning
) -> None:
    hidden = {*EVALUATORS, *(str(id_of(name)) for name in EVALUATORS)}
    with turning.opened(blind_stages[Stage.GRANTED]) as api:
        for who, one in (("Officer of Turin", TURIN), ("Officer of Nagoya", TURIN), ("Officer of Dublin", DUBLIN)):
            assert found(hidden, told(api, one, who)) == []


def test_in_an_open_call_the_members_read_who_evaluated_once_the_outcomes_are_released(
    turning: Turning, tmp_path: Path
) -> None:
    path = f"/pilot-actions/{action_of(TURIN)}/evaluators"
    stages = record_stages(tmp_path, Blindness.OPEN)
    with turning.opened(stages[Stage.APPROVED]) as api:
        assert api.get("Officer of Turin", path).status_code == 404
    with turning.opened(stages[Stage.RELEASED]) as api:
        assert [row["label"] for row in api.get("Officer of Nagoya", path).json()] == list(EVALUATORS)
        assert api.get("Officer of Dublin", path).status_code == 404
