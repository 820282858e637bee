"""A new edition in the editor: mistakes by line, differences, what would follow, and then it is published, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.call.aggregate import CALL, announced
from domain.ids import call_id
from fund_service.auth.sessions import csrf_of
from fund_service.editions.clocks import after_release, until_release
from fund_service.editions.comparing import differences, later, text_of_edition
from fund_service.editions.loader import edition, read_edition
from fund_service.editions.playing import played
from fund_service.web.screens.call_editor import EDITOR
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.staged_fund import Stage, copied
from tests.fund_service.web.visitor import seen, somebody

LAST = edition("iurc-2026")
NEXT = later(LAST, "iurc-2028", 104)
TEXT = text_of_edition(NEXT)


@pytest.fixture(scope="module")
def fund(turning: Turning, stages: dict[Stage, Path]) -> Iterator[Api]:
    """Return a fund with one call; nothing is recorded in it."""
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        yield opened


def test_the_text_of_an_edition_says_all_that_it_is() -> None:
    assert read_edition(text_of_edition(LAST), "x") == LAST
    assert read_edition(TEXT, "x") == NEXT


def test_a_later_edition_keeps_weekday_and_hour_in_its_zone() -> None:
    for (_, before), (name, after) in zip(LAST.calendar.points(), NEXT.calendar.points(), strict=True):
        one, other = before.astimezone(LAST.time_zone), after.astimezone(LAST.time_zone)
        assert (one.weekday(), one.time()) == (other.weekday(), other.time()), name
    assert NEXT.holidays == ()


def test_what_differs_is_told_entry_by_entry_in_words() -> None:
    line = LAST.lines[0].model_copy(update={"envelope_cents": 7_000_000})
    less = LAST.criteria[0].model_copy(update={"id": "novelty"})
    other = LAST.model_copy(update={"lines": (line,), "criteria": (less, *LAST.criteria[1:]), "notes": ()})
    told = {one.where: (one.before, one.after) for one in differences(LAST, other)}
    assert told[("lines", "pilot_action", "envelope cents")] == ("€80,000.00", "€70,000.00")
    assert told[("criteria", "novelty")][0] is None
    assert told[("criteria", LAST.criteria[0].id)][1] is None
    assert told[("notes",)][1] is None
    assert len(told) == 4
    assert differences(LAST, LAST) == []


def test_the_last_edition_is_copied_with_later_dates(fund: Api) -> None:
    who = somebody(fund, "Secretariat 1")
    assert "Copy IURC competitive fund 2026 with later dates" in who.see(EDITOR).said
    copy = {"copy": "yes", "edition": "iurc-2028", "years": "2"}
    page = seen(who.send(EDITOR, copy))
    assert "It can be read Edition iurc-2028" in page.said
    assert "applications close Fri 20 March 2026, 17:00 Brussels Fri 17 March 2028, 17:00 Brussels" in page.said
    assert "What happens if I do this now" in page.said
    assert "Publish IURC competitive fund 2026" in page.said
    for wrong in ({"edition": "No Name!"}, {"years": "ten"}, {"years": "0"}):
        assert "This is to be mended" in seen(who.send(EDITOR, {**copy, **wrong}), 422).said


def test_every_mistake_is_told_with_its_line_and_its_cure_and_the_text_stays(fund: Api) -> None:
    who = somebody(fund, "Secretariat 1")
    line = 1 + TEXT.splitlines().index("request_seconds: 60")
    page = seen(who.send(EDITOR, {"text": TEXT.replace("request_seconds: 60", "request_seconds: 0")}))
    assert f"The edition, line {line} : request_seconds :" in page.said
    assert "request_seconds: 0" in page.content
    assert "Publish" not in page.said.partition("This is to be mended")[2].partition("The edition, in YAML")[0]
    assert "this is not YAML" in seen(who.send(EDITOR, {"text": "a: ["})).said
    assert "<script>" not in seen(who.send(EDITOR, {"text": "title: <script>"})).content


def test_dates_of_a_form_go_into_the_text(fund: Api) -> None:
    who = somebody(fund, "Secretariat 1")
    page = seen(who.send(EDITOR, {"text": TEXT, "dates": "yes", "calendar.applications_close": "2028-03-18T16:00"}))
    assert "applications_close: &#39;2028-03-18T16:00:00+01:00&#39;" in page.content
    for wrong, says in (("soon", "cannot be read"), ("2031-01-01T00:00", "comes before")):
        answer = who.send(EDITOR, {"text": TEXT, "dates": "yes", "calendar.applications_close": wrong})
        assert says in seen(answer, 422).said


def test_an_edition_that_is_published_already_says_why_it_cannot_be(fund: Api) -> None:
    page = seen(somebody(fund, "Secretariat 1").send(EDITOR, {"text": text_of_edition(LAST)}))
    assert "What differs from IURC competitive fund 2026" in page.said


def test_it_is_published_once_and_by_nobody_else(turning: Turning, stages: dict[Stage, Path], tmp_path: Path) -> None:
    with turning.opened(copied(stages[Stage.OPEN], tmp_path / "fund")) as opened:
        opened.parts.projector.catch_up()
        form = {"text": TEXT, "publish": "yes", "key": "this edition"}
        for who in ("Officer of Turin", "Approver 1", "Secretariat LAC"):
            somebody(opened, who).see(EDITOR, 404)
            assert somebody(opened, who).send(EDITOR, form).status_code == 404
        assert opened.parts.fund.look(CALL, call_id("iurc-2028")) is None
        officer = somebody(opened, "Secretariat 1")
        answers = [officer.send(EDITOR, form) for _ in range(2)]
        where = f"/calls/{call_id('iurc-2028')}?done=this%20edition"
        assert [one.headers["Location"] for one in answers] == [where, where]
        call = opened.parts.fund.look(CALL, call_id("iurc-2028"))
        assert call is not None
        assert announced(call) == NEXT


def test_a_file_takes_the_place_of_the_text_and_is_read_as_an_edition_file(fund: Api) -> None:
    who = somebody(fund, "Secretariat 1")
    csrf = {"csrf": csrf_of(who.secret or "")}
    page = seen(who.bring(EDITOR, csrf, "next.yaml", f"\ufeff{TEXT}".replace("\n", "\r\n").encode()))
    assert "It can be read Edition iurc-2028" in page.said
    wrong = TEXT.replace("request_seconds: 60", "request_seconds: 0").encode()
    assert "request_seconds: 0" in seen(who.bring(EDITOR, csrf, "next.yaml", wrong)).content
    for content, says in ((b"\xff\xfe", "is not text in UTF-8"), (b"a\x00b", "a character that cannot be shown")):
        assert says in seen(who.bring(EDITOR, csrf, "next.yaml", content), 422).said
    assert "no file" in seen(who.bring(EDITOR, csrf, "", b""), 422).said
    assert who.bring(EDITOR, {"csrf": "x"}, "next.yaml", TEXT.encode()).status_code == 403
    assert who.bring(EDITOR, csrf, "next.yaml", b"x" * 1_000_001).status_code == 413
    assert somebody(fund, "Officer of Turin").bring(EDITOR, csrf, "x", b"").status_code in (403, 404)


def test_the_whole_calendar_is_played_and_pictured_before_it_is_published(fund: Api) -> None:
    page = seen(somebody(fund, "Secretariat 1").send(EDITOR, {"text": TEXT}))
    assert "Fri 17 Mar 2028, 17:00 The time for applications ended. Goes through" in page.said
    assert "Thu 28 Sep 2028, 12:00 The reserve list ended. Goes through" in page.said
    assert "The call is settled" in page.said
    assert "Refused" not in page.said
    assert "Approval Fri 24 Mar 2028" in page.said
    assert fund.parts.fund.look(CALL, call_id("iurc-2028")) is None


def test_each_step_that_is_played_is_what_the_rules_decide_at_its_instant(fund: Api) -> None:
    world = fund.parts.fund.world()
    late = NEXT.model_copy(update={"calendar": NEXT.calendar.model_copy(update={"settled": NEXT.calendar.published})})
    steps = played(world, late, NEXT.calendar.published)
    assert [one.at for one in steps] == sorted(one.at for one in steps)
    assert [one.says for one in steps if one.refused is None][-1] == ("The reserve list ended.",)
    assert played(world, NEXT, NEXT.calendar.published) == []  # it is published there already


def test_the_stretches_of_a_calendar_stand_where_they_belong() -> None:
    for rows in (until_release(NEXT), after_release(NEXT)):
        assert all(0 <= one.left <= one.left + one.width <= 100.02 for one in rows)
    assert [one.name for one in after_release(NEXT)][-1] == f"Reserve of {NEXT.lines[0].name}"
    assert max(one.left + one.width for one in after_release(NEXT)) >= 99.98
