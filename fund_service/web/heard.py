"""What was heard about a deed that somebody asks for on a page, and what a form of its own shows then."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from domain.errors import FundError
from fund_service.api.reading import Asking
from fund_service.foreseeing import Foreseen
from fund_service.web.wishes import Wish


class Heard(NamedTuple):
    """What was heard about a wish: what would follow, or why it is refused."""

    foreseen: Foreseen | None = None
    error: FundError | None = None

    @property
    def mistakes(self) -> dict[str, str]:
        """What is wrong, by the name of its box."""
        return {one.field.replace(" / ", "."): one.detail for one in getattr(self.error, "mistakes", ())}


class Form(NamedTuple):
    """The form of one deed that has one of its own: its template, and what that shows."""

    template: str
    shown: Callable[[Asking, Wish, Heard], Mapping[str, Any]]
