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
from domain.errors import FundError, Refused
from domain.evaluation.aggregate import EVALUATION, Evaluation
from domain.grant.aggregate import GRANT, Grant
from domain.ids import evaluation_id, grant_id
from domain.messages import Command
from domain.partnership.aggregate import PARTNERSHIP, Partnership
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction
from domain.values import Digest
from fund_service.application import Fund
from fund_service.rehearsal.cast import Cast
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
    """What the scripted people see and use. They act through `Fund.handle`, as themselves, at the programme's time."""

    fund: Fund
    cast: Cast
    plans: tuple[Plan, ...]
    rules: CallRules
    note: Note
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
        asked = self._command(command, by, key, named)
        try:
            self.fund.handle(asked)
        except FundError as error:
            raise NotAsWritten(f"{command.__name__} ({key}) was refused: {error}") from error

    def refused(self, clause: str, command: type[Command], by: UUID, key: str, **named: object) -> None:
        """Let somebody try what a rule forbids. Raises NotAsWritten when it passes, or under another rule."""
        asked = self._command(command, by, key, named)
        try:
            self.fund.handle(asked)
        except Refused as refusal:
            if refusal.code != clause:
                raise NotAsWritten(
                    f"{command.__name__} ({key}) was refused under {refusal.code}: {refusal}"
                ) from refusal
        else:
            raise NotAsWritten(f"{command.__name__} ({key}) passed, against {clause}.")

    def turned_away(
        self, case: str, error: type[FundError], command: type[Command], by: UUID, key: str, **named: object
    ) -> None:
        """Let somebody try what is turned away without a trace in the log, and note it under the case's id.

        Raises NotAsWritten when it passes, or ends with another error.
        """
        try:
            self.fund.handle(self._command(command, by, key, named))
        except FundError as met:
            if type(met) is not error:
                raise NotAsWritten(f"{command.__name__} ({key}) ended with {type(met).__name__}: {met}") from met
            self.note(case, key)
        else:
            raise NotAsWritten(f"{command.__name__} ({key}) passed, against {error.__name__}.")

    def repeated(self, case: str, command: type[Command], by: UUID, key: str, **named: object) -> None:
        """Let somebody send a request again; note it under the case's id. Raises NotAsWritten when it was new."""
        if not self.fund.handle(self._command(command, by, key, named)).repeated:
            raise NotAsWritten(f"{command.__name__} ({key}) was carried out a second time.")
        self.note(case, key)

    def _command(self, command: type[Command], by: UUID, key: str, named: dict[str, object]) -> Command:
        if self.stop.is_set():
            raise Interrupted("The rehearsal was interrupted.", "Start it again to go on.")
        return command.model_validate({"by": by, "at": self.fund.clock.now(), "key": key, **named})

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
