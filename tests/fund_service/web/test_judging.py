"""An evaluator declares, reads, scores and agrees on pages; nobody sees more there than over the API."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from domain.evaluation.aggregate import EVALUATION
from domain.evaluation.commands import ProposeConsensus
from domain.ids import evaluation_id
from domain.people import Blindness
from fund_service.composition import open_parts
from fund_service.settings import Settings
from fund_service.web.wishes import deed_address
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import EVALUATORS, id_of
from tests.fund_service.staged_fund import Stage, StagedFund
from tests.fund_service.web.judging import HAMBURG, TURIN, WHY, begin_judging, boxes, sheet
from tests.fund_service.web.test_doing import hidden_fields
from tests.fund_service.web.visitor import Visitor, seen, somebody

FIRST, SECOND, THIRD = EVALUATORS
PAGE, COPY = f"/pilot-actions/{TURIN}/evaluation", f"/pilot-actions/{TURIN}/copy"
DECLARE = deed_address("DeclareNoConflict", pilot_action_id=TURIN)
SCORES = deed_address("GiveScores", pilot_action_id=TURIN)
PROPOSE, AGREE = (deed_address(name, pilot_action_id=HAMBURG) for name in ("ProposeConsensus", "AgreeConsensus"))
CONTENT = "Our answer."
TOGETHER = {"quality": {"points": 4, "justification": "We read it again, and all find it clear enough by now."}}


@pytest.fixture(scope="module")
def judging(turning: Turning, stages: dict[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory with a small fund in the middle of its evaluation."""
    place = copytree(stages[Stage.CLOSED], tmp_path_factory.mktemp("judging") / "fund")
    with turning.opened(place) as opened:
        begin_judging(opened.parts)
    return place


@pytest.fixture
def fund(turning: Turning, judging: Path, tmp_path: Path) -> Iterator[Api]:
    """Return a copy of it, of the test's own."""
    with turning.opened(copytree(judging, tmp_path / "fund")) as opened:
        opened.parts.projector.catch_up()
        yield opened


def do(fund: Api, who: Visitor, where: str, **fields: str) -> str:
    """Send the form of a deed, which is done, and return where it leads."""
    answer = who.send(where, {**hidden_fields(who.see(where)), **fields})
    assert answer.status_code == 303, answer.text
    fund.parts.projector.catch_up()
    return answer.headers["Location"]


def test_before_the_declaration_an_evaluator_reads_who_applies_and_nothing_of_what_they_say(fund: Api) -> None:
    who = somebody(fund, FIRST)
    gate = who.see(PAGE)
    assert "Did you coach this partnership" in who.see(DECLARE).said
    for words in ("Turin (leads)", "Nagoya", "Nothing is shown until you have said", "No to all five"):
        assert words in gate.said
    assert "Did you coach this partnership" in gate.said
    assert "Nothing is shown until" in who.see(SCORES).said
    assert CONTENT not in gate.said + who.see(SCORES).said
    assert who.ask(COPY).headers["Location"] == PAGE
    declared = who.send(DECLARE, hidden_fields(gate))
    assert (declared.status_code, declared.headers["Location"].partition("?")[0]) == (303, SCORES)
    fund.parts.projector.catch_up()
    opened = who.see(declared.headers["Location"])
    assert CONTENT in opened.said
    assert "declared to have no conflict" in opened.said
    assert WHY not in opened.said + who.see(PAGE).said
    again = seen(who.send(DECLARE, {**hidden_fields(gate), "key": "again"}), 409)
    assert "Why can’t I say this? You have declared already." in again.said


def test_who_has_a_conflict_says_which_and_is_shown_nothing_any_more(fund: Api) -> None:
    who = somebody(fund, SECOND)
    who.send(SCORES, {**hidden_fields(who.see(SCORES)), **boxes(sheet(SECOND)), "save": "yes"})
    assert SCORES in who.see("/home").links
    begun = next(link for link in somebody(fund, FIRST).see(PAGE).links if "reason=" in link)
    assert "I work for:" in who.see(begun.replace("&amp;", "&")).content
    led = do(fund, who, deed_address("DeclareConflict", pilot_action_id=TURIN), reason="I work for a supplier.")
    assert led.partition("?")[0] == "/home"
    assert "Turin" not in who.see("/me/evaluations").said
    assert "NOT sent" not in who.see("/home").said
    for where in (PAGE, SCORES, COPY):
        assert who.see(where, 404)


