"""A small fund whose call is settled, with planted words: a name in the directory, free text in the log."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.account.commands import RevokeRole
from domain.call.events import CallSettled
from domain.people import ENGINE, Role
from fund_service.auth.people import Profile
from fund_service.composition import Parts, open_parts
from fund_service.event_store import Stored
from fund_service.permissions.actors import Actor
from fund_service.settings import Settings
from tests.fund_service.small_fund import CALENDAR, CALL_ID, OFFICE, id_of

OFFICER = id_of("Officer of Dublin")
"""Whose application came to nothing."""
NAME = "Aoife Planted-Ní Bhriain"
ADDRESS = "aoife.planted@dublin.example.org"
WHY = "planted reason of the secretariat"
ERASABLE = CALENDAR.settled + timedelta(days=400)


def end(parts: Parts) -> None:
    """Settle the call, as its log would say after a year more, and take the officer's role away."""
    settled = CallSettled(by=ENGINE, effective_at=CALENDAR.settled, envelope_cents=0, spent_cents=0)
    version = len(parts.log.history(CALL_ID)) + 1
    parts.log.append([Stored(CALL_ID, version, CALENDAR.settled, CALL_ID, settled)])
    named = {"by": OFFICE, "at": CALENDAR.settled, "key": "over", "subject": OFFICER, "role": Role.APPLICANT}
    parts.fund.handle(RevokeRole(**named, reason=WHY))


@pytest.fixture(scope="session")
def ended(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory with a small fund whose call is settled, an officer of it in the directory."""
    place = tmp_path_factory.mktemp("ended") / "fund"
    shutil.copytree(recorded, place)
    with open_parts(Settings(data=place)) as parts:
        end(parts)
        parts.people.put(OFFICER, Profile(full_name=NAME, email=ADDRESS, unit="Planted unit"), datetime.now(UTC))
        parts.tokens.create(Actor(OFFICER), "Planted token", datetime.now(UTC), timedelta(days=1))
        parts.projector.catch_up()
    return place


@pytest.fixture
def place(ended: Path, tmp_path: Path) -> Path:
    """Return a copy of the small fund of a test's own."""
    return Path(shutil.copytree(ended, tmp_path / "fund"))


@pytest.fixture
def parts(place: Path) -> Iterator[Parts]:
    """Return the open fund."""
    with open_parts(Settings(data=place)) as opened:
        yield opened
