"""An application on one page: what is left of its form, who was last, and the way to the receipt."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from domain.account.aggregate import ACCOUNT
from domain.call.aggregate import CALL, announced
from domain.call.rules import CallRules
from domain.errors import NotFound
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction
from fund_service.api.asking import Asking
from fund_service.api.resources.people import own_homes
from fund_service.api.resources.pilot_actions import clarification_of, title_of
from fund_service.attachments.seen import rows_of_action
from fund_service.permissions.views import View
from fund_service.web.judged import commented
from fund_service.web.pages import Pages
from projections.applicant_rows import HomeRow, PilotActionRow


class Declined(NamedTuple):
    """A partner that did not confirm the current version: its name, whether somebody else is to be asked, and why."""

    member: str
    ask_another: bool
    reason: str


class Part(NamedTuple):
    """A section of the form: what it holds, whether all is answered that must be, who saved it last and when (UTC)."""

    id: str
    title: str
    questions: tuple[str, ...]
    complete: bool
    saved_by: str | None
    saved_at: datetime | None


def application_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page("/pilot-actions/{pilot_action_id}", "application.html", View.DRAFT)
    def application(asking: Asking, pilot_action_id: UUID) -> Mapping[str, Any]:
        home, action = own_application(asking, pilot_action_id)
        rules, pilot = rules_of(asking, pilot_action_id), asking.world.get(PILOT_ACTION, pilot_action_id)
        parts = list(_parts(asking, pilot, action, rules))
        line = rules.line(action.line)
        return {
            "home": home,
            "action": action,
            "parts": parts,
            "complete": sum(part.complete for part in parts),
            "closes": rules.calendar.applications_close,
            "closed": rules.calendar.applications_close <= asking.now,
            "cap_cents": line.cap_cents if line is not None else 0,
            "declined": list(_declined(pilot, home)),
            "versions": pilot.versions[::-1],
            "submitted": pilot.submitted,
            "files": rows_of_action(asking.actor, pilot_action_id, asking.world),
            "own": asking.account.organisation_id,
            "comments": commented(asking, pilot_action_id),
            "clarification": clarification_of(asking, pilot_action_id),
        }


def own_application(asking: Asking, id: UUID) -> tuple[HomeRow, PilotActionRow]:
    """Return an application of one's own city or region, with its partnership. Raises NotFound."""
    for home in own_homes(asking):
        for action in home.pilot_actions:
            if action.id == id:
                return home, action
    raise NotFound(f"“{title_of(asking, id)}” is none of your applications.", "Look at your home.")


def rules_of(asking: Asking, id: UUID) -> CallRules:
    """Return the rules of the call that a pilot action applies in. Raises NotFound."""
    pilot = asking.world.get(PILOT_ACTION, id)
    if pilot.call_id is None:
        raise NotFound("This pilot action belongs to no call.", "Look at your home.")
    return announced(asking.world.get(CALL, pilot.call_id))


def _declined(pilot: PilotAction, home: HomeRow) -> Iterator[Declined]:
    names = {member.id: member.name for member in home.members}
    for organisation, said in (pilot.current.declined if pilot.current is not None else {}).items():
        yield Declined(names.get(organisation, ""), said.ask_another, said.reason.shown)


def _parts(asking: Asking, pilot: PilotAction, action: PilotActionRow, rules: CallRules) -> Iterator[Part]:
    for section in rules.form:
        saved = pilot.saved.get(section.id)
        account = asking.world.find(ACCOUNT, saved.by) if saved is not None else None
        yield Part(
            section.id,
            section.title,
            tuple(question.label for question in section.questions),
            section.title not in action.sections_missing,
            account.label if account is not None else None,
            saved.at if saved is not None else None,
        )
