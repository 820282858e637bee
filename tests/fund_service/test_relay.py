"""The relay brings every event to its processes: in the log's order, at least once, also after it was away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from eventsourcing.persistence import StoredEvent
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RetryConfig

from domain.call.events import CallPublished
from domain.errors import Unavailable
from domain.grant.events import GrantClosed
from domain.messages import Event
from domain.partnership.events import CoachingCompleted, CoachingOffered, PartnershipFormed
from domain.people import Geography
from fund_service.clock import Clock, RehearsalClock, WallClock
from fund_service.data_directory import DataDirectory
from fund_service.editions.loader import edition
from fund_service.event_store import EventLog, Stored
from fund_service.facts import Facts
from fund_service.keys import KeyVault
from fund_service.relay import LOOK_BACK, Relay, ask_again, parkings
from fund_service.store import Store
from fund_service.temporal_server import Addresses, temporal_server
from workflows.options import NAMESPACE
from workflows.ports import Heard, Start
from workflows.reactions import call_workflow, coaching_workflow

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOON = 30.0
NOW = datetime.now(UTC)
SHORT_OF_PATIENCE = RetryConfig(
    initial_interval_millis=10, max_interval_millis=50, max_elapsed_time_millis=200, max_retries=2
)


class Wire:
    """The line to a server. When it is cut, it closes every connection at once."""

    def __init__(self, to: str) -> None:
        self._host, _, port = to.partition(":")
        self._port = int(port)
        self._open: set[asyncio.StreamWriter] = set()
        self._is_cut = False
        self._attempts: asyncio.Queue[None] = asyncio.Queue()
        self.address = ""

    @asynccontextmanager
    async def laid(self) -> AsyncIterator["Wire"]:
        """Lay the line, and take it away at the end."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.address = "{}:{}".format(*server.sockets[0].getsockname())
        try:
            yield self
        finally:
            server.close()
            self.cut()

    def cut(self) -> None:
        """Cut every connection, and those to come."""
        self._is_cut = True
        for writer in self._open:
            writer.close()

    async def tried(self, times: int) -> None:
        """Wait until somebody has tried so many times to get through the cut line."""
        async with asyncio.timeout(SOON):
            for _ in range(times):
                await self._attempts.get()

    def mend(self) -> None:
        """Let connections through again."""
        self._is_cut = False

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            self._attempts.put_nowait(None)
            writer.close()
            return
        there, back = await asyncio.open_connection(self._host, self._port)
        self._open |= {writer, back}
        await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))
        self._open -= {writer, back}

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()


def embedded(directory: DataDirectory) -> AbstractAsyncContextManager[tuple[Client, Addresses]]:
    """Return the embedded server in a directory; nothing is sealed here."""
    return temporal_server(directory, None, pydantic_data_converter)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Client, str]]:
    """Run the embedded server for these tests; give a client and its address. No worker: nothing acts."""
    directory = DataDirectory(tmp_path_factory.mktemp("temporal"))
    async with embedded(directory) as (client, addresses):
        yield client, addresses.temporal


@pytest.fixture
def client(server: tuple[Client, str]) -> Client:
    """Return a client of the server."""
    return server[0]


@pytest.fixture
def facts(sqlite_store: Store) -> Facts:
    """Return the facts of an empty store."""
    return Facts(sqlite_store.engine("facts"))


@pytest.fixture
def log(sqlite_store: Store) -> Iterator[EventLog]:
    """Return the log of that store."""
    log = EventLog(sqlite_store.log(), KeyVault(sqlite_store.engine("keys")))
    yield log
    log.close()


