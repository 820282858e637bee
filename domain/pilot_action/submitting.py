"""What the fund decides about the versions of an application: put forward, confirmed, submitted, withdrawn."""

from collections.abc import Iterator

from domain.call.aggregate import CALL, Window
from domain.call.events import ApplicationRegistered
from domain.call.rules import CallRules
from domain.errors import WrongStage
from domain.files import told
from domain.messages import Change, Decision, World
from domain.organisation.naming import partners_are_named
from domain.pilot_action.aggregate import PilotAction, Stage, Version
from domain.pilot_action.case import case_of, still_open
from domain.pilot_action.commands import (
    ConfirmParticipation,
    DeclineParticipation,
    PutForwardVersion,
    RecordLetter,
    RemindSubmission,
    SubmitApplication,
    VerifyLetter,
    WithdrawApplication,
)
from domain.pilot_action.events import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ConfirmationsVoided,
    ParticipationConfirmed,
    ParticipationDeclined,
    SubmissionReminded,
    VersionPutForward,
)
from domain.pilot_action.places import place_is_taken, place_of
from domain.rulebook.eu import declarations_are_given
from domain.rulebook.ours.applying import (
    agreement_names_the_current_version,
    form_is_complete,
    request_arrived_in_time,
    roadmap_is_agreed,
    withdrawal_arrived_in_time,
)
from domain.rulebook.ours.awarding import part_is_within_the_request
from domain.rulebook.programme import support_is_within_cap
from domain.slot import SlotFreed
from domain.values import ProtectedText, in_brussels


def put_forward_version(command: PutForwardVersion, world: World) -> Decision:
    """Put the draft forward as an immutable version: complete (D19) and within the cap (S01).

    Other content than before voids what the partners had confirmed; the same content leaves it valid (D10).
    """
    pilot, rules, partnership, call_id, coordinator_id = case_of(world, command.pilot_action_id)
    still_open(pilot)
    request_arrived_in_time(command.at, rules.calendar.applications_close)
    form_is_complete(list(_missing(pilot, rules)))
    requested = sum(line.cents for line in pilot.resources)
    _within_cap(requested, pilot, rules)
    if pilot.smallest_useful_cents is not None:
        part_is_within_the_request(pilot.smallest_useful_cents, requested)
    event = VersionPutForward(
        **command.stamp(),
        version=len(pilot.versions) + 1,
        digest=world.digest("version", str(command.pilot_action_id), *_content(pilot)),
        requested_cents=requested,
        answers=pilot.answers,
        resources=pilot.resources,
        smallest_useful_cents=pilot.smallest_useful_cents,
    )
    changes = [Change(command.pilot_action_id, event)]
    before = pilot.current
    if before and before.confirmed_by and before.digest != event.digest:
        asked_again = tuple(sorted(before.confirmed_by))
        voided = ConfirmationsVoided(**command.stamp(), version=event.version, organisation_ids=asked_again)
        changes.append(Change(command.pilot_action_id, voided))
    partners = partnership.member_ids() - {coordinator_id}
    changes.extend(partners_are_named(command, world, call_id, command.pilot_action_id, partners))
    return changes


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
    yield from told(pilot.files)


def confirm_participation(command: ConfirmParticipation, world: World) -> Decision:
    """Confirm for one partner its part in the current version (D10)."""
    version = unconfirmed(command, world)
    event = ParticipationConfirmed(
        **command.stamp(),
        organisation_id=command.organisation_id,
        version=version.number,
        digest=version.digest,
    )
    return [Change(command.pilot_action_id, event)]


def decline_participation(command: DeclineParticipation, world: World) -> Decision:
    """Record that a partner does not confirm its part in the current version, and why; it still may (D10)."""
    version = unconfirmed(command, world)
    event = ParticipationDeclined(
        **command.stamp(),
        organisation_id=command.organisation_id,
        version=version.number,
        digest=version.digest,
        ask_another=command.ask_another,
        reason=ProtectedText(subject=command.by, text=command.reason),
    )
    return [Change(command.pilot_action_id, event)]


