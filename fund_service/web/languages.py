"""The languages of the pages, and in which of them somebody reads: as they chose, else as their browser asks."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from fastapi import Request, Response


class Language(NamedTuple):
    """A language: its code, as in `lang` and in the folder of its words, and what it is called in itself."""

    code: str
    name: str


ENGLISH: Final = Language("en", "English")
SPANISH: Final = Language("es", "Español")
LANGUAGES: Final = (ENGLISH, SPANISH)
COOKIE: Final = "__Host-fund-language"
"""What somebody chose. It names a language and nobody."""
_YEAR: Final = 365 * 24 * 3600


def known(code: str | None) -> Language | None:
    """Return the language of a code, or None; `es-419` and `es` are one."""
    return next((one for one in LANGUAGES if code and one.code == code.partition("-")[0].strip().lower()), None)


def language_of(request: Request) -> Language:
    """Return in which language somebody reads."""
    if chosen := known(request.cookies.get(COOKIE)):
        return chosen
    wanted = sorted(_wanted(request.headers.get("Accept-Language", "")), key=lambda one: -one[0])
    return next((found for weight, code in wanted if weight > 0 and (found := known(code))), ENGLISH)


def _wanted(header: str) -> Iterator[tuple[float, str]]:
    """Yield each language that a browser asks for, with its weight (RFC 9110, 12.5.4)."""
    for part in header.split(","):
        code, _, weight = part.partition(";")
        try:
            yield (float(weight.strip().removeprefix("q=")) if weight else 1.0), code
        except ValueError:
            continue


def keep(answer: Response, language: Language) -> None:
    """Have the browser keep the language that somebody chose."""
    answer.set_cookie(COOKIE, language.code, max_age=_YEAR, path="/", secure=True, httponly=True, samesite="lax")