class Chronicle:
    """The log of one call, as it is written in a test."""

    def __init__(self, log: EventLog) -> None:
        self.call_id, self.partnership_id = uuid4(), uuid4()
        self._log = log
        self._versions: dict[UUID, int] = {}

    def happen(self, stream: UUID, event: Event, recorded_at: datetime = NOW) -> int:
        """Record an event and return its position."""
        self._versions[stream] = self._versions.get(stream, 0) + 1
        return self._log.append([Stored(stream, self._versions[stream], recorded_at, uuid4(), event)])

    def publish(self, recorded_at: datetime = NOW) -> int:
        """Publish the call."""
        return self.happen(self.call_id, CallPublished(**_stamp(), rules=edition("iurc-2026")), recorded_at)

    def form(self) -> int:
        """Form the partnership."""
        named = {"name": "Lisbon with Seoul", "call_id": self.call_id, "coordinator_id": uuid4(), "members": ()}
        rest = {"geography": Geography.ASIA, "cluster": "", "topic": "", "generated": False, "source": "a test"}
        return self.happen(self.partnership_id, PartnershipFormed(**_stamp(), **named, **rest))

    def close_grant(self, recorded_at: datetime = NOW) -> int:
        """Close some grant of the call."""
        event = GrantClosed(**_stamp(), call_id=self.call_id, spent_cents=0, returned_cents=0)
        return self.happen(uuid4(), event, recorded_at)


def _stamp() -> dict[str, object]:
    return {"by": uuid4(), "effective_at": NOW}


@pytest.fixture
def chronicle(log: EventLog) -> Chronicle:
    """Return the log of a new call."""
    return Chronicle(log)


class Relaying:
    """A relay that runs, from where the last one was."""

    def __init__(self, log: EventLog, client: Client, facts: Facts, clock: Clock | None = None) -> None:
        self.relay = Relay(log, client, clock or WallClock(), facts)
        self.task = asyncio.create_task(self.relay.run())
        self._facts = facts

    async def __aenter__(self) -> "Relaying":
        """Let it run in this block."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End it."""
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task

    def noted(self) -> int:
        """Return the position from which the next relay would go on."""
        return int(self._facts.find("relay") or 0)

    async def reach(self, position: int) -> None:
        """Wait until the relay has come to a position and noted it. Raises what ended it, if anything did."""
        async with asyncio.timeout(SOON):
            while self.relay.position < position or self.noted() < position:
                if self.task.done():
                    await self.task
                await asyncio.sleep(0.005)


async def received(client: Client, workflow_id: str) -> tuple[list[Start], list[Heard]]:
    """Return what a process was started with and what it was told, as Temporal holds it."""
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    starts, signals = [], []
    for event in history.events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
            payloads = event.workflow_execution_started_event_attributes.input.payloads
            starts += await client.data_converter.decode(payloads, [Start])
        elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
            payloads = event.workflow_execution_signaled_event_attributes.input.payloads
            signals += await client.data_converter.decode(payloads, [Heard])
    return starts, signals


async def positions(client: Client, workflow_id: str) -> list[int]:
    """Return the positions that a process was told, in the order in which it was."""
    _, signals = await received(client, workflow_id)
    return [heard.position for heard in signals]


async def test_a_process_is_started_and_told_in_the_logs_order(
    log: EventLog, client: Client, facts: Facts, chronicle: Chronicle
) -> None:
    chronicle.publish()
    told = [chronicle.close_grant()]
    chronicle.form()
    told += [chronicle.close_grant() for _ in range(20)]
    completed = chronicle.happen(chronicle.partnership_id, CoachingCompleted(**_stamp()))
    async with Relaying(log, client, facts) as running:
        await running.reach(completed)
    call, coaching = call_workflow(chronicle.call_id), coaching_workflow(chronicle.partnership_id)
    assert await received(client, call) == (
        [Start(subject=chronicle.call_id, call_id=chronicle.call_id, at=NOW)],
        [
            Heard(id=f"{one.stream}/{one.version}", position=one.position, topic=one.event.TOPIC, at=NOW)
            for one in log.read(0, 100)
            if one.position in told
        ],
    )
    assert await received(client, coaching) == (
        [Start(subject=chronicle.partnership_id, call_id=chronicle.call_id, at=NOW)],
        [Heard(id=f"{chronicle.partnership_id}/2", position=completed, topic=CoachingCompleted.TOPIC, at=NOW)],
    )
    assert facts.get("relay") == str(log.end())


async def test_a_running_relay_follows_what_happens_next(
    log: EventLog, client: Client, facts: Facts, chronicle: Chronicle
) -> None:
    async with Relaying(log, client, facts) as running:
        await running.reach(chronicle.publish())
        for _ in range(3):
            await running.reach(chronicle.close_grant())
    assert await positions(client, call_workflow(chronicle.call_id)) == [2, 3, 4]


