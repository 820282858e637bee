"""Passwords: which are good enough, and how they are kept (argon2id).

After NIST SP 800-63B and OWASP ASVS 5.0: length counts, any characters do, none must be there; what is common, a
pattern, or made of the login name is refused.
"""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Final

from domain.errors import Malformed
from fund_service.auth.refusals import TooMany

if TYPE_CHECKING:
    from pwdlib import PasswordHash

SHORTEST: Final = 12
LONGEST: Final = 128
GOOD_ENOUGH: Final = 3
"""On the scale of zxcvbn from 0 to 4: more than 10⁸ guesses, by whoever knows the commonest passwords and patterns."""

_MEASURED: Final = 72
"""So many characters are measured at most: a longer one is good enough by them."""
_AT_ONCE: Final = BoundedSemaphore(4)
"""One computation takes 64 MiB; so many go on at once."""
_PATIENCE_SECONDS: Final = 2.0


def check_password(password: str, login: str) -> None:
    """Raise Malformed, with the cure, when a password is not good enough for this login name."""
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # it has no types

    text = normal(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise Malformed(
            f"The password has {len(text)} characters.", f"Use {SHORTEST} to {LONGEST}; a short sentence is good."
        )
    if login and login.casefold() in text.casefold():
        raise Malformed("The password holds the login name.", "Use words that have nothing to do with it.")
    if zxcvbn(text[:_MEASURED], user_inputs=["iurc", "fund", *login.split("@")])["score"] < GOOD_ENOUGH:
        raise Malformed(
            "The password is too easy to guess.", "Use several words that do not belong together; no row of keys."
        )


def hashed(password: str) -> str:
    """Return the hash of a password. Raises TooMany while too many are computed."""
    with _turn():
        return _hasher().hash(normal(password))


def matches(password: str, hash: str | None) -> tuple[bool, str | None]:
    """Tell whether a password is that of a hash, and give a better hash where today's would be one.

    Without a hash, as for a name that nobody has, the same work is done. Raises TooMany while too many are computed.
    """
    with _turn():
        fits, better = _hasher().verify_and_update(normal(password), hash if hash is not None else _nobodys())
    return fits and hash is not None, better if hash is not None else None


def normal(password: str) -> str:
    """Return the password in the form in which any keyboard gives the same characters."""
    return unicodedata.normalize("NFC", password)


@contextmanager
def _turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_PATIENCE_SECONDS):
        raise TooMany("Many people sign in at this moment.", "Try again in a second.", 1)
    try:
        yield
    finally:
        _AT_ONCE.release()


@cache
def _hasher() -> "PasswordHash":
    from pwdlib import PasswordHash

    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    return _hasher().hash("the password of nobody")
