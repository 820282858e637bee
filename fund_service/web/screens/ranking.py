"""The ranking of a line: who is above it, why each has its points, how far the award list is, and what if."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from domain.amounts import cents_from
from domain.call.aggregate import Call, announced
from domain.call.commands import ApproveAwardList, ProposeAwardList
from domain.call.ranking import rank_again
from domain.call.rules import SupportLine
from domain.errors import Malformed, NotFound
from fund_service.api.asking import Asking
from fund_service.api.resources.calls import published_call
from fund_service.permissions.views import View
from fund_service.web.judged import commented
from fund_service.web.lists import Listed
from fund_service.web.offers import Offer, offer
from fund_service.web.pages import Pages
from fund_service.web.screens.award_list import Written, written_about
from projections.call_ranking import RankedRow, Ranking, ranking
from projections.dashboard_view import dashboard
from projections.ranking_groups import Group, in_groups


def ranking_page(pages: Pages) -> None:
    """Enter the page. `open` is a row whose sum is told, `show` a group whose rows are, `envelope` a sum in euros."""

    @pages.page("/calls/{call_id}/lines/{line}/ranking", "ranking.html", View.RANKING)
    def ranked(
        asking: Asking,
        call_id: UUID,
        line: str,
        wanted: Listed,
        open: UUID | None = None,
        show: Annotated[str, Query(max_length=20)] = "",
        envelope: Annotated[str, Query(max_length=40)] = "",
    ) -> Mapping[str, Any]:
        row, call = published_call(asking, call_id)
        rules, found = announced(call), ranking(asking.connection, call_id, line)
        support = rules.line(line)
        if support is None:
            raise NotFound(f"The call has no support line {line!r}.", "Read the call: it names its lines.")
        shown = {
            "call": row,
            "calls": asking.calls,
            "rules": rules,
            "line": support,
            "wanted": wanted,
        }
        if found is None:
            return {**shown, "ranking": None}
        rows, cents, mistake = found.rows, found.envelope_cents, None
        if envelope:
            try:
                cents = cents_from(envelope)
                rows = _with_envelope(call, support, cents, rows)
            except Malformed as error:
                mistake = error
        groups = in_groups(rows)
        whole = dashboard(asking.connection, call_id)
        return {
            **shown,
            "ranking": found,
            "groups": groups,
            "placed": [one for one in rows if one.outcome in (Group.AWARD, Group.RESERVE)],
            "envelope": cents,
            "above": sum(one.awarded_cents for one in rows),
            "typed": envelope,
            "mistake": mistake,
            "what_if": bool(envelope) and mistake is None,
            "opened": open,
            "show": {show, *(group for group, of in groups if any(one.id == open for one in of))},
            "equals": _equals(rows, open),
            "comments": commented(asking, open) if any(one.id == open for one in rows) and open else [],
            "arrived": whole.submitted - whole.withdrawn if whole is not None else None,
            "listed": call.list_of(line),
            "written": _written(asking, call_id, call, found),
            **_offers(asking, call_id, line, call),
        }


def _with_envelope(call: Call, line: SupportLine, cents: int, rows: Sequence[RankedRow]) -> tuple[RankedRow, ...]:
    """Return the rows as they would be with another envelope; nobody decides by it, and nothing is recorded."""
    known = {row.id: row for row in rows}
    other = line.model_copy(update={"envelope_cents": cents})
    return tuple(
        known[one.pilot_action_id].model_copy(
            update={
                **{name: getattr(one, name) for name in ("rank", "adds_up_to_cents", "awarded_cents", "tie")},
                **{name: getattr(one, name) for name in ("outcome", "reason")},
                "moved_to": None,
            }
        )
        for one in rank_again(call.list_of(line.id).rows, announced(call), other)
        if one.pilot_action_id in known
    )


def _written(asking: Asking, call_id: UUID, call: Call, found: Ranking) -> Written:
    """Return what was written about the award list; the log is read only where something was."""
    said = call.list_of(found.line).returned or any(row.moved_to is not None for row in found.rows)
    return written_about(asking, call_id, found) if said else Written()


def _equals(rows: Sequence[RankedRow], opened: UUID | None) -> list[RankedRow]:
    """Return the rows with the total of the opened one, itself among them."""
    own = next((row for row in rows if row.id == opened), None)
    return [row for row in rows if own is not None and (row.total, row.passed) == (own.total, own.passed)]


def _offers(asking: Asking, call_id: UUID, line: str, call: Call) -> Mapping[str, Offer | None]:
    """Return what who looks may do with the award list, or why not."""
    listed, named = call.list_of(line), {"call_id": call_id, "line": line}
    approving = offer(asking, ApproveAwardList, **named, digest=listed.digest) if listed.in_hand else None
    proposing = offer(asking, ProposeAwardList, **named) if not listed.in_hand else None
    return {"approving": approving, "proposing": proposing}
