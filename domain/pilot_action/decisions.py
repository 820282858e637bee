"""What the fund decides about a pilot action: its draft, its versions, its submission, its eligibility."""

from collections.abc import Iterator
from uuid import UUID

from domain.call.aggregate import CALL, Window, published
from domain.call.events import ApplicationRegistered
from domain.call.rules import CallRules, Section
from domain.errors import Malformed, RuleViolated, WrongStage
from domain.evaluation.events import EvaluationOpened
from domain.ids import evaluation_id
from domain.messages import Change, Decision, World
from domain.organisation.aggregate import ORGANISATION
from domain.partnership.aggregate import PARTNERSHIP, Partnership
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction, Stage, Version
from domain.pilot_action.commands import (
    CheckEligibility,
    ConfirmParticipation,
    ProposePilotAction,
    PutForwardVersion,
    RemindSubmission,
    SaveDraftSection,
    SubmitApplication,
    WithdrawApplication,
)
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    DraftSectionSaved,
    Finding,
    ParticipationConfirmed,
    PilotActionProposed,
    ResourceLine,
    SubmissionReminded,
    VersionPutForward,
)
from domain.rulebook.eu import declarations_are_given
from domain.rulebook.ours import (
    agreement_names_the_current_version,
    entity_has_no_other_application,
    form_is_complete,
    kind_is_listed,
    part_is_within_the_request,
    partners_have_confirmed,
    request_arrived_in_time,
    roadmap_is_agreed,
)
from domain.rulebook.programme import proposer_is_admitted, support_is_within_cap
from domain.slot import SLOT, SlotFreed, SlotTaken, slot_id
from domain.values import ProtectedText, in_brussels

OPEN_STAGES = (Stage.DRAFT, Stage.SUBMITTED, Stage.WITHDRAWN)


def _case(world: World, pilot_action_id: UUID) -> tuple[PilotAction, CallRules, Partnership, UUID, UUID]:
    pilot = world.get(PILOT_ACTION, pilot_action_id)
    if pilot.call_id is None or pilot.partnership_id is None or pilot.coordinator_id is None:
        raise WrongStage("This pilot action was never proposed.", "Propose it first.")
    rules = published(world.get(CALL, pilot.call_id))
    return pilot, rules, world.get(PARTNERSHIP, pilot.partnership_id), pilot.call_id, pilot.coordinator_id


def _still_open(pilot: PilotAction) -> None:
    if pilot.stage not in OPEN_STAGES:
        raise WrongStage(f"The application is {pilot.stage} and cannot be changed.")


def propose_pilot_action(command: ProposePilotAction, world: World) -> Decision:
    """Propose a pilot action for a support line of the partnership's call."""
    if world.find(PILOT_ACTION, command.pilot_action_id):
        raise WrongStage("This pilot action is proposed already.")
    partnership = world.get(PARTNERSHIP, command.partnership_id)
    if partnership.call_id is None or partnership.coordinator_id is None:
        raise WrongStage("This partnership was never formed.")
    rules = published(world.get(CALL, partnership.call_id))
    if rules.line(command.line) is None:
        known = ", ".join(line.id for line in rules.lines)
        raise Malformed(f"The call has no support line {command.line!r}.", f"Choose one of: {known}.")
    request_arrived_in_time(command.at, rules.calendar.applications_close)
    event = PilotActionProposed(
        **command.stamp(),
        title=command.title,
        call_id=partnership.call_id,
        line=command.line,
        partnership_id=command.partnership_id,
        coordinator_id=partnership.coordinator_id,
        geography=partnership.geography,
        cluster=partnership.cluster,
    )
    return [Change(command.pilot_action_id, event)]


def save_draft_section(command: SaveDraftSection, world: World) -> Decision:
    """Save one section of the draft; it may be incomplete, but it fits the form (D19)."""
    pilot, rules, *_ = _case(world, command.pilot_action_id)
    _still_open(pilot)
    request_arrived_in_time(command.at, rules.calendar.applications_close)
    section = next((section for section in rules.form if section.id == command.section), None)
    if section is None:
        known = ", ".join(section.id for section in rules.form)
        raise Malformed(f"The form has no section {command.section!r}.", f"Choose one of: {known}.")
    _fits(command, section)
    for line in command.resources or ():
        kind_is_listed(line.kind, [kind.id for kind in rules.resource_kinds])
    event = DraftSectionSaved(
        **command.stamp(),
        section=command.section,
        answers={name: ProtectedText(subject=command.by, text=text) for name, text in command.answers.items()},
        resources=None if command.resources is None else tuple(_resources(command)),
        smallest_useful_cents=command.smallest_useful_cents,
    )
    return [Change(command.pilot_action_id, event)]


