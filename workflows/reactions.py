"""Which event starts or tells which workflow: one table, the only way from the log to Temporal (design decision 7)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from domain.call import events as call
from domain.evaluation import events as evaluation
from domain.grant import events as grant
from domain.messages import Event, Recorded
from domain.partnership import events as partnership
from domain.pilot_action import events as pilot_action
from workflows.application import ApplicationWorkflow
from workflows.award import AwardWorkflow
from workflows.call import CallWorkflow
from workflows.coaching import CoachingWorkflow
from workflows.grant import GrantWorkflow
from workflows.ports import Heard, Start

WORKFLOWS: tuple[type[Any], ...] = (CallWorkflow, AwardWorkflow, CoachingWorkflow, ApplicationWorkflow, GrantWorkflow)


def call_workflow(call_id: UUID) -> str:
    """Return the id of the call's workflow."""
    return f"call-{call_id}"


def award_workflow(call_id: UUID, line: str) -> str:
    """Return the id of the workflow for a call's line."""
    return f"award-{call_id}-{line}"


def coaching_workflow(partnership_id: UUID) -> str:
    """Return the id of a partnership's coaching workflow."""
    return f"coaching-{partnership_id}"


def application_workflow(pilot_action_id: UUID) -> str:
    """Return the id of an application's workflow."""
    return f"application-{pilot_action_id}"


def grant_workflow(grant_id: UUID) -> str:
    """Return the id of a grant's workflow."""
    return f"grant-{grant_id}"


class Begin(NamedTuple):
    """Start a workflow, once."""

    workflow: type[Any]
    workflow_id: str
    start: Start


class Tell(NamedTuple):
    """Signal a workflow that runs."""

    workflow_id: str
    heard: Heard


Starter = Callable[[Recorded, Any], Iterator[Begin]]
Listener = Callable[[Recorded, Any], tuple[str, ...]]


def _start(recorded: Recorded, subject: UUID, call_id: UUID) -> Start:
    return Start(subject=subject, call_id=call_id, at=recorded.event.effective_at)


def _call(recorded: Recorded, event: call.CallPublished) -> Iterator[Begin]:
    start = _start(recorded, recorded.stream, recorded.stream)
    yield Begin(CallWorkflow, call_workflow(recorded.stream), start)
    for line in event.rules.lines:
        of_line = start.model_copy(update={"line": line.id})
        yield Begin(AwardWorkflow, award_workflow(recorded.stream, line.id), of_line)


def _coaching(recorded: Recorded, event: partnership.PartnershipFormed) -> Iterator[Begin]:
    start = _start(recorded, recorded.stream, event.call_id)
    yield Begin(CoachingWorkflow, coaching_workflow(recorded.stream), start)


def _application(recorded: Recorded, event: pilot_action.PilotActionProposed) -> Iterator[Begin]:
    start = _start(recorded, recorded.stream, event.call_id)
    yield Begin(ApplicationWorkflow, application_workflow(recorded.stream), start)


def _grants(recorded: Recorded, awards: tuple[call.Award, ...]) -> Iterator[Begin]:
    for award in awards:
        start = _start(recorded, award.pilot_action_id, recorded.stream)
        yield Begin(GrantWorkflow, grant_workflow(award.grant_id), start)


def _of_stream(name: Callable[[UUID], str]) -> Listener:
    return lambda recorded, event: (name(recorded.stream),)


def _of_call(recorded: Recorded, event: Any) -> tuple[str, ...]:
    return (call_workflow(event.call_id),)


def _of_line(recorded: Recorded, event: Any) -> tuple[str, ...]:
    return (award_workflow(event.call_id, event.line),)


def _of_line_in_stream(recorded: Recorded, event: Any) -> tuple[str, ...]:
    return (award_workflow(recorded.stream, event.line),)


def _of_application(recorded: Recorded, event: Any) -> tuple[str, ...]:
    return (application_workflow(event.pilot_action_id),)


