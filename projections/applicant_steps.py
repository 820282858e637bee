"""Where each matter of an applicant stands, and the one deed that comes next for one reader, in words."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from domain.values import euros, in_brussels
from projections.applicant_rows import HomeRow, PilotActionRow


class Dates(NamedTuple):
    """The calendar's points that an applicant waits for (UTC), how far the call is, its last material correction."""

    coaching_closes: datetime | None = None
    applications_open: datetime | None = None
    applications_close: datetime | None = None
    outcomes_released: datetime | None = None
    final_report_due: datetime | None = None
    coaching_open: bool = False
    applications_opened: bool = False
    applications_closed: bool = False
    corrected: int = 0
    cancelled: bool = False


class Step(NamedTuple):
    """One deed, until when (UTC), and whether it is the reader's own.

    Of what the reader can do now, `command` is the request that does it, and `rule` says why.
    """

    next_step: str
    due: datetime | None = None
    yours: bool = False
    command: str | None = None
    rule: str | None = None


NOTHING = "Nothing more to do in this call"


def with_words(home: HomeRow, reader: UUID, dates: Dates) -> HomeRow:
    """Return the home with the status and next step of each pilot action and of the partnership."""
    if home.merged_into is not None or home.ended:
        return home.model_copy(update=_over(home))
    early = Step(f"{NOTHING}: it was cancelled.") if dates.cancelled else _partnership_step(home, reader, dates)
    actions = []
    for action in home.pilot_actions:
        step = early or _application_step(home, action, reader, dates)
        actions.append(action.model_copy(update={"status": status(action, dates), **step._asdict()}))
    leading = min(actions, key=_rest, default=None)
    if leading is not None:
        step = Step(*(getattr(leading, name) for name in Step._fields))
    else:
        step = early or _first_step(home, dates)
    words = {"status": leading.status if leading else _partnership_status(home, dates), **step._asdict()}
    return home.model_copy(update={"pilot_actions": tuple(actions), **words})


def _over(home: HomeRow) -> dict[str, str]:
    if home.merged_into is not None:
        return {"status": f"Went into “{home.merged_into}”", "next_step": "Go on with that partnership."}
    return {"status": "Ended", "next_step": f"{NOTHING}: the partnership ended."}


def _rest(action: PilotActionRow) -> tuple[bool, bool]:
    """Return how little a pilot action asks of the reader: first the reader's own deeds, then what was submitted."""
    return not action.yours, action.receipt is None or action.receipt.withdrawn


def _partnership_status(home: HomeRow, dates: Dates) -> str:
    if dates.cancelled:
        return "The call was cancelled"
    if dates.applications_closed:
        return "No application"
    if home.roadmap_agreed:
        return "Roadmap agreed, no pilot action yet"
    return f"Roadmap version {home.roadmap_version} written" if home.roadmap_version else "Partnership formed"


def status(action: PilotActionRow, dates: Dates) -> str:
    """Return where an application stands, in words that tell nothing before the release."""
    if dates.cancelled:
        return "The call was cancelled"
    if action.grant is not None and action.outcome is not None:
        return f"Support {action.grant.state}"
    if action.outcome is not None:
        return _OUTCOMES.get(action.outcome.outcome, action.outcome.outcome)
    receipt = action.receipt
    if receipt is not None and not receipt.withdrawn:
        if dates.applications_closed:
            return f"Submitted, version {receipt.version}; it is being judged"
        if receipt.correction < dates.corrected:
            return f"The call was corrected: version {receipt.version} does NOT count until you submit it again"
        newer = action.draft == "changed" or action.version != receipt.version
        return f"Submitted, version {receipt.version}" + ("; what you changed since is NOT submitted" if newer else "")
    if receipt is not None:
        return "Withdrawn"
    if dates.applications_closed:
        return "Not submitted"
    return f"Version {action.version} put forward, NOT submitted" if action.version else "Draft, NOT submitted"


_OUTCOMES = {
    "award": "Award",
    "reserve": "On the reserve list",
    "not_selected": "Not selected",
    "inadmissible": "Inadmissible",
    "ineligible": "Ineligible",
}


def _partnership_step(home: HomeRow, reader: UUID, dates: Dates) -> Step | None:
    """Return what the reader owes the partnership before any application, or None."""
    closes = dates.applications_close
    me = next((member for member in home.members if member.id == reader), None)
    if dates.applications_closed or me is None:
        return None
    if not me.confirmed:
        return Step(f"Confirm that {me.name} takes part.", closes, True, "ConfirmMembership", "S07")
    if not home.roadmap_version:
        if home.is_coordinator:
            return Step("Write the roadmap.", closes, True, "DraftRoadmap", "S12")
        return Step(f"Wait for {_coordinator(home)} to write the roadmap.", closes)
    if not me.agreed_roadmap:
        return Step(f"Agree version {home.roadmap_version} of the roadmap.", closes, True, "AgreeRoadmap", "D26")
    return None


def _first_step(home: HomeRow, dates: Dates) -> Step:
    if dates.applications_closed:
        return Step(f"{NOTHING}: the time for applications ended.")
    if home.coaching == "offered" and dates.coaching_open:
        offer = "Ask for coaching, if you want it. It is free and you may apply without it."
        return Step(offer, dates.coaching_closes, True, "RequestCoaching", "S13")
    if home.is_coordinator:
        return Step("Propose a pilot action.", dates.applications_close, True, "ProposePilotAction", "S34")
    return Step(f"Wait for {_coordinator(home)} to propose a pilot action.", dates.applications_close)


