"""Working papers of auditors: the list of a call, its findings for the secretariat, and each paper."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from domain.rulebook.eu import end_of_day
from domain.values import BRUSSELS
from domain.working_paper import commands
from fund_service.api.asking import Asking
from fund_service.api.resources.calls import published_call
from fund_service.api.resources.working_papers import read_paper
from fund_service.audit.papers import FindingRow, PaperRow, ShownFinding, finding_rows, paper_rows
from fund_service.permissions.views import View
from fund_service.web.lists import Listed, shown
from fund_service.web.offers import possible
from fund_service.web.pages import Pages
from fund_service.web.subjects import cited

_OF_PAPER: Final = (commands.WriteNote, commands.IssueFinding, commands.CloseWorkingPaper)


def working_paper_pages(pages: Pages) -> None:
    """Enter the pages."""

    @pages.page("/calls/{call_id}/audit/papers", "audit_papers.html", View.AUDIT)
    def every(asking: Asking, call_id: UUID, wanted: Listed) -> Mapping[str, Any]:
        call, parts = published_call(asking, call_id)[0], asking.context.parts
        rows = list(paper_rows(asking.connection, parts.log, call_id, parts.clock.now()))
        return {"call": call, "list": shown(asking, rows, PaperRow, None, wanted)}

    @pages.page("/calls/{call_id}/findings", "findings.html", View.FINDINGS)
    def findings(asking: Asking, call_id: UUID, wanted: Listed) -> Mapping[str, Any]:
        call, parts = published_call(asking, call_id)[0], asking.context.parts
        rows = list(finding_rows(asking.connection, parts.log, call_id, parts.clock.now()))
        return {"call": call, "list": shown(asking, rows, FindingRow, None, wanted), "end_of": _end_of}

    @pages.page("/working-papers/{paper_id}", "working_paper.html", View.PAPER)
    def one(asking: Asking, paper_id: UUID) -> Mapping[str, Any]:
        paper = read_paper(asking, paper_id)
        is_open = paper.state == "open"
        return {
            "call": published_call(asking, paper.call_id)[0],
            "paper": paper,
            "cited": cited(asking, paper.about),
            "end_of": _end_of,
            "audits": asking.sees(View.AUDIT, paper.call_id),
            "deeds": list(possible(asking, _OF_PAPER, paper_id=paper_id)) if is_open else [],
            "of_finding": {one.number: _deeds(asking, paper_id, one) for one in paper.findings if is_open},
        }


def _end_of(day: date) -> datetime:
    """Return the instant (UTC) at which a day ends in Brussels, by which pages name days."""
    return end_of_day(day, BRUSSELS)


def _deeds(asking: Asking, paper_id: UUID, finding: ShownFinding) -> list[tuple[str, str]]:
    """Return what who looks may do about a finding: answer it while that is waited for, follow it up after."""
    answers = [commands.AnswerFinding] if finding.state == "waits" else []
    follows = [commands.FollowUpFinding] if finding.state != "waits" or finding.late else []
    return list(possible(asking, [*answers, *follows], paper_id=paper_id, number=finding.number))
