"""A plug-in of pytest for the recorder: keeps what the real server recorded of the processes in tests/workflows."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.stored.histories import History, histories_of


class Harvest:
    """The histories, once the tests are over."""

    def __init__(self) -> None:
        self.histories: list[History] = []

    @pytest_asyncio.fixture(scope="session", loop_scope="session", autouse=True)
    async def _harvested(self, environment: WorkflowEnvironment) -> AsyncIterator[None]:
        yield
        self.histories = [history async for history in histories_of(environment.client)]


def live_histories() -> list[History]:
    """Run the tests of processes and return the histories that they left: of live processes, by their timers."""
    harvest = Harvest()
    code = pytest.main(["-q", "--no-header", "--assert=plain", "tests/workflows"], plugins=[harvest])
    assert code == pytest.ExitCode.OK, "the tests of processes fail: nothing is recorded of what does not work"
    return harvest.histories
