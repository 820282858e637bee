"""The walk of deploy/walk.sh, which the README shows: from a token to a submitted application, as a script does it."""

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from domain.call.commands import OpenApplicationWindow
from domain.people import ENGINE
from domain.pilot_action.events import ApplicationSubmitted
from fund_service.api.app import make_app
from fund_service.api.server import address_of, bound, serving
from fund_service.composition import open_parts
from fund_service.facts import Facts
from fund_service.permissions.actors import Actor
from fund_service.projector import projecting
from fund_service.settings import Settings
from fund_service.store import open_store
from tests.fund_service.small_fund import APPLICANTS, CALENDAR, CALL_ID, SmallFund, id_of

WALK: Final = Path(__file__).parents[3] / "deploy" / "walk.sh"
TURIN = APPLICANTS[0]


async def test_a_script_walks_from_a_token_to_a_receipt_and_the_feed(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with open_store(settings) as store:
        Facts(store.engine("facts")).put("clock", (CALENDAR.applications_open + timedelta(days=1)).isoformat())
    with open_parts(settings) as parts, bound(0) as listening:
        story = SmallFund(parts.fund)
        story.found()
        story.pair(TURIN)
        story.at = CALENDAR.applications_open
        story.act(OpenApplicationWindow, ENGINE, call_id=CALL_ID)

        def token(who: str) -> str:
            return parts.tokens.create(Actor(id_of(who)), who, datetime.now(UTC), timedelta(hours=1))[1]

        about = {
            "FUND_API": address_of(listening),
            "TOKEN": token("Officer of Turin"),
            "PARTNER": token("Officer of Nagoya"),
        }
        async with projecting(parts), serving(listening, make_app(parts, list)):
            walk = await asyncio.create_subprocess_exec(
                str(WALK), env={**os.environ, **about}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
            )
            said, wrong = (text.decode() for text in await walk.communicate())
        assert (walk.returncode, wrong) == (0, ""), said + wrong
        assert said.startswith("I am Officer of Turin\n")
        receipt = next(line for line in said.splitlines() if line.startswith("{"))
        assert json.loads(receipt)["version"] == 1
        assert "submitted" in said.rpartition(receipt)[2]
        assert sum(isinstance(one.event, ApplicationSubmitted) for one in parts.log.read(0, 10_000)) == 1
