"""Pages on the narrowest screen in Spanish, and in a language whose words are longer than any of ours."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from domain.ids import grant_id
from fund_service.web import rendering
from fund_service.web.rendering import templates
from fund_service.web.wishes import deed_address
from tests.browser.hosting import LEAD, opened
from tests.browser.looking import NARROWEST, Eyes, Hall, served
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, LINE, action_of, id_of, partnership_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.pretended import pretended

ACTION: Final = action_of(APPLICANTS[0])
PAGES: Final[Mapping[Stage, Mapping[str | None, tuple[str, ...]]]] = {
    Stage.OPEN: {
        None: ("/", f"/calls/{CALL_ID}/check?who=city&country=IT&pilot=no&euros=10.000"),
        LEAD: (
            "/home",
            f"/partnerships/{partnership_of(APPLICANTS[0])}",
            f"/pilot-actions/{ACTION}",
            deed_address("SaveDraftSection", pilot_action_id=ACTION, section="resources"),
        ),
        "Officer of Nagoya": (
            deed_address("ConfirmParticipation", pilot_action_id=ACTION, organisation_id=id_of("Nagoya")),
        ),
        "Coach 1": ("/me/coaching",),
    },
    Stage.GRANTED: {
        LEAD: (f"/grants/{grant_id(ACTION)}",),
        "Secretariat 1": (
            f"/calls/{CALL_ID}/desk",
            f"/calls/{CALL_ID}/dashboard",
            f"/calls/{CALL_ID}/lines/{LINE}/ranking",
        ),
    },
}
SPANISH: Final = {
    Stage.OPEN: {LEAD: PAGES[Stage.OPEN][LEAD]},
    Stage.GRANTED: {LEAD: PAGES[Stage.GRANTED][LEAD]},
}
"""Those on which an applicant works; the longer language has the dates and sums of Spanish too."""
_CLIPPED: Final = """() => {
  const forReaders = (box) => box && (getComputedStyle(box).clipPath === "inset(50%)" || forReaders(box.parentElement));
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    let box = text.parentElement;
    if (!text.data.trim() || box.closest("svg, select, script, template, .skip") || !box.checkVisibility()) continue;
    if (forReaders(box)) continue;
    while (getComputedStyle(box).display.startsWith("inline") && box !== document.body) box = box.parentElement;
    const { left, right } = box.getBoundingClientRect();
    for (const word of text.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const most = Math.min(Math.max(right, left + 1) + 2, innerWidth + 1);
      if ([...range.getClientRects()].some((one) => one.left >= 0 && one.right > most)) found.push(word[0]);
    }
  }
  return found;
}"""
"""What stands outside of the box that it belongs to, or of the window; not what is kept for screen readers."""


async def clipped(eyes: Eyes) -> list[str]:
    """Return the texts that are cut off, or lie over what stands beside them."""
    found: list[str] = await eyes.page.evaluate(_CLIPPED)
    return found


async def looked_at(made: Hall, people: Mapping[str | None, tuple[str, ...]]) -> list[str]:
    """Return what is too wide or cut off on these pages; a long word breaks, else it is found."""
    wrong = []
    for label, paths in people.items():
        async with made.eyes(label, NARROWEST, locale="es-ES") as eyes:
            for path in paths:
                assert await eyes.open(path) == 200, path
                over = await eyes.overflow(NARROWEST)
                wrong += [f"{path}: {over} pixels too wide"] if over else []
                wrong += [f"{path}: “{word}”" for word in await clipped(eyes)]
            await eyes.page.evaluate("document.querySelector('h1').textContent = 'planted'.repeat(9)")
            assert await clipped(eyes) == []
            await eyes.page.evaluate("document.querySelector('h1').style.whiteSpace = 'nowrap'")
            assert await clipped(eyes) != []
    return wrong


@pytest.mark.parametrize("stage", PAGES)
async def test_no_word_of_another_language_is_cut_off_on_the_narrowest_screen(
    stages: dict[Stage, Path], stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    longer = templates(pretended())
    with opened(stages[stage]) as parts:
        parts.projector.catch_up()
        async with served(parts) as made:
            in_spanish = await looked_at(made, SPANISH[stage])
            monkeypatch.setattr(rendering, "_templates", lambda language, past: longer)
            wrong = in_spanish + await looked_at(made, PAGES[stage])
    assert wrong == [], "\n".join(wrong)
