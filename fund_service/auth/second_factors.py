"""Second factors: codes of an authenticator (TOTP, RFC 6238), and recovery codes for when it is lost.

The secret is sealed with its subject's key, as texts of people are; a code is accepted once.
"""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import Engine, delete, insert, select, update

from domain.errors import WrongStage
from domain.values import Value
from fund_service.auth.directory import RECOVERY_CODES, SECOND_FACTORS
from fund_service.keys import KeyVault

if TYPE_CHECKING:
    from pyotp import TOTP

ISSUER: Final = "IURC fund"
RECOVERY: Final = 10
"""So many recovery codes are given."""
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""None that looks like another: 32, so that 24 of them are 120 bits."""
_DRIFT: Final = (0, -1, 1)
"""A clock may be one step of 30 seconds slow or fast."""


class Offered(Value):
    """What an authenticator needs, shown once: the secret, and the same as the address that a picture holds."""

    secret: str
    uri: str


class Recovery(Value):
    """Recovery codes, shown once; each is accepted once in place of a code."""

    codes: tuple[str, ...]


class SecondFactors:
    """The second factors of a fund. Thread-safe."""

    def __init__(self, directory: Engine, vault: KeyVault) -> None:
        """Keep them in this directory, sealed by these keys."""
        self._directory = directory
        self._vault = vault

    def offer(self, subject: UUID, label: str) -> Offered:
        """Return a new secret, which counts once a code confirms it. Raises WrongStage where one counts already."""
        from pyotp import TOTP, random_base32

        if self.counts(subject):
            raise WrongStage("You have a second factor already.", "Take it away first.")
        secret = random_base32()
        row = {**self._vault.seal(subject, secret), "confirmed_at": None, "last_step": 0}
        with self._directory.begin() as connection:
            connection.execute(delete(SECOND_FACTORS).where(SECOND_FACTORS.c.subject == subject))
            connection.execute(insert(SECOND_FACTORS).values(subject=subject, **row))
        return Offered(secret=secret, uri=TOTP(secret).provisioning_uri(name=label, issuer_name=ISSUER))

    def confirm(self, subject: UUID, code: str, now: datetime) -> Recovery | None:
        """Let an offered secret count by a code of it, and return recovery codes; None when the code is wrong."""
        if self.counts(subject) or not self._is_code(subject, code, now):
            return None
        codes = tuple(_recovery_code() for _ in range(RECOVERY))
        with self._directory.begin() as connection:
            connection.execute(
                update(SECOND_FACTORS).where(SECOND_FACTORS.c.subject == subject).values(confirmed_at=now)
            )
            connection.execute(delete(RECOVERY_CODES).where(RECOVERY_CODES.c.subject == subject))
            connection.execute(
                insert(RECOVERY_CODES), [{"subject": subject, "digest": self._digest(subject, one)} for one in codes]
            )
        return Recovery(codes=codes)

    def counts(self, subject: UUID) -> bool:
        """Tell whether a subject has a second factor."""
        found = select(SECOND_FACTORS.c.subject).where(
            SECOND_FACTORS.c.subject == subject, SECOND_FACTORS.c.confirmed_at.is_not(None)
        )
        with self._directory.connect() as connection:
            return connection.execute(found).first() is not None

    def accepts(self, subject: UUID, code: str, now: datetime) -> bool:
        """Tell whether a code of the authenticator, or a recovery code, is right; it is accepted no second time."""
        return self.counts(subject) and (self._is_code(subject, code, now) or self._is_recovery(subject, code))

    def take_away(self, subject: UUID) -> None:
        """Take a subject's second factor away, with its recovery codes."""
        with self._directory.begin() as connection:
            for table in (SECOND_FACTORS, RECOVERY_CODES):
                connection.execute(delete(table).where(table.c.subject == subject))

    def _is_code(self, subject: UUID, code: str, now: datetime) -> bool:
        totp = self._totp(subject)
        if totp is None:
            return False
        typed, step = "".join(code.split()), totp.timecode(now)
        for drift in _DRIFT:
            if secrets.compare_digest(totp.generate_otp(step + drift).encode(), typed.encode("utf-8", "replace")):
                return self._first_time(subject, step + drift)
        return False

    def _first_time(self, subject: UUID, step: int) -> bool:
        """Tell whether no code of this step, or a later one, was accepted before; from now on one was."""
        later = update(SECOND_FACTORS).where(SECOND_FACTORS.c.subject == subject, SECOND_FACTORS.c.last_step < step)
        with self._directory.begin() as connection:
            return bool(connection.execute(later.values(last_step=step)).rowcount)

    def _is_recovery(self, subject: UUID, code: str) -> bool:
        with self._directory.begin() as connection:
            used = delete(RECOVERY_CODES).where(RECOVERY_CODES.c.digest == self._digest(subject, code))
            return bool(connection.execute(used).rowcount)

    def _totp(self, subject: UUID) -> "TOTP | None":
        from pyotp import TOTP

        sought = select(SECOND_FACTORS.c.key_id, SECOND_FACTORS.c.ciphertext)
        with self._directory.connect() as connection:
            row = connection.execute(sought.where(SECOND_FACTORS.c.subject == subject)).first()
        secret = self._vault.unseal(subject, row._asdict()) if row is not None else None
        return TOTP(secret) if secret is not None else None

    def _digest(self, subject: UUID, code: str) -> str:
        typed = "".join(sign for sign in code.upper() if sign in _LETTERS)
        return self._vault.digest("recovery code", str(subject), typed)


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(6)) for _ in range(4))
