"""Requests that change something: once per key, on the version that was seen, told before they are done."""

from uuid import UUID

from tests.fund_service.api.conftest import Api
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, action_of, grant_id, id_of

BONN = {"name": "Bonn", "kind": "city", "side": "EU", "country": "DE", "population": 330_000}
OFFICE = "Secretariat 1"


def test_a_request_is_recorded_and_can_be_read_where_it_says(api: Api) -> None:
    answer = api.post(OFFICE, "/organisations", BONN)
    assert answer.status_code == 201, answer.text
    assert answer.json()["events"][0]["sentence"] == "Bonn was registered."
    assert int(answer.headers["Fund-Position"]) == api.parts.log.end()
    where = answer.headers["Location"].removeprefix("/api/v1")
    found = api.get(OFFICE, where, Fund_Position=answer.headers["Fund-Position"])
    assert (found.status_code, found.json()["name"]) == (200, "Bonn")


def test_the_same_key_gives_the_same_answer_and_says_so(api: Api) -> None:
    asked = {"organisation_id": None, **BONN, "name": "Bonn again"}
    first = api.post(OFFICE, "/organisations", asked, Idempotency_Key="once")
    end = api.parts.log.end()
    again = api.post(OFFICE, "/organisations", asked, Idempotency_Key="once")
    assert api.parts.log.end() == end
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert {**again.json(), "repeated": False} == first.json()
    assert again.headers["Fund-Position"] == first.headers["Fund-Position"]


def test_a_key_of_another_request_is_refused(api: Api) -> None:
    assert api.post(OFFICE, "/organisations", BONN, Idempotency_Key="mine").status_code == 201
    other = api.post(OFFICE, "/organisations", {**BONN, "name": "Trier"}, Idempotency_Key="mine")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")


def test_a_dry_run_tells_what_would_follow_and_records_nothing(api: Api) -> None:
    end = api.parts.log.end()
    answer = api.post(OFFICE, "/organisations?dry_run=true", BONN)
    assert (answer.status_code, answer.json()["recorded"]) == (200, False)
    assert [event["topic"] for event in answer.json()["events"]] == ["organisation.registered"]
    assert api.parts.log.end() == end


def test_a_dry_run_tells_the_refusal(api: Api) -> None:
    refused = api.post("Officer of Turin", f"/grants/{grant_id(action_of(APPLICANTS[0]))}/acceptance?dry_run=true")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/stage")


def test_a_request_without_a_key_is_refused(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.token(OFFICE)}"}
    answer = api.client.post("/api/v1/organisations", headers=headers, json=BONN)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/key-missing")


def test_who_writes_on_what_others_may_write_says_what_it_saw(api: Api) -> None:
    member, path = "Officer of Turin", f"/partnerships/{_partnership(api)}"
    seen = api.get(member, path).headers["ETag"]
    fields = {"fields": {"stakeholders": "All", "methods": "Some.", "deliverables": "A plan."}}
    assert api.post(member, f"{path}/roadmap-versions", fields).status_code == 428
    assert api.post(member, f"{path}/roadmap-versions", fields, If_Match="nonsense").status_code == 422
    stale = api.post(member, f"{path}/roadmap-versions", fields, If_Match='"v1"')
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/changed")
    dry = api.post(member, f"{path}/roadmap-versions?dry_run=true", fields, If_Match=seen)
    assert dry.status_code == 200, dry.text


def test_a_rule_that_says_no_is_named_with_its_source(api: Api) -> None:
    proposed = {"subject": str(UUID(int=7)), "label": "Auditor 9", "unit": "Audit"}
    subject = api.post(OFFICE, "/accounts", proposed).headers["Location"].rpartition("/")[2]
    api.post(OFFICE, f"/accounts/{subject}/roles", {"role": "auditor"})
    own = api.post(OFFICE, f"/accounts/{subject}/roles/auditor/confirmation")
    assert own.status_code == 409, own.text
    assert own.json()["rule"]["id"] == "D18"
    assert own.json()["rule"]["sentence"]
    assert own.json()["rule"]["source"]


def test_what_belongs_to_others_is_not_there(api: Api) -> None:
    path = f"/grants/{grant_id(action_of(APPLICANTS[0]))}/acceptance"
    other, missing = (
        api.post("Officer of Dublin", path),
        api.post("Officer of Dublin", f"/grants/{UUID(int=5)}/acceptance"),
    )
    assert other.status_code == missing.status_code == 404
    assert other.json()["title"] == missing.json()["title"]
    assert api.post("Officer of Dublin", "/organisations", BONN).status_code == 403


def test_who_may_not_make_something_is_told_so_since_it_hides_nothing(api: Api) -> None:
    row = {"call_id": str(CALL_ID), "name": "Turin–Nagoya", "geography": "Asia", "member_ids": []}
    city = str(id_of("Turin"))
    for id in (str(UUID(int=5)), _partnership(api)):
        asked = {**row, "coordinator_id": city, "partnership_id": id}
        assert api.post("Officer of Dublin", "/partnerships", asked).status_code == 403


def test_a_key_is_the_text_that_its_sender_typed(api: Api) -> None:
    for key in ("plain", "Kraków/register", "Łódź – 名古屋"):
        for sent in (key.encode(), f'"{key}"'.encode()):
            headers = {"Idempotency-Key": sent, "Authorization": f"Bearer {api.token(OFFICE)}"}
            answer = api.client.post("/api/v1/organisations", headers=headers, json={**BONN, "name": key})
            assert answer.json()["key"] == key


def test_a_token_for_one_role_does_nothing_in_another(api: Api) -> None:
    from domain.people import Role

    token = api.token(OFFICE, Role.AUDITOR)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "as an auditor"}
    assert api.client.post("/api/v1/organisations", headers=headers, json=BONN).status_code == 403


def _partnership(api: Api) -> str:
    rows = api.get("Officer of Turin", "/partnerships").json()
    return str(rows[0]["id"])
