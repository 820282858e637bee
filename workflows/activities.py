"""One activity, one command: what a workflow may ask of the fund, as the subject `engine`."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.call import commands as call
from domain.errors import Conflict, FundError, KeyReused, Refused, Unavailable
from domain.evaluation import commands as evaluation
from domain.grant import commands as grant
from domain.messages import Command
from domain.partnership import commands as partnership
from domain.pilot_action import commands as pilot_action
from workflows.options import REFUSED
from workflows.ports import CommandBus, Plan, plan_of

ENGINE_COMMANDS: tuple[type[Command], ...] = (
    call.OpenCoachingWindow,
    call.CloseCoachingWindow,
    call.OpenApplicationWindow,
    call.CloseApplicationWindow,
    call.EstablishRanking,
    call.ReleaseOutcomes,
    call.ReviewReserve,
    call.ExpireReserve,
    call.SettleCall,
    partnership.OfferCoaching,
    partnership.RemindCoaching,
    partnership.EndCoaching,
    pilot_action.RemindSubmission,
    pilot_action.CheckEligibility,
    evaluation.RemindEvaluators,
    evaluation.RecordOverdue,
    grant.OfferGrant,
    grant.RemindAcceptance,
    grant.LapseGrant,
    grant.RemindOrder,
    grant.RemindReport,
    grant.RecordReportOverdue,
    grant.CloseGrant,
)
"""The commands of processes; each is an activity of its name in snake case."""

PLAN_OF_CALL = "plan_of_call"


def activity_name(command: type[Command]) -> str:
    """Return the name of a command's activity: CloseApplicationWindow → close_application_window."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()


def activities(bus: CommandBus) -> list[Callable[..., Any]]:
    """Return every activity, acting through this bus."""

    @activity.defn(name=PLAN_OF_CALL)
    def plan_of_call(call_id: UUID) -> Plan:
        with _final_errors():
            return plan_of(bus.rules(call_id))

    return [plan_of_call, *(_acting(command, bus) for command in ENGINE_COMMANDS)]


def _acting(command_class: type[Command], bus: CommandBus) -> Callable[..., Any]:
    def act(command: Command) -> None:
        with _final_errors():
            bus.handle(command)

    act.__annotations__ = {"command": command_class, "return": None}
    return activity.defn(name=activity_name(command_class))(act)


@contextmanager
def _final_errors() -> Iterator[None]:
    """Give up on what a repeat cannot mend, and tell the process why; a refusal by its code, other errors by name."""
    try:
        yield
    except Refused as refusal:
        raise ApplicationError(refusal.code, type=REFUSED, non_retryable=True) from None
    except KeyReused as error:
        raise ApplicationError(type(error).__name__, non_retryable=True) from None
    except (Conflict, Unavailable):
        raise  # tried again
    except FundError as error:
        raise ApplicationError(type(error).__name__, non_retryable=True) from None