def test_scores_are_saved_one_by_one_and_found_again_until_they_are_sent(fund: Api) -> None:
    who, own = somebody(fund, SECOND), sheet(SECOND, relevance=5)
    first = boxes({name: own[name] for name in ("relevance",)})
    saved = who.send(SCORES, {**hidden_fields(who.see(SCORES)), **first, "save": "quality"})
    assert saved.headers["Location"] == f"{SCORES}?open=quality#part-quality"
    again = somebody(fund, SECOND).see(saved.headers["Location"])
    assert "1 of 5 complete" in again.said
    assert "25.00 of 25 possible" in again.said
    assert 'id="scores.relevance.points-5" name="scores.relevance.points" value="5" checked' in again.content
    assert 'id="part-quality" open' in again.content
    assert "1 criterion begun" in who.see("/me/evaluations").said
    led = do(fund, who, SCORES, **boxes(own))
    assert led.partition("?")[0] == PAGE
    assert fund.parts.form_drafts.of(id_of(SECOND)) == []
    assert "they cannot be changed" in who.see(SCORES).said
    assert "<textarea" not in who.see(SCORES).content


def test_what_is_missing_is_told_beside_its_box_and_nothing_typed_is_lost(fund: Api) -> None:
    who, own = somebody(fund, SECOND), boxes(sheet(SECOND))
    own["scores.quality.justification"] = "Too short."
    del own["scores.partnership.points"]
    form = hidden_fields(who.see(SCORES))
    refused = who.send(SCORES, {**form, **own})
    assert refused.status_code == 422
    told = seen(refused, 422)
    assert "#box-scores.partnership.points" in told.links
    assert told.content.count("Too short.") == 1
    assert "has 10 of at least 50 characters" in told.said
    whole = {**own, "scores.partnership.points": "3"}
    short = seen(who.send(SCORES, {**form, **whole}), 409)
    assert "Why can’t I send my scores?" in short.said
    assert "Not saved since" not in short.said
    assert 'id="wrong-scores.quality.justification"' in short.content
    assert short.content.count(f"{SECOND} {WHY}") == 4
    nothing = seen(who.send(SCORES, form), 422)
    assert "#box-scores" in nothing.links


def test_the_others_scores_are_hidden_until_ones_own_are_in(fund: Api) -> None:
    who = somebody(fund, SECOND)
    before = who.see(PAGE)
    assert "You see the others’ scores when your own are in." in before.said
    assert WHY not in before.said
    do(fund, who, SCORES, **boxes(sheet(SECOND)))
    assert f"{THIRD}: 2 {THIRD} {WHY}" in who.see(PAGE).said


def test_a_consensus_is_proposed_and_counts_when_all_agreed_to_the_same(fund: Api) -> None:
    visitors = [somebody(fund, name) for name in EVALUATORS]
    form = visitors[0].see(PROPOSE)
    assert "Quality and feasibility 4 apart" in form.said
    assert "Relevance" not in form.said
    assert form.said.count(WHY) == 3
    short = seen(
        visitors[0].send(PROPOSE, {**hidden_fields(form), **boxes(TOGETHER), "scores.quality.justification": "No."}),
        409,
    )
    assert 'id="wrong-scores.quality.justification"' in short.content
    do(fund, visitors[0], PROPOSE, **boxes(TOGETHER))
    assert "The others are asked" in visitors[0].see(f"/pilot-actions/{HAMBURG}/evaluation").said
    asked = next(link for link in visitors[1].see("/me/evaluations").links if link.startswith(AGREE))
    shown = visitors[1].see(asked)
    told = fund.get(SECOND, f"/pilot-actions/{HAMBURG}/evaluation").json()["proposal"]
    assert told["justifications"] == {"quality": TOGETHER["quality"]["justification"]}
    assert "Proposed: 4 We read it again" in shown.said
    assert "I agree with 4" in shown.said
    do(fund, visitors[1], asked)
    assert f"Waiting for: {THIRD}." in visitors[1].see(AGREE).said
    do(fund, visitors[2], asked)
    over = visitors[2].see(f"/pilot-actions/{HAMBURG}/evaluation").said
    assert "Consensus: 4" in over
    assert "All scores are in, and nothing waits." in over
    evaluation = fund.parts.fund.look(EVALUATION, evaluation_id(HAMBURG))
    assert evaluation is not None
    assert evaluation.consensus == {"quality": 4}


