"""Which event tells that a process has nothing left to do: so the log itself knows which processes are open."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.call import events as call
from domain.evaluation import events as evaluation
from domain.grant import events as grant
from domain.messages import Event, Recorded
from domain.partnership import events as partnership
from domain.pilot_action import events as pilot_action
from workflows.reactions import (
    application_workflow,
    award_workflow,
    call_workflow,
    coaching_workflow,
    grant_workflow,
)

ENDINGS: Mapping[type[Event], Callable[[Recorded, Any], str]] = {
    call.CallSettled: lambda recorded, event: call_workflow(recorded.stream),
    call.CallCancelled: lambda recorded, event: call_workflow(recorded.stream),
    call.ReserveExpired: lambda recorded, event: award_workflow(recorded.stream, event.line),
    partnership.CoachingCompleted: lambda recorded, event: coaching_workflow(recorded.stream),
    partnership.CoachingDeclined: lambda recorded, event: coaching_workflow(recorded.stream),
    partnership.CoachingEnded: lambda recorded, event: coaching_workflow(recorded.stream),
    partnership.PartnershipEnded: lambda recorded, event: coaching_workflow(recorded.stream),
    partnership.PartnershipMerged: lambda recorded, event: coaching_workflow(recorded.stream),
    pilot_action.ApplicationFoundInadmissible: lambda recorded, event: application_workflow(recorded.stream),
    pilot_action.ApplicationFoundIneligible: lambda recorded, event: application_workflow(recorded.stream),
    evaluation.EvaluationCompleted: lambda recorded, event: application_workflow(event.pilot_action_id),
    grant.GrantDeclined: lambda recorded, event: grant_workflow(recorded.stream),
    grant.GrantLapsed: lambda recorded, event: grant_workflow(recorded.stream),
    grant.GrantClosed: lambda recorded, event: grant_workflow(recorded.stream),
}
"""Event → the process that is over with it. A settled or cancelled call ends all of its processes."""
