"""Our defaults on what an auditor finds: said whole, answered in time, followed up until it is settled.

IIA is The Institute of Internal Auditors' Global Internal Audit Standards (2024); ISSAI are INTOSAI's standards. Their
numbers are not verified.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from domain.rulebook.rule import Rule
from domain.values import day_in_words

D34 = Rule(
    id="D34",
    sentence="A finding says what is, what should be, why it is not, what follows from it, and what to do.",
    status="D",
    source="our default",
    note="Condition, criterion, cause, effect and recommendation, as IIA 14.3 and 14.4 ask for. It has a priority. "
    "Notes are for auditors alone; a finding is seen by the secretariat from the moment at which it is issued.",
)


def finding_is_whole(missing: Sequence[str]) -> None:
    """Require a finding of which no part is empty (D34); `missing` are the names of those that are."""
    D34.require(
        not missing,
        f"The finding says nothing of its {' and '.join(missing)}.",
        "Write all five: condition, criterion, cause, effect, recommendation.",
    )


DAYS_TO_ANSWER: Final = 14
"""So many days at least who is audited has for an answer (D35)."""

D35 = Rule(
    id="D35",
    sentence="Who is audited is heard on each finding before anything is said about it.",
    status="D",
    source="our default",
    note="14 days at least, until the end of the last in Brussels, as ISSAI 3000 asks that who is audited may comment. "
    "An answer after that day counts; without one an auditor may go on from the day after it.",
)


def answer_is_given_time(today: date, answer_by: date) -> None:
    """Require so many days for the answer; both are days in Brussels (D35)."""
    earliest = today + timedelta(days=DAYS_TO_ANSWER)
    D35.require(
        answer_by >= earliest,
        f"The secretariat has {DAYS_TO_ANSWER} days at least to answer a finding.",
        f"Name {day_in_words(earliest)} or a later day.",
    )


def answer_is_waited_for(heard: bool, answer_by: date, today: date) -> None:
    """Require that the secretariat was heard, or that its time is over; both are days in Brussels (D35)."""
    D35.require(
        heard or today > answer_by,
        f"The secretariat has not answered this finding yet; it may until {day_in_words(answer_by)}.",
        "Wait for the answer.",
    )


D36 = Rule(
    id="D36",
    sentence="Whoever agrees to a finding, or leaves it open, says by when it is put right.",
    status="D",
    source="our default",
    note="A day in Brussels, today or later, as IIA 14.4 and 15.2 ask for; who does not agree, and who finds that "
    "nothing more is to be done, names none.",
)


def day_is_named(needed: bool, by_when: date | None, today: date) -> None:
    """Require a day, today or later, where one is needed, and none elsewhere; both are days in Brussels (D36)."""
    if not needed:
        D36.require(by_when is None, "A day is named, though nothing is to be put right.", "Leave the day out.")
        return
    D36.require(by_when is not None, "No day is named.", "Say by when it is put right.")
    assert by_when is not None
    D36.require(by_when >= today, f"{day_in_words(by_when)} is over.", "Name today or a later day.")


D37 = Rule(
    id="D37",
    sentence="A working paper is closed once each of its findings is settled.",
    status="D",
    source="our default",
    note="Settled is what an auditor found to be accepted or implemented, as IIA 15.2 asks that it be confirmed.",
)


def every_finding_is_settled(open: Sequence[int]) -> None:
    """Require findings that are settled, each one (D37); `open` are the numbers of those that are not."""
    D37.require(
        not open,
        f"These findings are not settled: {', '.join(map(str, open))}.",
        "Follow up what was found first.",
    )
