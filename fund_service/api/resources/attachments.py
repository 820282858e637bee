"""Files: of a draft and its versions, proofs on behalf of members, documents of a grant."""

from collections.abc import Iterable
from uuid import UUID

from domain.files import Attached
from fund_service.api.asking import Asking
from fund_service.api.reading import Routes
from fund_service.attachments.seen import (
    FileRow,
    files_of_action,
    files_of_grant,
    rows_of_action,
    rows_of_grant,
    the_one,
)
from fund_service.permissions.views import View


def attachment_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.listing("/pilot-actions/{pilot_action_id}/attachments", FileRow, View.PILOT_ACTION, name="listAttachments")
    def of_action(asking: Asking, pilot_action_id: UUID) -> Iterable[FileRow]:
        """List the files of a pilot action that you may see: of its draft, of its versions, and proofs."""
        return rows_of_action(asking.actor, pilot_action_id, asking.world)

    @routes.file(
        "/pilot-actions/{pilot_action_id}/attachments/{attachment_id}", View.PILOT_ACTION, name="downloadAttachment"
    )
    def one_of_action(asking: Asking, pilot_action_id: UUID, attachment_id: UUID) -> Attached:
        """Download a file of a pilot action; its ETag is its digest."""
        return the_one(files_of_action(asking.actor, pilot_action_id, asking.world), attachment_id)

    @routes.listing("/grants/{grant_id}/attachments", FileRow, View.GRANT, name="listGrantAttachments")
    def of_grant(asking: Asking, grant_id: UUID) -> Iterable[FileRow]:
        """List the documents of a grant: evidence of its orders, and what goes with the report."""
        return rows_of_grant(asking.actor, grant_id, asking.world)

    @routes.file("/grants/{grant_id}/attachments/{attachment_id}", View.GRANT, name="downloadGrantAttachment")
    def one_of_grant(asking: Asking, grant_id: UUID, attachment_id: UUID) -> Attached:
        """Download a document of a grant; its ETag is its digest."""
        return the_one(files_of_grant(asking.actor, grant_id, asking.world), attachment_id)
