"""One activity, one command: what the fund's answers become for a process."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import ActivityEnvironment

from domain.account.commands import RecordErasure
from domain.call.rules import CallRules
from domain.errors import (
    Conflict,
    FundError,
    KeyReused,
    Malformed,
    NotFound,
    NotPermitted,
    RuleViolated,
    Unavailable,
    WrongStage,
)
from domain.log_key import NameLogKey
from domain.messages import Command
from domain.people import ENGINE, Role
from domain.pilot_action.commands import CheckEligibility
from fund_service.permissions.deeds import PERMISSIONS
from workflows.activities import ENGINE_COMMANDS, activities, activity_name
from workflows.options import REFUSED
from workflows.ports import Plan, plan_of

DETAIL = "The application of a certain city is withdrawn."


class Answering:
    """A fund that answers every command in one way: with an error, or with yes."""

    def __init__(self, rules: CallRules, error: Exception | None = None) -> None:
        self._rules = rules
        self._error = error
        self.handled: list[Command] = []

    def handle(self, command: Command) -> None:
        """Note the command, or raise the error."""
        if self._error is not None:
            raise self._error
        self.handled.append(command)

    def rules(self, call_id: UUID) -> CallRules:
        """Return the rules, or raise the error."""
        if self._error is not None:
            raise self._error
        return self._rules


def acting(bus: Answering) -> Callable[..., Any]:
    """Return the activity that checks eligibility, acting through this fund."""
    _, *acts = activities(bus)
    return acts[list(ENGINE_COMMANDS.values()).index(CheckEligibility)]


@pytest.fixture
def check() -> CheckEligibility:
    """Return a command of a process."""
    return CheckEligibility(by=ENGINE, at=datetime.now(UTC), key="check", pilot_action_id=uuid4())


def test_the_commands_that_are_activities_are_those_that_only_a_process_may_give() -> None:
    only_processes = {command for command, permission in PERMISSIONS.items() if permission.roles == {Role.ENGINE}}
    only_processes -= {RecordErasure, NameLogKey}  # the door and the witness log give them themselves
    assert set(ENGINE_COMMANDS.values()) == only_processes
    assert len(only_processes) == len(ENGINE_COMMANDS)


def test_an_activity_bears_the_name_of_its_command() -> None:
    assert activity_name(CheckEligibility) == "check_eligibility"


def test_an_activity_hands_its_command_to_the_fund(rules: CallRules, check: CheckEligibility) -> None:
    bus = Answering(rules)
    assert ActivityEnvironment().run(acting(bus), check) is None
    assert bus.handled == [check]


@pytest.mark.parametrize(
    ("refusal", "code"),
    [(WrongStage(DETAIL), "stage"), (RuleViolated("D23", DETAIL), "D23")],
    ids=["stage", "rule"],
)
def test_a_refusal_is_final_and_tells_no_more_than_its_rule(
    rules: CallRules, check: CheckEligibility, refusal: FundError, code: str
) -> None:
    with pytest.raises(ApplicationError) as raised:
        ActivityEnvironment().run(acting(Answering(rules, refusal)), check)
    assert (raised.value.type, raised.value.message, raised.value.details) == (REFUSED, code, ())
    assert raised.value.non_retryable
    assert raised.value.category is ApplicationErrorCategory.BENIGN


@pytest.mark.parametrize("error", [NotPermitted(DETAIL), NotFound(DETAIL), Malformed(DETAIL), KeyReused(DETAIL)])
def test_what_no_repeat_can_mend_is_final_but_no_refusal(
    rules: CallRules, check: CheckEligibility, error: FundError
) -> None:
    with pytest.raises(ApplicationError, match=type(error).__name__) as raised:
        ActivityEnvironment().run(acting(Answering(rules, error)), check)
    assert raised.value.type != REFUSED
    assert raised.value.non_retryable


@pytest.mark.parametrize("error", [Unavailable(DETAIL), OSError("disk full"), Conflict(DETAIL)])
def test_what_a_repeat_can_mend_is_left_to_the_engine_to_repeat(
    rules: CallRules, check: CheckEligibility, error: Exception
) -> None:
    with pytest.raises(type(error)):
        ActivityEnvironment().run(acting(Answering(rules, error)), check)


def test_a_process_gets_the_plan_of_the_published_rules(rules: CallRules) -> None:
    plan_of_call, *_ = activities(Answering(rules))
    plan: Plan = ActivityEnvironment().run(plan_of_call, uuid4())
    assert plan == plan_of(rules)
    assert (plan.zone, plan.request_seconds) == (rules.zone, rules.request_seconds)
    assert plan.answered(plan.applications_close) == rules.window_closed_at
    steps = {name: point for name, point in rules.calendar.points() if name in Plan.model_fields}
    assert plan.model_dump(include=set(steps)) == steps
    assert [(line.line, line.reserve_expires) for line in plan.lines] == [
        (line.id, rules.reserve_expires(line)) for line in rules.lines
    ]


def test_a_process_whose_call_is_missing_does_not_ask_for_its_plan_for_ever(rules: CallRules) -> None:
    ask, *_ = activities(Answering(rules, NotFound("There is no call.")))
    with pytest.raises(ApplicationError) as failed:
        ActivityEnvironment().run(ask, uuid4())
    assert (failed.value.message, failed.value.non_retryable) == ("NotFound", True)
