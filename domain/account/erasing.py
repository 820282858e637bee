"""What the fund decides about personal data: who holds them back, and when they may go."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from domain.account.aggregate import ACCOUNT, Account
from domain.account.commands import DecideErasure, HoldErasure, LiftHold, RecordErasure
from domain.account.deputies import two_persons_decide
from domain.account.events import ErasureDecided, ErasureHeld, ErasureHoldLifted, PersonalDataErased
from domain.call.aggregate import CALL
from domain.errors import WrongStage
from domain.evaluation.aggregate import EVALUATION
from domain.grant.aggregate import GRANT
from domain.messages import Change, Decision, World
from domain.partnership.aggregate import PARTNERSHIP
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.rulebook.eu import nothing_holds_records
from domain.rulebook.ours.afterwards import records_are_needed_no_longer
from domain.rulebook.ours.people import a_reason_is_given
from domain.values import ProtectedText
from domain.working_paper.aggregate import WORKING_PAPER


def hold_erasure(command: HoldErasure, world: World) -> Decision:
    """Hold personal data back, for a reason that others understand later (E17)."""
    if world.get(ACCOUNT, command.subject).held_by is not None:
        raise WrongStage("These personal data are held back already.")
    a_reason_is_given(command.reason)
    reason = ProtectedText(subject=command.by, text=command.reason)
    return [Change(command.subject, ErasureHeld(**command.stamp(), reason=reason))]


def lift_hold(command: LiftHold, world: World) -> Decision:
    """Lift a hold, as another person than who set it (D18)."""
    held_by = world.get(ACCOUNT, command.subject).held_by
    if held_by is None:
        raise WrongStage("Nobody holds these personal data back.")
    a_reason_is_given(command.reason)
    two_persons_decide(held_by, command, world)
    reason = ProtectedText(subject=command.by, text=command.reason)
    return [Change(command.subject, ErasureHoldLifted(**command.stamp(), held_by=held_by, reason=reason))]


def decide_erasure(command: DecideErasure, world: World) -> Decision:
    """Decide that personal data go: nobody holds them, and every record with them was kept long enough (D16, E17).

    It may be decided again, for what was recorded since.
    """
    account = world.get(ACCOUNT, command.subject)
    if account.roles:
        raise WrongStage(f"This subject still has the role {next(iter(account.roles))}.", "Revoke its roles first.")
    if account.stands_in(command.at):
        raise WrongStage("This subject is a deputy, or proposed as one.", "End that first.")
    nothing_holds_records(account.held_by is not None)
    for ended_at, granted in _records(world, command.subject, account):
        records_are_needed_no_longer(command.at, ended_at, granted)
    return [Change(command.subject, ErasureDecided(**command.stamp(), ground=command.ground))]


def record_erasure(command: RecordErasure, world: World) -> Decision:
    """Record that what was decided is carried out."""
    decided = world.get(ACCOUNT, command.subject).erasure
    if decided is None:
        raise WrongStage("Nobody decided to erase these personal data, or they are erased already.")
    event = PersonalDataErased(**command.stamp(), decided_by=decided.by, ground=decided.ground)
    return [Change(command.subject, event)]


def _records(world: World, subject: UUID, account: Account) -> Iterator[tuple[datetime | None, bool]]:
    """Yield of each call whose records name the subject when it ended, and whether they are the records of a grant.

    Whoever ran a call as an office, or judged in it, stands in the records of its grants; whoever acts for a city or
    region stands in those of its own applications.
    """
    named = world.streams_of(subject)
    for id in named.get(CALL.name, ()):
        yield world.get(CALL, id).ended_at, account.organisation_id is None
    for id in named.get(WORKING_PAPER.name, ()):
        paper = world.get(WORKING_PAPER, id)
        yield world.get(CALL, paper.call_id or id).ended_at, account.organisation_id is None
    evaluations = [world.get(EVALUATION, id) for id in named.get(EVALUATION.name, ())]
    judged = {_partnership_of(world, one.pilot_action_id) for one in evaluations}
    members = judged | set(named.get(PARTNERSHIP.name, ()))
    members |= {_partnership_of(world, id) for id in named.get(PILOT_ACTION.name, ())}
    members |= {_partnership_of(world, world.get(GRANT, id).pilot_action_id) for id in named.get(GRANT.name, ())}
    for id in members:
        call = world.get(CALL, world.get(PARTNERSHIP, id).call_id or id)
        accepted = [entry.pilot_action_id for entry in call.ledger.values() if entry.was_accepted]
        yield call.ended_at, id in judged or id in {_partnership_of(world, one) for one in accepted}


def _partnership_of(world: World, pilot_action_id: UUID | None) -> UUID:
    named = pilot_action_id or UUID(int=0)
    return world.get(PILOT_ACTION, named).partnership_id or named
