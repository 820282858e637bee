"""The application form as a document to pass round: blank in public, and a draft for who may see it."""

from collections.abc import Mapping
from uuid import UUID

from domain.call.aggregate import announced
from domain.call.rules import CallRules
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction
from domain.values import in_brussels
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Routes
from fund_service.api.resources.calls import published_call
from fund_service.api.resources.pilot_actions import sections_of
from fund_service.documents.docx import MEDIA_TYPE, form_as_docx
from fund_service.documents.filled import Filled
from fund_service.permissions.views import View


def blank_form(asking: Asking, call_id: UUID) -> tuple[CallRules, Filled]:
    """Return the form of a call by the rules in force, with nothing in it. Raises NotFound."""
    _, call = published_call(asking, call_id)
    mark = "By the rules of the call."
    if call.in_force:
        mark = f"By the rules of the call, as changed by correction {call.in_force}."
    return announced(call), Filled(marks=(mark,))


def draft_form(asking: Asking, pilot_action_id: UUID) -> tuple[CallRules, Filled]:
    """Return the form of the call that a pilot action is for, with what the draft says so far. Raises NotFound."""
    pilot = asking.world.get(PILOT_ACTION, pilot_action_id)
    rules, _ = blank_form(asking, pilot.call_id or pilot_action_id)
    sections = sections_of(asking, pilot)
    answers: Mapping[str, str] = {name: text for one in sections for name, text in one.answers.items()}
    return rules, Filled(
        title=pilot.title,
        marks=(_submitted(pilot), _saved(pilot)),
        answers=answers,
        resources=next((one.resources for one in sections if one.resources is not None), ()),
        is_draft=True,
    )


def _submitted(pilot: PilotAction) -> str:
    if pilot.submitted is None:
        return "DRAFT, not submitted. Nobody judges it until you submit it."
    return f"DRAFT, not submitted. What you submitted is version {pilot.submitted}; this may differ from it."


def _saved(pilot: PilotAction) -> str:
    """Return which state of the draft this is: how often it was saved, and when last."""
    if not pilot.saved:
        return "Nothing is saved yet."
    last = max(one.at for one in pilot.saved.values())
    times = sum(pilot.sections.values())
    return f"Saved {times} times, last {in_brussels(last)}."


def form_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.document("/calls/{call_id}/form", Open.EVERYBODY, MEDIA_TYPE, name="downloadBlankForm")
    def blank(asking: Asking, call_id: UUID) -> tuple[str, bytes]:
        """Download the blank application form of a call as DOCX: questions, limits, help and rules."""
        rules, filled = blank_form(asking, call_id)
        return f"{rules.edition} application form.docx", form_as_docx(rules, filled)

    @routes.document("/pilot-actions/{pilot_action_id}/draft/form", View.DRAFT, MEDIA_TYPE, name="downloadDraft")
    def draft(asking: Asking, pilot_action_id: UUID) -> tuple[str, bytes]:
        """Download the draft of an application as DOCX, with the answers so far, for colleagues without an account."""
        rules, filled = draft_form(asking, pilot_action_id)
        return f"{rules.edition} draft.docx", form_as_docx(rules, filled)
