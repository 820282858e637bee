"""Recorded histories of workflows: one event a line, without the machine's and the process's names.

`histories/<workflow>-<number>.json`
"""

import json
import re
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowHistory

from tests.stored.samples import compact

FOLDER = Path(__file__).with_name("histories")


@dataclass(frozen=True, eq=False)
class History:
    """The history of one run of a workflow, as JSON values."""

    events: Sequence[Mapping[str, Any]]

    @property
    def workflow(self) -> str:
        """The workflow's type."""
        name: str = self.events[0]["workflowExecutionStartedEventAttributes"]["workflowType"]["name"]
        return name

    @property
    def id(self) -> str:
        """The workflow's id."""
        name: str = self.events[0]["workflowExecutionStartedEventAttributes"]["workflowId"]
        return name

    def replayable(self) -> WorkflowHistory:
        """Return the history as the engine takes it."""
        return WorkflowHistory.from_json(self.id, self.text())

    def text(self) -> str:
        """Return the file's text."""
        return '{"events":[\n' + ",\n".join(map(compact, self.events)) + "\n]}\n"

    def shows(self) -> frozenset[str]:
        """Return what this run shows of its workflow: how it ended, what it heard, waited for and did, and its time."""
        return frozenset({f"{self.workflow} {what}" for what in self._shows()})

    def _shows(self) -> Iterator[str]:
        done: dict[str, str] = {}
        for event in self.events:
            kind = event["eventType"].removeprefix("EVENT_TYPE_")
            about = next((value for key, value in event.items() if key.endswith("EventAttributes")), {})
            match kind:
                case "WORKFLOW_EXECUTION_STARTED":
                    start = next(iter(payloads(about.get("input"))), {})
                    yield "rehearsed" if start.get("rehearsed_at") else "live"
                    yield f"begins with {(start.get('memory') or {}).get('chapter', 'the first chapter')}"
                case "ACTIVITY_TASK_SCHEDULED":
                    done[event["eventId"]] = about["activityType"]["name"]
                case "ACTIVITY_TASK_COMPLETED":
                    yield f"does {done[about['scheduledEventId']]}"
                case "ACTIVITY_TASK_FAILED":
                    yield f"is refused {done[about['scheduledEventId']]}"
                case "WORKFLOW_EXECUTION_SIGNALED":
                    (told,) = payloads(about["input"])
                    yield f"hears {told['topic'] if isinstance(told, dict) else about['signalName']}"
                case "MARKER_RECORDED":
                    yield f"marks {about['markerName']} {sorted(map(str, payloads(_first(about.get('details')))))}"
                case "TIMER_FIRED" | "TIMER_CANCELED":
                    yield kind.lower().replace("_", " ")
                case "WORKFLOW_EXECUTION_COMPLETED":
                    yield f"ends: {payloads(about.get('result'))}"
                case "WORKFLOW_EXECUTION_FAILED":
                    yield f"fails: {about['failure'].get('message')}"
                case "WORKFLOW_EXECUTION_CONTINUED_AS_NEW":
                    yield "goes on in a new run"
                case _:
                    pass


def payloads(found: Any) -> list[Any]:
    return [json.loads(b64decode(one["data"])) for one in (found or {}).get("payloads", ()) if "data" in one]


def _first(details: Any) -> Any:
    return next(iter((details or {}).values()), None)


def recorded_histories() -> dict[str, History]:
    """Return every recorded history by the name of its file."""
    files = sorted(FOLDER.glob("*.json"))
    return {file.name: History(json.loads(file.read_text())["events"]) for file in files}


async def histories_of(client: Client) -> AsyncIterator[History]:
    """Yield the histories of all workflows that a server knows."""
    async for one in client.list_workflows():
        found = await client.get_workflow_handle(one.id, run_id=one.run_id).fetch_history()
        yield History(_without_names(await _opened(client, json.loads(found.to_json())["events"])))


async def _opened(client: Client, value: Any) -> Any:
    """Open what a live fund's server keeps sealed, so that a history is recorded as any fund can read it."""
    codec = client.data_converter.payload_codec
    if isinstance(value, list):
        return [await _opened(client, one) for one in value]
    if codec is None or not isinstance(value, dict):
        return value
    if "encodedAttributes" in value:
        (told,) = payloads({"payloads": [await _opened(client, value["encodedAttributes"])]})
        value = {**{name: inner for name, inner in value.items() if name != "encodedAttributes"}, **told}
    if value.keys() == {"metadata", "data"}:
        (payload,) = await codec.decode([ParseDict(value, Payload())])
        return MessageToDict(payload)
    return {name: await _opened(client, inner) for name, inner in value.items()}


def _without_names(value: Any, key: str = "") -> Any:
    """Put fixed words where the machine, its processes or its files are named."""
    if isinstance(value, dict):
        sticky = value.get("kind") == "TASK_QUEUE_KIND_STICKY"
        return {
            name: "sticky" if sticky and name == "name" else _without_names(inner, name)
            for name, inner in value.items()
            if name not in ("stackTrace", "stack_trace")
        }
    if isinstance(value, list):
        return [_without_names(one) for one in value]
    return "a worker" if key == "identity" else value


def record_histories(found: Sequence[History]) -> int:
    """Add as few of these histories as show what none shows yet, and return how many that were."""
    known = recorded_histories()
    FOLDER.mkdir(exist_ok=True)
    seen = frozenset[str]().union(*(history.shows() for history in known.values()))
    shows = {history: history.shows() for history in sorted(found, key=lambda one: len(one.events))}
    added = 0
    while new := max(shows.values(), key=lambda one: len(one - seen), default=frozenset()) - seen:
        history = next(one for one in shows if shows[one] - seen == new)
        seen |= new
        (FOLDER / _next_name(history.workflow)).write_text(history.text())
        added += 1
    return added


def _next_name(workflow: str) -> str:
    noun = re.sub(r"Workflow$", "", workflow).lower()
    numbers = [int(file.stem.rpartition("-")[2]) for file in FOLDER.glob(f"{noun}-*.json")]
    return f"{noun}-{max(numbers, default=0) + 1:02}.json"
