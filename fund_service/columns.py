"""What the cells of a list hold, by its columns: a workbook, Parquet and DuckDB need to know, JSON and CSV do not."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple, get_args, get_origin

from pydantic import AwareDatetime

from domain.values import Value
from fund_service.listing import field_names


class Holds(StrEnum):
    """What stands in the cells of a column."""

    TEXT = "text"
    NUMBER = "whole number"
    CENTS = "integer euro cents"
    INSTANT = "instant in UTC"
    YES_NO = "yes or no"
    SEVERAL = "list or fields, as JSON"


class Column(NamedTuple):
    """One column of a list: its name, and what its cells hold; any of them can be empty."""

    name: str
    holds: Holds


_BY_TYPE: Final[dict[Any, Holds]] = {
    bool: Holds.YES_NO,
    int: Holds.NUMBER,
    datetime: Holds.INSTANT,
    AwareDatetime: Holds.INSTANT,
}


def columns_of(kind: type[Value]) -> list[Column]:
    """Return the columns of rows of this kind, the id first."""
    return [column_of(name, kind.model_fields[name].annotation) for name in field_names(kind)]


def column_of(name: str, annotation: Any) -> Column:
    """Return the column of this name whose values are so annotated."""
    kinds = [kind for kind in _parts(annotation) if kind is not type(None)]
    holds = _BY_TYPE.get(kinds[0], Holds.TEXT) if len(kinds) == 1 else Holds.TEXT
    if any(_composed(kind) for kind in kinds):
        return Column(name, Holds.SEVERAL)
    is_sum = holds is Holds.NUMBER and (name == "cents" or name.endswith("_cents"))
    return Column(name, Holds.CENTS if is_sum else holds)


def _parts(annotation: Any) -> list[Any]:
    """Return the plain types that a value may have: those of a union, each without what is said beside it."""
    if hasattr(annotation, "__metadata__"):
        return _parts(annotation.__origin__)
    if get_origin(annotation) in (tuple, list, dict) or not get_args(annotation):
        return [annotation]
    return [one for part in get_args(annotation) for one in _parts(part)]


def _composed(kind: Any) -> bool:
    plain = get_origin(kind) or kind
    return isinstance(plain, type) and issubclass(plain, tuple | list | dict | Value)