def _resources(command: SaveDraftSection) -> Iterator[ResourceLine]:
    for line in command.resources or ():
        why = ProtectedText(subject=command.by, text=line.why)
        yield ResourceLine(kind=line.kind, quantity=line.quantity, unit_cents=line.unit_cents, why=why)


def _fits(command: SaveDraftSection, section: Section) -> None:
    texts = {question.id: question for question in section.questions if question.kind == "text"}
    for name, text in command.answers.items():
        if name not in texts:
            raise Malformed(f"The section {section.id!r} has no question {name!r}.", f"It asks: {', '.join(texts)}.")
        longest = texts[name].max_length
        if len(text) > longest:
            raise Malformed(
                f"The answer to {name!r} has {len(text)} characters; {longest} are allowed.",
                f"Shorten it by {len(text) - longest}.",
            )
    if command.smallest_useful_cents is not None and command.resources is None:
        raise Malformed("The smallest useful part is named without resources.", "Name it with the resources.")
    if command.resources is not None and all(question.kind != "resources" for question in section.questions):
        raise Malformed(f"The section {section.id!r} does not ask for resources.", "Name them where the form asks.")


def put_forward_version(command: PutForwardVersion, world: World) -> Decision:
    """Put the draft forward as an immutable version: complete (D19) and within the cap (S01)."""
    pilot, rules, *_ = _case(world, command.pilot_action_id)
    _still_open(pilot)
    request_arrived_in_time(command.at, rules.calendar.applications_close)
    form_is_complete(list(_missing(pilot, rules)))
    requested = sum(line.cents for line in pilot.resources)
    _within_cap(requested, pilot, rules)
    if pilot.smallest_useful_cents is not None:
        part_is_within_the_request(pilot.smallest_useful_cents, requested)
    number = len(pilot.versions) + 1
    event = VersionPutForward(
        **command.stamp(),
        version=number,
        digest=world.digest("version", str(command.pilot_action_id), str(number), *_content(pilot)),
        requested_cents=requested,
        answers=pilot.answers,
        resources=pilot.resources,
        smallest_useful_cents=pilot.smallest_useful_cents,
    )
    return [Change(command.pilot_action_id, event)]


def _within_cap(requested_cents: int, pilot: PilotAction, rules: CallRules) -> None:
    line = rules.line(pilot.line)
    support_is_within_cap(requested_cents, line.cap_cents if line else 0)


def _missing(pilot: PilotAction, rules: CallRules) -> Iterator[str]:
    for section, question in rules.questions():
        answer = pilot.answers.get(question.id)
        given = bool(pilot.resources) if question.kind == "resources" else bool(answer and (answer.text or "").strip())
        if question.required and not given:
            yield f"{section.title}: {question.label}"


def _content(pilot: PilotAction) -> Iterator[str]:
    for name in sorted(pilot.answers):
        yield from (name, pilot.answers[name].text or "")
    for line in pilot.resources:
        yield from (line.kind, str(line.quantity), str(line.unit_cents), line.why.text or "")
    if pilot.smallest_useful_cents is not None:
        yield str(pilot.smallest_useful_cents)


def confirm_participation(command: ConfirmParticipation, world: World) -> Decision:
    """Confirm for one partner its part in the current version (D10)."""
    pilot, rules, partnership, *_ = _case(world, command.pilot_action_id)
    _still_open(pilot)
    request_arrived_in_time(command.at, rules.calendar.applications_close)
    if command.organisation_id not in partnership.member_ids():
        raise WrongStage("This organisation is not a member of the partnership.", "Name one of its members.")
    version = _current(pilot, command.digest)
    if command.organisation_id in version.confirmed_by:
        raise WrongStage("This member has confirmed this version already.")
    event = ParticipationConfirmed(
        **command.stamp(),
        organisation_id=command.organisation_id,
        version=version.number,
        digest=version.digest,
    )
    return [Change(command.pilot_action_id, event)]


def _current(pilot: PilotAction, digest: str) -> Version:
    if pilot.current is None:
        raise WrongStage("No version of the application was put forward yet.", "Put one forward first.")
    agreement_names_the_current_version(digest, pilot.current.digest)
    return pilot.current


