"""`fund token`: shown once, for somebody who has the role; in a rehearsed fund a guest is made."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.account.aggregate import ACCOUNT
from domain.people import Role
from fund_service.composition import open_parts
from fund_service.permissions.actors import Actor
from fund_service.settings import Settings
from tests.fund_service.cli.conftest import Run
from tests.fund_service.small_fund import id_of, record


@pytest.fixture
def place(recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small fund of the test's own, rehearsed."""
    own = tmp_path / "fund"
    shutil.copytree(recorded, own)
    monkeypatch.setenv("FUND_DATA", str(own))
    return own


def actor_of(place: Path, secret: str) -> Actor | None:
    """Return who shows a token."""
    with open_parts(Settings(data=place)) as parts:
        return parts.tokens.actor(secret, datetime.now(UTC))


def test_a_token_is_for_an_account_in_the_role_that_is_named(fund: Run, place: Path) -> None:
    said = fund("token", "create", "--for", "Secretariat 1", "--role", "secretariat", "--json", "--data", place)
    made = json.loads(said.out)
    assert actor_of(place, made["token"]) == Actor(id_of("Secretariat 1"), Role.SECRETARIAT)
    listed = json.loads(fund("token", "list", "--json", "--data", place).out)
    assert [row["id"] for row in listed] == [made["id"]]
    assert made["token"] not in str(listed)


def test_a_token_is_ended_by_the_first_characters_of_its_id(fund: Run, place: Path) -> None:
    made = json.loads(fund("token", "create", "--for", "Evaluator 1", "--json", "--data", place).out)
    assert fund("token", "end", made["id"][:8], "--data", place).code == 0
    assert actor_of(place, made["token"]) is None
    assert fund("token", "end", made["id"][:8], "--data", place).code == 5


@pytest.mark.parametrize("role", ["applicant", "partner", "auditor", "coach"])
def test_in_a_rehearsed_fund_an_unknown_name_becomes_a_guest(fund: Run, place: Path, role: str) -> None:
    made = json.loads(fund("token", "create", "--for", "Guest", "--role", role, "--json", "--data", place).out)
    with open_parts(Settings(data=place)) as parts:
        account = parts.fund.look(ACCOUNT, actor_of(place, made["token"]).subject)  # type: ignore[union-attr]
    assert account is not None
    assert set(account.roles) == {Role(role)}
    assert (account.organisation_id is not None) is (role in ("applicant", "partner"))


@pytest.mark.parametrize(
    ("named", "code", "sentence"),
    [
        (("--for", "Secretariat 1", "--role", "auditor"), 4, "Secretariat 1 is no auditor; roles: secretariat."),
        (("--for", "Secretariat 1", "--role", "king"), 2, "There is no role “king”."),
        (("--for", "Secretariat 1", "--role", "engine"), 2, "There is no role “engine”."),
        (("--for", " ", "--role", "coach"), 2, "This is no name of anybody."),
        (("--for", "Nobody Known"), 5, "There is no account “Nobody Known”."),
        (("--for", "Secretariat 1", "--days", "0"), 2, "greater than or equal to 1"),
    ],
)
def test_a_token_that_cannot_be_made_is_refused(
    fund: Run, place: Path, named: tuple[str, ...], code: int, sentence: str
) -> None:
    said = fund("token", "create", *named, "--data", place)
    assert (said.code, said.out) == (code, "")
    assert sentence in said.err


def test_in_a_live_fund_nobody_is_made_up(fund: Run, tmp_path: Path) -> None:
    place = record(tmp_path / "live", rehearsed=False)
    said = fund("token", "create", "--for", "Guest", "--role", "auditor", "--data", place)
    assert (said.code, said.out) == (5, "")
