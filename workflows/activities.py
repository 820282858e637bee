"""One activity, one command: what a workflow may ask of the fund, as the subject `engine`."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from domain.call import commands as call
from domain.errors import Conflict, FundError, KeyReused, Refused, Unavailable
from domain.evaluation import commands as evaluation
from domain.grant import commands as grant
from domain.messages import Command
from domain.partnership import commands as partnership
from domain.pilot_action import commands as pilot_action
from workflows.options import REFUSED
from workflows.ports import CommandBus, Plan, plan_of

ENGINE_COMMANDS: Mapping[str, type[Command]] = {
    "open_coaching_window": call.OpenCoachingWindow,
    "close_coaching_window": call.CloseCoachingWindow,
    "open_application_window": call.OpenApplicationWindow,
    "close_application_window": call.CloseApplicationWindow,
    "establish_ranking": call.EstablishRanking,
    "release_outcomes": call.ReleaseOutcomes,
    "review_reserve": call.ReviewReserve,
    "expire_reserve": call.ExpireReserve,
    "settle_call": call.SettleCall,
    "offer_coaching": partnership.OfferCoaching,
    "remind_coaching": partnership.RemindCoaching,
    "end_coaching": partnership.EndCoaching,
    "remind_submission": pilot_action.RemindSubmission,
    "check_eligibility": pilot_action.CheckEligibility,
    "remind_evaluators": evaluation.RemindEvaluators,
    "record_overdue": evaluation.RecordOverdue,
    "offer_grant": grant.OfferGrant,
    "remind_acceptance": grant.RemindAcceptance,
    "lapse_grant": grant.LapseGrant,
    "remind_order": grant.RemindOrder,
    "remind_report": grant.RemindReport,
    "record_report_overdue": grant.RecordReportOverdue,
    "close_grant": grant.CloseGrant,
}
"""The commands of processes, each by the name of its activity, which stands in histories and never changes."""

PLAN_OF_CALL = "plan_of_call"
"""The activity that looks up what a process needs of a call's rules."""

_NAMES = {command: name for name, command in ENGINE_COMMANDS.items()}


def activity_name(command: type[Command]) -> str:
    """Return the name of a command's activity."""
    return _NAMES[command]


def activities(bus: CommandBus) -> list[Callable[..., Any]]:
    """Return every activity, acting through this bus."""

    @activity.defn(name=PLAN_OF_CALL)
    def plan_of_call(call_id: UUID) -> Plan:
        with _final_errors():
            return plan_of(bus.rules(call_id))

    return [plan_of_call, *(_acting(name, command, bus) for name, command in ENGINE_COMMANDS.items())]


def _acting(name: str, command_class: type[Command], bus: CommandBus) -> Callable[..., Any]:
    def act(command: Command) -> None:
        with _final_errors():
            bus.handle(command)

    act.__annotations__ = {"command": command_class, "return": None}
    return activity.defn(name=name)(act)


@contextmanager
def _final_errors() -> Iterator[None]:
    """Give up on what a repeat cannot mend, and tell the process why; a refusal by its code, other errors by name."""
    try:
        yield
    except Refused as refusal:
        expected = ApplicationErrorCategory.BENIGN  # an answer like another: no warning in the worker's log
        raise ApplicationError(refusal.code, type=REFUSED, non_retryable=True, category=expected) from None
    except KeyReused as error:
        raise ApplicationError(type(error).__name__, non_retryable=True) from None
    except (Conflict, Unavailable):
        raise  # tried again
    except FundError as error:
        raise ApplicationError(type(error).__name__, non_retryable=True) from None
