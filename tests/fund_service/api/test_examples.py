"""The examples of the document are sent, every one: none is malformed, whatever the fund then says to it."""

from typing import Any, Final, get_type_hints
from urllib.parse import urlencode

import pytest

from domain.people import Role
from fund_service.api.acts import ACTS
from fund_service.api.deeds import DEEDS
from fund_service.api.examples import OF_ACTS, bodies
from fund_service.permissions.deeds import PERMISSIONS
from tests.fund_service.api.conftest import Api
from tests.fund_service.api.described import described
from tests.fund_service.api.standing import things
from tests.fund_service.small_fund import id_of
from tests.fund_service.staged_fund import TURIN

WHO: Final = {
    Role.SECRETARIAT: "Secretariat 1",
    Role.APPLICANT: "Officer of Turin",
    Role.PARTNER: "Officer of Nagoya",
    Role.EVALUATOR: "Evaluator 1",
    Role.APPROVER: "Approver 1",
}
BODIES: Final = bodies()
IN_JSON: Final = [deed for deed in DEEDS if not deed.uploads]


@pytest.mark.parametrize("deed", IN_JSON, ids=lambda deed: deed.command.__name__)
def test_every_example_of_a_deed_is_carried_out_or_refused_for_a_reason(api: Api, deed: Any) -> None:
    who = next((WHO[role] for role in sorted(PERMISSIONS[deed.command].roles & WHO.keys())), "Secretariat 1")
    named = things(TURIN)
    named.update(role="evaluator", evaluator=id_of("Evaluator 1"))
    seen = api.get(who, (deed.decided_on or deed.at).format_map(named)).headers.get("ETag", '"v1"')
    send = api.post if deed.method == "POST" else api.put
    answer = send(who, f"{deed.path.format_map(named)}?dry_run=true", BODIES.get(deed.command), If_Match=seen)
    assert answer.status_code in (200, 403, 404, 409, 412), answer.text


def test_every_example_of_a_request_about_who_somebody_is_can_be_read() -> None:
    models = {act.name: get_type_hints(act.does).get("body") for act in ACTS}
    assert OF_ACTS.keys() == {name for name, model in models.items() if model is not None}
    for name, body in OF_ACTS.items():
        assert models[name].model_validate(body)


def test_every_example_of_a_question_is_answered(api: Api) -> None:
    document, named = described(), things(TURIN)
    shared = document["components"]["parameters"]
    asked = 0
    for path, methods in document["paths"].items():
        parameters = [
            shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
            for one in methods.get("get", {}).get("parameters", ())
        ]
        sought = urlencode([(one["name"], one["example"]) for one in parameters if one["in"] == "query"], doseq=True)
        if sought and not path.endswith("/stream"):
            address = path.removeprefix("/api/v1").format_map(named)
            answer = api.get("Secretariat 1", f"{address}?{sought}")
            assert answer.status_code in (200, 404), f"{address}?{sought}: {answer.text}"
            asked += 1
    assert asked > 15


def test_every_deed_with_a_body_has_an_example_of_it() -> None:
    for path, methods in described()["paths"].items():
        for operation in methods.values():
            content = operation.get("requestBody", {}).get("content", {})
            assert "application/json" not in content or content["application/json"]["examples"], path
