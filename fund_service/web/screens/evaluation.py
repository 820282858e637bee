"""The evaluation of one application: who applies and five questions before the declaration, then where it stands."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from domain.evaluation.completion import needs_consensus
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
        if seat is not None and not seat.declared:
            return {**shown, "gate": True, "key": uuid4().hex}
        called = labels(asking, pilot_action_id)
        divided = needs_consensus(evaluation_of(asking, pilot_action_id))
        scores = {one.id: given_for(state, called, one.id) for one in about.rules.criteria}
        return {**shown, "gate": False, "labels": called, "by": asking.by, "divided": divided, "scores": scores}


def declaration_form(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    """Return what the form of the declaration shows: the same questions as the page."""
    id = wish.names["pilot_action_id"]
    return {"about": judged(asking, id), "worklist": WORKLIST, "seat": own_seat(asking, id)}
