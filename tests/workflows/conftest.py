"""One real Temporal server and one worker for all tests of processes; each process has a virtual clock of its own."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
import pytest_asyncio
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from domain.call.rules import Calendar, CallRules
from fund_service.editions.loader import edition
from fund_service.temporal_server import find_binary
from fund_service.worker import make_worker
from tests.workflows.bus import RecordingBus
from tests.workflows.play import Begin, Play, server_time, shifted, starting
from workflows.ports import Start
from workflows.process import Process

DYNAMIC_CONFIG = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    "system.WorkflowTimeSkippingEnabled=true",
    'history.timerProcessorMaxTimeShift="10ms"',
    "history.timerProcessorMaxPollRPS=1000",
    "history.transferProcessorMaxPollRPS=1000",
    'history.workflowIdReuseMinimalInterval="0s"',
)

SUGGESTS_A_NEW_RUN = "limit.historyCount.suggestContinueAsNew"
LONG, SHORT = 4096, 10
"""After so many events of its history a process goes on in a new run: the default, and those to a first wait."""


@pytest.fixture(scope="session")
def rules() -> CallRules:
    """Return the rules of the shipped edition, its calendar moved so that it begins soon."""
    return shifted(edition("iurc-2026"), server_time())


@pytest.fixture(scope="session")
def dates(rules: CallRules) -> Calendar:
    """Return the calendar of those rules."""
    return rules.calendar


@pytest.fixture(scope="session")
def bus(rules: CallRules) -> RecordingBus:
    """Return the door through which every process of the tests acts."""
    return RecordingBus(rules)


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(LONG, id="in one run", marks=pytest.mark.soak),  # as in every rehearsal of the other tests
        pytest.param(SHORT, id="in a new run at every step"),
    ],
)
def longest(request: pytest.FixtureRequest) -> int:
    """Return how long a history may grow: with a new run at every wait but a run's first, or as it is by default."""
    return int(request.param)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def environment(longest: int, bus: RecordingBus) -> AsyncIterator[WorkflowEnvironment]:
    """Run the server and the worker. No time is skipped but where a test says so."""
    config = (*DYNAMIC_CONFIG, f"{SUGGESTS_A_NEW_RUN}={longest}")
    environment = await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False, max_session_skip_count=1000),
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(find_binary(None)),
        dev_server_log_level="never",
        dev_server_extra_args=[part for value in config for part in ("--dynamic-config-value", value)],
    )
    async with environment, make_worker(environment.client, bus):
        yield environment


@pytest_asyncio.fixture(loop_scope="session")
async def begin(environment: WorkflowEnvironment, bus: RecordingBus, dates: Calendar) -> Begin:
    """Return what begins a process, since publication where nothing else is said."""

    async def begun(kind: type[Process], at: datetime | None = None, start: Start | None = None) -> Play:
        play = Play(environment, bus, kind, start or starting(at or dates.published))
        await play.begin()
        return play

    return begun
