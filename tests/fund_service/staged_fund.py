"""A small fund as it lay at each stage of its call, with somebody in every role: told once, copied at every stage."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Final

from domain.call.commands import CloseApplicationWindow, OpenApplicationWindow, OpenCoachingWindow
from domain.grant.commands import OrderResource
from domain.ids import grant_id
from domain.partnership.commands import AssignCoach, OfferCoaching, RequestCoaching
from domain.people import ENGINE, Blindness, Role, Strand
from fund_service.application import Fund
from fund_service.composition import open_parts
from fund_service.facts import Facts
from fund_service.settings import Settings
from fund_service.store import open_store
from tests.fund_service.small_fund import (
    APPLICANTS,
    CALENDAR,
    CALL_ID,
    OFFICE,
    RULES,
    SmallFund,
    action_of,
    id_of,
    officers,
    partnership_of,
)

TURIN, MALAGA, _, DUBLIN = APPLICANTS
STAFF: Final = {
    "Secretariat LAC": (Role.SECRETARIAT, Strand.LAC),
    "Evaluator 4": (Role.EVALUATOR, None),
    "Evaluator 5": (Role.EVALUATOR, None),
    "Coach 1": (Role.COACH, Strand.AA),
    "Resource manager 1": (Role.RESOURCE_MANAGER, Strand.AA),
    "Certifier 1": (Role.CERTIFIER, None),
    "Auditor 1": (Role.AUDITOR, None),
}
"""Who works here beside the offices of the small fund; the coach is Turin's, the evaluators judge nothing."""


class Stage(StrEnum):
    """How far the call is."""

    OPEN = "before closing"
    CLOSED = "after closing"
    EVALUATED = "evaluated"
    APPROVED = "list approved"
    RELEASED = "released"
    GRANTED = "granted"


class StagedFund(SmallFund):
    """The story of the small fund, told stage by stage."""

    def __init__(self, fund: Fund, blindness: Blindness = Blindness.EVALUATORS_HIDDEN) -> None:
        super().__init__(fund)
        evaluation = RULES.evaluation.model_copy(update={"blindness": blindness})
        self.rules = RULES.model_copy(update={"evaluation": evaluation})

    def found(self) -> None:
        """Open the other offices too."""
        super().found()
        for label, (role, strand) in STAFF.items():
            self.open_account(label, role, label, strand=strand)

    def stages(self) -> Iterator[Stage]:
        """Tell the story; yield each stage when it is reached."""
        self.found()
        for one in APPLICANTS:
            self.pair(one)
        self.coach()
        self.at = CALENDAR.applications_open
        self.act(OpenApplicationWindow, ENGINE, call_id=CALL_ID)
        for one in APPLICANTS:
            self.apply(one)
        yield Stage.OPEN
        self.close()
        yield Stage.CLOSED
        for one in APPLICANTS:
            self.judge(one)
        yield Stage.EVALUATED
        self.adopt()
        yield Stage.APPROVED
        self.release()
        yield Stage.RELEASED
        self.accept()
        self.order()
        yield Stage.GRANTED

    def coach(self) -> None:
        """Let Turin be coached."""
        self.at = CALENDAR.coaching_opens
        about = {"partnership_id": partnership_of(TURIN)}
        self.act(OpenCoachingWindow, ENGINE, call_id=CALL_ID)
        self.act(OfferCoaching, ENGINE, **about)
        self.act(RequestCoaching, officers(TURIN)[0], **about)
        self.act(AssignCoach, OFFICE, **about, coach=id_of("Coach 1"))

    def close(self) -> None:
        """Close the window for applications."""
        self.at = CALENDAR.applications_close
        self.act(CloseApplicationWindow, ENGINE, call_id=CALL_ID)

    def order(self) -> None:
        """Order something for Turin."""
        about = {"grant_id": grant_id(action_of(TURIN)), "kind": "study", "supplier": "Plan B GmbH", "cents": 100_000}
        period = {"period_from": "2026-06-01", "period_to": "2026-09-30"}
        self.act(OrderResource, id_of("Resource manager 1"), **about, **period)


def copied(data: Path, to: Path) -> Path:
    """Copy a data directory that may be open, as it is now."""
    to.mkdir()
    for file in data.glob("*.db"):
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(to / file.name)) as target:
            source.backup(target)
    return to


def log_end(place: Path) -> int:
    """Return the position of the last event of the fund in a data directory."""
    with open_parts(Settings(data=place)) as parts:
        return parts.log.end()


def record_stages(folder: Path, blindness: Blindness = Blindness.EVALUATORS_HIDDEN) -> dict[Stage, Path]:
    """Record the fund, and return a data directory of each stage, with its screens."""
    data = folder / "now"
    data.mkdir()
    with open_store(Settings(data=data)) as store:
        Facts(store.engine("facts")).put("seed", "small fund")
    found: dict[Stage, Path] = {}
    with open_parts(Settings(data=data)) as parts:
        story = StagedFund(parts.fund, blindness)
        for stage in story.stages():
            parts.projector.catch_up()
            parts.facts.put("clock", story.at.isoformat())
            found[stage] = copied(data, folder / stage.name)
    shutil.rmtree(data)
    return found
