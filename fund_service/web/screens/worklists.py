"""The worklists of evaluators and coaches: which one next, until when, and what is done."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from domain.evaluation.commands import WithdrawEvaluator
from domain.partnership.commands import CompleteCoaching, HoldCoachingSession, RecordMissedSession
from fund_service.api.asking import Asking, Open
from fund_service.api.resources.screens import own_work
from fund_service.permissions.views import View
from fund_service.web.lists import told
from fund_service.web.offers import Waiting, possible, waiting
from fund_service.web.pages import Pages
from fund_service.web.scored import given_in
from fund_service.web.screens.calibration import CALIBRATION, example_of
from fund_service.web.together import kinds
from fund_service.web.wishes import deed_address
from projections.coach_worklist import coach_work
from projections.evaluator_worklist import EvaluatorWork


def worklist_pages(pages: Pages) -> None:
    """Enter the pages."""

    @pages.page("/me/evaluations", "evaluations.html", Open.SIGNED_IN)
    def evaluations(asking: Asking) -> Mapping[str, Any]:
        rows = told(asking, own_work(asking), EvaluatorWork, View.PILOT_ACTION)
        still = sorted((one for one in rows if one.step not in _OVER), key=lambda one: (one.due is None, one.due))
        leaving = {
            one.id: next((address for _, address in possible(asking, (WithdrawEvaluator,), pilot_action_id=one.id)), "")
            for one in still
        }
        done = [one for one in rows if one.step in _OVER]
        example = CALIBRATION if example_of(asking) is not None else None
        shown = {"example": example, "deeds": _deeds(asking), "leaving": leaving, "begun": _begun(asking, still)}
        return {"still": still, "done": done, **shown}

    @pages.page("/me/coaching", "coaching.html", Open.SIGNED_IN)
    def coaching(asking: Asking) -> Mapping[str, Any]:
        rows = coach_work(asking.connection, asking.by, asking.now)
        still, done = [one for one in rows if not one.done], [one for one in rows if one.done]
        return {"still": still, "done": done, "deeds": _deeds(asking), "kinds": kinds(asking, *_OF_COACH)}


_OF_COACH: Final = (HoldCoachingSession, RecordMissedSession, CompleteCoaching)
_OVER = ("done", "left")


def _begun(asking: Asking, still: Sequence[EvaluatorWork]) -> dict[UUID | None, int]:
    """Return for how many criteria of each application who looks has saved points that are not sent yet."""
    drafts = {one.page: one for one in asking.context.parts.form_drafts.of(asking.by)}
    found = {one.id: drafts.get(deed_address("GiveScores", pilot_action_id=one.id)) for one in still}
    return {id: given_in(draft.fields) for id, draft in found.items() if draft is not None}


def _deeds(asking: Asking) -> dict[UUID, Waiting]:
    """Return the first deed that waits for who looks, by the id of what it is about."""
    return {id: one for one in reversed(list(waiting(asking))) for id in one.ids}
