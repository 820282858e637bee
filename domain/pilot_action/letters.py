"""A partner that confirms by a scanned letter: recorded by one officer, verified by another, by the deadline (D10)."""

from domain.errors import WrongStage
from domain.messages import Change, Decision, World
from domain.pilot_action.aggregate import Version
from domain.pilot_action.case import case_of, still_open
from domain.pilot_action.commands import RecordLetter, VerifyLetter
from domain.pilot_action.events import LetterRecorded, LetterVerified, ParticipationConfirmed
from domain.rulebook.ours.applying import agreement_names_the_current_version, request_arrived_in_time
from domain.rulebook.ours.people import a_second_person_confirms
from domain.values import ProtectedText


def _version(command: RecordLetter | VerifyLetter, world: World) -> Version:
    """Return the current version, which the letter must name, while it can still be confirmed."""
    pilot, rules, partnership, *_ = case_of(world, command.pilot_action_id)
    still_open(pilot)
    request_arrived_in_time(command.at, rules.calendar.applications_close)
    if command.organisation_id not in partnership.member_ids():
        raise WrongStage("This organisation is not a member of the partnership.", "Name one of its members.")
    if pilot.current is None:
        raise WrongStage("No version of the application was put forward yet.", "Put one forward first.")
    agreement_names_the_current_version(command.digest, pilot.current.digest)
    if command.organisation_id in pilot.current.confirmed_by:
        raise WrongStage("This member has confirmed this version already.")
    return pilot.current


def record_letter(command: RecordLetter, world: World) -> Decision:
    """Record a partner's letter about the current version; it does not count yet (D10, D18)."""
    version = _version(command, world)
    if command.organisation_id in version.letters:
        raise WrongStage("A letter of this member about this version is recorded already.", "Let somebody verify it.")
    event = LetterRecorded(
        **command.stamp(),
        organisation_id=command.organisation_id,
        version=version.number,
        digest=version.digest,
        reference=ProtectedText(subject=command.by, text=command.reference),
    )
    return [Change(command.pilot_action_id, event)]


def verify_letter(command: VerifyLetter, world: World) -> Decision:
    """Verify a letter as the second officer; from then on it counts as the partner's confirmation (D10, D18)."""
    version = _version(command, world)
    if command.organisation_id not in version.letters:
        raise WrongStage("No letter of this member about this version is recorded.", "Record it first.")
    a_second_person_confirms(version.letters[command.organisation_id], command.by)
    named = command.stamp(organisation_id=command.organisation_id, version=version.number, digest=version.digest)
    return [
        Change(command.pilot_action_id, LetterVerified(**named)),
        Change(command.pilot_action_id, ParticipationConfirmed(**named)),
    ]
