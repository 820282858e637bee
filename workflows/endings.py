"""Which event tells that a process has nothing left to do: so the log itself knows which processes are open."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

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

Ending = Callable[[Recorded, Any], tuple[str, ...]]


def _of_stream(name: Callable[[UUID], str]) -> Ending:
    return lambda recorded, event: (name(recorded.stream),)


def _of_ranked(recorded: Recorded, event: call.RankingEstablished) -> tuple[str, ...]:
    return tuple(application_workflow(row.pilot_action_id) for row in event.rows)


ENDINGS: Mapping[type[Event], Ending] = {
    call.CallSettled: _of_stream(call_workflow),
    call.CallCancelled: _of_stream(call_workflow),
    call.RankingEstablished: _of_ranked,
    call.ReserveExpired: lambda recorded, event: (award_workflow(recorded.stream, event.line),),
    partnership.CoachingCompleted: _of_stream(coaching_workflow),
    partnership.CoachingDeclined: _of_stream(coaching_workflow),
    partnership.CoachingEnded: _of_stream(coaching_workflow),
    partnership.PartnershipEnded: _of_stream(coaching_workflow),
    partnership.PartnershipMerged: _of_stream(coaching_workflow),
    pilot_action.ApplicationFoundInadmissible: _of_stream(application_workflow),
    pilot_action.ApplicationFoundIneligible: _of_stream(application_workflow),
    evaluation.EvaluationStopped: lambda recorded, event: (application_workflow(event.pilot_action_id),),
    grant.GrantDeclined: _of_stream(grant_workflow),
    grant.GrantLapsed: _of_stream(grant_workflow),
    grant.GrantClosed: _of_stream(grant_workflow),
}
"""Event → the processes that are over with it. A settled or cancelled call ends all of its processes.

A complete evaluation may be opened again until its application is ranked, so it is the ranking that ends its process.
"""
