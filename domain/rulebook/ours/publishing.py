"""Our defaults on what is published: how it is corrected, what in it is an example, how questions are answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from domain.rulebook.rule import Rule
from domain.values import in_brussels, told_apart

D21 = Rule(
    id="D21",
    sentence="What is published changes only by a correction that two persons sign and everybody is told.",
    status="D",
    source="our default",
    note="A published rule, text, date or envelope changes by a correction with reason, two persons, old and new, "
    "effective instant, one notice to all at one instant, a longer deadline where it is material, and a new "
    "confirmation by those who had submitted. Criteria and weights never change after the deadline. An answer to a "
    "question clarifies and never changes a rule.",
)


def correction_gives_its_reason(reason: str) -> None:
    """Require a reason that is more than spaces (D21)."""
    D21.require(bool(reason.strip()), "The correction gives no reason.", "Say why; everybody will read it.")


def correction_changes_something(points: int) -> None:
    """Require a correction that changes at least one point of the rules (D21)."""
    D21.require(points > 0, "The corrected rules are those in force.", "Change what is wrong in them.")


def what_is_fixed_stays(points: Sequence[str]) -> None:
    """Require that a correction changes nothing that is fixed with the publication (D21)."""
    D21.require(
        not points,
        f"This never changes after the publication: {', '.join(points)}.",
        "Leave it as it was published.",
    )


def corrected_dates_move_later(step: str, old: datetime, new: datetime, at: datetime) -> None:
    """Require that a date which changes lies ahead and moves later; people rely on the date they know (D21)."""
    before, after = told_apart(old, new)
    D21.require(
        new >= old,
        f"{step.replace('_', ' ').capitalize()} would move from {before} to {after}, which is earlier.",
        "Choose a later date, or leave it as it is.",
    )
    passed, now = told_apart(old, at)
    D21.require(
        new == old or at < old,
        f"{step.replace('_', ' ').capitalize()} was on {passed}; now it is {now}.",
        "A step that is over does not move.",
    )


def material_correction_extends_the_deadline(closes: datetime, extended: datetime) -> None:
    """Require a longer deadline where a correction changes what applicants apply for, so none after it (D21)."""
    D21.require(
        extended > closes,
        "What applicants apply for, such as criteria and weights, changes only with a longer deadline, never after it.",
        f"Let applications close later than {in_brussels(closes)}.",
    )


def submission_follows_the_correction(confirmed: int, correction: int) -> None:
    """Require a submission that was made, or made again, after the last material correction of the call (D21)."""
    D21.require(
        confirmed >= correction,
        f"Correction {correction} of the call changed what was applied for, and the application was not submitted "
        "again after it.",
        "Submit again before the call closes.",
    )


D28 = Rule(
    id="D28",
    sentence="Example values of the shipped edition are marked as examples.",
    status="D",
    source="our default",
    note="Five reserve places, usual unit values, release at 12:00 Brussels, justifications of at least 50 characters.",
)


QUESTION_DAYS: Final = 7
"""So many days before applications close, at the same time of day, questions about the call end (D29)."""
ANSWER_DAYS: Final = 3
"""So many days before applications close, at the same time of day, their answers are due (D29)."""

D29 = Rule(
    id="D29",
    sentence="Questions about a call are answered for all at one instant while all can still use the answer.",
    status="D",
    source="our default",
    note="Questions end 7 days before applications close, answers are due 3 days before, both moving with the "
    "deadline; an answer for all is published before closing, in words that name nobody. What concerns the asker "
    "alone is answered to the asker alone. See E01; an answer clarifies and never changes a rule (D21).",
)


def question_arrived_in_time(at: datetime, ends: datetime) -> None:
    """Require a question before questions end, which instant itself is too late (D29)."""
    ended, arrived = told_apart(ends, at)
    D29.require(
        at < ends,
        f"Questions about this call ended on {ended}; yours arrived on {arrived}.",
        "Read the published questions and answers; what concerns your own application, tell the secretariat.",
    )


def answer_reaches_all_in_time(at: datetime, closes: datetime) -> None:
    """Require that an answer for all is published before closing, which instant itself is too late (D29)."""
    closed, arrived = told_apart(closes, at)
    D29.require(
        at < closes,
        f"Applications closed on {closed}; your answer for all arrived on {arrived}.",
        "Answer the asker alone, or decline with a reason.",
    )
