"""The forms of a consensus: where the evaluators are apart, what one proposes, and whether the others agree (D02)."""

from collections.abc import Mapping
from typing import Any

from domain.evaluation.completion import needs_consensus
from fund_service.api.asking import Asking
from fund_service.api.resources.evaluations import evaluation_now
from fund_service.web.heard import Heard
from fund_service.web.judged import POINTS, WORKLIST, evaluation_of, given_for, judged, labels, own_seat
from fund_service.web.scored import parts_of
from fund_service.web.wishes import Wish


def proposal_form(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    """Return what the form shows in which one proposes points for all."""
    return _shown(asking, wish, heard, proposing=True)


def agreement_form(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    """Return what the form shows in which one agrees to what is proposed."""
    return _shown(asking, wish, heard, proposing=False)


def _shown(asking: Asking, wish: Wish, heard: Heard, *, proposing: bool) -> Mapping[str, Any]:
    id = wish.names["pilot_action_id"]
    about, seat = judged(asking, id), own_seat(asking, id)
    shown = {"about": about, "seat": seat, "worklist": WORKLIST, "proposing": proposing, "meanings": POINTS}
    if seat is None:
        return {**shown, "divided": False}
    state, called = evaluation_now(asking, id), labels(asking, id)
    apart = [criterion for criterion in about.rules.criteria if criterion.id in state.divergent]
    return {
        **shown,
        "divided": needs_consensus(evaluation_of(asking, id)) and bool(apart),
        "proposal": state.proposal,
        "by": asking.by,
        "waiting": [called[one.evaluator] for one in state.seats if not _agreed(state.proposal, one.evaluator)],
        "agreed": [called[one.evaluator] for one in state.seats if _agreed(state.proposal, one.evaluator)],
        "apart": [
            (one, given_for(state, called, one.criterion.id)) for one in parts_of(about.rules, apart, wish, heard)
        ],
        "least": about.rules.evaluation.justification_length,
    }


def _agreed(proposal: Any, evaluator: Any) -> bool:
    return proposal is not None and evaluator in proposal.agreed_by
