"""What stands in recorded histories keeps its name, and what another version wrote there can be read."""

import inspect
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.call.rules import Calendar
from tests.workflows.play import IDS, starting
from workflows.activities import ENGINE_COMMANDS, PLAN_OF_CALL
from workflows.options import TASK_QUEUE
from workflows.ports import Heard, Memory, Pulse, Start
from workflows.process import Process
from workflows.reactions import WORKFLOWS
from workflows.reconciliation import RECONCILE

CHAPTERS = {
    "CallWorkflow": "published coaching coached applications settlement late_settlement",
    "AwardWorkflow": "scoring late_scoring approval reserve review",
    "CoachingWorkflow": "formed offered reminded",
    "ApplicationWorkflow": "draft check clarification finding scoring late_scoring late_consensus evaluation",
    "GrantWorkflow": "award offer late_answer answer implementation report late_report closure",
}
"""Workflow → its chapters."""

ACTIVITIES = (
    "plan_of_call reconcile open_coaching_window close_coaching_window open_application_window "
    "close_application_window establish_ranking release_outcomes review_reserve expire_reserve settle_call "
    "offer_coaching remind_coaching end_coaching remind_submission check_eligibility remind_evaluators "
    "record_overdue offer_grant remind_acceptance lapse_grant remind_order remind_report record_report_overdue "
    "close_grant"
)

AT = datetime(2026, 3, 20, 16, tzinfo=UTC)
IDS_IN_IT: dict[str, Any] = {"subject": uuid4(), "call_id": uuid4()}
WRITTEN = '{"id": "a/1", "position": 7, "topic": "grant.order-seen", "at": "2026-03-20T16:00:00Z"'


def test_no_chapter_and_no_activity_that_stands_in_histories_is_gone() -> None:
    chapters = {
        kind.__name__: {name for name, member in vars(kind).items() if inspect.iscoroutinefunction(member)}
        for kind in WORKFLOWS
    }
    assert {name: {part for part in found if part[0] != "_"} - {"run"} for name, found in chapters.items()} == {
        name: set(parts.split()) for name, parts in CHAPTERS.items()
    }
    assert {PLAN_OF_CALL, RECONCILE, *ENGINE_COMMANDS} == set(ACTIVITIES.split())


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("kind", WORKFLOWS, ids=lambda kind: kind.__name__)
async def test_a_process_is_started_told_and_asked_under_names_that_do_not_change(
    environment: WorkflowEnvironment, kind: type[Process], dates: Calendar
) -> None:
    start = starting(dates.published, rehearsed_at=dates.published)
    names = {workflow.__name__: workflow for workflow in WORKFLOWS}
    name = next(name for name in CHAPTERS if names[name] is kind)
    handle = await environment.client.start_workflow(name, start, id=IDS[kind](start.subject), task_queue=TASK_QUEUE)
    await handle.signal("domain_event", Heard(id="a/1", position=7, topic="of.no-use", at=AT))
    await handle.signal("clock_moved", dates.published)
    assert (await handle.query("pulse", result_type=Pulse)).seen == 7


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (WRITTEN + "}", {}),
        (WRITTEN + ', "part": 3, "instants": {}}', {"part": 3}),
        (WRITTEN + ', "since": "a later version"}', {}),
    ],
    ids=["an older version", "this version", "a later version"],
)
def test_any_version_reads_what_another_wrote(written: str, read: dict[str, Any]) -> None:
    assert Heard.model_validate_json(written) == Heard(id="a/1", position=7, topic="grant.order-seen", at=AT, **read)


def test_a_start_without_what_was_added_later_can_be_read() -> None:
    assert Start(**IDS_IN_IT, at=AT) == Start(**IDS_IN_IT, at=AT, line="", rehearsed_at=None, memory=None)
    assert Memory() == Memory(chapter="", heard=(), seen=0, noted={}, clock=None)
