"""Logins: one name in one form for one subject, found by name and password together."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select

from domain.errors import Malformed, NotFound
from fund_service.auth.directory import LOGINS, prepared
from fund_service.auth.logins import Logins, login_name
from fund_service.store import Store

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
GOOD, OTHER = "eleven quiet harbours", "twelve loud mountains"


@pytest.fixture
def directory(store: Store) -> Engine:
    """Return the directory of an empty fund, on either store."""
    return prepared(store.engine("directory"))


def make(directory: Engine, subject: UUID, name: str, password: str = GOOD) -> None:
    """Give a subject a login."""
    with directory.begin() as connection:
        logins = Logins(directory)
        logins.give(connection, subject, logins.checked(name, password), NOW)


@pytest.mark.parametrize("text", ["Ona@vilnius.lt", " ONA@VILNIUS.LT ", "\uff2fna@vilnius.lt"])
def test_a_name_has_one_form(text: str) -> None:
    assert login_name(text) == "ona@vilnius.lt"


@pytest.mark.parametrize("text", ["", "ab", "a b c", "a" * 101, "ona\u202e@x", "'; drop"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        login_name(text)


def test_somebody_is_found_by_name_and_password_together(directory: Engine) -> None:
    logins, subject = Logins(directory), uuid4()
    make(directory, subject, "Ona")
    assert logins.has(subject)
    assert logins.subject_of("ONA", GOOD) == subject
    assert [logins.subject_of(*asked) for asked in (("ona", OTHER), ("jonas", GOOD), ("?", GOOD))] == [None] * 3
    assert (logins.fits(subject, GOOD), logins.fits(subject, OTHER), logins.fits(uuid4(), GOOD)) == (True, False, False)


def test_two_have_not_the_same_name(directory: Engine) -> None:
    make(directory, uuid4(), "ona")
    subject = uuid4()
    with pytest.raises(Malformed, match="Somebody else"):
        make(directory, subject, "ONA")
    assert not Logins(directory).has(subject)


def test_a_subject_that_gets_a_login_again_has_that_one_alone(directory: Engine) -> None:
    subject = uuid4()
    make(directory, subject, "ona")
    make(directory, subject, "ona.k", OTHER)
    logins = Logins(directory)
    assert logins.subject_of("ona", GOOD) is None
    assert logins.subject_of("ona.k", OTHER) == subject


def test_a_password_is_changed_to_a_good_one_alone(directory: Engine) -> None:
    logins, subject = Logins(directory), uuid4()
    make(directory, subject, "ona")
    with pytest.raises(Malformed):
        logins.change(subject, "password1234", NOW)
    with pytest.raises(NotFound):
        logins.change(uuid4(), OTHER, NOW)
    logins.change(subject, OTHER, NOW)
    assert (logins.subject_of("ona", GOOD), logins.subject_of("ona", OTHER)) == (None, subject)


def test_a_weaker_hash_is_replaced_when_its_owner_signs_in(directory: Engine) -> None:
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    subject = uuid4()
    make(directory, subject, "ona")
    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),)).hash(GOOD)
    with directory.begin() as connection:
        connection.execute(LOGINS.update().values(hash=weak))
    assert Logins(directory).subject_of("ona", GOOD) == subject
    with directory.connect() as connection:
        assert connection.execute(select(LOGINS.c.hash)).scalar_one() != weak
    assert Logins(directory).subject_of("ona", GOOD) == subject