def submit_application(command: SubmitApplication, world: World) -> Decision:
    """Let an application through the door: in time, complete, within the cap, one per entity (D07, D19, S01, D09, D26).

    It may be submitted before the partners confirmed; what is missing at closing makes it inadmissible (D10). The last
    valid version counts (D08).
    """
    pilot, rules, partnership, call_id, coordinator_id = _case(world, command.pilot_action_id)
    call = world.get(CALL, call_id)
    _still_open(pilot)
    opens = rules.calendar.applications_open
    if command.at < opens:
        raise WrongStage(f"Applications open on {in_brussels(opens)}.", "Submit from then on.")
    request_arrived_in_time(command.at, rules.calendar.applications_close)
    if call.applications is Window.CLOSED:
        raise WrongStage("The window for applications is closed.")
    version = _current(pilot, command.digest)
    roadmap_is_agreed(partnership.roadmap_agreed)
    declarations_are_given(command.declarations, [declaration.id for declaration in rules.declarations])
    _within_cap(version.requested_cents, pilot, rules)
    place = slot_id(call_id, pilot.line, coordinator_id)
    slot = world.find(SLOT, place)
    held_by = slot.held_by if slot else None
    coordinator = world.get(ORGANISATION, coordinator_id)
    entity_has_no_other_application(coordinator.name, held_by not in (None, command.pilot_action_id))
    submitted = ApplicationSubmitted(
        **command.stamp(),
        version=version.number,
        digest=version.digest,
        requested_cents=version.requested_cents,
        declarations=command.declarations,
    )
    changes = [Change(command.pilot_action_id, submitted)]
    if held_by is None:
        changes.append(Change(place, SlotTaken(**command.stamp(), pilot_action_id=command.pilot_action_id)))
    if command.pilot_action_id not in call.register:
        entry = ApplicationRegistered(
            **command.stamp(), pilot_action_id=command.pilot_action_id, line=pilot.line, geography=pilot.geography
        )
        changes.append(Change(call_id, entry))
    return changes


def withdraw_application(command: WithdrawApplication, world: World) -> Decision:
    """Withdraw the application before closing; the entity's place is free again (D08, D09)."""
    pilot, rules, _, call_id, coordinator_id = _case(world, command.pilot_action_id)
    if pilot.stage is not Stage.SUBMITTED:
        raise WrongStage(f"The application is {pilot.stage}; there is nothing to withdraw.")
    request_arrived_in_time(command.at, rules.calendar.applications_close)
    reason = ProtectedText(subject=command.by, text=command.reason)
    place = slot_id(call_id, pilot.line, coordinator_id)
    return [
        Change(command.pilot_action_id, ApplicationWithdrawn(**command.stamp(), reason=reason)),
        Change(place, SlotFreed(**command.stamp(), pilot_action_id=command.pilot_action_id)),
    ]


def remind_submission(command: RemindSubmission, world: World) -> Decision:
    """Remind the applicant of the closing instant while nothing is submitted."""
    pilot, rules, *_ = _case(world, command.pilot_action_id)
    if pilot.stage is not Stage.DRAFT:
        raise WrongStage("The application is no draft any more; no reminder is due.")
    closes = rules.calendar.applications_close
    return [Change(command.pilot_action_id, SubmissionReminded(**command.stamp(), closes=closes))]


def check_eligibility(command: CheckEligibility, world: World) -> Decision:
    """Judge what passed the door after closing: inadmissible, ineligible, or on to the evaluators (D23)."""
    pilot, rules, partnership, call_id, coordinator_id = _case(world, command.pilot_action_id)
    if pilot.stage is not Stage.SUBMITTED:
        raise WrongStage(f"The application is {pilot.stage}; only a submitted one is checked.")
    if command.at < rules.calendar.applications_close:
        raise WrongStage("Applications are checked after closing.")
    version = pilot.version(pilot.submitted)
    confirmed = version.confirmed_by if version else frozenset()
    coordinator = world.get(ORGANISATION, coordinator_id)
    try:
        partners_have_confirmed(partnership.missing(confirmed))
    except RuleViolated as broken:
        found = ApplicationFoundInadmissible(**command.stamp(), findings=(_finding(broken),))
        return [Change(command.pilot_action_id, found)]
    try:
        proposer_is_admitted(coordinator.name, coordinator.admitted)
    except RuleViolated as broken:
        ineligible = ApplicationFoundIneligible(**command.stamp(), findings=(_finding(broken),))
        return [Change(command.pilot_action_id, ineligible)]
    opened = EvaluationOpened(
        **command.stamp(),
        pilot_action_id=command.pilot_action_id,
        call_id=call_id,
        partnership_id=pilot.partnership_id or command.pilot_action_id,
    )
    return [
        Change(command.pilot_action_id, ApplicationFoundEligible(**command.stamp())),
        Change(evaluation_id(command.pilot_action_id), opened),
    ]


def _finding(broken: RuleViolated) -> Finding:
    return Finding(rule=broken.code, detail=broken.detail)
