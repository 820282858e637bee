"""What every test of a check needs: its answer, or only the rule that refuses."""

from collections.abc import Callable

import pytest

from domain.errors import RuleViolated

Answer = Callable[..., RuleViolated | None]


@pytest.fixture
def answer() -> Answer:
    """Return a function that calls a check and returns None, or its refusal, whose words it looks over."""

    def call(check: Callable[..., None], *args: object) -> RuleViolated | None:
        refusal = None
        try:
            check(*args)
        except RuleViolated as violation:
            refusal = violation
        assert refusal is None or (refusal.detail.endswith(".") and refusal.cure.endswith("."))
        return refusal

    return call


@pytest.fixture
def refused_by(answer: Answer) -> Callable[..., str | None]:
    """Return a function that calls a check and returns None, or the id of the rule that refuses."""

    def call(check: Callable[..., None], *args: object) -> str | None:
        refusal = answer(check, *args)
        return refusal.code if refusal else None

    return call
