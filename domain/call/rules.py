"""The rules that a call is published with: what an edition file says, validated, and copied whole into the call.

Every later decision about a sum, a date, a limit or a weight reads it from here (design decision 2). Rules are checked
when they come in; those of a call that is published are read as they were recorded, whatever the checks of today say.
So the bounds of a field may only be widened.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from domain.people import Blindness, Strand
from domain.rulebook.eu import is_working_day, working_days
from domain.rulebook.ours.evaluating import CLARIFICATION_DAYS
from domain.rulebook.ours.publishing import ANSWER_DAYS, QUESTION_DAYS
from domain.rulebook.programme import CAP_CENTS
from domain.values import Cents, Instant, Value, euros, in_brussels, is_recorded

Name = Annotated[str, Field(min_length=1, max_length=200)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


def _unique(keys: list[str], what: str) -> None:
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"{what} named twice: {', '.join(twice)}; give each a name of its own")


class SupportLine(Value):
    """One line of support in the call, with its money. Sums are integer cents in EUR."""

    id: Key
    name: Name
    cap_cents: Cents = Field(gt=0)
    envelope_cents: Cents = Field(gt=0)
    reserve_places: int = Field(ge=0, le=100)
    reserve_months: int = Field(ge=1, le=24)

    @field_validator("cap_cents")
    @classmethod
    def _cap_is_the_programmes(cls, cap: int, info: ValidationInfo) -> int:
        if cap > CAP_CENTS and not is_recorded(info):
            raise ValueError(f"the cap is {euros(cap)}, above the programme's {euros(CAP_CENTS)} (S01); lower it")
        return cap


class Calendar(Value):
    """Every step of the call from publication to settlement (D25), as instants in UTC, in this order."""

    published: Instant
    coaching_opens: Instant
    coaching_reminder: Instant
    coaching_closes: Instant
    applications_open: Instant
    applications_reminder: Instant
    applications_close: Instant
    eligibility_checked: Instant
    clarifications_due: Instant
    scores_reminder: Instant
    scores_due: Instant
    consensus_due: Instant
    approval_due: Instant
    outcomes_released: Instant
    implementation_ends: Instant
    final_report_due: Instant
    settled: Instant

    def points(self) -> Iterator[tuple[str, datetime]]:
        """Yield each step with its instant, in the calendar's order."""
        for name in type(self).model_fields:
            yield name, getattr(self, name)

    @model_validator(mode="after")
    def _in_order(self, info: ValidationInfo) -> Self:
        points = [] if is_recorded(info) else list(self.points())
        for (earlier, first), (later, second) in pairwise(points):
            if second < first:
                found = f"{later} ({in_brussels(second)}) comes before {earlier} ({in_brussels(first)})"
                raise ValueError(f"{found}; put the steps in order")
        return self


class Criterion(Value):
    """One published criterion: its weight in the total of 100 and the lowest mean that passes (D01)."""

    id: Key
    name: Name
    weight: int = Field(ge=1, le=100)
    threshold: int = Field(ge=0, le=5)


class EvaluationRules(Value):
    """How applications are judged (D01, D02, E07), and who learns whose name (D27)."""

    evaluators: int = Field(ge=3, le=9)
    total_threshold: int = Field(ge=0, le=100)
    justification_length: int = Field(ge=0, le=2000)
    consensus_above_points: int = Field(ge=1, le=5)
    consensus_above_total: int = Field(ge=1, le=100)
    blindness: Blindness = Blindness.EVALUATORS_HIDDEN


class TieBreak(Value):
    """The published order in which equal totals are told apart (D03); never the time of submission."""

    criteria: tuple[Key, ...]
    fewest_awards_in_geography: bool
    lot_seed: Name


class Acceptance(Value):
    """The period for accepting an offer, in days counted by E23, and when the reminder goes (D11)."""

    days: int = Field(ge=1, le=90)
    reminder_days_before: int = Field(ge=1, le=89)

    @model_validator(mode="after")
    def _reminder_inside(self, info: ValidationInfo) -> Self:
        if self.reminder_days_before >= self.days and not is_recorded(info):
            raise ValueError("the reminder lies before the offer; choose fewer reminder_days_before than days")
        return self


class Coaching(Value):
    """The minimum that every partnership gets which asks (D24): the same for all.

    `places` says for each strand how many partnerships get sessions of their own; the others get theirs in a group.
    """

    sessions: int = Field(ge=1, le=20)
    places: dict[Strand, Annotated[int, Field(ge=0, le=1000)]]

    @field_validator("places")
    @classmethod
    def _every_strand_has_places(cls, places: dict[Strand, int], info: ValidationInfo) -> dict[Strand, int]:
        missing = [strand.value for strand in Strand if strand not in places]
        if missing and not is_recorded(info):
            raise ValueError(f"no places are given for {' and '.join(missing)}; give each strand a number, 0 for none")
        return places


class ResourceKind(Value):
    """A kind of resource in kind that the fund can order (D13); the usual unit value is an example of ours (D28)."""

    id: Key
    name: Name
    unit: Name
    usual_unit_cents: Cents = Field(gt=0)


class Ordering(Value):
    """How old an exchange rate may be (D20), and how long a city has to answer for a delivery (D12, E23), in days."""

    rate_days: int = Field(ge=0, le=366)
    acknowledgement_days: int = Field(ge=1, le=90)


class Question(Value):
    """One question of the application form (D19): the kind text asks for words, resources for resources in kind."""

    id: Key
    label: Name
    help: str = Field(min_length=1, max_length=1000)
    kind: Literal["text", "resources"] = "text"
    required: bool = True
    max_length: int = Field(default=2000, ge=1, le=20000)


class Section(Value):
    """One section of the application form."""

    id: Key
    title: Name
    questions: tuple[Question, ...] = Field(min_length=1)


