"""Working papers: notes for auditors alone, findings that are heard, followed up and settled (D34–D37)."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.errors import NotFound
from domain.messages import Change
from domain.values import ProtectedText
from domain.working_paper.aggregate import WORKING_PAPER
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
from tests.given import AUDRA, CALL_ID, DAY, LOOKED_AT, PAPER, SUE, ask, fact, named, until

TODAY = LOOKED_AT.date()
ANSWER_BY = TODAY + timedelta(14)
FUND = until("founded")
OPENED = FUND.after(ask(OpenWorkingPaper))
FOUND = OPENED.after(ask(IssueFinding))
ANSWERED = FOUND.after(ask(AnswerFinding))
LATER = TODAY + timedelta(60)
LEFT_OPEN = ANSWERED.after(ask(FollowUpFinding, standing="open", by_when=LATER))
SETTLED = ANSWERED.after(ask(FollowUpFinding))
CLOSED = SETTLED.after(ask(CloseWorkingPaper))


def by(who: UUID, text: str) -> ProtectedText:
    """Return what somebody wrote."""
    return ProtectedText(subject=who, text=text)


def test_a_paper_is_opened_once_about_an_address_in_a_call_that_there_is() -> None:
    texts = {"title": by(AUDRA, "Orders"), "about": by(AUDRA, "/calls/1/audit/exceptions")}
    FUND.when(ask(OpenWorkingPaper)).then(fact(WorkingPaperOpened, call_id=CALL_ID, **texts))
    OPENED.when(ask(OpenWorkingPaper)).refused("stage", "open already")
    FUND.when(ask(OpenWorkingPaper, call_id=named("no call"))).raises(NotFound)


@pytest.mark.parametrize(
    "about",
    [
        "",
        "calls/1",
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere",
        "/calls/1 2",
        "/calls/1\n",
        "/á",
    ],
)
def test_what_a_paper_is_about_is_an_address_of_the_fund(about: str) -> None:
    with pytest.raises(ValueError, match="about"):
        ask(OpenWorkingPaper, about=about)


def test_a_note_stands_under_the_key_of_who_wrote_it() -> None:
    written = {"note": by(AUDRA, "Two orders on one day."), "cites": by(AUDRA, "/grants/1?as_of=7")}
    OPENED.when(ask(WriteNote)).then(fact(NoteWritten, **written))
    assert OPENED.when(ask(WriteNote, cites="")).code is None
    FUND.when(ask(WriteNote)).raises(NotFound)


def test_findings_are_numbered_and_are_whole() -> None:
    asked = ask(IssueFinding)
    parts = {name: by(AUDRA, getattr(asked, name)) for name in ("condition", "criterion", "cause", "effect")}
    more = {"priority": asked.priority, "recommendation": by(AUDRA, asked.recommendation), "answer_by": ANSWER_BY}
    OPENED.when(asked).then(fact(FindingIssued, number=1, **parts, **more))
    assert list(FOUND.after(ask(IssueFinding)).get(WORKING_PAPER, PAPER).findings) == [1, 2]
    OPENED.when(ask(IssueFinding, cause=" ", effect="")).refused("D34", "cause and effect")


def test_the_secretariat_has_fourteen_days_as_days_are_in_brussels() -> None:
    OPENED.when(ask(IssueFinding, answer_by=ANSWER_BY - timedelta(1))).refused("D35", "14 days at least")
    midnight = LOOKED_AT.replace(hour=22, minute=30)  # the next day in Brussels
    OPENED.when(ask(IssueFinding, at=midnight)).refused("D35")


def test_a_finding_is_answered_once_with_a_day_if_it_is_agreed_to() -> None:
    FOUND.when(ask(AnswerFinding)).then(
        fact(FindingAnswered, number=1, agreed=False, answer=by(SUE, "They differ."), by_when=None)
    )
    FOUND.when(ask(AnswerFinding, agreed=True)).refused("D36", "No day is named")
    assert FOUND.when(ask(AnswerFinding, agreed=True, by_when=TODAY + DAY)).code is None
    ANSWERED.when(ask(AnswerFinding)).refused("stage", "is answered")
    SETTLED.when(ask(AnswerFinding)).refused("stage", "is settled")
    FOUND.when(ask(AnswerFinding, number=2)).raises(NotFound)


def test_an_answer_counts_also_after_its_day() -> None:
    assert FOUND.when(ask(AnswerFinding, at=LOOKED_AT + 90 * DAY)).code is None


def test_nothing_is_said_of_a_finding_before_the_secretariat_is_heard_or_its_days_are_over() -> None:
    last_day = LOOKED_AT + 14 * DAY
    FOUND.when(ask(FollowUpFinding, at=last_day)).refused("D35", "has not answered")
    assert FOUND.when(ask(FollowUpFinding, at=last_day + DAY)).code is None
    ANSWERED.when(ask(FollowUpFinding)).then(
        fact(FindingFollowedUp, number=1, standing=Standing.ACCEPTED, remark=by(AUDRA, "They do."), by_when=None)
    )


def test_a_finding_that_stays_open_is_answered_anew_by_a_later_day() -> None:
    ANSWERED.when(ask(FollowUpFinding, standing="open")).refused("D36", "No day is named")
    ANSWERED.when(ask(FollowUpFinding, by_when=LATER)).refused("D36", "nothing is to be put right")
    assert LEFT_OPEN.get(WORKING_PAPER, PAPER).findings[1].answer_by == LATER
    LEFT_OPEN.when(ask(FollowUpFinding)).refused("D35")
    again = LEFT_OPEN.after(ask(AnswerFinding, agreed=True, by_when=LATER))
    assert again.when(ask(FollowUpFinding, standing="implemented")).code is None


def test_what_was_settled_can_be_found_open_again_while_the_paper_is_open() -> None:
    reopened = SETTLED.after(ask(FollowUpFinding, standing="open", by_when=LATER))
    reopened.when(ask(CloseWorkingPaper)).refused("D37")
    assert reopened.when(ask(AnswerFinding)).code is None


def test_a_paper_is_closed_once_when_every_finding_is_settled() -> None:
    FOUND.after(ask(IssueFinding)).when(ask(CloseWorkingPaper)).refused("D37", "are not settled: 1, 2.")
    LEFT_OPEN.when(ask(CloseWorkingPaper)).refused("D37", "are not settled: 1.")
    closed = fact(WorkingPaperClosed, conclusion=by(AUDRA, "All is well."))
    SETTLED.when(ask(CloseWorkingPaper)).then(closed)
    OPENED.when(ask(CloseWorkingPaper)).then(closed)


@pytest.mark.parametrize("kind", [WriteNote, IssueFinding, AnswerFinding, FollowUpFinding, CloseWorkingPaper])
def test_nothing_is_written_in_a_paper_that_is_closed(kind) -> None:
    CLOSED.when(ask(kind)).refused("stage", "is closed")


def test_whatever_was_recorded_is_folded() -> None:
    strange = {"number": 7, "standing": Standing.OPEN, "remark": by(AUDRA, "?"), "by_when": None}
    event = FindingFollowedUp(by=AUDRA, effective_at=LOOKED_AT, **strange)
    assert FUND.after(Change(PAPER, event)).get(WORKING_PAPER, PAPER).findings[7].answer_by == date.max
