"""Second factors: confirmed by a code, needed at every sign-in, each code accepted once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pyotp
import pytest
from sqlalchemy import Engine, select

from domain.errors import WrongStage
from fund_service.auth.directory import RECOVERY_CODES, SECOND_FACTORS, prepared
from fund_service.auth.second_factors import RECOVERY, SecondFactors
from fund_service.keys import KeyVault
from fund_service.store import Store

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
STEP = timedelta(seconds=30)


@pytest.fixture
def directory(store: Store) -> Engine:
    """Return the directory of an empty fund, on either store."""
    return prepared(store.engine("directory"))


@pytest.fixture
def factors(directory: Engine, store: Store) -> SecondFactors:
    """Return the second factors of an empty fund."""
    return SecondFactors(directory, KeyVault(store.engine("keys")))


def set_up(factors: SecondFactors, subject: UUID) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """Return the authenticator of somebody, set up a minute ago, and the recovery codes."""
    totp = pyotp.TOTP(factors.offer(subject, "Ona").secret)
    before = NOW - 2 * STEP
    recovery = factors.confirm(subject, totp.at(before), before)
    assert recovery is not None
    return totp, recovery.codes


def test_a_secret_counts_once_a_code_of_it_was_shown(factors: SecondFactors) -> None:
    subject = uuid4()
    offered = factors.offer(subject, "Ona")
    assert offered.uri.startswith("otpauth://totp/IURC%20fund:Ona?secret=")
    totp = pyotp.parse_uri(offered.uri)
    assert isinstance(totp, pyotp.TOTP)
    assert not factors.accepts(subject, totp.at(NOW), NOW)
    assert factors.confirm(subject, "000000" if totp.at(NOW) != "000000" else "111111", NOW) is None
    assert not factors.counts(subject)
    recovery = factors.confirm(subject, totp.at(NOW), NOW)
    assert recovery is not None
    assert len(set(recovery.codes)) == RECOVERY
    assert factors.counts(subject)
    with pytest.raises(WrongStage):
        factors.offer(subject, "Ona")
    assert factors.confirm(subject, totp.at(NOW + STEP), NOW + STEP) is None


def test_who_asks_again_before_confirming_gets_another_secret(factors: SecondFactors) -> None:
    subject = uuid4()
    first, second = factors.offer(subject, "Ona"), factors.offer(subject, "Ona")
    assert factors.confirm(subject, pyotp.TOTP(first.secret).at(NOW), NOW) is None
    assert factors.confirm(subject, pyotp.TOTP(second.secret).at(NOW), NOW) is not None


def test_a_code_is_accepted_once_and_none_before_it(factors: SecondFactors) -> None:
    subject = uuid4()
    totp, _ = set_up(factors, subject)
    assert factors.accepts(subject, f" {totp.at(NOW)[:3]} {totp.at(NOW)[3:]}", NOW)
    assert not factors.accepts(subject, totp.at(NOW), NOW)
    assert not factors.accepts(subject, totp.at(NOW - STEP), NOW)
    assert factors.accepts(subject, totp.at(NOW + STEP), NOW + STEP)


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_slow_or_fast(factors: SecondFactors, steps: int, accepted: bool) -> None:
    subject = uuid4()
    totp, _ = set_up(factors, subject)
    later = NOW + 9 * STEP
    assert factors.accepts(subject, totp.at(later + steps * STEP), later) is accepted


def test_a_recovery_code_is_accepted_once_however_it_is_typed(factors: SecondFactors) -> None:
    subject = uuid4()
    _, (first, second, *_) = set_up(factors, subject)
    assert not factors.accepts(uuid4(), first, NOW)
    assert factors.accepts(subject, first.lower().replace("-", " "), NOW)
    assert not factors.accepts(subject, first, NOW)
    assert factors.accepts(subject, second, NOW)


@pytest.mark.parametrize("code", ["", "\ud800", "\uff11\uff12\uff13\uff14\uff15\uff16", "123456789012345678901234"])
def test_what_is_no_code_is_not_accepted(factors: SecondFactors, code: str) -> None:
    subject = uuid4()
    set_up(factors, subject)
    assert not factors.accepts(subject, code, NOW)


def test_what_is_taken_away_is_gone(factors: SecondFactors) -> None:
    subject = uuid4()
    totp, codes = set_up(factors, subject)
    factors.take_away(subject)
    assert not factors.counts(subject)
    assert not factors.accepts(subject, totp.at(NOW), NOW)
    assert not factors.accepts(subject, codes[0], NOW)
    factors.offer(subject, "Ona")


def test_secret_and_codes_are_not_kept_as_they_are(factors: SecondFactors, directory: Engine) -> None:
    totp, codes = set_up(factors, uuid4())
    with directory.connect() as connection:
        kept = str([*connection.execute(select(SECOND_FACTORS)), *connection.execute(select(RECOVERY_CODES))])
    assert totp.secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