def _application_step(home: HomeRow, action: PilotActionRow, reader: UUID, dates: Dates) -> Step:
    if action.outcome is not None:
        return _grant_step(home, action, dates) if action.grant is not None else _outcome_step(action)
    submitted = action.receipt is not None and not action.receipt.withdrawn
    if dates.applications_closed:
        if submitted and action.clarification_due is not None:
            return _clarification_step(home, action)
        if submitted:
            return Step("Wait for the outcome. All outcomes are released at one instant.", dates.outcomes_released)
        return Step(f"{NOTHING}: the time for applications ended.")
    if home.is_coordinator:
        return _coordinator_step(home, action, dates)
    return _partner_step(home, action, reader, dates)


def _clarification_step(home: HomeRow, action: PilotActionRow) -> Step:
    what, due = "the question about a clerical error", action.clarification_due
    if home.is_coordinator:
        return Step(f"Answer {what}.", due, True, "AnswerClarification", "E09")
    return Step(f"Wait for {_coordinator(home)} to answer {what}.", due)


def _coordinator_step(home: HomeRow, action: PilotActionRow, dates: Dates) -> Step:
    closes, receipt = dates.applications_close, action.receipt
    if action.version is None and action.sections_missing:
        done = action.sections - len(action.sections_missing)
        section = action.sections_missing[0]
        words = f"Fill in “{section}”. {done} of {action.sections} sections are complete."
        return Step(words, closes, True, "SaveDraftSection", "D19")
    if action.version is None or action.draft == "changed":
        return Step(f"Put version {(action.version or 0) + 1} forward.", closes, True, "PutForwardVersion", "D08")
    if receipt is None or receipt.withdrawn or receipt.version != action.version:
        return _submission_step(home, action, dates)
    if receipt.correction < dates.corrected:
        words = f"Submit version {action.version} again: the call was corrected."
        return Step(words, closes, True, "SubmitApplication", "D21")
    if receipt.missing:
        waits = f"Wait for {_listed(receipt.missing)} to confirm version {receipt.version}"
        return Step(f"{waits}. Without it the application is inadmissible.", closes)
    return Step("Nothing now. You can still change the application and submit it again.", closes)


def _submission_step(home: HomeRow, action: PilotActionRow, dates: Dates) -> Step:
    closes = dates.applications_close
    if not home.roadmap_agreed:
        missing = tuple(member.name for member in home.members if not member.agreed_roadmap)
        waits = f"Wait for {_listed(missing)} to agree version {home.roadmap_version} of the roadmap"
        return Step(f"{waits}. Then submit version {action.version}.", closes)
    if not dates.applications_opened and dates.applications_open is not None:
        opens = in_brussels(dates.applications_open)
        return Step(f"Submit version {action.version} when applications open: {opens}.", closes, True)
    return Step(f"Submit version {action.version}.", closes, True, "SubmitApplication", "D07")


def _partner_step(home: HomeRow, action: PilotActionRow, reader: UUID, dates: Dates) -> Step:
    closes, coordinator = dates.applications_close, _coordinator(home)
    me = next((member.name for member in home.members if member.id == reader), "")
    if action.version is None:
        return Step(f"Wait for {coordinator} to put a version of the application forward.", closes)
    if me in action.missing:
        words = f"Confirm your part in version {action.version}."
        if home.named_in > 1:
            words = f"{words} You are named in {home.named_in} applications: confirm each, or not."
        return Step(words, closes, True, "ConfirmParticipation", "D10")
    if action.receipt is None or action.receipt.withdrawn or action.receipt.version != action.version:
        return Step(f"Wait for {coordinator} to submit version {action.version}.", closes)
    return Step("Nothing now. When the application changes, you are asked again.", closes)


def _outcome_step(action: PilotActionRow) -> Step:
    outcome = action.outcome.outcome if action.outcome else ""
    if outcome == "award":
        return Step("Wait for the offer. It follows at once.")
    if outcome == "reserve" and action.reserve_until is not None:
        return Step("Wait. You get an offer when one above you is declined or lapses.", action.reserve_until)
    if outcome == "reserve":
        return Step(f"{NOTHING}: the reserve list ended.")
    return Step(f"{NOTHING}. Read the reasons.")


def _grant_step(home: HomeRow, action: PilotActionRow, dates: Dates) -> Step:
    grant, coordinator = action.grant, _coordinator(home)
    if grant is None or grant.state in ("declined", "lapsed", "closed"):
        ended = {"declined": f"{NOTHING}: the offer was declined.", "lapsed": f"{NOTHING}: the offer lapsed."}
        return Step(ended.get(grant.state if grant else "", f"{NOTHING}: the grant is closed."))
    if grant.state == "offered":
        if home.is_coordinator:
            words = f"Accept or decline the support of {euros(grant.cents)}."
            if grant.part_of_cents:
                asked = euros(grant.part_of_cents)
                words = f"Accept or decline the support of {euros(grant.cents)}, a part of your request of {asked}."
            return Step(words, grant.accept_by, True, "AcceptGrant", "D11")
        return Step(f"Wait for {coordinator} to accept or decline the support.", grant.accept_by)
    if not home.is_coordinator:
        return Step(f"Nothing now. {coordinator} answers for the grant.")
    waiting = grant.to_acknowledge
    if waiting:
        words = f"Acknowledge or refuse the delivery of order {waiting[0].order}."
        return Step(words, waiting[0].acknowledge_by, True, "AcknowledgeDelivery", "D12")
    if not grant.report_filed:
        words = "File the final report. It is overdue." if grant.report_overdue else "File the final report."
        return Step(words, dates.final_report_due, True, "FileFinalReport", "D25")
    return Step("Wait until the grant is closed. Nothing is missing from you.")


def _coordinator(home: HomeRow) -> str:
    return next((member.name for member in home.members if member.is_coordinator), "the coordinator")


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) if names else "everybody"
