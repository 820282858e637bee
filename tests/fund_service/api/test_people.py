"""Profiles: everybody writes their own; names are shown to themselves and to staff, and to nobody else."""

import pytest

from tests.fund_service.api.conftest import Api
from tests.fund_service.small_fund import id_of

OFFICE, TURIN, DUBLIN, NOBODY = "Secretariat 1", "Officer of Turin", "Officer of Dublin", "Somebody"
ADA = {"full_name": "Ada Łukasiewicz", "email": "ada@turin.example.org", "language": "it", "telephone": "+39 011 555"}


@pytest.fixture(scope="module", autouse=True)
def _written(api: Api) -> None:
    assert api.put(TURIN, "/people/me", ADA).status_code == 200


def test_a_profile_is_read_as_it_was_written(api: Api) -> None:
    own = api.get(TURIN, "/people/me").json()
    assert {name: own[name] for name in ADA} == ADA
    assert own["subject"] == str(id_of(TURIN))
    assert api.get(OFFICE, f"/people/{id_of(TURIN)}").json() == own


def test_who_wrote_nothing_is_told_how(api: Api) -> None:
    answer = api.get(DUBLIN, "/people/me")
    assert (answer.status_code, "PUT /api/v1/people/me" in answer.text) == (404, True)


def test_others_are_not_there(api: Api) -> None:
    assert api.get(DUBLIN, f"/people/{id_of(TURIN)}").status_code == 404
    assert api.get("Approver 1", f"/people/{id_of(TURIN)}").status_code == 404
    assert api.get(None, "/people/me").status_code == 401
    assert api.put(None, "/people/me", ADA).status_code == 401


def test_who_has_no_account_writes_nothing(api: Api) -> None:
    assert api.put(NOBODY, "/people/me", ADA).status_code == 404


def test_a_wrong_profile_is_refused_without_repeating_it(api: Api) -> None:
    wrong = {"email": "ada-without-a-place", "nickname": "Adalina", "telephone": "0 800 call Ada"}
    answer = api.put(TURIN, "/people/me", {**ADA, **wrong})
    assert answer.status_code == 422
    told = {one["field"]: one["detail"] for one in answer.json()["mistakes"]}
    assert told == {
        "body / email": "write an e-mail address, such as officer@city.example",
        "body / telephone": "write a telephone number, such as +32 2 555 01 00",
        "body / nickname": "remove it",
    }
    assert not [sent for sent in wrong.values() if sent in answer.text]


def test_staff_see_names_beside_labels_and_others_see_their_own_alone(api: Api) -> None:
    def names(who: str) -> dict[str, str | None]:
        return {row["label"]: row["name"] for row in api.get(who, "/accounts").json()}

    assert names(OFFICE)[TURIN] == ADA["full_name"]
    assert names(OFFICE)[DUBLIN] is None
    assert names(TURIN) == {TURIN: ADA["full_name"]}
    assert names(DUBLIN) == {DUBLIN: None}
    assert api.get(TURIN, "/me").json()["name"] == api.get(OFFICE, f"/accounts/{id_of(TURIN)}").json()["name"]
