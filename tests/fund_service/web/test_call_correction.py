"""A published call is corrected by two persons; before each says yes, the page says what changes, and what may not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.call.aggregate import CALL, announced
from domain.call.commands import CancelCall, ProposeCancellation
from domain.call.rules import CallRules
from fund_service.auth.sessions import csrf_of
from fund_service.editions.clocks import moved
from fund_service.editions.comparing import text_of_edition
from fund_service.web.screens.call_correction import CORRECTION
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.api.standing import asked
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, ENVELOPE_CENTS
from tests.fund_service.small_fund import RULES as PUBLISHED
from tests.fund_service.staged_fund import Stage, copied
from tests.fund_service.web.visitor import seen, somebody

HERE = CORRECTION.format(call_id=CALL_ID)
RULES = PUBLISHED.model_copy(
    update={"lines": (PUBLISHED.lines[0].model_copy(update={"envelope_cents": ENVELOPE_CENTS}),)}
)
WORDING = "20 March 2026, 18:00 Brussels time."
LONGER = RULES.with_deadline(RULES.calendar.applications_close.replace(hour=17), WORDING)
RICHER = LONGER.model_copy(update={"lines": (RULES.lines[0].model_copy(update={"envelope_cents": 9_000_000}),)})
WHY = "The service was away for a day."


@pytest.fixture(scope="module")
def fund(turning: Turning, stages: dict[Stage, Path]) -> Iterator[Api]:
    """Return a fund whose call takes applications; nothing is recorded in it."""
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        yield opened


def looked(api: Api, rules: CallRules, reason: str = WHY, label: str = "Secretariat 1") -> str:
    """Return what the page says of corrected rules."""
    return seen(somebody(api, label).send(HERE, {"text": text_of_edition(rules), "reason": reason})).said


def test_nobody_but_the_secretariat_for_all_strands_finds_it(fund: Api) -> None:
    for who in ("Officer of Turin", "Approver 1", "Secretariat LAC"):
        somebody(fund, who).see(HERE, 404)
        assert somebody(fund, who).send(HERE, {"text": "x"}).status_code == 404
    page = somebody(fund, "Secretariat 1").see(HERE)
    assert "envelope_cents" in page.content
    assert "waits for a second person" not in page.said
    somebody(fund, "Secretariat 1").see(CORRECTION.format(call_id="00000000-0000-0000-0000-00000000000f"), 404)
    assert f'href="{HERE}"' in somebody(fund, "Secretariat 1").see(f"/calls/{CALL_ID}/desk").content


def test_each_change_says_which_rule_allows_or_forbids_it_and_what_helps(fund: Api) -> None:
    opens = RULES.calendar.coaching_opens
    calendar = LONGER.calendar.model_copy(update={"coaching_opens": opens.replace(day=opens.day + 1)})
    said = looked(fund, RICHER.model_copy(update={"zone": "Europe/Paris", "title": "Another", "calendar": calendar}))
    assert "title IURC competitive fund 2026 Another Yes D21" in said
    assert "zone Europe/Brussels Europe/Paris No This never changes after the publication: zone. Leave it" in said
    assert "envelope cents €24,000.00 €90,000.00 Yes, material It touches what applicants apply for" in said
    assert "A step that is over does not move." in said
    assert "Why can’t I propose it? This never changes after the publication: zone." in said
    assert "Propose this correction" not in said


def test_what_is_material_needs_a_longer_deadline(fund: Api) -> None:
    said = looked(fund, RULES.model_copy(update={"lines": RICHER.lines}))
    assert "€90,000.00 No What applicants apply for" in said
    assert "Let applications close later than Fri 20 March 2026, 17:00 Brussels. D21" in said


def test_the_clocks_that_move_and_those_who_are_told_are_named_before(fund: Api) -> None:
    said = looked(fund, LONGER)
    assert "Clocks that move 3" in said
    assert "Questions end Fri 13 March 2026, 17:00 Brussels Fri 13 March 2026, 18:00 Brussels Answers" in said
    assert "Who is told Everybody" in said
    assert "Nobody: it touches nothing that applicants applied for." in said
    assert "Propose this correction" in said
    names = [one.name for one in moved(RULES, LONGER)]
    assert names == ["applications close", "questions end", "answers due"]


def test_without_a_change_or_a_reason_the_page_says_what_is_missing(fund: Api) -> None:
    assert "Nothing differs. Why can’t I propose it? The corrected rules are those in force." in looked(fund, RULES)
    assert "The correction gives no reason." in looked(fund, LONGER, reason="")
    who = somebody(fund, "Secretariat 1")
    assert "this is not YAML" in seen(who.send(HERE, {"text": "a: [", "reason": WHY}), 200).said
    dates = {"text": text_of_edition(RULES), "dates": "yes", "calendar.applications_close": "soon"}
    assert "cannot be read" in seen(who.send(HERE, dates), 422).said
    content = text_of_edition(LONGER).encode()
    page = seen(who.bring(HERE, {"csrf": csrf_of(who.secret or ""), "reason": WHY}, "a.yaml", content))
    assert "Propose this correction" in page.said


def test_one_person_proposes_it_another_confirms_it(
    turning: Turning, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    with turning.opened(copied(stages[Stage.OPEN], tmp_path / "fund")) as opened:
        opened.parts.projector.catch_up()
        first, second = somebody(opened, "Secretariat 1"), somebody(opened, "Secretariat 2")
        seen_version = f'"{opened.parts.fund.world().version(CALL, CALL_ID)}"'
        form = {"text": text_of_edition(RICHER), "reason": WHY, "propose": "yes", "key": "mend", "seen": seen_version}
        assert "changed since" in seen(first.send(HERE, {**form, "seen": '"1"'}), 422).said
        answers = [first.send(HERE, form) for _ in range(2)]
        assert [one.headers["Location"] for one in answers] == [f"{HERE}?done=mend"] * 2
        opened.parts.projector.catch_up()
        page = first.see(f"{HERE}?done=mend")
        assert "Correction 1 waits for a second person Secretariat 1" in page.said
        assert "Why can’t I confirm it? You asked for this yourself" in page.said
        assert "4 applications were submitted; who sent them submits again before the new deadline." in page.said
        waits = second.see(HERE)
        confirm = f"/do/calls/{CALL_ID}/corrections/1/confirmation"
        assert confirm in waits.links
        before = second.see(confirm).said
        assert f"Secretariat 1, Mon 2 March 2026, 09:04:28 Brussels : {WHY}" in before
        assert "envelope cents €24,000.00 €90,000.00 Yes, material" in before
        assert "Who must act again 4 applications were submitted" in before
        assert "€90,000.00" not in somebody(opened, "Officer of Turin").see(confirm).said
        done = second.send(confirm, {"key": "yes"})
        assert done.status_code == 303, done.text
        call = opened.parts.fund.look(CALL, CALL_ID)
        assert call is not None
        assert announced(call) == RICHER
        opened.parts.projector.catch_up()
        assert "€90,000.00" not in second.see(confirm).said


def test_a_cancelled_call_is_not_corrected_and_says_why(
    turning: Turning, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    with turning.opened(copied(stages[Stage.OPEN], tmp_path / "fund")) as opened:
        for command, who in ((ProposeCancellation, "Secretariat 1"), (CancelCall, "Secretariat 2")):
            opened.parts.fund.handle(asked(command, APPLICANTS[0], who))
        opened.parts.projector.catch_up()
        said = looked(opened, LONGER)
        assert "No The call was cancelled; nothing goes on in it." in said
        assert "Propose this correction" not in said
