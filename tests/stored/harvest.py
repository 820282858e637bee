"""A plug-in of pytest for the recorder: keeps what the real server recorded of the processes in tests/workflows."""

import sys
from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.stored.histories import History, histories_of

HARVEST: Final[list[History]] = []


@pytest_asyncio.fixture(scope="session", loop_scope="session", autouse=True)
async def harvested(environment: WorkflowEnvironment) -> AsyncIterator[None]:
    """Keep what a server knows when the tests that used it are over."""
    yield
    HARVEST.extend([history async for history in histories_of(environment.client)])


def live_histories() -> list[History]:
    """Run the tests of processes and return the histories that they left: of live processes, by their timers."""
    code = pytest.main(["-q", "--no-header", "--assert=plain", "tests/workflows"], plugins=[sys.modules[__name__]])
    assert code == pytest.ExitCode.OK, "the tests of processes fail: nothing is recorded of what does not work"
    return HARVEST