async def test_events_that_concern_no_process_are_passed_over(
    log: EventLog, client: Client, facts: Facts, chronicle: Chronicle
) -> None:
    async with Relaying(log, client, facts) as running:
        await running.reach(chronicle.happen(uuid4(), CoachingOffered(**_stamp())))


async def test_only_events_that_a_process_hears_of_are_opened(
    log: EventLog, client: Client, facts: Facts, chronicle: Chronicle
) -> None:
    unheard = CoachingOffered.TOPIC
    passed_over = log.recorder.insert_events([StoredEvent(uuid4(), 1, unheard, b"nobody can read this")])
    assert passed_over is not None
    async with Relaying(log, client, facts) as running:
        await running.reach(passed_over[-1])
        await running.reach(chronicle.publish())
    assert len((await received(client, call_workflow(chronicle.call_id)))[0]) == 1


async def test_an_event_that_only_a_newer_version_knows_is_never_passed_over(
    log: EventLog, client: Client, facts: Facts
) -> None:
    log.recorder.insert_events([StoredEvent(uuid4(), 1, "call.renamed", b"{}")])
    with pytest.raises(Unavailable, match="that this version does not know"):
        async with Relaying(log, client, facts) as running:
            await running.reach(1)
    assert facts.find("relay") is None


async def test_a_relay_that_begins_again_starts_no_process_twice(
    log: EventLog, client: Client, facts: Facts, chronicle: Chronicle
) -> None:
    chronicle.publish()
    end = chronicle.close_grant()
    runs = set()
    for _ in range(2):
        async with Relaying(log, client, facts) as running:
            await running.reach(end)
        runs.add((await client.get_workflow_handle(call_workflow(chronicle.call_id)).describe()).run_id)
        facts.put("relay", "0")
    assert len(runs) == 1
    assert await positions(client, call_workflow(chronicle.call_id)) == [end, end]


async def test_after_a_restart_the_relay_goes_back_over_the_last_ten_minutes_only(
    log: EventLog, client: Client, facts: Facts, chronicle: Chronicle
) -> None:
    assert timedelta(minutes=10) == LOOK_BACK
    instant = timedelta(microseconds=1)
    chronicle.publish(recorded_at=NOW - timedelta(hours=1))
    older = chronicle.close_grant(recorded_at=NOW - LOOK_BACK - instant)
    younger = [chronicle.close_grant(recorded_at=NOW - LOOK_BACK), chronicle.close_grant(recorded_at=NOW)]
    async with Relaying(log, client, facts) as running:
        await running.reach(younger[-1])
    next_one = chronicle.close_grant(recorded_at=NOW + timedelta(hours=1))
    async with Relaying(log, client, facts) as running:
        await running.reach(next_one)
    assert await positions(client, call_workflow(chronicle.call_id)) == [older, *younger, *younger, next_one]


async def test_a_log_that_is_younger_than_ten_minutes_is_gone_over_whole(
    log: EventLog, client: Client, facts: Facts, chronicle: Chronicle
) -> None:
    chronicle.publish()
    told = [chronicle.close_grant() for _ in range(3)]
    for _ in range(2):
        async with Relaying(log, client, facts) as running:
            await running.reach(told[-1])
    assert await positions(client, call_workflow(chronicle.call_id)) == told * 2


async def test_a_process_that_is_over_or_never_was_holds_nobody_up(
    log: EventLog, client: Client, facts: Facts, chronicle: Chronicle
) -> None:
    async with Relaying(log, client, facts) as running:
        await running.reach(chronicle.publish())
        await client.get_workflow_handle(call_workflow(chronicle.call_id)).terminate("over")
        await running.reach(chronicle.close_grant())
        await running.reach(chronicle.happen(uuid4(), CoachingCompleted(**_stamp())))
    assert await positions(client, call_workflow(chronicle.call_id)) == []
    facts.put("relay", "0")
    async with Relaying(log, client, facts) as running:
        await running.reach(log.end())
    described = await client.get_workflow_handle(call_workflow(chronicle.call_id)).describe()
    assert described.close_time is not None


