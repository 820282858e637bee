"""What a rehearsal led to: counted in the screens, the store and Temporal, not by the rehearsal itself."""

from typing import Any, NamedTuple

from domain.errors import NotFound
from fund_service.event_store import EventLog
from fund_service.rehearsal.stage import Stage
from fund_service.service import Service
from projections.call_ranking import Ranking, ranking
from projections.fund_dashboard import DashboardRow, dashboard

PAGE = 5000


class Summary(NamedTuple):
    """The end of a rehearsal."""

    dashboard: DashboardRow
    ranking: Ranking | None
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
            "events": self.events,
            "workflows": self.workflows,
            "seconds": round(self.seconds, 1),
        }


async def summarise(service: Service, stage: Stage, seconds: float) -> Summary:
    """Count what there is now. Raises NotFound when the call was never published."""
    with service.parts.views.connect() as connection:
        row = dashboard(connection, stage.call_id)
        ranked = ranking(connection, stage.call_id, stage.line)
    if row is None:
        raise NotFound("The call was not published.", "Start the rehearsal again to go on.")
    workflows = {found.id async for found in service.client.list_workflows()}
    return Summary(row, ranked, count_events(service.parts.log), len(workflows), seconds)


def count_events(log: EventLog) -> int:
    """Return the number of events in the store; positions may have gaps."""
    count = position = 0
    while page := log.recorder.select_notifications(position, PAGE, inclusive_of_start=False):
        count, position = count + len(page), page[-1].id
    return count
