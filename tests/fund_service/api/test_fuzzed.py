"""Whatever somebody sends, nothing breaks (P7): requests made up from the document, as several people in turn."""

import json
from collections.abc import Iterable
from itertools import cycle, islice
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.fund_service.api.conftest import Api
from tests.fund_service.api.described import COMMITTED

PEOPLE: Final = ("Secretariat 1", "Officer of Málaga", "Evaluator 1", "Approver 1", "Officer of Suwon", None)
CHECKS: Final = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
AT_ONCE: Final = 4
"""So many requests are made up in one go: Hypothesis takes a third longer to make them up one by one."""
SOAKED: Final = 20
"""So many requests of each kind are sent by each of the people in `make soak`."""
OPERATIONS: Final = [
    (method, path)
    for path, methods in json.loads(COMMITTED.read_text(encoding="utf-8"))["paths"].items()
    for method in methods
    if path not in ("/api/v1/events/stream", "/readyz")
]


@pytest.fixture(scope="module")
def schema(api: Api) -> Any:
    """Return the document of the API as schemathesis reads it."""
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", api.client.app)


def _send(api: Api, operation: Any, times: int, people: Iterable[str | None], by: int) -> int:
    """Send requests that are made up, each by so many people, the next ones in turn. Return how many were sent."""
    turns, sent = cycle(people), 0

    @settings(max_examples=times // AT_ONCE, suppress_health_check=list(HealthCheck), deadline=None, database=None)
    @given(cases=some.tuples(*[operation.as_strategy()] * AT_ONCE))
    def ask(cases: tuple[Any, ...]) -> None:
        nonlocal sent
        for case in cases:
            for who in islice(turns, by):
                signed = {"Authorization": f"Bearer {api.token(who)}"} if who is not None else {}
                case.call_and_validate(headers=signed, checks=CHECKS)
                sent += 1

    ask()
    return sent


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_request_breaks_anything(api: Api, schema: Any, method: str, path: str) -> None:
    assert _send(api, schema[path][method], 8, PEOPLE, by=2)


def test_enough_requests_are_sent() -> None:
    assert len(OPERATIONS) * 8 * 2 >= 1_500
    assert len(OPERATIONS) * SOAKED * len(PEOPLE) >= 10_000


@pytest.mark.soak
@pytest.mark.parametrize("who", PEOPLE, ids=str)
def test_no_request_of_anybody_breaks_anything(api: Api, schema: Any, who: str | None) -> None:
    for method, path in OPERATIONS:
        assert _send(api, schema[path][method], SOAKED, [who], by=1)
