"""A partner that confirms by a scanned letter: recorded by one officer, verified by another, by the deadline (D10)."""

from domain.account.deputies import two_persons_decide
from domain.errors import WrongStage
from domain.messages import Change, Decision, World
from domain.pilot_action.commands import RecordLetter, VerifyLetter
from domain.pilot_action.events import LetterRecorded, LetterVerified, ParticipationConfirmed
from domain.pilot_action.submitting import unconfirmed
from domain.values import ProtectedText


def record_letter(command: RecordLetter, world: World) -> Decision:
    """Record a partner's letter about the current version; it does not count yet (D10, D18)."""
    version = unconfirmed(command, world)
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
    version = unconfirmed(command, world)
    if command.organisation_id not in version.letters:
        raise WrongStage("No letter of this member about this version is recorded.", "Record it first.")
    recorded_by = version.letters[command.organisation_id]
    two_persons_decide(recorded_by, command, world)
    named = command.stamp(organisation_id=command.organisation_id, version=version.number, digest=version.digest)
    return [
        Change(command.pilot_action_id, LetterVerified(**named, recorded_by=recorded_by)),
        Change(command.pilot_action_id, ParticipationConfirmed(**named)),
    ]
