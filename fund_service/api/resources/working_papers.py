"""Working papers of auditors: lists of papers and of findings, and each paper as far as one may read it."""

from collections.abc import Iterable
from uuid import UUID

from domain.call.aggregate import CALL
from fund_service.api.asking import Asking
from fund_service.api.reading import Answered, Routes
from fund_service.audit.papers import FindingRow, PaperRow, PaperShown, finding_rows, paper_rows, paper_shown
from fund_service.permissions.views import View


def read_paper(asking: Asking, paper_id: UUID) -> PaperShown:
    """Return a working paper as far as who asks may read it. Raises NotFound."""
    parts = asking.context.parts
    paper = paper_shown(asking.connection, parts.log, paper_id, parts.clock.now(), with_notes=False)
    if not asking.sees(View.AUDIT, paper.call_id):
        return paper
    return paper_shown(asking.connection, parts.log, paper_id, parts.clock.now(), with_notes=True)


def working_paper_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.listing("/calls/{call_id}/audit/papers", PaperRow, View.AUDIT, name="listWorkingPapers")
    def papers(asking: Asking, call_id: UUID) -> Iterable[PaperRow]:
        """List the working papers of a call, each with what it is about and how many of its findings wait."""
        asking.world.get(CALL, call_id)
        parts = asking.context.parts
        return paper_rows(asking.connection, parts.log, call_id, parts.clock.now())

    @routes.listing("/calls/{call_id}/findings", FindingRow, View.FINDINGS, name="listFindings")
    def findings(asking: Asking, call_id: UUID) -> Iterable[FindingRow]:
        """List the findings of auditors in a call, each with where it stands and until when an answer is waited for."""
        asking.world.get(CALL, call_id)
        parts = asking.context.parts
        return finding_rows(asking.connection, parts.log, call_id, parts.clock.now())

    @routes.one("/working-papers/{paper_id}", PaperShown, View.PAPER, name="readWorkingPaper")
    def paper(asking: Asking, paper_id: UUID) -> Answered[PaperShown]:
        """Read a working paper with its findings, the answers and what followed; auditors read its notes too."""
        shown = read_paper(asking, paper_id)
        return shown, shown.version
