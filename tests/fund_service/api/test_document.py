"""The document of the API: valid for others' tools, whole, and changed by nobody unseen."""

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from domain.catalogue import COMMANDS
from domain.people import Role
from fund_service.api.acts import ACTS
from fund_service.api.deeds import DEEDS
from fund_service.api.describing import operation_name
from fund_service.permissions.deeds import PERMISSIONS
from tests.fund_service.api.conftest import Api
from tests.fund_service.api.described import COMMITTED, as_text, described


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return today's document."""
    return described()


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_document_is_valid_by_somebody_elses_validator(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_every_change_of_the_document_is_seen(document: dict[str, Any]) -> None:
    kept = COMMITTED.read_text(encoding="utf-8")
    assert as_text(document) == kept, "write it anew: python -m tests.fund_service.api.described"


def test_every_request_is_described_with_all_its_answers(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in _operations(document)]
    assert len(set(names)) == len(names)
    for path, method, operation in _operations(document):
        told = f"{method} {path}"
        assert operation["summary"].endswith((".", "?")), told
        assert operation["tags"][0] in {tag["name"] for tag in document["tags"]}, told
        if path.startswith("/api/"):
            assert {"422", "429", "503"} <= operation["responses"].keys() | {"422"}, told


def test_every_command_of_people_has_one_route_and_no_other_has_any() -> None:
    for_people = {
        command for command in COMMANDS.values() if not PERMISSIONS[command].roles & {Role.ENGINE, Role.OPERATOR}
    }
    asked = [deed.command for deed in DEEDS]
    assert len(asked) == len(set(asked))
    assert set(asked) == for_people
    places = [(deed.method, deed.path) for deed in DEEDS]
    assert len(places) == len(set(places))


def test_every_request_that_changes_something_stands_in_a_table_with_who_may_send_it(document: dict[str, Any]) -> None:
    asked = [operation["operationId"] for _, method, operation in _operations(document) if method != "get"]
    assert sorted(asked) == sorted([*(operation_name(deed.command) for deed in DEEDS), *(act.name for act in ACTS)])


def test_where_an_effect_can_be_read_there_is_a_question(document: dict[str, Any]) -> None:
    questions = {path for path, method, _ in _operations(document) if method == "get"}
    assert {f"/api/v1{deed.at}" for deed in DEEDS} <= questions
    assert {f"/api/v1{deed.decided_on}" for deed in DEEDS if deed.decided_on is not None} <= questions


def test_the_pages_of_the_documentation_load_nothing_from_elsewhere(api: Api) -> None:
    for path in ("/api/v1/docs", "/problems/rule"):
        page = api.client.get(path)
        assert page.status_code == 200
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert "http" not in page.text.replace("http-equiv", "").replace("HTTP", "")
        assert "<script" not in page.text
    assert api.client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")
    assert api.client.get("/problems/nothing").status_code == 404
