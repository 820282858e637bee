"""Calls with their rules, in public; the rulebook; rankings."""

from collections.abc import Iterable
from uuid import UUID

from domain.call.aggregate import CALL, Call, announced
from domain.call.rules import CallRules
from domain.errors import NotFound
from domain.rulebook import RULES, rule
from domain.values import Instant, Value, in_brussels
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Answered, Routes
from fund_service.permissions.table import PermissionRow, permission_rows
from fund_service.permissions.views import View
from projections.call_ranking import RankedRow, Ranking, ranking
from projections.lists import CallRow
from projections.results import ResultRow, results


class CallState(Value):
    """A call as it is now, with the rules in force; `correction` is the number of the last one in force.

    How often something was decided about it is not told in public (D17): `decisions.py` tells it to its offices.
    Questions about it end at `questions_end` and are answered by `answers_due` (UTC, D29).
    """

    id: UUID
    title: str
    stage: str
    correction: int
    questions_end: Instant
    answers_due: Instant
    rules: CallRules


class CalendarRow(Value):
    """A step of a call: its instant (UTC), and the same in Brussels time as people read it."""

    id: str
    step: str
    at: Instant
    brussels: str


class RuleState(Value):
    """A rule of the fund, with where it comes from."""

    id: str
    sentence: str
    status: str
    source: str
    quote: str
    note: str


def published_call(asking: Asking, call_id: UUID) -> tuple[CallRow, Call]:
    """Return a call as the lists show it, and as it is now. Raises NotFound."""
    row = next((row for row in asking.calls if row.id == call_id), None)
    state = asking.world.find(CALL, call_id)
    if state is None or row is None:
        raise NotFound(f"There is no call {call_id}.", "Look up its id in the list of calls.")
    return row, state


def call_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.listing("/calls", CallRow, Open.EVERYBODY, name="listCalls")
    def calls(asking: Asking) -> Iterable[CallRow]:
        """List the calls that were published, oldest first."""
        return asking.calls

    @routes.one("/calls/{call_id}", CallState, Open.EVERYBODY, name="readCall")
    def call(asking: Asking, call_id: UUID) -> Answered[CallState]:
        """Read a call: its texts, its calendar, its criteria and all its rules."""
        row, state = published_call(asking, call_id)
        rules = announced(state)
        found = CallState(
            id=call_id,
            title=row.title,
            stage=row.stage,
            correction=state.in_force,
            questions_end=rules.questions_end,
            answers_due=rules.answers_due,
            rules=rules,
        )
        return found, None

    @routes.one("/calls/{call_id}/lines/{line}/ranking", Ranking, View.RANKING, name="readRanking")
    def ranking_of_line(asking: Asking, call_id: UUID, line: str) -> Answered[Ranking]:
        """Read the ranking of a support line: every total with its terms, the award list, what became of it."""
        found = ranking(asking.connection, call_id, line)
        if found is None:
            raise NotFound("The applications are not ranked yet.", "They are once every evaluator has sent the scores.")
        return found, asking.world.version(CALL, call_id)

    @routes.listing("/calls/{call_id}/calendar", CalendarRow, Open.EVERYBODY, name="listCalendar")
    def calendar(asking: Asking, call_id: UUID) -> Iterable[CalendarRow]:
        """List the steps of a call with their instants, as its last correction in force dates them."""
        for step, at in announced(asking.world.get(CALL, call_id)).calendar.points():
            yield CalendarRow(id=step, step=step.replace("_", " "), at=at, brussels=in_brussels(at))

    @routes.listing("/calls/{call_id}/results", ResultRow, Open.EVERYBODY, name="listResults")
    def released(asking: Asking, call_id: UUID) -> Iterable[ResultRow]:
        """List the pilot actions with support in kind, once their outcomes are released; none before."""
        published_call(asking, call_id)
        return results(asking.connection, call_id)

    @routes.listing("/calls/{call_id}/lines/{line}/ranking/rows", RankedRow, View.RANKING, name="listRanking")
    def ranked(asking: Asking, call_id: UUID, line: str) -> Iterable[RankedRow]:
        """List the ranking of a support line, each row with every term of its total; none before it is ranked."""
        found = ranking(asking.connection, call_id, line)
        return found.rows if found is not None else ()

    @routes.one("/calls/{call_id}/lines/{line}/ranking/rows/{rank}", RankedRow, View.RANKING, name="explainRank")
    def explained(asking: Asking, call_id: UUID, line: str, rank: int) -> Answered[RankedRow]:
        """Read why a rank has its points: scores, weight and threshold of each criterion, its tie, its result."""
        found = ranking(asking.connection, call_id, line)
        for row in found.rows if found is not None else ():
            if row.rank == rank:
                return row, None
        raise NotFound(f"The ranking has no rank {rank}.", "List the ranking of the line.")

    @routes.listing("/rules", RuleState, Open.EVERYBODY, name="listRules")
    def rules(asking: Asking) -> Iterable[RuleState]:
        """List the rules of the fund, in their order."""
        return [_told(one.id) for one in RULES]

    @routes.listing("/permissions", PermissionRow, Open.EVERYBODY, name="listPermissions")
    def permissions(asking: Asking) -> Iterable[PermissionRow]:
        """List who may do and see what; whatever does not stand here is denied."""
        return permission_rows()

    @routes.one("/rules/{rule_id}", RuleState, Open.EVERYBODY, name="readRule")
    def one_rule(asking: Asking, rule_id: str) -> Answered[RuleState]:
        """Read one rule, such as S01."""
        return _told(rule_id), None


def _told(id: str) -> RuleState:
    found = rule(id)
    return RuleState(
        id=found.id,
        sentence=found.sentence,
        status=found.status,
        source=found.source,
        quote=found.quote,
        note=found.note,
    )