def unconfirmed(
    command: ConfirmParticipation | DeclineParticipation | RecordLetter | VerifyLetter, world: World
) -> Version:
    """Return the current version, which the command names, while a member that has not confirmed it still can (D10)."""
    pilot, rules, partnership, *_ = case_of(world, command.pilot_action_id)
    still_open(pilot)
    request_arrived_in_time(command.at, rules.calendar.applications_close)
    if command.organisation_id not in partnership.member_ids():
        raise WrongStage("This organisation is not a member of the partnership.", "Name one of its members.")
    version = _current(pilot, command.digest)
    if command.organisation_id in version.confirmed_by:
        raise WrongStage("This member has confirmed this version already.")
    return version


def _current(pilot: PilotAction, digest: str) -> Version:
    if pilot.current is None:
        raise WrongStage("No version of the application was put forward yet.", "Put one forward first.")
    agreement_names_the_current_version(digest, pilot.current.digest)
    return pilot.current


def submit_application(command: SubmitApplication, world: World) -> Decision:
    """Let an application through the door: in time, complete, within the cap, one per entity (D07, D19, S01, D09, D26).

    It may be submitted before the partners confirmed; what is missing at closing makes it inadmissible (D10). The last
    valid version counts (D08): one that counts is not submitted twice, but after a correction of the call (D21).
    """
    pilot, rules, partnership, call_id, _ = case_of(world, command.pilot_action_id)
    call = world.get(CALL, call_id)
    still_open(pilot)
    opens = rules.calendar.applications_open
    if command.at < opens:
        raise WrongStage(f"Applications open on {in_brussels(opens)}.", "Submit from then on.")
    request_arrived_in_time(command.at, rules.calendar.applications_close)
    if call.applications is Window.CLOSED:
        raise WrongStage("The window for applications is closed.")
    version = _current(pilot, command.digest)
    if (pilot.stage, pilot.submitted, pilot.correction) == (Stage.SUBMITTED, version.number, call.in_force):
        raise WrongStage("This version is submitted already, and counts.", "Put another one forward to change it.")
    roadmap_is_agreed(partnership.roadmap_agreed)
    declarations_are_given(command.declarations, [declaration.id for declaration in rules.declarations])
    _within_cap(version.requested_cents, pilot, rules)
    taken = tuple(place_is_taken(command, command.pilot_action_id, pilot, world))
    submitted = ApplicationSubmitted(
        **command.stamp(),
        version=version.number,
        digest=version.digest,
        requested_cents=version.requested_cents,
        declarations=command.declarations,
        correction=call.in_force,
    )
    changes = [Change(command.pilot_action_id, submitted), *taken]
    if command.pilot_action_id not in call.register:
        entry = ApplicationRegistered(
            **command.stamp(), pilot_action_id=command.pilot_action_id, line=pilot.line, geography=pilot.geography
        )
        changes.append(Change(call_id, entry))
    return changes


def withdraw_application(command: WithdrawApplication, world: World) -> Decision:
    """Withdraw the application before closing; the entity's place is free again (D08, D09)."""
    pilot, rules, *_ = case_of(world, command.pilot_action_id)
    still_open(pilot)
    if pilot.stage is not Stage.SUBMITTED:
        raise WrongStage(f"The application is {pilot.stage}; there is nothing to withdraw.")
    withdrawal_arrived_in_time(command.at, rules.calendar.applications_close)
    reason = ProtectedText(subject=command.by, text=command.reason)
    place = place_of(world, pilot)
    return [
        Change(command.pilot_action_id, ApplicationWithdrawn(**command.stamp(), reason=reason)),
        Change(place, SlotFreed(**command.stamp(), pilot_action_id=command.pilot_action_id)),
    ]


def remind_submission(command: RemindSubmission, world: World) -> Decision:
    """Remind the applicant of the closing instant while nothing is submitted."""
    pilot, rules, *_ = case_of(world, command.pilot_action_id)
    if pilot.stage is not Stage.DRAFT:
        raise WrongStage("The application is no draft any more; no reminder is due.")
    closes = rules.calendar.applications_close
    return [Change(command.pilot_action_id, SubmissionReminded(**command.stamp(), closes=closes))]
