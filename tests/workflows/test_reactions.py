"""Which event starts or tells which process: the one table between the log and Temporal (design decision 7)."""

import ast
import inspect
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.call import events as call
from domain.catalogue import EVENTS
from domain.evaluation import events as evaluation
from domain.grant import events as grant
from domain.ids import grant_id
from domain.messages import Event, Recorded
from domain.partnership import events as partnership
from domain.pilot_action import events as pilot_action
from fund_service.editions.loader import edition
from workflows.application import ApplicationWorkflow
from workflows.award import AwardWorkflow
from workflows.call import CallWorkflow
from workflows.coaching import CoachingWorkflow
from workflows.grant import GrantWorkflow
from workflows.ports import Heard, Start
from workflows.process import Process
from workflows.reactions import (
    LISTENERS,
    STARTS,
    WORKFLOWS,
    Begin,
    Tell,
    application_workflow,
    award_workflow,
    call_workflow,
    coaching_workflow,
    grant_workflow,
    reactions,
)

STREAM, CALL, PILOT_ACTION, OTHER = (uuid4() for _ in range(4))
HEARD = f"{STREAM}/1"
RULES = edition("iurc-2026")
LINE = RULES.lines[0].id
NOW = datetime(2026, 3, 20, 16, tzinfo=UTC)
AWARDS = tuple(call.Award(pilot_action_id=id, grant_id=grant_id(id), cents=1) for id in (PILOT_ACTION, OTHER))
ID_OF = {
    CallWorkflow: call_workflow,
    AwardWorkflow: lambda call_id: award_workflow(call_id, LINE),
    CoachingWorkflow: coaching_workflow,
    ApplicationWorkflow: application_workflow,
    GrantWorkflow: grant_workflow,
}

WAITS = {"self.until", "self.hear", "self.when", "self._watch"}

BEGINS: dict[type[Event], list[tuple[type[Process], str, UUID, UUID]]] = {
    call.CallPublished: [
        (CallWorkflow, f"call-{STREAM}", STREAM, STREAM),
        (AwardWorkflow, f"award-{STREAM}-{LINE}", STREAM, STREAM),
    ],
    partnership.PartnershipFormed: [(CoachingWorkflow, f"coaching-{STREAM}", STREAM, CALL)],
    pilot_action.PilotActionProposed: [(ApplicationWorkflow, f"application-{STREAM}", STREAM, CALL)],
    call.OutcomesReleased: [
        (GrantWorkflow, f"grant-{grant_id(action)}", action, STREAM) for action in (PILOT_ACTION, OTHER)
    ],
    call.ReserveReviewed: [
        (GrantWorkflow, f"grant-{grant_id(action)}", action, STREAM) for action in (PILOT_ACTION, OTHER)
    ],
}
"""Event on STREAM → what it begins: the process, its id, its subject, its call."""

TELLS: dict[type[Event], list[str]] = {
    partnership.CoachingCompleted: [f"coaching-{STREAM}"],
    partnership.CoachingDeclined: [f"coaching-{STREAM}"],
    partnership.PartnershipEnded: [f"coaching-{STREAM}"],
    partnership.PartnershipMerged: [f"coaching-{STREAM}"],
    pilot_action.ApplicationSubmitted: [f"application-{STREAM}"],
    pilot_action.ApplicationWithdrawn: [f"application-{STREAM}"],
    pilot_action.ClarificationAnswered: [f"application-{STREAM}"],
    pilot_action.ApplicationFoundEligible: [f"application-{STREAM}"],
    pilot_action.ApplicationFoundInadmissible: [f"application-{STREAM}"],
    pilot_action.ApplicationFoundIneligible: [f"application-{STREAM}"],
    evaluation.EvaluationReopened: [f"application-{PILOT_ACTION}"],
    evaluation.EvaluationStopped: [f"application-{PILOT_ACTION}", f"award-{CALL}-{LINE}"],
    grant.ResourceOrdered: [f"grant-{STREAM}"],
    grant.OrderCancelled: [f"grant-{STREAM}"],
    grant.ResourceDelivered: [f"grant-{STREAM}"],
    grant.DeliveryAcknowledged: [f"grant-{STREAM}"],
    grant.DeliveryRefused: [f"grant-{STREAM}"],
    evaluation.EvaluationCompleted: [f"application-{PILOT_ACTION}", f"award-{CALL}-{LINE}"],
    call.AwardListAdopted: [f"award-{STREAM}-{LINE}"],
    call.CallCancelled: [f"call-{STREAM}", f"award-{STREAM}-{LINE}", f"application-{PILOT_ACTION}"],
    grant.GrantOffered: [f"grant-{STREAM}"],
    grant.GrantAccepted: [f"grant-{STREAM}"],
    grant.GrantDeclined: [f"grant-{STREAM}", f"award-{CALL}-{LINE}"],
    grant.GrantLapsed: [f"award-{CALL}-{LINE}"],
    grant.ResourceDisbursed: [f"grant-{STREAM}"],
    grant.ReversalDismissed: [f"grant-{STREAM}"],
    grant.FinalReportFiled: [f"grant-{STREAM}"],
    grant.GrantClosed: [f"call-{CALL}"],
}
"""Event on STREAM → the ids of the processes that hear of it."""


