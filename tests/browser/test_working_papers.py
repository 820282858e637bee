"""A working paper with all that can stand in one, as Chromium shows it to an auditor and to the secretariat."""

from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any
from uuid import uuid4

import pytest

from domain.messages import Command
from domain.values import BRUSSELS
from domain.working_paper import commands
from fund_service.api.examples import bodies
from fund_service.composition import Parts
from tests.browser.looking import invalid, served
from tests.browser.test_pages import _wrong, opened
from tests.fund_service.small_fund import CALL_ID, id_of
from tests.fund_service.staged_fund import Stage

AUDITOR, OFFICE, PAPER = "Auditor 1", "Secretariat 1", id_of("a working paper")
ABOUT = f"/calls/{CALL_ID}/audit/sample?of=orders&method=monetary-unit&divided_by=outcome&size=2&seed=x&at=400"
PAGES = (f"/working-papers/{PAPER}", f"/calls/{CALL_ID}/findings", f"/calls/{CALL_ID}/desk", "/home")
ANSWER = f"/do/working-papers/{PAPER}/findings/2/answer"


def told(parts: Parts, kind: type[Command], who: str, **said: Any) -> None:
    """Let somebody do something about the paper."""
    stamp = {"by": id_of(who), "at": parts.clock.now(), "key": uuid4().hex}
    parts.fund.handle(kind.model_validate({**bodies()[kind], "paper_id": PAPER, **stamp, **said}))


def begin(parts: Parts) -> None:
    """Write a paper with notes, and two findings of which one is answered and left open."""
    today = parts.clock.now().astimezone(BRUSSELS).date()
    later = today + timedelta(30)
    told(parts, commands.OpenWorkingPaper, AUDITOR, call_id=CALL_ID, title="Donaudampfschifffahrt" * 8, about=ABOUT)
    told(parts, commands.WriteNote, AUDITOR, cites=ABOUT)
    told(parts, commands.WriteNote, AUDITOR, note="x" * 500, cites="")
    told(parts, commands.IssueFinding, AUDITOR, answer_by=today + timedelta(14))
    told(parts, commands.IssueFinding, AUDITOR, answer_by=later)
    told(parts, commands.AnswerFinding, OFFICE, number=1, by_when=later)
    told(parts, commands.FollowUpFinding, AUDITOR, number=1, standing="open", by_when=later)
    parts.projector.catch_up()


@pytest.mark.parametrize(
    ("who", "pages"), [(AUDITOR, (*PAGES, f"/calls/{CALL_ID}/audit/papers")), (OFFICE, (*PAGES, ANSWER))]
)
async def test_a_working_paper_has_no_barrier_and_is_not_too_wide(
    who: str, pages: tuple[str, ...], stages: dict[Stage, Path], tmp_path: Path
) -> None:
    found: list[str] = []
    contents: dict[str, str] = {}
    with opened(copytree(stages[Stage.GRANTED], tmp_path / "fund")) as parts:
        begin(parts)
        async with served(parts) as hall, hall.eyes(who) as eyes:
            for path in pages:
                assert await eyes.open(path) == 200, path
                contents[path] = await eyes.page.content()
                found += [f"{path}: {one}" for one in await _wrong(eyes)]
            assert eyes.complaints == []
    assert found + invalid(contents, tmp_path) == []
