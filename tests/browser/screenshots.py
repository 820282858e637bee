"""Pictures of the screens, each at two widths: `make screenshots` writes them to build/screenshots.

The people and applications are those of the small fund of the tests. Those that the README shows stand in
deploy/pictures, cut to a window: `python -m tests.browser.screenshots deploy/pictures`.
"""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from domain.ids import grant_id
from fund_service.composition import Parts, open_parts
from fund_service.settings import Settings
from fund_service.web.wishes import deed_address
from tests.browser.looking import NARROW, WIDE, Hall, served
from tests.fund_service.small_fund import APPLICANTS, CALENDAR, CALL_ID, LINE, action_of, id_of, partnership_of
from tests.fund_service.staged_fund import Stage, record_stages
from tests.fund_service.web.judging import begin_judging

TURIN, ACTION = partnership_of(APPLICANTS[0]), action_of(APPLICANTS[0])
GRANTED = grant_id(ACTION)
LEAD, BUYER, OFFICE = "Officer of Turin", "Resource manager 1", "Secretariat 1"


class Screen(NamedTuple):
    """A screen as somebody sees it at a stage; `in_readme`: the README shows it."""

    name: str
    stage: Stage
    who: str | None
    address: str
    in_readme: bool = False


SCREENS: Final = (
    Screen("call", Stage.OPEN, None, "/", True),
    Screen("questions", Stage.OPEN, None, "/questions"),
    Screen("rules", Stage.OPEN, None, "/rules?q=cap"),
    Screen("sign-in", Stage.OPEN, None, "/sign-in"),
    Screen("home-of-applicant", Stage.OPEN, LEAD, "/home"),
    Screen("partnership", Stage.OPEN, LEAD, f"/partnerships/{TURIN}"),
    Screen("application", Stage.OPEN, LEAD, f"/pilot-actions/{ACTION}", True),
    Screen(
        "resources",
        Stage.OPEN,
        LEAD,
        deed_address("SaveDraftSection", pilot_action_id=ACTION, section="resources"),
        True,
    ),
    Screen("check-and-submit", Stage.OPEN, LEAD, deed_address("SubmitApplication", pilot_action_id=ACTION)),
    Screen("receipt", Stage.OPEN, LEAD, f"/pilot-actions/{ACTION}/receipt", True),
    Screen(
        "confirmation",
        Stage.OPEN,
        "Officer of Nagoya",
        deed_address("ConfirmParticipation", pilot_action_id=ACTION, organisation_id=id_of("Nagoya")),
    ),
    Screen("coaching", Stage.OPEN, "Coach 1", "/me/coaching"),
    Screen("evaluations", Stage.EVALUATED, "Evaluator 1", "/me/evaluations"),
    Screen("evaluation", Stage.EVALUATED, "Evaluator 1", f"/pilot-actions/{ACTION}/evaluation"),
    Screen("desk", Stage.CLOSED, OFFICE, f"/calls/{CALL_ID}/desk", True),
    Screen("applications", Stage.EVALUATED, OFFICE, f"/calls/{CALL_ID}/applications"),
    Screen("people", Stage.GRANTED, OFFICE, "/accounts"),
    Screen("ranking", Stage.APPROVED, "Approver 1", f"/calls/{CALL_ID}/lines/{LINE}/ranking", True),
    Screen("dashboard", Stage.GRANTED, OFFICE, f"/calls/{CALL_ID}/dashboard", True),
    Screen("grants", Stage.GRANTED, OFFICE, f"/calls/{CALL_ID}/grants"),
    Screen("grant", Stage.GRANTED, BUYER, f"/grants/{GRANTED}", True),
    Screen("order", Stage.GRANTED, BUYER, deed_address("OrderResource", grant_id=GRANTED)),
    Screen("messages", Stage.GRANTED, LEAD, "/messages"),
    Screen("audit", Stage.GRANTED, "Auditor 1", f"/calls/{CALL_ID}/audit"),
    Screen("exceptions", Stage.GRANTED, "Auditor 1", f"/calls/{CALL_ID}/audit/exceptions"),
    Screen("equal-treatment", Stage.GRANTED, "Auditor 1", f"/calls/{CALL_ID}/audit/equal-treatment?measure=notices"),
    Screen("sample", Stage.GRANTED, "Auditor 1", f"/calls/{CALL_ID}/audit/sample?size=2&seed=Brussels"),
    Screen("past", Stage.GRANTED, "Auditor 1", f"/calls/{CALL_ID}/lines/{LINE}/ranking?as_of=2026-03-27", True),
    Screen("timeline", Stage.GRANTED, "Auditor 1", f"/pilot-actions/{ACTION}/timeline"),
)


async def take(hall: Hall, screen: Screen, folder: Path, width: int, *, whole: bool) -> None:
    """Take a picture of a screen, of the whole page or of a window."""
    async with hall.eyes(screen.who, width) as eyes:
        status = await eyes.open(screen.address)
        if status != 200 or eyes.complaints:
            raise SystemExit(f"{screen.name} at {width}: status {status}, {eyes.complaints}")
        name = f"{screen.name}-{width}.png" if whole else f"{screen.name}.png"
        await eyes.page.screenshot(path=folder / name, full_page=whole)


def judged_in_part(parts: Parts) -> None:
    """Bring a fund whose call is closed to an hour after scores are due: some are judged, some wait, some are late."""
    begin_judging(parts)
    parts.facts.put("clock", (CALENDAR.scores_due + timedelta(hours=1)).isoformat())


async def pictures(folder: Path, *, whole: bool) -> None:
    """Take all pictures, or those of the README."""
    with TemporaryDirectory() as place:
        for stage, data in record_stages(Path(place)).items():
            with open_parts(Settings(data=data)) as parts:
                parts.projector.catch_up()
                if stage is Stage.CLOSED:
                    judged_in_part(parts)
                async with served(parts) as hall:
                    for screen in SCREENS:
                        for width in (WIDE, NARROW) if whole else (WIDE,):
                            if screen.stage is stage and (whole or screen.in_readme):
                                await take(hall, screen, folder, width, whole=whole)


if __name__ == "__main__":
    into = Path(sys.argv[1] if sys.argv[1:] else "build/screenshots")
    into.mkdir(parents=True, exist_ok=True)
    asyncio.run(pictures(into, whole=not sys.argv[1:]))
    sys.stdout.write(f"The pictures are in {into}.\n")