def recorded(kind: type[Event]) -> Recorded:
    """Return an event of a kind on STREAM, with what the table reads from it."""
    named = {"call_id": CALL, "pilot_action_id": PILOT_ACTION, "awards": AWARDS, "promoted": AWARDS}
    of_call = {"rules": RULES, "line": LINE, "lines": (LINE,), "pilot_action_ids": (PILOT_ACTION,), "rows": ()}
    dated = {"remind_at": NOW + timedelta(days=10), "accept_by": NOW + timedelta(days=15)}
    ordered = {"order": 3, "deliver_by": NOW + timedelta(days=60), "acknowledge_by": NOW + timedelta(days=20)}
    known = named | of_call | dated | ordered
    fields = {name: value for name, value in known.items() if name in kind.model_fields}
    event = kind.model_construct(by=uuid4(), effective_at=NOW, **fields)
    return Recorded(position=7, stream=STREAM, version=1, recorded_at=NOW, caused_by=uuid4(), event=event)


def awaited(kind: type[Process]) -> Iterator[type[Event]]:
    """Give every event that a process waits for: the classes named where it waits, and all that concerns an order."""
    module = sys.modules[kind.__module__]
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in WAITS:
            found = [getattr(module, part.id, None) for part in node.args if isinstance(part, ast.Name)]
            for part in node.args:
                if isinstance(part, ast.Starred) and isinstance(part.value, ast.Name):
                    found.extend(getattr(module, part.value.id, ()))
            yield from (event for event in found if isinstance(event, type) and issubclass(event, Event))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "self.unless_cancelled":
            yield call.CallCancelled
    if kind.note is not Process.note:
        yield from (event for event in LISTENERS if "order" in event.model_fields)


@pytest.mark.parametrize("kind", BEGINS, ids=lambda kind: kind.TOPIC)
def test_an_event_begins_its_processes(kind: type[Event]) -> None:
    begins = [reaction for reaction in reactions(recorded(kind)) if isinstance(reaction, Begin)]
    assert begins == [
        Begin(process, id, Start(subject=subject, call_id=call_id, at=NOW, line=LINE * (process is AwardWorkflow)))
        for process, id, subject, call_id in BEGINS[kind]
    ]


@pytest.mark.parametrize("kind", TELLS, ids=lambda kind: kind.TOPIC)
def test_an_event_tells_the_processes_that_wait_for_it(kind: type[Event]) -> None:
    tells = [reaction for reaction in reactions(recorded(kind)) if isinstance(reaction, Tell)]
    assert [tell.workflow_id for tell in tells] == TELLS[kind]
    assert {(tell.heard.position, tell.heard.topic, tell.heard.at) for tell in tells} == {(7, kind.TOPIC, NOW)}


def test_an_offer_tells_when_its_answer_is_due() -> None:
    (tell,) = reactions(recorded(grant.GrantOffered))
    instants = {"remind_at": NOW + timedelta(days=10), "accept_by": NOW + timedelta(days=15)}
    assert tell == Tell(
        f"grant-{STREAM}", Heard(id=HEARD, position=7, topic=grant.GrantOffered.TOPIC, at=NOW, instants=instants)
    )


@pytest.mark.parametrize(
    ("kind", "instants"),
    [
        (grant.ResourceOrdered, {"deliver_by": NOW + timedelta(days=60)}),
        (grant.ResourceDelivered, {"acknowledge_by": NOW + timedelta(days=20)}),
        (grant.DeliveryAcknowledged, {}),
    ],
)
def test_what_happens_to_an_order_tells_its_number_and_when_it_is_late(
    kind: type[Event], instants: dict[str, datetime]
) -> None:
    (tell,) = reactions(recorded(kind))
    assert tell == Tell(
        f"grant-{STREAM}", Heard(id=HEARD, position=7, topic=kind.TOPIC, at=NOW, instants=instants, part=3)
    )


def test_no_other_event_reaches_a_process() -> None:
    assert set(BEGINS) == set(STARTS)
    assert set(TELLS) == set(LISTENERS)
    others = set(EVENTS.values()) - set(STARTS) - set(LISTENERS)
    assert [reaction for kind in others for reaction in reactions(recorded(kind))] == []


def test_no_two_kinds_of_process_share_an_id() -> None:
    assert set(ID_OF) == set(WORKFLOWS)
    assert len({id_of(STREAM) for id_of in ID_OF.values()}) == len(WORKFLOWS)


@pytest.mark.parametrize("kind", WORKFLOWS, ids=lambda kind: kind.__name__)
def test_a_process_is_told_exactly_what_it_waits_for(kind: type[Process]) -> None:
    told = {
        event
        for event in LISTENERS
        for tell in reactions(recorded(event))
        if isinstance(tell, Tell) and tell.workflow_id in {ID_OF[kind](id) for id in (STREAM, CALL, PILOT_ACTION)}
    }
    assert told == set(awaited(kind))
