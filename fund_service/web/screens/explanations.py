"""Why something is as it is: each figure computed anew from the log, down to its events; and one event, to cite it."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query

from domain.call.aggregate import CALL, announced
from domain.errors import Malformed, NotFound
from fund_service.api.asking import Asking, Open
from fund_service.api.resources.explanations import Envelope, Threshold, Weight, Without, record_of
from fund_service.audit.explaining.outcome import explain_outcome
from fund_service.audit.explaining.ranking import explain_ranking
from fund_service.audit.explaining.refusals import explain_refusal
from fund_service.audit.explaining.statements import Explanation
from fund_service.audit.explaining.sums import explain_grant, explain_line
from fund_service.audit.explaining.supposing import Typed, read_supposed, suppose
from fund_service.permissions.views import View
from fund_service.web.judged import Comments, commented
from fund_service.web.pages import Pages

_TEMPLATE: Final = "explanation.html"


def explanation_pages(pages: Pages) -> None:
    """Enter the pages."""

    @pages.page("/calls/{call_id}/lines/{line}/ranking/explanation", "ranking_explained.html", View.RANKING)
    def of_ranking(
        asking: Asking,
        call_id: UUID,
        line: str,
        rank: int | None = None,
        envelope: Envelope = "",
        without: Without = None,
        weight: Weight = None,
        threshold: Threshold = None,
        evaluators: Annotated[str, Query(max_length=3)] = "",
    ) -> Mapping[str, Any]:
        record = record_of(asking)
        typed = Typed(envelope, without or (), weight or (), threshold or (), _whole(evaluators))
        found, mistake = None, None
        if any(any(one) if isinstance(one, list) else one for one in typed):
            try:
                found = suppose(record, call_id, line, read_supposed(record, call_id, line, typed))
            except (Malformed, NotFound) as error:
                mistake = error
        explained = explain_ranking(record, call_id, line, rank)
        place = f"/calls/{call_id}/lines/{line}/ranking"
        return {
            **shown(explained, place, f"{place}/explanation{'' if rank is None else f'?rank={rank}'}"),
            "rank": rank,
            "here": f"{place}/explanation",
            "found": found,
            "mistake": mistake,
            "typed": typed,
            "comments": _comments_of(asking, call_id, line, rank),
            "criteria": announced(asking.world.get(CALL, call_id)).criteria,
        }

    @pages.page("/grants/{grant_id}/sums", _TEMPLATE, View.GRANT)
    def of_grant(asking: Asking, grant_id: UUID) -> Mapping[str, Any]:
        found = explain_grant(record_of(asking), grant_id)
        return shown(found, f"/grants/{grant_id}", f"/grants/{grant_id}/sums/explanation")

    @pages.page("/calls/{call_id}/lines/{line}/sums", _TEMPLATE, View.RANKING)
    def of_line(asking: Asking, call_id: UUID, line: str) -> Mapping[str, Any]:
        found, place = explain_line(record_of(asking), call_id, line), f"/calls/{call_id}/lines/{line}"
        return shown(found, f"{place}/ranking", f"{place}/sums/explanation")

    @pages.page("/pilot-actions/{pilot_action_id}/outcome", _TEMPLATE, View.PILOT_ACTION)
    def of_outcome(asking: Asking, pilot_action_id: UUID) -> Mapping[str, Any]:
        found, thing = explain_outcome(record_of(asking), pilot_action_id), f"/pilot-actions/{pilot_action_id}"
        told = shown(found, f"{thing}/timeline", f"{thing}/outcome/explanation")
        return {**told, "comments": commented(asking, pilot_action_id)}

    @pages.page("/refusals/{receipt}", _TEMPLATE, Open.SIGNED_IN)
    def of_refusal(asking: Asking, receipt: str) -> Mapping[str, Any]:
        found = explain_refusal(record_of(asking), asking.context.parts.fund, receipt)
        return shown(found, "/home", f"/refusals/{found.id}/explanation")

    @pages.page("/events/{position}", "event.html", Open.SIGNED_IN)
    def of_event(asking: Asking, position: int) -> Mapping[str, Any]:
        return {"event": record_of(asking).at(position)}


def _comments_of(asking: Asking, call_id: UUID, line: str, rank: int | None) -> Comments:
    """Return what was written of the application that has a rank; nothing where all are shown."""
    rows = asking.world.get(CALL, call_id).list_of(line).rows if rank is not None else ()
    return next((commented(asking, row.pilot_action_id) for row in rows if row.rank == rank), [])


def _whole(typed: str) -> int | None:
    return int(typed) if re.fullmatch("[0-9]{1,3}", typed) else None


def shown(explanation: Explanation, thing: str, data: str) -> dict[str, Any]:
    """Return what the page of an explanation shows: the thing that it is about, and where programs read it."""
    return {"explained": explanation, "thing": thing, "data": data, "comments": []}
