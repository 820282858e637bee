"""What a validator found wrong with a request, field by field, without what was sent."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from fund_service.api.problems import Mistake, Mistaken
from fund_service.plain_words import cure_of

MOST = 20
"""So many mistakes are named at once."""


def mistaken(errors: Iterable[ErrorDetails | dict[str, Any]], model: type[BaseModel]) -> Mistaken:
    """Return the refusal of a request with these mistakes; `model` is what its body should be."""
    told = [Mistake(field=_place(error["loc"]), detail=_cure(error, model)) for error in errors]
    return Mistaken(told[:MOST])


def mistaken_command(invalid: ValidationError, model: type[BaseModel]) -> Mistaken:
    """Return the refusal of a command whose fields fit one by one, but not together."""
    return mistaken(invalid.errors(include_url=False), model)


def _cure(error: Any, model: type[BaseModel]) -> str:
    if error["type"] == "value_error" and "ctx" not in error:
        return "this cannot be right"
    return cure_of(error, model)


def _place(steps: Sequence[int | str]) -> str:
    """Return where a field stands, in names that we know; what a sender called it is not repeated unless it is one."""
    known = [str(step) for step in steps if isinstance(step, int) or re.fullmatch(r"[A-Za-z0-9_-]{1,40}", step)]
    return " / ".join(known[:8]) or "body"
