"""Every page as Chromium shows it, for every role: no barrier, no complaint, nothing from elsewhere, none too wide."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fund_service.composition import Parts, open_parts
from fund_service.settings import Settings
from fund_service.web.deed_forms import FORMS
from fund_service.web.screens.call_editor import EDITOR
from fund_service.web.wishes import DO, wish_at
from tests.browser.looking import NARROW, NARROWEST, WIDE, Eyes, Hall, invalid, served
from tests.fund_service.small_fund import CALL_ID
from tests.fund_service.staged_fund import Stage

OFFICE = "Secretariat 1"
MEMBERS = ("Officer of Turin", "Officer of Nagoya")
EVERYBODY = (
    None,
    *MEMBERS,
    "Coach 1",
    "Evaluator 1",
    OFFICE,
    "Approver 1",
    "Resource manager 1",
    "Certifier 1",
    "Auditor 1",
)
CHECKED = f"/calls/{CALL_ID}/check?who=city&country=IT&pilot=no&partner=JP&roadmap=yes&euros=10.000"
"""An answer to a few questions, to which no page leads: met, not met, open, and a sum that is asked back."""
SAME = ("/rules", "/questions", "/map", "/accessibility", "/privacy")
"""What says the same to everybody: it is looked at once."""
REFUSED = "Failed to load resource: the server responded with a status of 422"
"""What Chromium says of a form that comes back with its mistakes."""
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<==)[^&]+|(?<=/)\d+")


@contextmanager
def opened(place: Path) -> Iterator[Parts]:
    """Open a fund as it lay."""
    with open_parts(Settings(data=place, requests=10_000_000)) as parts:
        parts.projector.catch_up()
        yield parts


@pytest.mark.parametrize(("stage", "who"), [(Stage.OPEN, MEMBERS), (Stage.GRANTED, EVERYBODY)])
async def test_no_page_has_a_barrier_a_complaint_or_is_too_wide(
    stage: Stage, who: tuple[str | None, ...], stages: dict[Stage, Path], tmp_path: Path
) -> None:
    found: list[str] = []
    contents: dict[str, str] = {}
    looked_at: set[str] = set()
    with opened(stages[stage]) as parts:
        async with served(parts) as hall:
            for label in who:
                found += await _walked(hall, label, looked_at, contents)
    assert found + invalid(contents, tmp_path) == []


async def _walked(hall: Hall, label: str | None, looked_at: set[str], contents: dict[str, str]) -> list[str]:
    """Return what is wrong with the pages that somebody finds, one of each kind, and keep what they are made of.

    Of what others looked at before, which looks alike, the narrow page is looked at again.
    """
    found, kinds, ahead = [], set(), ["/home", "/search", "/search?q=turin"] if label else ["/", CHECKED]
    async with hall.eyes(label) as eyes:
        while ahead:
            path = ahead.pop(0)
            if (kind := _kind(path.partition("#")[0])) in kinds or (kind in SAME and kind in looked_at):
                continue
            kinds.add(kind)
            status = await eyes.open(path)
            widths = (NARROW,) if kind in looked_at else (WIDE, NARROW)
            looked_at.add(kind)
            found += [f"{label} {path}: {wrong}" for wrong in await _wrong(eyes, widths)]
            found += [f"{label} {path}: status {status}"] if status != 200 else []
            contents[f"{label} {path}"] = await eyes.page.content()
            links = await eyes.page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
            ahead += [link for link in links if link.startswith("/") and not link.startswith("/api/")]
            for send in SENT.get(kind, ()) if label == OFFICE else ():
                await send(eyes)
                found += [f"{label} {path}, {send.__name__}: {wrong}" for wrong in await _wrong(eyes)]
                contents[f"{label} {path}, {send.__name__}"] = await eyes.page.content()
        return [*found, *(one for one in eyes.complaints if f"{EDITOR}: {REFUSED}" not in one)]


async def _rows_ticked(eyes: Eyes) -> None:
    """Ask what would happen to rows of a list: one can be filled in, the others say why not."""
    for box in await eyes.page.get_by_role("checkbox").all():
        await box.check()
    await eyes.page.get_by_label("With the ticked rows").select_option("AssignEvaluator")
    await eyes.press("See what would happen")
    assert await eyes.says("Nothing is recorded yet.")
    await eyes.page.get_by_label("Evaluator", exact=True).select_option(index=1)
    await eyes.press("What happens if I do this?")
    assert await eyes.says("Refused")


async def _mistakes_found(eyes: Eyes) -> None:
    """Let the editor look at a text that is no edition."""
    await eyes.type("The edition, in YAML", "edition: 1\ncalendar: soon\n")
    await eyes.press("Look at it: mistakes, differences, what follows")
    assert await eyes.says("This is to be mended")


async def _copied(eyes: Eyes) -> None:
    """Let the editor copy the last edition: what differs, and what would follow."""
    await eyes.open(EDITOR)
    await eyes.type("Name of the new edition", "iurc-2028")
    await eyes.press("Copy it into the text below")
    assert await eyes.says("What differs from IURC competitive fund 2026")


SENT = {"/calls/…/applications": (_rows_ticked,), EDITOR: (_mistakes_found, _copied)}
"""What is looked at besides what links lead to: the answers to forms of a page, by its kind."""


def _kind(path: str) -> str:
    """Return what kind of page stands at an address; all deeds without a form of their own have the same.

    A list in another order looks alike, and so do other events of the log, other ranks, and most pages of the past.
    """
    if re.search(r"[?&]as_of=", path):
        shown = re.search(r"/(dashboard|ranking|applications|pilot-actions/[^/]*/timeline)[?]", path)
        return f"the past: {_ID.sub('…', shown[1]) if shown else 'another page'}"
    path = re.sub(r"([?&](?:since|rank|about)=)[^&]*", r"\1…", path)
    path = re.sub(r"^(/events|/refusals)/.*", r"\1/…", path)
    path = re.sub(r"([?&])sort=[^&]*&?", r"\1", path).rstrip("?&")
    path = re.sub(r"(/audit/events\?at=).*", r"\1…", path)
    deed = path.partition("?")[0].removeprefix(f"{DO}/")
    if path.startswith(f"{DO}/"):
        command = wish_at(deed, ()).deed.command
        return command.__name__ if command in FORMS else DO
    return _ID.sub("…", path)


async def _wrong(eyes: Eyes, widths: tuple[int, ...] = (WIDE, NARROW)) -> list[str]:
    wrong = []
    for width in widths:
        if over := await eyes.overflow(width):
            wrong.append(f"{over} pixels too wide at {width}")
        wrong += [f"at {width} {barrier}" for barrier in await eyes.barriers()]
    if over := await eyes.overflow(NARROWEST):
        wrong.append(f"{over} pixels too wide at {NARROWEST}")
    return wrong


async def test_the_checkers_find_what_is_wrong(stages: dict[Stage, Path], tmp_path: Path) -> None:
    with opened(stages[Stage.OPEN]) as parts:
        async with served(parts) as hall, hall.eyes() as eyes:
            await eyes.open("/")
            assert await _wrong(eyes) == []
            await eyes.page.evaluate("document.querySelector('h1').innerHTML = '<img src=\"/\">'")
            await eyes.page.evaluate("document.querySelector('h1').style.width = '2000px'")
            wrong = await _wrong(eyes)
            assert any("image-alt" in one for one in wrong)
            assert any("too wide at 320" in one for one in wrong)
            await eyes.page.evaluate("console.error('planted')")
            assert any("planted" in one for one in eyes.complaints)
    assert invalid({"/": "<!doctype html><p><h1>No title</h1>"}, tmp_path)
