"""What a rehearsal led to: counted in the screens, the store and Temporal, not by the rehearsal itself."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from domain.errors import NotFound
from fund_service.event_store import EventLog
from fund_service.facts import Facts
from fund_service.rehearsal.cases import Case
from fund_service.rehearsal.conductor import Rehearsed
from fund_service.rehearsal.script import all_cases
from fund_service.rehearsal.stage import NOTES, Stage
from projections.call_ranking import Ranking, ranking
from projections.dashboard_view import DashboardRow, dashboard


class Played(NamedTuple):
    """An awkward case, and how often it was seen. What the log does not keep was counted by the rehearsal itself."""

    case: Case
    times: int

    def as_json(self) -> dict[str, Any]:
        """Return the case for programs."""
        told = {"id": self.case.id, "area": self.case.area.value, "sentence": self.case.sentence}
        return {**told, "times": self.times, "in_the_log": self.case.kind is not None}


class Summary(NamedTuple):
    """The end of a rehearsal."""

    dashboard: DashboardRow
    ranking: Ranking | None
    cases: tuple[Played, ...]
    events: int
    workflows: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return the summary for programs; sums in integer euro cents."""
        row = self.dashboard.model_dump(mode="json")
        applications = ("submitted", "withdrawn", "inadmissible", "ineligible", "awarded", "reserve", "rejected")
        grants = ("accepted", "lapsed", "declined", "closed")
        sums = (
            "envelope_cents",
            "committed_cents",
            "ordered_cents",
            "disbursed_cents",
            "unspent_cents",
            "largest_grant_disbursed_cents",
        )
        return {
            **{name: row[name] for name in ("partnerships", "generated", "coached")},
            "applications": {name: row[name] for name in applications},
            "grants": {name: row[name] for name in grants},
            **{name: row[name] for name in sums},
            "refusals": row["refusals"],
            "cases": [played.as_json() for played in self.cases],
            "events": self.events,
            "workflows": self.workflows,
            "seconds": round(self.seconds, 1),
        }


async def summarise(service: Rehearsed, stage: Stage, seconds: float) -> Summary:
    """Count what there is now. Raises NotFound when the call was never published."""
    with service.parts.views.connect() as connection:
        row = dashboard(connection, stage.call_id)
        ranked = ranking(connection, stage.call_id, stage.line)
    if row is None:
        raise NotFound("The call was not published.", "Start the rehearsal again to go on.")
    workflows = {found.id async for found in service.client.list_workflows()}
    events, cases = await asyncio.to_thread(_count, service.parts.log, service.parts.facts, all_cases(stage))
    return Summary(row, ranked, cases, events, len(workflows), seconds)


def _count(log: EventLog, facts: Facts, cases: Sequence[Case]) -> tuple[int, tuple[Played, ...]]:
    """Count the events in the store, where positions may have gaps, and how often each case can be seen."""
    seen = Counter(note.partition("/")[0] for note in facts.beginning(NOTES))
    showing: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.kind is not None:
            showing[case.kind.TOPIC].append(case)
    events = 0
    for stored in log.headers():
        events += 1
        if stored.topic in showing:
            recorded = log.recorded(stored)
            seen.update(case.id for case in showing[stored.topic] if case.seen(recorded))
    return events, tuple(Played(case, seen[case.id]) for case in cases)
