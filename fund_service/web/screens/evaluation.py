"""The evaluation of one application: who applies and five questions before the declaration, then where it stands."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from domain.call.ranking import standing
from domain.evaluation.completion import needs_consensus
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.api.asking import Asking
from fund_service.api.resources.evaluations import evaluation_now
from fund_service.permissions.views import View
from fund_service.web.heard import Heard
from fund_service.web.judged import WORKLIST, evaluation_of, given_for, judged, labels, own_seat
from fund_service.web.pages import Pages
from fund_service.web.wishes import Wish

PATH: Final = "/pilot-actions/{pilot_action_id}/evaluation"


def evaluation_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page(PATH, "evaluation.html", View.EVALUATION)
    def evaluation(asking: Asking, pilot_action_id: UUID) -> Mapping[str, Any]:
        state, seat = evaluation_now(asking, pilot_action_id), own_seat(asking, pilot_action_id)
        about = judged(asking, pilot_action_id)
        shown = {"about": about, "worklist": WORKLIST, "seat": seat, "state": state}
        shown["back"] = _back(asking, pilot_action_id) if seat is None else None
        if seat is not None and not seat.declared:
            return {**shown, "gate": True, "key": uuid4().hex}
        called = labels(asking, pilot_action_id)
        divided = needs_consensus(evaluation_of(asking, pilot_action_id))
        scores = {one.id: given_for(state, called, one.id) for one in about.rules.criteria}
        columns = {name: tuple(one.points for one in given) for name, given in scores.items()}
        return {
            **shown,
            "gate": False,
            "labels": called,
            "by": asking.by,
            "divided": divided,
            "scores": scores,
            "standing": standing(columns, state.consensus, about.rules),
            "needed": about.rules.evaluation.total_threshold,
        }


def _back(asking: Asking, pilot_action_id: UUID) -> str | None:
    """Return the list of the call's applications, None for who may not see it."""
    call_id = asking.world.get(PILOT_ACTION, pilot_action_id).call_id
    seen = call_id is not None and asking.sees(View.DASHBOARD, call_id)
    return f"/calls/{call_id}/applications" if seen else None


def declaration_form(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    """Return what the form of the declaration shows: the same questions as the page."""
    id = wish.names["pilot_action_id"]
    return {"about": judged(asking, id), "worklist": WORKLIST, "seat": own_seat(asking, id)}
