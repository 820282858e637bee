"""What was heard about a deed that somebody asks for on a page, and what a form of its own shows then."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from domain.errors import FundError, NotFound
from fund_service.api.asking import Asking
from fund_service.foreseeing import Foreseen
from fund_service.web.typed import in_euros
from fund_service.web.wishes import Wish

NOT_YET: Final = "What this is about is not there yet, or you may not see it. Look how far the matter is."
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def in_words(error: FundError) -> FundError | str:
    """Return what a page tells of an error: of something that is not there, no id that nobody on a page has typed."""
    return NOT_YET if isinstance(error, NotFound) and _ID.search(error.detail) else error


class Heard(NamedTuple):
    """What was heard about a wish: what would follow, or why it is refused."""

    foreseen: Foreseen | None = None
    error: FundError | None = None

    @property
    def mistakes(self) -> dict[str, str]:
        """What is wrong, by the name of its box."""
        return {in_euros(one.field.replace(" / ", ".")): one.detail for one in getattr(self.error, "mistakes", ())}


class Form(NamedTuple):
    """The form of one deed that has one of its own: its template, and what that shows.

    `foretells`: what follows is told at once where nothing is left to say.
    """

    template: str
    shown: Callable[[Asking, Wish, Heard], Mapping[str, Any]]
    foretells: bool = False
