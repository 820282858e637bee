"""The form is there before anybody starts, and a draft goes round as a document; the same words make the same bytes."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn

from domain.rulebook import rule
from fund_service.documents.docx import form_as_docx, plain
from fund_service.documents.filled import Filled
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, RULES, action_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.visitor import Visitor, somebody

ACTION = action_of(APPLICANTS[0])
BLANK, DRAFT = f"/calls/{CALL_ID}/form", f"/pilot-actions/{ACTION}/draft"


@pytest.fixture(scope="module")
def fund(turning: Turning, stages: dict[Stage, Path]) -> Iterator[Api]:
    """Return a small fund whose call takes applications."""
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        yield opened


def words(content: bytes) -> str:
    """Return all words of a document, those in tables too."""
    return "".join(one.text or "" for one in Document(BytesIO(content)).element.body.iter(qn("w:t")))


def test_the_blank_form_holds_every_question_with_its_limit_its_help_and_its_rules(fund: Api) -> None:
    answer = fund.get(None, BLANK)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="iurc-2026 application form.docx"')
    said, page = words(answer.content), Visitor(fund).see(BLANK).said
    for section, question in RULES.questions():
        for whole in (said, " ".join(page.split())):
            assert section.title in whole
            assert question.label in whole
            assert question.help in whole
    for told in (
        "At most 2,000 characters",
        f"S28: {rule('S28').sentence}",
        "All together at most €10,000.00.",
        "We do not ask for",
    ):
        assert told in said, told
    assert f"/api/v1{BLANK}" in Visitor(fund).see(BLANK).links
    assert BLANK in Visitor(fund).see("/").links


def test_the_same_form_is_the_same_file_whenever_it_is_made(fund: Api) -> None:
    first, second = fund.get(None, BLANK), fund.get(None, BLANK)
    assert first.content == second.content
    assert fund.get(None, BLANK, If_None_Match=first.headers["ETag"]).status_code == 304
    with ZipFile(BytesIO(first.content)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "vba" not in " ".join(packed.namelist())


def test_a_draft_says_that_it_is_one_and_what_is_written_so_far(fund: Api) -> None:
    answer = fund.get("Officer of Turin", f"{DRAFT}/form")
    said, page = words(answer.content), somebody(fund, "Officer of Turin").see(DRAFT)
    for whole in (said, page.said):
        assert "DRAFT, not submitted. What you submitted is version 1" in whole
        assert "last Mon 2 March 2026" in whole
        assert "Total: €10,000.00 of at most €10,000.00." in whole
    assert f"/api/v1{DRAFT}/form" in page.links
    assert DRAFT in somebody(fund, "Officer of Turin").see(f"/pilot-actions/{ACTION}").links


@pytest.mark.parametrize("who", ["Officer of Lima", "Evaluator 1", "Secretariat 1", None])
def test_a_draft_goes_to_nobody_who_may_not_see_it(fund: Api, who: str | None) -> None:
    assert fund.get(who, f"{DRAFT}/form").status_code == (404 if who else 401)
    answer = (somebody(fund, who) if who else Visitor(fund)).ask(DRAFT)
    led = {"Secretariat 1": f"/pilot-actions/{ACTION}/timeline", None: f"/sign-in?next={quote(DRAFT, safe='')}"}.get(
        who
    )
    assert (answer.status_code, answer.headers.get("Location")) == (303 if led else 404, led)


def test_every_script_is_kept_and_what_a_document_cannot_hold_does_not_break_it() -> None:
    typed = "ひなた السوق “=SUM(A1)” <w:p/> 🌳"
    filled = Filled(title=typed, answers={"need": f"{typed}\x00\x0b\ud800\r\nnext"}, is_draft=True)
    said = words(form_as_docx(RULES, filled))
    assert said.count(typed) == 2
    assert "\ufffd\ufffd\ufffd" in said
    assert plain("a\r\nb\rc\x1f") == "a\nb\nc\ufffd"
    assert form_as_docx(RULES, filled) == form_as_docx(RULES, filled)
