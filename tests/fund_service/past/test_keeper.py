"""The keeper takes the screens of the past to the log's end, and no trouble with their folder ends it."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from domain.account.events import Ground, PersonalDataErased
from fund_service.composition import Parts, open_parts
from fund_service.event_store import Stored
from fund_service.past.keeper import keeping_past
from fund_service.settings import Settings
from projections.screens import SCREENS
from tests.fund_service.small_fund import OFFICE

SOON = 30
LATE = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def parts(tmp_path: Path, recorded: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parts]:
    """Return the small fund, whose keeper looks often."""
    monkeypatch.setattr("fund_service.past.keeper.POLL_SECONDS", 0.01)
    shutil.copytree(recorded, tmp_path / "fund")
    with open_parts(Settings(data=tmp_path / "fund")) as found:
        yield found


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(SOON):
        while not holds():  # noqa: ASYNC110 - another thread makes it
            await asyncio.sleep(0.01)


def _files(parts: Parts) -> set[str]:
    return {file.name for file in parts.directory.path("past").glob("*.db")}


def _at_the_end(parts: Parts) -> bool:
    names = [screen.name for screen in SCREENS]
    return parts.past_screens._kept(None).behind(names, parts.log.end()) == 0


async def test_the_screens_of_the_past_are_taken_to_the_logs_end_also_after_an_erasure(parts: Parts) -> None:
    async with keeping_past(parts.past_screens) as task:
        await until(lambda: _at_the_end(parts))
        files = _files(parts)
        erased = PersonalDataErased(by=OFFICE, effective_at=LATE, decided_by=OFFICE, ground=Ground.ASKED)
        parts.log.append([Stored(uuid4(), 1, LATE, uuid4(), erased)])
        await until(lambda: _at_the_end(parts) and not files & _files(parts))
        assert not task.done()
        assert parts.past_screens.are_kept
    assert not parts.past_screens.are_kept
    assert task.done()


async def test_a_folder_that_cannot_be_made_is_waited_for(parts: Parts, caplog: pytest.LogCaptureFixture) -> None:
    folder = parts.directory.path("past")
    shutil.rmtree(folder, ignore_errors=True)  # somebody may have looked back in the fund that is copied
    folder.write_text("in the way")
    async with keeping_past(parts.past_screens) as task:
        await until(lambda: "The folder of the past is away" in caplog.text)
        assert not task.done()
        folder.unlink()
        await until(lambda: "The folder of the past is back" in caplog.text)
        await until(lambda: _at_the_end(parts))
