"""What the fund decides about files: attached to the draft, taken off it, and proofs on behalf of a member (D30)."""

from domain.attaching import file_fits
from domain.errors import Malformed, NotFound, WrongStage
from domain.files import Attached
from domain.messages import Change, Decision, World
from domain.pilot_action.aggregate import PilotAction
from domain.pilot_action.case import case_of, still_open
from domain.pilot_action.commands import AttachFile, AttachProof, DetachFile
from domain.pilot_action.events import FileAttached, FileDetached, ProofAttached
from domain.rulebook.ours.applying import request_arrived_in_time


def attach_file(command: AttachFile, world: World) -> Decision:
    """Attach a file to the draft before the call closes; versions that were put forward stay as they are (D08)."""
    pilot, sections = _open_draft(command, world)
    if command.section is not None and command.section not in sections:
        raise Malformed("The form has no such section.", f"Choose one of: {', '.join(sections)}; or name none.")
    attached = Attached(command.attachment_id, command.file.recorded(command.by), section=command.section)
    file_fits(attached, pilot.files)
    named = command.stamp(attachment_id=attached.id, file=attached.file, section=attached.section)
    return [Change(command.pilot_action_id, FileAttached(**named))]


def detach_file(command: DetachFile, world: World) -> Decision:
    """Take a file off the draft before the call closes. Raises NotFound."""
    pilot, _ = _open_draft(command, world)
    if all(one.id != command.attachment_id for one in pilot.files):
        raise NotFound("No such file is attached to the draft.", "List the files of the pilot action.")
    return [
        Change(command.pilot_action_id, FileDetached(**command.stamp(attachment_id=command.attachment_id))),
    ]


def attach_proof(command: AttachProof, world: World) -> Decision:
    """Attach the proof of what was recorded on behalf of a member, at any time: it decides nothing by itself (D10)."""
    pilot, _, partnership, *_ = case_of(world, command.pilot_action_id)
    if command.organisation_id not in partnership.member_ids():
        raise WrongStage("This organisation is not a member of the partnership.", "Name one of its members.")
    file = command.file.recorded(command.by)
    attached = Attached(command.attachment_id, file, organisation_id=command.organisation_id)
    file_fits(attached, pilot.proofs)
    named = command.stamp(attachment_id=attached.id, organisation_id=command.organisation_id, file=file)
    return [Change(command.pilot_action_id, ProofAttached(**named))]


def _open_draft(command: AttachFile | DetachFile, world: World) -> tuple[PilotAction, list[str]]:
    """Return a pilot action whose draft may still change, and the sections of its form."""
    pilot, rules, *_ = case_of(world, command.pilot_action_id)
    still_open(pilot)
    request_arrived_in_time(command.at, rules.calendar.applications_close)
    return pilot, [section.id for section in rules.form]
