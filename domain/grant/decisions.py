"""What the fund decides about the offer of a grant and its answer (D11)."""

from datetime import datetime, time, timedelta

from domain.call.aggregate import CALL, SumState, published
from domain.call.events import OfferMade, SumCommitted, SumFreed
from domain.call.rules import CallRules
from domain.errors import WrongStage
from domain.grant.aggregate import Stage, at_stage
from domain.grant.commands import AcceptGrant, DeclineGrant, LapseGrant, OfferGrant, RemindAcceptance
from domain.grant.events import AcceptanceReminded, GrantAccepted, GrantDeclined, GrantLapsed, GrantOffered, PartOffered
from domain.messages import Change, Decision, World
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.events import SupportOffered
from domain.rulebook.eu import end_of_day, period_end
from domain.rulebook.ours.awarding import acceptance_is_in_time
from domain.values import ProtectedText, in_brussels


def offer_grant(command: OfferGrant, world: World) -> Decision:
    """Offer the reserved sum; the answer is due within the published period, counted by E23 (D11)."""
    pilot = world.get(PILOT_ACTION, command.pilot_action_id)
    if pilot.call_id is None or pilot.partnership_id is None or pilot.coordinator_id is None:
        raise WrongStage("This pilot action was never proposed.")
    call = world.get(CALL, pilot.call_id)
    entry = call.ledger.get(command.grant_id)
    reserved = entry is not None and entry.state is SumState.RESERVED
    if entry is None or not reserved or entry.pilot_action_id != command.pilot_action_id:
        raise WrongStage("No sum is reserved for this grant.", "An offer follows from a released award list.")
    if not call.list_of(entry.line).released:
        raise WrongStage("The outcomes are not released yet.", "Wait for the release to all applicants at once.")
    accept_by, remind_at = _answer_due(command.at, published(call))
    offered = GrantOffered(
        **command.stamp(),
        call_id=pilot.call_id,
        line=entry.line,
        pilot_action_id=command.pilot_action_id,
        partnership_id=pilot.partnership_id,
        coordinator_id=pilot.coordinator_id,
        cents=entry.cents,
        correction=call.in_force,
        accept_by=accept_by,
        remind_at=remind_at,
    )
    named = command.stamp(grant_id=command.grant_id, cents=entry.cents)
    changes = [
        Change(command.grant_id, offered),
        Change(command.pilot_action_id, SupportOffered(**named)),
        Change(pilot.call_id, OfferMade(**named)),
    ]
    version = pilot.version(pilot.submitted)
    if version and entry.cents < version.requested_cents:
        part = PartOffered(**command.stamp(), cents=entry.cents, requested_cents=version.requested_cents)
        changes.insert(1, Change(command.grant_id, part))
    return changes


def _answer_due(offered_at: datetime, rules: CallRules) -> tuple[datetime, datetime]:
    """Return the end of the period, itself too late, and the reminder at 09:00 some days before its last day."""
    zone = rules.time_zone
    last_day = period_end(offered_at.astimezone(zone).date(), rules.acceptance.days, rules.holidays)
    remind_on = last_day - timedelta(days=rules.acceptance.reminder_days_before)
    return end_of_day(last_day, zone), datetime.combine(remind_on, time(9), zone)


def remind_acceptance(command: RemindAcceptance, world: World) -> Decision:
    """Remind the applicant to answer (D11)."""
    grant, _ = at_stage(world, command.grant_id, Stage.OFFERED)
    return [Change(command.grant_id, AcceptanceReminded(**command.stamp(), accept_by=grant.accept_by))]


def accept_grant(command: AcceptGrant, world: World) -> Decision:
    """Accept in time; the reserved sum is committed (D11, D12)."""
    grant, call_id = at_stage(world, command.grant_id, Stage.OFFERED)
    acceptance_is_in_time(command.at, grant.accept_by)
    committed = SumCommitted(**command.stamp(), grant_id=command.grant_id, cents=grant.cents)
    return [
        Change(command.grant_id, GrantAccepted(**command.stamp(), cents=grant.cents, call_id=call_id)),
        Change(call_id, committed),
    ]


def decline_grant(command: DeclineGrant, world: World) -> Decision:
    """Decline in time; the reserved sum is free again."""
    grant, call_id = at_stage(world, command.grant_id, Stage.OFFERED)
    acceptance_is_in_time(command.at, grant.accept_by)
    reason = ProtectedText(subject=command.by, text=command.reason)
    declined = GrantDeclined(**command.stamp(), call_id=call_id, line=grant.line, reason=reason)
    freed = SumFreed(**command.stamp(), grant_id=command.grant_id, cents=grant.cents)
    return [Change(command.grant_id, declined), Change(call_id, freed)]


def lapse_grant(command: LapseGrant, world: World) -> Decision:
    """Let an unanswered offer lapse when its period is over (D11)."""
    grant, call_id = at_stage(world, command.grant_id, Stage.OFFERED)
    if command.at < grant.accept_by:
        raise WrongStage(f"The answer is due before {in_brussels(grant.accept_by)}.", "Wait until then.")
    lapsed = GrantLapsed(**command.stamp(), call_id=call_id, line=grant.line)
    freed = SumFreed(**command.stamp(), grant_id=command.grant_id, cents=grant.cents)
    return [Change(command.grant_id, lapsed), Change(call_id, freed)]
