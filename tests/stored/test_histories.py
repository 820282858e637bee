"""Whatever a process did once, today's workflows would do in the same way: every recorded history is replayed (P14)."""

from datetime import datetime
from typing import Any

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from domain.messages import Command
from fund_service.worker import ALL_WORKFLOWS, sandbox
from tests.stored.histories import History, recorded_histories
from workflows.activities import ENGINE_COMMANDS
from workflows.process import Process
from workflows.reactions import LISTENERS, WORKFLOWS

HISTORIES = recorded_histories()
SHOWN = frozenset[str]().union(*(history.shows() for history in HISTORIES.values()))
CURE = (
    "Put it back, or let the runs of before go on as they did behind `workflow.patched` (see workflows/__init__.py); "
    "what is new is recorded by `python -m tests.stored.record`."
)


async def replay(history: History) -> None:
    """Let today's workflow go through what was recorded. Raises NondeterminismError where it would do otherwise."""
    replayer = Replayer(workflows=ALL_WORKFLOWS, data_converter=pydantic_data_converter, workflow_runner=sandbox())
    await replayer.replay_workflow(history.replayable())


@pytest.mark.parametrize("name", HISTORIES)
async def test_every_recorded_history_is_replayed(name: str) -> None:
    try:
        await replay(HISTORIES[name])
    except NondeterminismError as otherwise:
        pytest.fail(f"{otherwise} {CURE}")


@pytest.mark.parametrize("kind", WORKFLOWS, ids=lambda kind: kind.__name__)
def test_each_process_is_recorded_live_and_rehearsed_and_as_going_on_in_a_new_run(kind: type[Process]) -> None:
    features = ("live", "rehearsed", "timer fired", "goes on in a new run")
    assert {f"{kind.__name__} {feature}" for feature in features} - SHOWN == set(), CURE


def test_all_that_processes_do_and_hear_is_recorded() -> None:
    shown = {feature.partition(" ")[2] for feature in SHOWN}
    wanted = {f"does {name}" for name in ENGINE_COMMANDS} | {f"hears {event.TOPIC}" for event in LISTENERS}
    assert wanted - shown == set(), CURE


async def _under_another_name(self: Process, command: type[Command], key: str, at: datetime, **named: Any) -> None:
    """Planted: it looks up the plan where it acted."""
    await self._look_up()


async def _not_at_all(self: Process, command: type[Command], key: str, at: datetime, **named: Any) -> None:
    """Planted: it does not act."""


async def _twice(self: Process, command: type[Command], key: str, at: datetime, **named: Any) -> None:
    """Planted: it acts twice."""
    for _ in range(2):
        await DO(self, command, key, at, **named)


DO = Process.do


@pytest.mark.parametrize("mistake", [_under_another_name, _not_at_all, _twice], ids=lambda mistake: mistake.__name__)
@pytest.mark.parametrize("kind", WORKFLOWS, ids=lambda kind: kind.__name__)
async def test_a_process_that_would_act_otherwise_is_found(
    monkeypatch: pytest.MonkeyPatch, kind: type[Process], mistake: Any
) -> None:
    longest = max((one for one in HISTORIES.values() if one.workflow == kind.__name__), key=lambda one: len(one.events))
    monkeypatch.setattr(Process, "do", mistake)
    with pytest.raises(NondeterminismError):
        await replay(longest)