def test_who_agrees_to_a_proposal_that_was_replaced_is_shown_the_new_one(fund: Api) -> None:
    do(fund, somebody(fund, FIRST), PROPOSE, **boxes(TOGETHER))
    who = somebody(fund, SECOND)
    form = hidden_fields(who.see(AGREE))
    named = {"by": id_of(THIRD), "at": fund.parts.clock.now(), "key": "another", "pilot_action_id": HAMBURG}
    another = {"quality": {"points": 2, "justification": "On a third reading we all see that it is not feasible."}}
    fund.parts.fund.handle(ProposeConsensus.model_validate({**named, "scores": another}))
    told = seen(who.send(AGREE, form), 409)
    assert "Why can’t I agree to the consensus?" in told.said
    assert "Proposed: 2 On a third reading" in told.said
    assert hidden_fields(told)["digest"] != form["digest"]


@pytest.mark.parametrize("where", [PAGE, DECLARE, SCORES, COPY, PROPOSE, AGREE])
def test_who_does_not_evaluate_it_is_told_of_none(fund: Api, where: str) -> None:
    assert "There is no" in somebody(fund, "Evaluator 4").see(where, 404).said


def test_what_the_scores_come_to_stands_with_the_thresholds_on_form_and_evaluation(fund: Api) -> None:
    who, own = somebody(fund, SECOND), sheet(SECOND, relevance=5, quality=2)
    form = hidden_fields(who.see(SCORES))
    who.send(SCORES, {**form, **boxes({name: own[name] for name in ("relevance", "quality")}), "save": "yes"})
    begun = who.see(SCORES).said
    assert "35.00 of 50 possible An application needs 70 of 100 in all" in begun
    assert "5 of 5 Threshold 3 met" in begun
    assert "2 of 5 Below 3" in begun
    whole = somebody(fund, FIRST).see(f"/pilot-actions/{HAMBURG}/evaluation").said
    assert "Quality and feasibility Threshold 3 met 3.33 25 16.67" in whole
    assert "Total of 100, so far 76.67 An application needs 70 of 100 in all" in whole
    assert "E13 Threshold 70 met" in whole


def test_the_desk_reads_the_committee_and_no_form_shows_it_what_evaluators_score(fund: Api) -> None:
    desk = somebody(fund, "Secretariat 1")
    assert f"{THIRD}: 2" in desk.see(PAGE).said
    assert "Nothing is shown until" not in desk.see(PAGE).said
    for where in (DECLARE, SCORES, PROPOSE, AGREE):
        page = desk.see(where)
        assert "Why can’t I" in page.said
        assert CONTENT not in page.said
    assert CONTENT in desk.see(COPY).said
    assert somebody(fund, "Officer of Turin").ask(PAGE).headers["Location"] == f"/pilot-actions/{TURIN}"
    assert "There is no evaluation" in somebody(fund, "Officer of Lima").see(PAGE, 404).said
    assert CONTENT in somebody(fund, "Officer of Turin").see(COPY).said


def test_the_worklist_leads_on_and_back_to_what_is_done(fund: Api) -> None:
    links = somebody(fund, THIRD).see("/me/evaluations").links
    assert PROPOSE in links
    assert PAGE in links


def test_where_the_call_hides_who_applies_no_page_names_them(turning: Turning, tmp_path: Path) -> None:
    place = tmp_path / "blind"
    place.mkdir()
    with open_parts(Settings(data=place)) as parts:
        stages = StagedFund(parts.fund, Blindness.APPLICANTS_HIDDEN_TOO).stages()
        assert next(stage for stage in stages if stage is Stage.CLOSED)
        begin_judging(parts)
    with turning.opened(place) as opened:
        opened.parts.projector.catch_up()
        first, second = somebody(opened, FIRST), somebody(opened, SECOND)
        pages = [first.see(PAGE), first.see("/me/evaluations"), first.see(PROPOSE)]
        pages += [second.see(where) for where in (PAGE, SCORES, COPY)]
        for page in pages:
            assert "Turin" not in page.content
            assert "Nagoya" not in page.content
        assert "This call hides who applies." in pages[0].said
        assert "Cool schoolyards" in pages[0].said
        assert CONTENT in pages[4].said
