"""Invitations: they work once, with their code, within a week; opening the link consumes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select

from domain.errors import Malformed, WrongStage
from fund_service.auth.directory import INVITATIONS, prepared
from fund_service.auth.invitations import LIFETIME, TRIES, Invited
from fund_service.auth.local_accounts import Accepting, LocalAccounts
from fund_service.auth.refusals import SignInFailed
from fund_service.auth.sessions import How, Sessions
from fund_service.keys import KeyVault
from fund_service.store import Store

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
TICK = timedelta(microseconds=1)
GOOD, OTHER = "eleven quiet harbours", "twelve loud mountains"


@pytest.fixture
def directory(store: Store) -> Engine:
    """Return the directory of an empty fund, on either store."""
    return prepared(store.engine("directory"))


@pytest.fixture
def local(directory: Engine, store: Store) -> LocalAccounts:
    """Return the local accounts of an empty fund."""
    return LocalAccounts(directory, Sessions(directory), KeyVault(store.engine("keys")))


def taken_up(made: Invited, login: str = "ona", password: str = GOOD, code: str | None = None) -> Accepting:
    """Return what somebody gives who takes up an invitation."""
    return Accepting(made.token, code if code is not None else made.code, login, password)


def test_who_has_link_and_code_chooses_a_login_once(local: LocalAccounts) -> None:
    subject = uuid4()
    made = local.invite(subject, NOW)
    session, _ = local.accept(taken_up(made), NOW)
    assert session.subject == subject
    assert local.sign_in("ona", GOOD, NOW)[0].subject == subject
    with pytest.raises(SignInFailed):
        local.accept(taken_up(made, "jonas"), NOW)
    with pytest.raises(WrongStage):
        local.invite(subject, NOW)


def test_looking_at_an_invitation_consumes_nothing_and_it_ends_after_a_week(local: LocalAccounts) -> None:
    made = local.invite(uuid4(), NOW)
    for _ in range(2 * TRIES):
        assert local.invitations.holds_until(made.token, NOW + LIFETIME - TICK) == NOW + LIFETIME
    assert local.invitations.holds_until(made.token, NOW + LIFETIME) is None
    assert local.invitations.holds_until("another", NOW) is None
    with pytest.raises(SignInFailed):
        local.accept(taken_up(made), NOW + LIFETIME)
    local.accept(taken_up(made), NOW + LIFETIME - TICK)


def test_with_five_wrong_codes_an_invitation_is_void(local: LocalAccounts) -> None:
    first, second = local.invite(uuid4(), NOW), local.invite(uuid4(), NOW)
    for made, tries in ((first, TRIES - 1), (second, TRIES)):
        for _ in range(tries):
            with pytest.raises(SignInFailed):
                local.accept(taken_up(made, code="x"), NOW)
    assert local.accept(taken_up(first), NOW)
    with pytest.raises(SignInFailed):
        local.accept(taken_up(second), NOW)


def test_a_code_is_typed_with_or_without_spaces(local: LocalAccounts) -> None:
    made = local.invite(uuid4(), NOW)
    assert local.accept(taken_up(made, code=f" {made.code.replace(' ', '-')} "), NOW)


def test_a_login_that_is_refused_may_be_chosen_anew(local: LocalAccounts) -> None:
    local.accept(taken_up(local.invite(uuid4(), NOW)), NOW)
    made = local.invite(uuid4(), NOW)
    for number in range(2 * TRIES):
        with pytest.raises(Malformed):
            local.accept(taken_up(made, *(("ona", GOOD) if number % 2 else ("jonas", "password1234"))), NOW)
    assert local.accept(taken_up(made, "jonas"), NOW)


def test_one_invitation_that_is_taken_up_ends_the_others_of_the_account(local: LocalAccounts) -> None:
    subject = uuid4()
    first, second = local.invite(subject, NOW), local.invite(subject, NOW)
    local.accept(taken_up(second), NOW)
    with pytest.raises(SignInFailed):
        local.accept(taken_up(first, "jonas"), NOW)


def test_of_several_who_take_it_up_at_once_one_does(local: LocalAccounts) -> None:
    made = local.invite(uuid4(), NOW)

    def take(number: int) -> bool:
        try:
            local.accept(taken_up(made, f"ona{number}"), NOW)
        except SignInFailed:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(take, range(4))) == 1


def test_what_the_machine_itself_gives_renews_a_login_and_ends_every_session(local: LocalAccounts) -> None:
    subject = uuid4()
    _, before = local.accept(taken_up(local.invite(subject, NOW)), NOW)
    made = local.invitations.make(subject, NOW, renews=True)
    session, after = local.accept(taken_up(made, "ona.k", OTHER), NOW)
    assert session.how is How.PASSWORD
    sessions = Sessions(local._directory)
    assert (sessions.find(before, NOW), sessions.find(after, NOW)) == (None, session)
    with pytest.raises(SignInFailed):
        local.sign_in("ona", GOOD, NOW)
    assert local.sign_in("ona.k", OTHER, NOW)


def test_link_and_code_are_kept_as_digests_alone(local: LocalAccounts, directory: Engine) -> None:
    made = local.invite(uuid4(), NOW)
    with directory.connect() as connection:
        (row,) = connection.execute(select(INVITATIONS)).all()
    assert made.token not in str(row)
    assert made.code.replace(" ", "") not in str(row)