class Declaration(Value):
    """Something the applicant declares on honour when submitting (E02, E03, E12)."""

    id: Key
    text: str = Field(min_length=1, max_length=1000)


def _zone_exists(name: str, info: ValidationInfo) -> str:
    if is_recorded(info):
        return name
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValueError(f"there is no time zone {name!r}; write it as in Europe/Brussels") from unknown
    return name


class CallRules(Value):
    """Everything that a call is published with."""

    edition: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    title: Name
    summary: str = Field(min_length=1, max_length=2000)
    zone: Annotated[str, AfterValidator(_zone_exists)] = "Europe/Brussels"
    deadline_wording: str = Field(min_length=1, max_length=500)
    request_seconds: int = Field(ge=1, le=600)
    lines: tuple[SupportLine, ...] = Field(min_length=1)
    calendar: Calendar
    holidays: tuple[date, ...] = ()
    coaching: Coaching
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    evaluation: EvaluationRules
    tie_break: TieBreak
    acceptance: Acceptance
    resource_kinds: tuple[ResourceKind, ...] = Field(min_length=1)
    ordering: Ordering
    form: tuple[Section, ...] = Field(min_length=1)
    declarations: tuple[Declaration, ...] = ()
    notes: tuple[str, ...] = ()

    def line(self, line_id: str) -> SupportLine | None:
        """Return the support line with this id, or None."""
        return next((line for line in self.lines if line.id == line_id), None)

    def questions(self) -> Iterator[tuple[Section, Question]]:
        """Yield every question of the form with its section, in the form's order."""
        for section in self.form:
            for question in section.questions:
                yield section, question

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone in which the call's days and periods are counted (E20)."""
        return ZoneInfo(self.zone)

    @property
    def window_closed_at(self) -> datetime:
        """The instant (UTC) from which no request that came in time can still be under way: closing plus time limit."""
        return self.calendar.applications_close + timedelta(seconds=self.request_seconds)

    @property
    def questions_end(self) -> datetime:
        """The instant (UTC) from which questions about the call are too late (D29)."""
        return self._before_closing(QUESTION_DAYS)

    @property
    def answers_due(self) -> datetime:
        """The instant (UTC) by which questions about the call are to be answered (D29)."""
        return self._before_closing(ANSWER_DAYS)

    def _before_closing(self, days: int) -> datetime:
        """Return the instant so many days before closing, at the same time of day in the call's zone."""
        local = self.calendar.applications_close.astimezone(self.time_zone)
        return (local - timedelta(days=days)).astimezone(UTC)

    def with_deadline(self, closes: datetime, wording: str) -> Self:
        """Return these rules with another deadline in other words, all else as it is.

        Raises pydantic's ValidationError, naming the step, where a later step would come too early.
        """
        calendar = {**dict(self.calendar.points()), "applications_close": closes}
        return type(self).model_validate({**dict(self), "calendar": calendar, "deadline_wording": wording})

    def warnings(self) -> Iterator[str]:
        """Yield, in sentences, the dates that are in order and yet cannot fit (D25)."""
        calendar, zone = self.calendar, self.time_zone
        checked, due = (
            point.astimezone(zone).date() for point in (calendar.eligibility_checked, calendar.clarifications_due)
        )
        days = working_days(checked, due, self.holidays)
        if days < CLARIFICATION_DAYS:
            yield (
                f"Replies to clarification have {days} of at least {CLARIFICATION_DAYS} working days between "
                f"eligibility_checked and clarifications_due (D25)."
            )
        points = list(calendar.points())
        for (earlier, first), (later, second) in pairwise(points):
            if second == first:
                yield f"{later} comes at the same instant as {earlier}, which leaves no time between them (D25)."
        for name in ("applications_close", "clarifications_due"):
            # what ends at midnight belongs to the day that it ends
            day = (getattr(calendar, name) - timedelta(microseconds=1)).astimezone(zone).date()
            if not is_working_day(day, self.holidays):
                yield f"{name} falls on a day off: {in_brussels(getattr(calendar, name))} (E23)."

    def reserve_expires(self, line: SupportLine) -> datetime:
        """Return the instant (UTC) at which the line's reserve list ends: whole months after the release (D04)."""
        local = self.calendar.outcomes_released.astimezone(self.time_zone)
        months = local.month - 1 + line.reserve_months
        year, month = local.year + months // 12, months % 12 + 1
        day = min(local.day, _days_in(year, month))
        return local.replace(year=year, month=month, day=day).astimezone(UTC)

    @model_validator(mode="after")
    def _consistent(self, info: ValidationInfo) -> Self:
        if is_recorded(info):
            return self
        _unique([line.id for line in self.lines], "support lines")
        _unique([criterion.id for criterion in self.criteria], "criteria")
        _unique([kind.id for kind in self.resource_kinds], "resource kinds")
        _unique([section.id for section in self.form], "sections of the form")
        _unique([question.id for _, question in self.questions()], "questions of the form")
        weights = sum(criterion.weight for criterion in self.criteria)
        if weights != 100:
            raise ValueError(f"the weights of the criteria add up to {weights}; they must add up to 100 (D01)")
        if self.calendar.eligibility_checked < self.window_closed_at:
            raise ValueError("eligibility_checked comes before the last request in time is answered; set it later")
        known = {criterion.id for criterion in self.criteria}
        for name in self.tie_break.criteria:
            if name not in known:
                raise ValueError(
                    f"the tie-break names {name!r}, which is not a criterion; use one of {', '.join(sorted(known))}"
                )
        if sum(question.kind == "resources" for _, question in self.questions()) != 1:
            raise ValueError(
                "the form asks for resources in kind not exactly once; give one question the kind resources"
            )
        return self


def _days_in(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day
