"""Over HTTP: who follows an officer that left, and what is refused to a shared mailbox (D31, D32)."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.fund_service.api.conftest import Api
from tests.fund_service.cli.conftest import Run, fund  # noqa: F401 - a fixture
from tests.fund_service.small_fund import APPLICANTS, id_of, partnership_of

FIRST, SECOND = "Secretariat 1", "Secretariat 2"
TURIN = APPLICANTS[0]
LEFT, FOLLOWS, MAILBOX = "Officer of Nagoya", "New officer of Nagoya", "Mailbox of Nagoya"
WHO = id_of(FOLLOWS)
PROOF = {"reference": "Letter of the mayor, scanned as 2026-117"}


def opened(api: Api, label: str) -> None:
    """Open an account for Nagoya."""
    account = {"subject": str(id_of(label)), "label": label, "unit": "Nagoya", "organisation_id": str(id_of("Nagoya"))}
    assert api.post(FIRST, "/accounts", account).status_code == 201


def done(api: Api, who: str, path: str, body: Mapping[str, Any] | None = None) -> str:
    """Ask for something that is carried out, and return the position at which it can be seen."""
    answer = api.post(who, path, body)
    assert answer.status_code == 200, answer.text
    return str(answer.headers["Fund-Position"])


def waits_for(api: Api, who: str, position: str) -> set[str]:
    """Return the requests about who follows that wait for somebody."""
    rows = api.get(who, "/me/next", Fund_Position=position).json()
    return {row["path"].rpartition("/")[2] for row in rows if row["rule"] == "D31"}


def told(api: Api, who: str, position: str) -> list[str]:
    """Return what somebody was told of it, the newest first."""
    rows = api.get(who, "/messages", Fund_Position=position).json()
    words = ("two officers", "second one decides", "was revoked", "was granted", "not find the proof")
    return [row["sentence"] for row in rows if any(word in row["sentence"] for word in words)]


def test_who_follows_asks_two_officers_decide_and_all_are_told(api: Api) -> None:
    opened(api, FOLLOWS)
    place = f"/accounts/{WHO}/authority"
    assert api.post(LEFT, place, PROOF).status_code == 403
    position = done(api, FOLLOWS, place, PROOF)
    assert api.get(FOLLOWS, "/me").json()["claim"]["reference"] == PROOF["reference"]
    assert api.get(FIRST, f"/accounts/{WHO}").json()["claim"]["departed"] == str(id_of(LEFT))
    assert api.get(LEFT, f"/accounts/{WHO}").status_code == 404
    assert "in place of an officer who has left" in told(api, LEFT, position)[0]
    assert [waits_for(api, who, position) for who in (FIRST, SECOND)] == [{"acceptance"}] * 2
    position = done(api, FIRST, f"{place}/acceptance")
    assert [waits_for(api, who, position) for who in (FIRST, SECOND)] == [set(), {"confirmation"}]
    alone = api.post(FIRST, f"{place}/confirmation")
    assert (alone.status_code, alone.json()["rule"]["id"]) == (409, "D18")
    assert api.post(FOLLOWS, f"{place}/confirmation").status_code == 403
    position = done(api, SECOND, f"{place}/confirmation")
    assert waits_for(api, SECOND, position) == set()
    assert "A new officer acts" in " ".join(told(api, FOLLOWS, position))
    assert "was revoked" in " ".join(told(api, LEFT, position))
    membership = f"/partnerships/{partnership_of(TURIN)}/members/{id_of('Nagoya')}/confirmation"
    assert api.post(LEFT, membership).status_code in (403, 404)
    assert api.post(FOLLOWS, membership).status_code != 403


def test_nobody_is_passed_over(api: Api) -> None:
    label = "Another officer of Turin"
    account = {"subject": str(id_of(label)), "label": label, "unit": "Turin", "organisation_id": str(id_of("Turin"))}
    assert api.post(FIRST, "/accounts", account).status_code == 201
    colleague = {"label": "Colleague in Turin"}
    invited = f"/partnerships/{partnership_of(TURIN)}/members/{id_of('Turin')}/officers"
    assert api.post("Officer of Turin", invited, colleague).status_code == 201
    answer = api.post(label, f"/accounts/{id_of(label)}/authority", PROOF)
    assert (answer.status_code, answer.json()["rule"]["id"]) == (409, "D31")
    assert "Colleague in Turin and Officer of Turin still act" in answer.json()["detail"]


@pytest.fixture
def mailbox(api: Api) -> str:
    """Return the token of an account that became a shared mailbox."""
    label = f"{MAILBOX} {len(api._tokens)}"
    opened(api, label)
    assert api.get(label, "/me").status_code == 200
    done(api, FIRST, f"/accounts/{id_of(label)}/shared-mailbox")
    return label


def test_a_shared_mailbox_is_refused_in_a_sentence_whatever_it_asks(api: Api, mailbox: str) -> None:
    for answer in (api.get(mailbox, "/me"), api.post(mailbox, f"/accounts/{id_of(mailbox)}/authority", PROOF)):
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-permitted")
        assert "shared mailbox" in answer.json()["detail"]


def test_the_machine_itself_lets_nobody_in_as_a_shared_mailbox(api: Api, mailbox: str, fund: Run) -> None:  # noqa: F811
    place = ("--data", api.parts.settings.data)
    for line in (("invite", mailbox), ("token", "create", "--for", mailbox)):
        said = fund(*line, *place)
        assert (said.code, "shared mailbox" in said.err) == (4, True), said.err


def test_a_shared_mailbox_is_granted_no_role_and_invited_by_nobody(api: Api, mailbox: str) -> None:
    role = api.post(FIRST, f"/accounts/{id_of(mailbox)}/roles", {"role": "partner"})
    assert (role.status_code, role.json()["rule"]["id"]) == (409, "D32")
    assert api.post(FIRST, "/invitations", {"subject": str(id_of(mailbox))}).status_code == 403
    assert api.get(FIRST, f"/accounts/{id_of(mailbox)}").json()["shared_mailbox"] is True
