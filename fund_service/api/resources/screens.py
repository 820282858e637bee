"""Dashboard, desk, timeline, and what waits for me."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Annotated
from uuid import UUID

from fastapi import Query

from domain.errors import Malformed, NotFound
from domain.values import Instant, Value
from fund_service.api.asking import Asking, Open
from fund_service.api.deeds import DEED_OF
from fund_service.api.describing import PREFIX
from fund_service.api.reading import Answered, Routes
from fund_service.api.resources.people import own_homes
from fund_service.permissions.reading_log import Entry, may_hear
from fund_service.permissions.views import View
from fund_service.upcoming import Upcoming, upcoming
from projections.coach_worklist import CoachWork, coach_work
from projections.dashboard_tables import COUNTED
from projections.dashboard_view import By, DashboardRow, GroupRow, counted, dashboard, grouped
from projections.desk_view import WaitRow
from projections.desk_waits import Desk
from projections.evaluator_worklist import EvaluatorWork, evaluator_work
from projections.timeline import TimelineRow, newest, of, told_once

OfCall = Annotated[UUID | None, Query(description="Of this call alone.")]
OfFigure = Annotated[str | None, Query(description="What this figure of the call's dashboard counts.", max_length=30)]
OfBy = Annotated[By | None, Query(description="Of one group of the figure: what the dashboard is grouped by.")]
OfGroup = Annotated[str, Query(description="And the id of the group.", max_length=100)]


class NextState(Value):
    """A deed that waits for you: until when (UTC), under which rule, and the request that does it; `known` are the
    fields that the fund knows, `missing` the names of those that you still say.
    """

    deed: str
    title: str
    partnership: str
    rule: str
    due: Instant | None
    late: bool
    method: str
    path: str
    known: dict[str, str]
    missing: tuple[str, ...]


def desks(asking: Asking) -> Mapping[UUID, Desk]:
    """Return what is counted of the desk of every published call, by its id."""
    return asking.once(_desks)


def _desks(asking: Asking) -> Mapping[UUID, Desk]:
    return Desk.of_all(asking.connection, asking.now)


def own_work(asking: Asking) -> list[EvaluatorWork]:
    """Return the applications of who asks as an evaluator, with the next step of each."""
    return asking.once(_own_work)


def _own_work(asking: Asking) -> list[EvaluatorWork]:
    return evaluator_work(asking.connection, asking.by, asking.now)


def own_upcoming(asking: Asking, most: int | None = None, matters: Collection[UUID] | None = None) -> list[Upcoming]:
    """Return what somebody may do now, the first due first; for an office so many at most, or about these matters."""
    homes = own_homes(asking)
    return upcoming(
        asking.world,
        asking.connection,
        asking.actor,
        asking.now,
        homes,
        most=most,
        matters=matters,
        desks=lambda: desks(asking).values(),
        work=lambda: own_work(asking),
    )


def own_next(asking: Asking, most: int | None = None) -> Iterator[NextState]:
    """Yield what waits for somebody, the first due first; for an office so many at most."""
    now = asking.now
    for one in own_upcoming(asking, most):
        deed, known = DEED_OF[one.command], {name: str(value) for name, value in one.known.items()}
        in_path = {name: known.get(name, f"{{{name}}}") for name in one.command.model_fields}
        yield NextState(
            deed=one.deed.deed,
            title=one.deed.title,
            partnership=one.deed.partnership,
            rule=one.deed.rule,
            due=one.deed.due,
            late=one.late(now),
            method=deed.method,
            path=f"{PREFIX}{deed.path.format_map(in_path)}",
            known=known,
            missing=tuple(one.missing),
        )


def counted_by(
    asking: Asking, call_id: UUID | None, figure: str | None, by: By | None = None, group: str = ""
) -> Callable[[UUID], bool]:
    """Return whether a figure of the dashboard, of one group or of all, counts a partnership or pilot action.

    Without a figure all count; to whom may not see the dashboard, none. Raises Malformed.
    """
    if figure is None:
        return lambda id: True
    if figure not in COUNTED or call_id is None or by is By.MONTH:
        raise Malformed("There is no such figure with a list.", f"Name a call, and one of: {', '.join(COUNTED)}.")
    if not asking.sees(View.DASHBOARD, call_id):
        return lambda id: False
    return counted(asking.connection, call_id, figure, by, group).__contains__


def screen_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.listing("/me/next", NextState, Open.SIGNED_IN, name="listMyNext")
    def next_deeds(asking: Asking) -> Iterable[NextState]:
        """List what waits for you, the first due first."""
        return own_next(asking)

    @routes.listing("/me/coaching", CoachWork, Open.SIGNED_IN, name="listMyCoaching")
    def coaching(asking: Asking) -> Iterable[CoachWork]:
        """List the partnerships that you coach, with the next step of each."""
        return coach_work(asking.connection, asking.by, asking.now)

    @routes.listing("/me/evaluations", EvaluatorWork, Open.SIGNED_IN, name="listMyEvaluations", each=View.PILOT_ACTION)
    def evaluations(asking: Asking) -> Iterable[EvaluatorWork]:
        """List the applications that you evaluate, with the next step of each; one that you left is not there."""
        return own_work(asking)

    @routes.one("/calls/{call_id}/dashboard", DashboardRow, View.DASHBOARD, name="readDashboard")
    def whole(asking: Asking, call_id: UUID) -> Answered[DashboardRow]:
        """Read where a call stands: how many came how far, and the money."""
        found = dashboard(asking.connection, call_id)
        if found is None:
            raise NotFound("This call is not published yet.", "Look up its id in the list of calls.")
        return found, None

    @routes.listing("/calls/{call_id}/dashboard/groups", GroupRow, View.DASHBOARD, name="listDashboardGroups")
    def groups(
        asking: Asking, call_id: UUID, by: Annotated[By, Query(description="What it is grouped by.")] = By.GEOGRAPHY
    ) -> Iterable[GroupRow]:
        """List the figures of a call by cluster, geography, country or month."""
        return grouped(asking.connection, call_id, by) or []

    @routes.listing("/calls/{call_id}/desk", WaitRow, View.DESK, name="listDesk")
    def waits(asking: Asking, call_id: UUID) -> Iterable[WaitRow]:
        """List who waits for whom in a call, the first due first, with the days that each matter waited."""
        found = Desk.of(asking.connection, call_id, asking.now)
        return found.rows() if found is not None else ()

    @routes.listing("/calls/{call_id}/timeline", TimelineRow, Open.SIGNED_IN, name="listCallTimeline")
    def of_call(asking: Asking, call_id: UUID) -> Iterable[TimelineRow]:
        """List what happened to a call itself, in sentences, as far as you may see it."""
        rows = (row for row in of(asking.connection, call_id) if row.stream == call_id)  # not who applies (D27)
        return _heard(asking, call_id, rows)

    @routes.listing("/grants/{grant_id}/timeline", TimelineRow, View.GRANT, name="listGrantTimeline")
    def of_grant(asking: Asking, grant_id: UUID) -> Iterable[TimelineRow]:
        """List what happened to a grant, in sentences."""
        return heard(asking, grant_id)

    @routes.listing(
        "/partnerships/{partnership_id}/timeline", TimelineRow, View.PARTNERSHIP, name="listPartnershipTimeline"
    )
    def of_partnership(asking: Asking, partnership_id: UUID) -> Iterable[TimelineRow]:
        """List what happened in a partnership, in sentences."""
        return heard(asking, partnership_id)

    @routes.listing(
        "/pilot-actions/{pilot_action_id}/timeline", TimelineRow, View.PILOT_ACTION, name="listPilotActionTimeline"
    )
    def of_pilot_action(asking: Asking, pilot_action_id: UUID) -> Iterable[TimelineRow]:
        """List what happened to a pilot action and its application, in sentences, as far as you may see it."""
        return heard(asking, pilot_action_id)


def heard(asking: Asking, id: UUID) -> Iterator[TimelineRow]:
    """Yield the events that mention a thing, each told once, as far as who asks may read them in the feed too."""
    return told_once(_heard(asking, id, of(asking.connection, id)))


def heard_last(asking: Asking, id: UUID, number: int) -> list[TimelineRow]:
    """Return the newest so many of these events, newest first, without a look at those before."""
    return list(islice(told_once(_heard(asking, id, newest(asking.connection, id))), number))


def _heard(asking: Asking, id: UUID, rows: Iterable[TimelineRow]) -> Iterator[TimelineRow]:
    for row in rows:
        assert row.by is not None
        if may_hear(asking.actor, Entry(row.topic, row.stream, row.by, row.command, id), asking.world):
            yield row
