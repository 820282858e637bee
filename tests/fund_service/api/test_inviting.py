"""Inviting over HTTP: who opened an account lets its holder in; nobody lets in whom two officers trust."""

import json
from uuid import UUID, uuid4

import pytest

from domain.account.aggregate import ACCOUNT
from domain.people import Role
from tests.fund_service.api.browser import Browser, signed_in
from tests.fund_service.api.conftest import Api
from tests.fund_service.cli.conftest import Run, fund  # noqa: F401 - a fixture
from tests.fund_service.small_fund import APPLICANTS, id_of, partnership_of

OFFICE, CITY = "Secretariat 1", "Officer of Turin"
TURIN = APPLICANTS[0]
PASSWORD = "eleven quiet harbours"


def opened(api: Api, **more: object) -> str:
    """Return the id of an account that the secretariat opened."""
    subject = str(uuid4())
    api.post(OFFICE, "/accounts", {"subject": subject, "label": f"Coach {subject[:8]}", "unit": "Team", **more})
    return subject


def officers(member: str) -> str:
    """Return where officers of a member of Turin's partnership are invited."""
    return f"/partnerships/{partnership_of(TURIN)}/members/{id_of(member)}/officers"


def test_the_holder_of_an_account_gets_a_login_by_link_and_code(api: Api) -> None:
    subject, holder = opened(api), Browser(api)
    made = signed_in(api, OFFICE).post("/invitations", {"subject": subject})
    assert made.status_code == 201, made.text
    given = made.json()
    for _ in range(12):
        seen = holder.get(f"/invitations/{given['token']}")
        assert (seen.status_code, seen.json()["holds"]) == (200, True)
    choice = {"token": given["token"], "login": f"coach-{subject[:8]}", "password": PASSWORD}
    wrong = holder.post("/invitations/accept", {**choice, "code": "0"})
    assert (wrong.status_code, wrong.json()["type"]) == (401, "/problems/sign-in-failed")
    weak = holder.post("/invitations/accept", {**choice, "code": given["code"], "password": "password1234"})
    assert (weak.status_code, "password1234" in weak.text) == (422, False)
    answer = holder.post("/invitations/accept", {**choice, "code": given["code"]})
    assert (answer.status_code, answer.json()["subject"]) == (201, subject)
    assert holder.get("/me").json()["id"] == subject
    assert holder.get(f"/invitations/{given['token']}").json() == {"holds": False, "until": None}
    assert Browser(api).post("/session", {"login": choice["login"], "password": PASSWORD}).status_code == 201


def test_the_coordinator_lets_in_a_colleague_and_the_partner_abroad(api: Api) -> None:
    city = signed_in(api, CITY)
    for member, role in ((TURIN.city, Role.APPLICANT), (TURIN.partner, Role.PARTNER)):
        made = city.post(officers(member), {"label": f"Officer 2 of {member}"})
        assert made.status_code == 201, made.text
        subject = made.headers["Location"].rpartition("/")[2]
        account = api.parts.fund.look(ACCOUNT, UUID(subject))
        assert account is not None
        assert (account.organisation_id, set(account.roles)) == (id_of(member), {role})
        assert city.post("/invitations", {"subject": subject}).status_code == 201


def test_nobody_else_lets_officers_in(api: Api) -> None:
    for who, member in (("Officer of Nagoya", TURIN.partner), ("Officer of Dublin", TURIN.partner), (OFFICE, "Turin")):
        assert api.post(who, officers(member), {"label": "Somebody"}).status_code in (403, 404), who
    assert api.post(CITY, officers("Dublin"), {"label": "Somebody"}).status_code == 409


@pytest.mark.parametrize("who", ["Officer of Dublin", "Officer of Nagoya", "Evaluator 1", "Approver 1"])
def test_who_did_not_open_an_account_lets_nobody_in(api: Api, who: str) -> None:
    answer = api.post(who, "/invitations", {"subject": opened(api)})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-permitted")
    assert api.post(OFFICE, "/invitations", {"subject": str(uuid4())}).status_code == 404
    assert api.post(None, "/invitations", {"subject": str(uuid4())}).status_code == 401


def test_whom_two_officers_trust_one_of_them_does_not_let_in(api: Api) -> None:
    subject = opened(api)
    api.post(OFFICE, f"/accounts/{subject}/roles", {"role": "auditor"})
    assert api.post(OFFICE, "/invitations", {"subject": subject}).status_code == 201
    assert api.post("Secretariat 2", f"/accounts/{subject}/roles/auditor/confirmation").status_code == 200
    assert api.post(OFFICE, "/invitations", {"subject": subject}).status_code == 403


def test_the_machine_itself_lets_anybody_in(api: Api, fund: Run) -> None:  # noqa: F811
    place = api.parts.settings.data
    said = fund("invite", "Approver 1", "--json", "--data", place)
    assert said.code == 0, said.err
    made = json.loads(said.out)
    choice = {"code": made["code"], "login": "approver-1", "password": PASSWORD}
    answer = Browser(api).post("/invitations/accept", {"token": made["token"], **choice})
    assert (answer.status_code, answer.json()["subject"]) == (201, str(id_of("Approver 1")))
    shown = fund("invite", "Approver 1", "--data", place)
    assert "Link: /invitations/" in shown.out
    assert "They are shown this once" in shown.out
    assert fund("invite", "Nobody Known", "--data", place).code == 5
