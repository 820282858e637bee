"""Passwords: length counts, any characters do; what is common, a pattern, or the name itself is refused."""

import pytest

from domain.errors import Malformed
from fund_service.auth import passwords
from fund_service.auth.passwords import LONGEST, SHORTEST, check_password, hashed, matches
from fund_service.auth.refusals import TooMany

GOOD = "eleven quiet harbours"


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "Δώδεκα ήσυχα λιμάνια",
        "七つの静かな港と十一の山の道",
        "🌊🏔🌲🌙⭐🔥🍃🌾🐝🦊🐢🦉",
        ("q8Zr!" * 26)[:LONGEST],
        "kvmzqwtyrlpx",
    ],
)
def test_any_characters_make_a_password(password: str) -> None:
    check_password(password, "vilnius")


@pytest.mark.parametrize(
    "password",
    ["password1234", "123456789012", "qwertyuiop12", "aaaaaaaaaaaa", "letmeinletmein", "iloveyou2026"],
)
def test_a_common_password_and_a_pattern_are_refused(password: str) -> None:
    with pytest.raises(Malformed, match="too easy"):
        check_password(password, "vilnius")


def test_a_password_has_twelve_to_a_hundred_and_twenty_eight_characters() -> None:
    strange = "kvmzqwtyrlpx" * 11
    check_password(strange[:SHORTEST], "")
    for length in (SHORTEST - 1, LONGEST + 1):
        with pytest.raises(Malformed, match=f"has {length} characters"):
            check_password(strange[:length], "")


def test_a_password_does_not_hold_the_login_name() -> None:
    with pytest.raises(Malformed, match="login name"):
        check_password("eleven VILNIUS harbours", "vilnius")


def test_a_letter_that_two_keyboards_write_in_two_ways_is_the_same_letter() -> None:
    kept = hashed("caf\u00e9 am stillen Hafen")
    assert kept.startswith("$argon2id$")
    assert matches("cafe\u0301 am stillen Hafen", kept) == (True, None)
    assert matches("cafe am stillen Hafen", kept) == (False, None)


def test_a_hash_that_is_weaker_than_todays_is_made_anew() -> None:
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),)).hash(GOOD)
    fits, better = matches(GOOD, weak)
    assert fits
    assert better is not None
    assert matches(GOOD, better) == (True, None)
    assert matches("another one", weak) == (False, None)


def test_without_a_hash_nothing_fits_and_the_same_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[str] = []
    hasher = passwords._hasher()
    verify = type(hasher).verify_and_update

    def noted(self: object, password: str, hash: str) -> tuple[bool, str | None]:
        worked.append(hash.rpartition("$")[0].rpartition("$")[0])
        return verify(hasher, password, hash)

    monkeypatch.setattr(type(hasher), "verify_and_update", noted)
    assert matches("the password of nobody", None) == (False, None)
    assert matches(GOOD, hashed(GOOD)) == (True, None)
    assert len(worked) == 2
    assert worked[0] == worked[1], "the same kind of hash, at the same cost"


def test_only_so_many_are_computed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_PATIENCE_SECONDS", 0.0)
    for _ in range(4):
        assert passwords._AT_ONCE.acquire(blocking=False)
    try:
        with pytest.raises(TooMany):
            hashed(GOOD)
    finally:
        passwords._AT_ONCE.release(4)
