"""The cast of the tests and its calendar: the shipped rules and their moments, an office, pairs of cities."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.call.rules import CallRules
from domain.ids import evaluation_id, grant_id
from domain.people import Role, Strand
from domain.slot import slot_id
from domain.values import BRUSSELS
from fund_service.editions.loader import edition

RULES: Final = edition("iurc-2026")
CALENDAR: Final = RULES.calendar
LINE: Final = "pilot_action"
CAP: Final = RULES.lines[0].cap_cents
ENVELOPE: Final = RULES.lines[0].envelope_cents
TICK: Final = timedelta(microseconds=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
OPENS, CLOSES, RELEASE = CALENDAR.applications_open, CALENDAR.applications_close, CALENDAR.outcomes_released
BEFORE_CLOSING: Final = CLOSES - TICK
LATER: Final = CLOSES + HOUR
EXTENDED: Final = RULES.with_deadline(LATER, "20 March 2026, 18:00 Brussels time.")
"""The rules with the deadline one hour later, `LATER`."""
DELIVERING: Final = RELEASE + 40 * DAY
DELIVERY_DUE: Final = datetime(2026, 10, 1, tzinfo=BRUSSELS)
"""The end of the period in which a resource is usually delivered."""
LAST_DAY: Final = date(2027, 6, 30)
WORDS: Final = "What the application says about this leads to this score."


def rules_with(envelope: int) -> CallRules:
    """Return the shipped rules with another envelope, in cents."""
    line = RULES.lines[0].model_copy(update={"envelope_cents": envelope})
    return RULES.model_copy(update={"lines": (line,)})


def named(name: str) -> UUID:
    """Return the id that belongs to a name."""
    return uuid5(NAMESPACE_URL, name)


CALL_ID: Final = named("the call")
SUE, SAM = named("Sue, secretariat"), named("Sam, secretariat")
COLIN: Final = named("Colin, coach")
EVA, ELLA, EMIL = named("Eva, evaluator"), named("Ella, evaluator"), named("Emil, evaluator")
ERIK, EDDA = named("Erik, evaluator"), named("Edda, evaluator")
ANNA, ALAN = named("Anna, approver"), named("Alan, approver")
RITA: Final = named("Rita, resource manager")
CORA: Final = named("Cora, certifier")
DORA: Final = named("Dora, who stands in")
ON_LEAVE: Final = datetime(2026, 5, 14, tzinfo=BRUSSELS)
"""The first instant of Anna's leave."""
LEAVE: Final = {"first_day": date(2026, 5, 14), "last_day": date(2026, 6, 30)}
"""The days of Anna's leave: its last instant lies before 1 July in Brussels."""
COMMITTEE: Final = (EVA, ELLA, EMIL)

STAFF: Final = (
    (SAM, "Secretariat", Role.SECRETARIAT, None),
    (COLIN, "Team AA", Role.COACH, Strand.AA),
    (EVA, "Unit one", Role.EVALUATOR, Strand.AA),
    (ELLA, "Unit one", Role.EVALUATOR, Strand.AA),
    (EMIL, "Unit two", Role.EVALUATOR, None),  # from outside, and from another unit
    (ERIK, "Unit one", Role.EVALUATOR, Strand.LAC),  # from outside, but from the same unit
    (EDDA, "Unit two", Role.EVALUATOR, Strand.AA),  # from another unit, but not from outside
    (ANNA, "Authority", Role.APPROVER, None),
    (ALAN, "Authority", Role.APPROVER, None),
    (RITA, "Team AA", Role.RESOURCE_MANAGER, Strand.AA),
    (CORA, "Authority", Role.CERTIFIER, None),
)
"""Everybody but Sue and the cities: subject, unit, role, strand."""


class Pair(NamedTuple):
    """A city, its partner abroad and their pilot action, which asks for `cents`. A lower `place` has better scores.

    `smallest` is the smallest part of the sum that is useful; None: only the whole.
    """

    city: str
    abroad: str
    cents: int = CAP
    place: int = 1
    smallest: int | None = None

    @property
    def home(self) -> UUID:
        """The city, which coordinates."""
        return named(self.city)

    @property
    def partner(self) -> UUID:
        """The city abroad."""
        return named(self.abroad)

    @property
    def officer(self) -> UUID:
        """Who acts for the city."""
        return named(f"officer of {self.city}")

    @property
    def partner_officer(self) -> UUID:
        """Who acts for the city abroad."""
        return named(f"officer of {self.abroad}")

    @property
    def partnership(self) -> UUID:
        """The id of the partnership."""
        return named(f"{self.city} and {self.abroad}")

    @property
    def pilot_action(self) -> UUID:
        """The id of the pilot action."""
        return named(f"pilot action of {self.city} and {self.abroad}")

    @property
    def evaluation(self) -> UUID:
        """The id of the evaluation."""
        return evaluation_id(self.pilot_action)

    @property
    def grant(self) -> UUID:
        """The id of the grant."""
        return grant_id(self.pilot_action)

    @property
    def slot(self) -> UUID:
        """The id of the city's place in the line."""
        return slot_id(CALL_ID, LINE, self.home)

    @property
    def points(self) -> Mapping[str, int]:
        """What each evaluator gives: fives, fours for the last criteria of lower places, threes from the seventh on."""
        ids = [criterion.id for criterion in RULES.criteria]
        if self.place > len(ids) + 1:
            return dict.fromkeys(ids, 3)
        return {name: 5 if number + self.place <= len(ids) else 4 for number, name in enumerate(ids)}


HAMBURG: Final = Pair("Hamburg", "Seoul")
