"""How often somebody may try: by name, by address, and what is said of it."""

import logging

import pytest

from fund_service.auth.refusals import SignInFailed, TooMany
from fund_service.auth.throttle import FOR_ONE_NAME, FROM_ONE_ADDRESS, Throttle


def digest(*parts: str) -> str:
    """Return what stands for the parts."""
    return f"{hash(parts):064x}"


def fails(throttle: Throttle, who: str, address: str) -> None:
    """Try in vain."""
    with pytest.raises(SignInFailed), throttle.attempt(who, address):
        raise SignInFailed("No.")


def test_after_so_many_attempts_for_a_name_one_waits_wherever_one_is() -> None:
    throttle = Throttle(digest)
    for number in range(FOR_ONE_NAME.amount):
        fails(throttle, "ona", f"192.0.2.{number}")
    with pytest.raises(TooMany) as refused, throttle.attempt("ona", "198.51.100.1"):
        pytest.fail("one attempt too many")
    assert 0 < refused.value.seconds <= FOR_ONE_NAME.get_expiry()
    with throttle.attempt("jonas", "192.0.2.1"):
        pass


def test_an_attempt_that_succeeds_clears_those_before() -> None:
    throttle = Throttle(digest)
    for _ in range(3):
        for _ in range(FOR_ONE_NAME.amount - 1):
            fails(throttle, "ona", "192.0.2.1")
        with throttle.attempt("ona", "192.0.2.1"):
            pass


@pytest.mark.parametrize(("first", "second"), [("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::ff"), ("x", "x")])
def test_after_so_many_attempts_from_an_address_one_waits_for_whatever_name(first: str, second: str) -> None:
    throttle = Throttle(digest)
    for number in range(FROM_ONE_ADDRESS.amount):
        fails(throttle, f"somebody {number}", first)
    with pytest.raises(TooMany), throttle.attempt("ona", second):
        pytest.fail("one attempt too many")
    with throttle.attempt("ona", "2001:db8:0:1::1"):
        pass


def test_the_log_names_neither_name_nor_address(caplog: pytest.LogCaptureFixture) -> None:
    throttle = Throttle(digest)
    with caplog.at_level(logging.WARNING):
        for _ in range(FOR_ONE_NAME.amount):
            fails(throttle, "ona@vilnius.lt", "192.0.2.77")
        with pytest.raises(TooMany), throttle.attempt("ona@vilnius.lt", "192.0.2.77"):
            pass
    assert len(caplog.messages) == FOR_ONE_NAME.amount + 1
    assert "ona" not in caplog.text
    assert "192.0.2" not in caplog.text
