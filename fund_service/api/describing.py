"""How a route is described to FastAPI: the names in its path, its parameters, and what its docstring says."""

import re
from inspect import Parameter, cleandoc
from typing import Any, Final

PREFIX: Final = "/api/v1"
"""Where the API stands; deeds and questions name what comes after it."""

_NAMED: Final = re.compile(r"\{(\w+)\}")


def names_in(path: str) -> list[str]:
    """Return the names that a path holds in braces, in their order."""
    return _NAMED.findall(path)


def operation_name(asked: type[Any]) -> str:
    """Return the name of the operation that asks for a command: it stays as long as the command does."""
    return asked.__name__[0].lower() + asked.__name__[1:]


def tag_of(path: str) -> str:
    """Return the kind of thing that a path is about: its first part."""
    return path.split("/")[1]


def told_by(docstring: str | None) -> tuple[str, str]:
    """Return a docstring's first line, and what follows it."""
    summary, _, rest = cleandoc(str(docstring)).partition("\n")
    return summary, rest.strip()


def parameter(name: str, annotation: Any, default: Any = Parameter.empty) -> Parameter:
    """Return a parameter of an endpoint that is made from a table."""
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
