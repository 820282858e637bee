"""Whatever somebody sends, nothing breaks (P7): requests made up from the document, as several people in turn."""

from itertools import cycle
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.fund_service.api.conftest import Api
from tests.fund_service.api.described import described

PEOPLE: Final = ("Secretariat 1", "Officer of Málaga", "Evaluator 1", "Approver 1", "Officer of Suwon", None)
CHECKS: Final = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES: Final = 15
OPERATIONS: Final = [
    (method, path)
    for path, methods in described()["paths"].items()
    for method in methods
    if path not in ("/api/v1/events/stream", "/readyz")
]


@pytest.fixture(scope="module")
def schema(api: Api) -> Any:
    """Return the document of the API as schemathesis reads it."""
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", api.client.app)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_request_breaks_anything(api: Api, schema: Any, method: str, path: str) -> None:
    people = cycle(PEOPLE)

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(case=schema[path][method].as_strategy())
    def ask(case: Any) -> None:
        who = next(people)
        signed = {"Authorization": f"Bearer {api.token(who)}"} if who is not None else {}
        case.call_and_validate(headers=signed, checks=CHECKS)

    ask()
