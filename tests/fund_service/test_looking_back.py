"""Who looks back does so in the offices of today alone, and with nothing that was theirs for a time."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.account.aggregate import ACCOUNT, Account, Deputyship
from domain.errors import NotPermitted
from domain.people import Role
from fund_service.permissions.actors import Actor, account_of
from fund_service.permissions.past import looking_back

NOW = datetime(2026, 4, 1, tzinfo=UTC)


class Worlds:
    """A world with one account, whoever asks for one."""

    def __init__(self, account: Account | None) -> None:
        self._account = account

    def find(self, kind: Any, stream: Any) -> Any:
        """Return the account."""
        return self._account if kind is ACCOUNT else None


def test_roles_that_are_no_offices_do_not_count_in_the_past_not_even_those_of_a_deputy() -> None:
    deputy = Deputyship(Role.EVALUATOR, uuid4(), uuid4(), NOW - timedelta(days=1), NOW + timedelta(days=1))
    today = Account(
        label="Both", organisation_id=uuid4(), roles={Role.AUDITOR: None, Role.COACH: None}, deputyships=(deputy,)
    )
    actor = Actor(uuid4(), now=lambda: NOW, by_exception=True)
    then = looking_back(actor, Worlds(today))  # type: ignore[arg-type]
    account = account_of(then, Worlds(None))  # type: ignore[arg-type]
    assert account is not None
    assert (set(account.roles), account.organisation_id, then.by_exception) == ({Role.AUDITOR}, None, False)


def test_who_has_no_office_may_not_look_back() -> None:
    for account in (None, Account(roles={Role.EVALUATOR: None, Role.APPLICANT: None})):
        with pytest.raises(NotPermitted, match="You may not look at the past"):
            looking_back(Actor(uuid4()), Worlds(account))  # type: ignore[arg-type]
