"""What the fund decides about working papers; it looks at nothing of the call but whether there is one."""

from domain.call.aggregate import CALL
from domain.errors import NotFound, WrongStage
from domain.messages import Change, Command, Decision, World
from domain.rulebook.ours.auditing import (
    answer_is_given_time,
    answer_is_waited_for,
    day_is_named,
    every_finding_is_settled,
    finding_is_whole,
)
from domain.values import BRUSSELS, ProtectedText
from domain.working_paper.aggregate import WORKING_PAPER, Finding, WorkingPaper
from domain.working_paper.commands import (
    AnswerFinding,
    CloseWorkingPaper,
    FollowUpFinding,
    IssueFinding,
    OpenWorkingPaper,
    WriteNote,
)
from domain.working_paper.events import (
    FindingAnswered,
    FindingFollowedUp,
    FindingIssued,
    NoteWritten,
    Standing,
    WorkingPaperClosed,
    WorkingPaperOpened,
)


def open_working_paper(command: OpenWorkingPaper, world: World) -> Decision:
    """Open a working paper, once, in a call that there is."""
    if world.find(WORKING_PAPER, command.paper_id):
        raise WrongStage("This working paper is open already.", "Use it, or open one with another id.")
    world.get(CALL, command.call_id)
    event = WorkingPaperOpened(
        **command.stamp(),
        call_id=command.call_id,
        title=_own(command, command.title),
        about=_own(command, command.about),
    )
    return [Change(command.paper_id, event)]


def write_note(command: WriteNote, world: World) -> Decision:
    """Write a note, for auditors alone."""
    _open(world.get(WORKING_PAPER, command.paper_id))
    note, cites = _own(command, command.note), _own(command, command.cites)
    return [Change(command.paper_id, NoteWritten(**command.stamp(), note=note, cites=cites))]


def issue_finding(command: IssueFinding, world: World) -> Decision:
    """Tell the secretariat of a finding that is whole, and give it time to answer (D34, D35)."""
    paper = world.get(WORKING_PAPER, command.paper_id)
    _open(paper)
    passages = {
        "condition": command.condition,
        "criterion": command.criterion,
        "cause": command.cause,
        "effect": command.effect,
        "recommendation": command.recommendation,
    }
    finding_is_whole([name for name, text in passages.items() if not text.strip()])
    answer_is_given_time(command.at.astimezone(BRUSSELS).date(), command.answer_by)
    event = FindingIssued(
        **command.stamp(**{name: _own(command, text) for name, text in passages.items()}),
        number=len(paper.findings) + 1,
        priority=command.priority,
        answer_by=command.answer_by,
    )
    return [Change(command.paper_id, event)]


def answer_finding(command: AnswerFinding, world: World) -> Decision:
    """Answer a finding, also after its day; who agrees says by when it will be put right (D36)."""
    finding = _finding(world, command)
    if not finding.waits:
        raise WrongStage(
            f"Finding {command.number} is settled." if finding.settled else f"Finding {command.number} is answered.",
            "" if finding.settled else "An auditor looks at the answer now.",
        )
    day_is_named(command.agreed, command.by_when, command.at.astimezone(BRUSSELS).date())
    event = FindingAnswered(
        **command.stamp(),
        number=command.number,
        agreed=command.agreed,
        answer=_own(command, command.answer),
        by_when=command.by_when,
    )
    return [Change(command.paper_id, event)]


def follow_up_finding(command: FollowUpFinding, world: World) -> Decision:
    """Say where a finding stands, once it was answered or its time for that is over (D35, D36)."""
    finding, today = _finding(world, command), command.at.astimezone(BRUSSELS).date()
    answer_is_waited_for(not finding.waits, finding.answer_by, today)
    day_is_named(command.standing is Standing.OPEN, command.by_when, today)
    event = FindingFollowedUp(
        **command.stamp(),
        number=command.number,
        standing=command.standing,
        remark=_own(command, command.remark),
        by_when=command.by_when,
    )
    return [Change(command.paper_id, event)]


def close_working_paper(command: CloseWorkingPaper, world: World) -> Decision:
    """Close a working paper whose findings are settled, each one (D37)."""
    paper = world.get(WORKING_PAPER, command.paper_id)
    _open(paper)
    every_finding_is_settled([number for number, finding in paper.findings.items() if not finding.settled])
    closed = WorkingPaperClosed(**command.stamp(), conclusion=_own(command, command.conclusion))
    return [Change(command.paper_id, closed)]


def _own(command: Command, text: str) -> ProtectedText:
    return ProtectedText(subject=command.by, text=text.strip())


def _open(paper: WorkingPaper) -> None:
    if paper.closed:
        raise WrongStage("This working paper is closed.", "Open another one, about the same.")


def _finding(world: World, command: AnswerFinding | FollowUpFinding) -> Finding:
    paper = world.get(WORKING_PAPER, command.paper_id)
    if command.number not in paper.findings:
        raise NotFound(f"There is no finding {command.number} in this working paper.", "Look at its findings.")
    _open(paper)
    return paper.findings[command.number]
