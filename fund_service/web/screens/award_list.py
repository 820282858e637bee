"""What one proposes, approves or sends back: the award list itself, with departures and remarks in their words."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from domain.call.commands import ApproveAwardList
from domain.call.events import AwardListProposed, AwardListReturned
from fund_service.api.asking import Asking
from fund_service.api.resources.pilot_actions import title_of
from fund_service.permissions.views import View
from fund_service.web.boxes import Typed
from fund_service.web.choices import choices
from fund_service.web.heard import Heard
from fund_service.web.wishes import Wish, deed_address
from projections.call_ranking import Ranking, ranking
from projections.ranking_groups import Group, group_of


class Departed(NamedTuple):
    """An application that was moved from its rank to another place, and why (E14)."""

    title: str
    rank: int
    place: int
    reason: str


class Written(NamedTuple):
    """What people wrote about a version of an award list."""

    departures: tuple[Departed, ...] = ()
    remarks: tuple[str, ...] = ()


def written_about(asking: Asking, call_id: UUID, found: Ranking) -> Written:
    """Return what was written about the current version: why ranks were left, and with which remarks it came back."""
    if found.award_list is None:
        return Written()
    log, this = asking.context.parts.log, (found.line, found.award_list.version)
    proposed = next(one for one in log.newest(call_id, AwardListProposed) if (one.line, one.version) == this)
    returned = [one for one in log.newest(call_id, AwardListReturned) if (one.line, one.version) == this]
    known = {row.id: row.partnership or row.title for row in found.rows}
    departures = (
        Departed(
            title=known.get(one.pilot_action_id) or title_of(asking, one.pilot_action_id),
            rank=one.rank,
            place=one.place,
            reason=one.reason.shown,
        )
        for one in proposed.departures
    )
    return Written(tuple(departures), tuple(one.remarks.shown for one in reversed(returned)))


def award_list_form(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    """Return what the form shows: its boxes, and to who may see the ranking the list and what was written about it."""
    call_id, line, fields = wish.names["call_id"], wish.names["line"], wish.fields
    found = ranking(asking.connection, call_id, line) if asking.sees(View.RANKING, call_id) else None
    chosen = {**choices(asking, wish.names, list(fields)), "pilot_action_id": list(_movable(found))}
    return {
        "boxes": Typed(wish.pairs, heard.mistakes, chosen).boxes(fields),
        "ranking": found,
        "placed": [row for row in found.rows if group_of(row) in (Group.AWARD, Group.RESERVE)] if found else [],
        "written": written_about(asking, call_id, found) if found else Written(),
        **_instead(wish),
        "place": f"/calls/{call_id}/lines/{line}/ranking",
    }


def _instead(wish: Wish) -> Mapping[str, Any]:
    """Return what an approver finds beside the approval: to send the same version back."""
    digest = wish.value("digest")
    if wish.deed.command is not ApproveAwardList or not digest:
        return {}
    return {"instead": ("Send the award list back", deed_address("ReturnAwardList", **wish.names, digest=digest))}


def _movable(found: Ranking | None) -> Iterator[tuple[str, str]]:
    """Yield the applications that may be moved, each with its rank."""
    for row in found.rows if found is not None else ():
        if row.passed:
            yield str(row.id), f"{row.rank}. {row.partnership or row.title}"
