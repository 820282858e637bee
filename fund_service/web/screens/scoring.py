"""The form by which an evaluator scores: what the application says beside the points, one criterion after another."""

from collections.abc import Mapping
from typing import Any

from domain.call.ranking import TOP_POINTS, standing
from domain.evaluation.completion import weighted_total
from fund_service.api.asking import Asking
from fund_service.web.heard import Heard
from fund_service.web.judged import POINTS, WORKLIST, application, declared_at, evaluation_of, judged
from fund_service.web.scored import SCALE, parts_of
from fund_service.web.wishes import Wish


def scoring_form(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    """Return what the form shows; nothing of the application but to who writes scores now."""
    id = wish.names["pilot_action_id"]
    about, evaluation = judged(asking, id), evaluation_of(asking, id)
    seat, rules = evaluation.seats.get(asking.by), about.rules
    writes = seat is not None and seat.declared and seat.points is None and not evaluation.stopped
    parts = list(parts_of(rules, rules.criteria, wish, heard))
    given = {one.criterion.id: (int(one.points),) for one in parts if one.points in SCALE}
    return {
        "about": about,
        "seat": seat,
        "stopped": evaluation.stopped,
        "worklist": WORKLIST,
        "application": application(asking, about) if writes else None,
        "declared": declared_at(asking, id),
        "parts": parts,
        "open": wish.value("open") or next((one.criterion.id for one in parts if one.state != "done"), ""),
        "least": rules.evaluation.justification_length,
        "meanings": POINTS,
        "standing": standing(given, {}, rules),
        "needed": rules.evaluation.total_threshold,
        "possible": float(weighted_total(dict.fromkeys(given, TOP_POINTS), rules)),
    }
