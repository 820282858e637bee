"""A call in which a test plants events as they are: what is worth a look is found in what was recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.account.events import RoleGranted
from domain.audit.findings import Finding
from domain.audit.history import History, history
from domain.call.events import CallPublished
from domain.evaluation.events import EvaluationOpened, Score, ScoresGiven
from domain.grant.events import GrantOffered, ResourceOrdered
from domain.messages import Event, Recorded
from domain.partnership.events import Member, PartnershipFormed
from domain.people import Geography, Role
from domain.pilot_action.events import PilotActionProposed
from domain.values import ProtectedText
from tests.cast import RULES


def id_of(name: str) -> UUID:
    """Return the id that belongs to a name."""
    return uuid5(NAMESPACE_URL, f"planted/{name}")


CALL, PAIR, ACTION, EVALUATION, GRANT = (id_of(name) for name in ("call", "pair", "action", "evaluation", "grant"))
SUE, SAM = id_of("Sue"), id_of("Sam")
LINE: Final = "pilots"
BEGAN: Final = datetime(2026, 1, 12, 8, tzinfo=UTC)


def text(words: str | None = "Said in words that are long enough to be a justification.") -> ProtectedText:
    """Return somebody's text; None: it was erased."""
    return ProtectedText(SUE, words)


class Planted:
    """A log of one call with one partnership, its application, evaluation and grant; each event a minute later."""

    def __init__(self) -> None:
        self.log: list[Recorded] = []
        self.at = BEGAN

    def plant(
        self,
        stream: UUID,
        kind: type[Event],
        /,
        by: UUID = SUE,
        days: int = 0,
        at: datetime | None = None,
        recorded_at: datetime | None = None,
        **fields: Any,
    ) -> int:
        """Record an event so many days after the one before, and return its position."""
        self.at += timedelta(days=days, minutes=1)
        position = 2 * len(self.log) + 1
        event = kind.model_validate({"by": by, "effective_at": at or self.at, **fields})
        self.log.append(Recorded(position, stream, 1, recorded_at or self.at, id_of("a receipt"), event))
        return position

    def begin(self) -> "Planted":
        """Publish the call and form what belongs to it."""
        self.plant(CALL, CallPublished, rules=RULES)
        member = Member(organisation_id=id_of("Turin"), name="Turin", side="EU")
        place = {"coordinator_id": id_of("Turin"), "geography": Geography.ASIA, "cluster": "Circular Economy"}
        about = {"name": "Turin with Nagoya", "members": (member,), "topic": "", "generated": False, "source": ""}
        self.plant(PAIR, PartnershipFormed, call_id=CALL, **place, **about)
        of = {"call_id": CALL, "line": LINE, "partnership_id": PAIR}
        self.plant(ACTION, PilotActionProposed, **of, **place, title="Shade")
        self.plant(EVALUATION, EvaluationOpened, **of, pilot_action_id=ACTION)
        offer = {"cents": 1_000_000, "correction": 0, "accept_by": self.at, "remind_at": self.at}
        self.plant(GRANT, GrantOffered, **of, **offer, pilot_action_id=ACTION, coordinator_id=id_of("Turin"))
        return self

    def score(self, who: UUID, points: int, justification: ProtectedText | None = None) -> int:
        """Let somebody give so many points for each criterion."""
        score = Score(points=points, justification=justification or text())
        scores = {one.id: score for one in RULES.criteria}
        return self.plant(EVALUATION, ScoresGiven, by=who, evaluator=who, scores=scores)

    def order(self, number: int, cents: int, supplier: str = "Plan B GmbH", **more: Any) -> int:
        """Order something, to be delivered within 30 days."""
        day = self.at.date()
        about = {"kind": "study", "supplier": supplier, "period_from": day, "period_to": day + timedelta(days=30)}
        due = {"deliver_by": self.at + timedelta(days=30)}
        return self.plant(GRANT, ResourceOrdered, order=number, cents=cents, **about, **due, **more)

    def give(self, who: UUID, role: Role) -> int:
        """Give somebody a role."""
        return self.plant(who, RoleGranted, role=role, strand=None)

    def history(self) -> History:
        """Return what happened in the call."""
        return history(CALL, self.log, self.log[-1].position)


def seen(found: list[Finding]) -> list[tuple[str, tuple[int, ...]]]:
    """Return why each is worth a look, and its positions."""
    return [(one.why, one.positions) for one in found]
