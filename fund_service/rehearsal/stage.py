"""The stage on which a rehearsal is played: the fund's door, the cast, the plans and the call's calendar."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID

from domain.account.aggregate import ACCOUNT, Account
from domain.call.aggregate import CALL, Call
from domain.call.rules import Calendar, CallRules
from domain.errors import FundError, NotFound, NotPermitted, Refused
from domain.evaluation.aggregate import EVALUATION, Evaluation
from domain.grant.aggregate import GRANT, Grant
from domain.ids import evaluation_id, grant_id
from domain.messages import Command
from domain.partnership.aggregate import PARTNERSHIP, Partnership
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction
from domain.values import Digest
from fund_service.application import Answer, Fund
from fund_service.rehearsal.cast import Cast
from fund_service.rehearsal.doors import Door
from fund_service.rehearsal.pairings import Place
from fund_service.rehearsal.plans import Plan


class NotAsWritten(FundError):
    """The fund did something that the script of the rehearsal did not expect: a fault of the fund or of the script."""


class Interrupted(FundError):
    """The rehearsal was asked to stop; it goes on from here the next time."""


NOTES = "case/"
"""So the names of the rehearsal's notes begin among the facts of its data directory: case/<id>/<key>."""

Note = Callable[[str, str], None]
"""Keeps what the log does not: that a case, by its id, was played by a request, by its key."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the scripted people see and use. They act through its door, as themselves, at the programme's time."""

    fund: Fund
    cast: Cast
    plans: tuple[Plan, ...]
    rules: CallRules
    note: Note
    door: Door
    stop: Event = field(default_factory=Event)
    call_key: str = "call"

    @property
    def calendar(self) -> Calendar:
        """The call's calendar."""
        return self.rules.calendar

    @property
    def call_id(self) -> UUID:
        """The id of the call that is played on this stage."""
        return self.cast.id(self.call_key)

    @property
    def line(self) -> str:
        """The support line that is rehearsed."""
        return self.rules.lines[0].id

    def act(self, command: type[Command], by: UUID, key: str, **named: object) -> None:
        """Let somebody do something. Raises NotAsWritten when the fund refuses it."""
        met = self._ask(command, by, key, named)
        if isinstance(met, FundError):
            raise NotAsWritten(f"{command.__name__} ({key}) was refused: {met}") from met

    def refused(self, clause: str, command: type[Command], by: UUID, key: str, **named: object) -> None:
        """Let somebody try what a rule forbids. Raises NotAsWritten when it passes, or under another rule."""
        met = self._ask(command, by, key, named)
        if not isinstance(met, FundError):
            raise NotAsWritten(f"{command.__name__} ({key}) passed, against {clause}.")
        if not isinstance(met, Refused) or met.code != clause:
            raise NotAsWritten(f"{command.__name__} ({key}) was not refused under {clause}: {_told(met)}") from met

    def turned_away(
        self, case: str, error: type[FundError], command: type[Command], by: UUID, key: str, **named: object
    ) -> None:
        """Let somebody try what is turned away without a trace in the log, and note it under the case's id.

        Raises NotAsWritten when it passes, or ends with another error.
        """
        met = self._ask(command, by, key, named)
        if not isinstance(met, FundError):
            raise NotAsWritten(f"{command.__name__} ({key}) passed, against {error.__name__}.")
        if type(met) is not error and not (self.door.hides and (error, type(met)) == (NotPermitted, NotFound)):
            raise NotAsWritten(f"{command.__name__} ({key}) ended otherwise: {_told(met)}") from met
        self.note(case, key)

    def repeated(self, case: str, command: type[Command], by: UUID, key: str, **named: object) -> None:
        """Let somebody send a request again; note it under the case's id. Raises NotAsWritten when it was new."""
        met = self._ask(command, by, key, named)
        if isinstance(met, FundError) or not met.repeated:
            raise NotAsWritten(f"{command.__name__} ({key}) was carried out a second time.")
        self.note(case, key)

    def _ask(self, command: type[Command], by: UUID, key: str, named: dict[str, object]) -> Answer | FundError:
        """Return what a request led to, or the error that it met. Raises Interrupted."""
        if self.stop.is_set():
            raise Interrupted("The rehearsal was interrupted.", "Start it again to go on.")
        try:
            return self.door.ask(command, by, key, named)
        except FundError as error:
            return error

    def officer(self, plan: Plan) -> UUID:
        """Return the officer of the coordinating city or region."""
        return self.cast.officer(plan.pairing.coordinator.name)

    def partnership_id(self, plan: Plan) -> UUID:
        """Return the id of a plan's partnership."""
        return self.cast.id(f"partnership/{plan.key}")

    def pilot_action_id(self, plan: Plan) -> UUID:
        """Return the id of a plan's pilot action."""
        return self.cast.id(f"pilot-action/{plan.key}")

    def grant_id(self, plan: Plan) -> UUID:
        """Return the id of a plan's grant."""
        return grant_id(self.pilot_action_id(plan))

    def partnership(self, plan: Plan) -> Partnership:
        """Return what a plan's partnership is now."""
        return self.fund.look(PARTNERSHIP, self.partnership_id(plan)) or Partnership()

    def pilot(self, plan: Plan) -> PilotAction:
        """Return what a plan's pilot action is now."""
        return self.fund.look(PILOT_ACTION, self.pilot_action_id(plan)) or PilotAction()

    def digest(self, plan: Plan) -> Digest:
        """Return the digest of the version that a plan's city put forward last, empty when there is none."""
        version = self.pilot(plan).current
        return version.digest if version else ""

    def part(self, plan: Plan, member: Place) -> dict[str, Any]:
        """Return what a member names that confirms its part in the version put forward last."""
        return {
            "pilot_action_id": self.pilot_action_id(plan),
            "organisation_id": self.cast.organisation(member.name),
            "digest": self.digest(plan),
        }

    def evaluation(self, plan: Plan) -> Evaluation | None:
        """Return a plan's evaluation, or None when it was never opened."""
        return self.fund.look(EVALUATION, evaluation_id(self.pilot_action_id(plan)))

    def grant(self, plan: Plan) -> Grant | None:
        """Return a plan's grant, or None when support was never offered."""
        return self.fund.look(GRANT, self.grant_id(plan))

    def account(self, subject: UUID) -> Account:
        """Return what a subject may do now."""
        return self.fund.look(ACCOUNT, subject) or Account()

    def call(self) -> Call:
        """Return what the call is now."""
        return self.fund.look(CALL, self.call_id) or Call()

    def between(self, begin: datetime, end: datetime, share: float) -> datetime:
        """Return the moment at a share of a stretch of the calendar; of a long stretch, 10:00 on a weekday."""
        moment = (begin + (end - begin) * share).replace(second=0, microsecond=0)
        if end - begin < timedelta(days=7):
            return moment
        morning = moment.astimezone(self.rules.time_zone).replace(hour=10, minute=0)
        weekday = morning - timedelta(days=max(0, morning.weekday() - 4))
        return max(begin, weekday.astimezone(UTC))


def _told(error: FundError) -> str:
    return f"{type(error).__name__}: {error}"