def _of_cancelled(recorded: Recorded, event: call.CallCancelled) -> tuple[str, ...]:
    """Return those that wait for others.

    Coaching, and applications that are drafts, end at their next point of the calendar; nobody is reminded before,
    since a cancelled call refuses it, and the screens say at once that it was cancelled.
    """
    lines = (award_workflow(recorded.stream, line) for line in event.lines)
    return (call_workflow(recorded.stream), *lines, *map(application_workflow, event.pilot_action_ids))


STARTS: Mapping[type[Event], Starter] = {
    call.CallPublished: _call,
    partnership.PartnershipFormed: _coaching,
    pilot_action.PilotActionProposed: _application,
    call.OutcomesReleased: lambda recorded, event: _grants(recorded, event.awards),
    call.ReserveReviewed: lambda recorded, event: _grants(recorded, event.promoted),
}
"""Event → the workflows that it starts."""

LISTENERS: Mapping[type[Event], tuple[Listener, ...]] = {
    partnership.CoachingCompleted: (_of_stream(coaching_workflow),),
    partnership.CoachingDeclined: (_of_stream(coaching_workflow),),
    partnership.PartnershipEnded: (_of_stream(coaching_workflow),),
    partnership.PartnershipMerged: (_of_stream(coaching_workflow),),
    pilot_action.ApplicationSubmitted: (_of_stream(application_workflow),),
    pilot_action.ApplicationWithdrawn: (_of_stream(application_workflow),),
    pilot_action.ClarificationAnswered: (_of_stream(application_workflow),),
    pilot_action.ApplicationFoundEligible: (_of_stream(application_workflow),),
    pilot_action.ApplicationFoundInadmissible: (_of_stream(application_workflow),),
    pilot_action.ApplicationFoundIneligible: (_of_stream(application_workflow),),
    evaluation.EvaluationReopened: (_of_application,),
    evaluation.EvaluationStopped: (_of_application, _of_line),
    grant.ResourceOrdered: (_of_stream(grant_workflow),),
    grant.OrderCancelled: (_of_stream(grant_workflow),),
    grant.ResourceDelivered: (_of_stream(grant_workflow),),
    grant.DeliveryAcknowledged: (_of_stream(grant_workflow),),
    grant.DeliveryRefused: (_of_stream(grant_workflow),),
    evaluation.EvaluationCompleted: (_of_application, _of_line),
    call.AwardListAdopted: (_of_line_in_stream,),
    call.CallCancelled: (_of_cancelled,),
    grant.GrantOffered: (_of_stream(grant_workflow),),
    grant.GrantAccepted: (_of_stream(grant_workflow),),
    grant.GrantDeclined: (_of_stream(grant_workflow), _of_line),
    grant.GrantLapsed: (_of_line,),
    grant.ResourceDisbursed: (_of_stream(grant_workflow),),
    grant.ReversalDismissed: (_of_stream(grant_workflow),),
    grant.FinalReportFiled: (_of_stream(grant_workflow),),
    grant.GrantClosed: (_of_call,),
}
"""Event → the workflows that hear of it, when they run."""

INSTANTS: Mapping[type[Event], tuple[str, ...]] = {
    grant.GrantOffered: ("remind_at", "accept_by"),
    grant.ResourceOrdered: ("deliver_by",),
    grant.ResourceDelivered: ("acknowledge_by",),
}
"""Event → the instants in it that a workflow waits for."""


def reactions(recorded: Recorded) -> Iterator[Begin | Tell]:
    """Yield what an event starts and whom it tells."""
    event = recorded.event
    starter = STARTS.get(type(event))
    if starter:
        yield from starter(recorded, event)
    for listener in LISTENERS.get(type(event), ()):
        instants = {name: getattr(event, name) for name in INSTANTS.get(type(event), ())}
        heard = Heard(
            id=f"{recorded.stream}/{recorded.version}",
            position=recorded.position,
            topic=event.TOPIC,
            at=event.effective_at,
            instants=instants,
            part=getattr(event, "order", None),
        )
        yield from (Tell(workflow_id, heard) for workflow_id in listener(recorded, event))
