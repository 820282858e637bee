"""What the fund decides about documents of a grant: evidence of an order, and what goes with the report (D12, D30)."""

from domain.attaching import file_fits
from domain.files import Attached
from domain.grant.aggregate import Stage, at_stage
from domain.grant.commands import AttachEvidence, AttachToReport
from domain.grant.events import EvidenceAttached, ReportFileAttached
from domain.grant.ordering import order_of
from domain.messages import Change, Decision, World


def attach_evidence(command: AttachEvidence, world: World) -> Decision:
    """Attach a document about an order, whatever became of it; nothing that is attached is taken back (D12)."""
    grant, _ = at_stage(world, command.grant_id, Stage.ACCEPTED)
    order_of(grant, command.order)
    attached = Attached(command.attachment_id, command.file.recorded(command.by), order=command.order)
    file_fits(attached, grant.files)
    named = command.stamp(order=command.order, attachment_id=attached.id, file=attached.file)
    return [Change(command.grant_id, EvidenceAttached(**named))]


def attach_to_report(command: AttachToReport, world: World) -> Decision:
    """Attach a document to the final report until the grant is closed (S31)."""
    grant, _ = at_stage(world, command.grant_id, Stage.ACCEPTED)
    attached = Attached(command.attachment_id, command.file.recorded(command.by))
    file_fits(attached, grant.files)
    named = command.stamp(attachment_id=attached.id, file=attached.file)
    return [Change(command.grant_id, ReportFileAttached(**named))]