async def test_a_rehearsed_process_is_told_the_programmes_time_of_its_start(
    log: EventLog, client: Client, facts: Facts, chronicle: Chronicle
) -> None:
    rehearsed_at = datetime(2025, 12, 15, 9, tzinfo=UTC)
    clock = RehearsalClock(facts)
    clock.move(rehearsed_at)
    async with Relaying(log, client, facts, clock) as running:
        await running.reach(chronicle.publish())
        clock.move(rehearsed_at + timedelta(days=1))
        await running.reach(chronicle.form())
    (call,), _ = await received(client, call_workflow(chronicle.call_id))
    (coaching,), _ = await received(client, coaching_workflow(chronicle.partnership_id))
    assert (call.rehearsed_at, coaching.rehearsed_at) == (rehearsed_at, rehearsed_at + timedelta(days=1))


async def test_a_relay_that_is_nudged_looks_at_once(
    log: EventLog, client: Client, facts: Facts, chronicle: Chronicle
) -> None:
    async with Relaying(log, client, facts) as running:
        await running.reach(chronicle.publish())
        told = chronicle.close_grant()
        running.relay.nudge()
        await running.reach(told)


async def test_a_relay_that_was_nudged_can_be_ended(
    log: EventLog, client: Client, facts: Facts, chronicle: Chronicle
) -> None:
    end = chronicle.publish()
    for _ in range(10):
        async with Relaying(log, client, facts) as running:
            await running.reach(end)
            running.relay.nudge()
            running.task.cancel()
            _, running_on = await asyncio.wait([running.task], timeout=1)
            assert not running_on


async def test_while_temporal_is_away_the_relay_waits_and_then_goes_on(
    log: EventLog, server: tuple[Client, str], facts: Facts, chronicle: Chronicle
) -> None:
    client, address = server
    async with Wire(address).laid() as wire:
        through_the_wire = await Client.connect(
            wire.address,
            namespace=NAMESPACE,
            data_converter=pydantic_data_converter,
            retry_config=SHORT_OF_PATIENCE,
        )
        async with Relaying(log, through_the_wire, facts) as running:
            here = chronicle.publish()
            await running.reach(here)
            wire.cut()
            formed, told = chronicle.form(), chronicle.close_grant()
            await wire.tried(5)
            assert not running.task.done()
            assert running.relay.position == running.noted() == here
            wire.mend()
            await running.reach(told)
            assert formed < told == running.noted()
    assert told in await positions(client, call_workflow(chronicle.call_id))
    assert await received(client, coaching_workflow(chronicle.partnership_id)) == (
        [Start(subject=chronicle.partnership_id, call_id=chronicle.call_id, at=NOW)],
        [],
    )


async def test_what_temporal_never_takes_is_parked_for_its_process_alone_until_somebody_asks_for_it(
    log: EventLog, facts: Facts, chronicle: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = DataDirectory(tmp_path / "temporal")
    call, coaching = call_workflow(chronicle.call_id), coaching_workflow(chronicle.partnership_id)
    with monkeypatch.context() as strict:
        at_most_two_signals = ("history.maximumSignalsPerExecution=2",)
        strict.setattr("fund_service.temporal_server._DYNAMIC_CONFIG", at_most_two_signals)
        async with (
            temporal_server(directory, None, pydantic_data_converter) as (client, _),
            Relaying(log, client, facts) as running,
        ):
            chronicle.publish()
            told = [chronicle.close_grant() for _ in range(4)]
            await running.reach(chronicle.form())
            assert await positions(client, call) == told[:2]
            assert len((await received(client, coaching))[0]) == 1
    ((parked, parking),) = parkings(facts).items()
    assert (parked, parking.position) == (call, told[2])
    assert "signal" in parking.reason
    async with (
        temporal_server(directory, None, pydantic_data_converter) as (client, _),
        Relaying(log, client, facts) as running,
    ):
        told.append(chronicle.close_grant())
        await running.reach(told[-1])
        assert await positions(client, call) == told[:2]
        ask_again(facts, call, parking.position)
        async with asyncio.timeout(SOON):
            while parkings(facts):
                await asyncio.sleep(0.005)
                assert not running.task.done()
        assert await positions(client, call) == told
