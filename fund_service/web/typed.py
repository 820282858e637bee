"""What somebody typed into a form, as the fields of a command.

A name with dots leads into what is inside: `resources.0.kind` is the kind of the first resource. A row in which nothing
stands is none. An empty box says nothing, but of a text in a group of texts, which somebody may have emptied. For a
field `…cents` a box `…euros` takes a sum as people write it.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel

from domain.amounts import cents_from
from domain.errors import Malformed
from fund_service.api.problems import Mistake, Mistaken

Pairs = Sequence[tuple[str, str]]
"""The fields of a form in their order; boxes may have one name."""
OURS: Final = frozenset(
    {"csrf", "key", "seen", "next", "dry_run", "save", "forget", "open", "done", "login", "password", "code"}
)
"""What a form bears beside the fields of its command, none of which has such a name."""
_DEEPEST: Final = 4
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}")


def named(pairs: Pairs, model: type[BaseModel]) -> dict[str, Any]:
    """Return the fields of a command that a form names. Raises Malformed, and Mistaken for sums that are none."""
    grown: dict[str, Any] = {}
    for name, value in pairs:
        if name not in OURS:
            _grow(grown, name.split("."), value)
    reader = _Reader()
    found = reader.fields(grown, model, ())
    if reader.mistakes:
        raise Mistaken(reader.mistakes)
    return found


def _grow(tree: Any, steps: Sequence[str], value: str) -> None:
    """Set a value into a tree; of boxes with one name, all. Raises Malformed where a name leads through a value."""
    *way, last = steps
    for step in way[:_DEEPEST]:
        tree = tree.setdefault(step, {}) if isinstance(tree, dict) else None
    found = tree.setdefault(last, []) if isinstance(tree, dict) and len(way) <= _DEEPEST else None
    if not isinstance(found, list):
        raise Malformed("The form cannot be read.", "Go back to its page, and send it again.")
    found.append(value)


class _Reader:
    """Reads a tree of boxes (a list for those of one name, a dictionary for a group), and notes sums that are none."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def fields(self, tree: Mapping[str, Any], model: type[BaseModel], way: tuple[str, ...]) -> dict[str, Any]:
        """Return the fields of a model in which something stands."""
        kinds = {name: plain(about.annotation) for name, about in model.model_fields.items()}
        found = {}
        for name, boxes in tree.items():
            cents = re.sub("euros$", "cents", name)
            if cents != name and cents in kinds:
                found[cents] = self._sum(boxes, (*way, name))
            else:
                found[name] = self._read(boxes, kinds.get(name, str), (*way, name))
        return {name: value for name, value in found.items() if value is not None}

    def _read(self, boxes: Any, kind: Any, way: tuple[str, ...]) -> Any:
        """Return what stands in boxes; None where nothing does."""
        if get_origin(kind) is tuple:
            return self._rows(boxes, plain(get_args(kind)[0]), way)
        if get_origin(kind) is dict and isinstance(boxes, dict):
            return self._group(boxes, plain(get_args(kind)[1]), way)
        if isinstance(boxes, dict):
            return self.fields(boxes, kind if _is_model(kind) else BaseModel, way) or None
        return _value(boxes[-1], kind)

    def _rows(self, boxes: Any, kind: Any, way: tuple[str, ...]) -> list[Any]:
        """Return the rows in which something stands; a mistake names the place of its row among them."""
        found: list[Any] = []
        numbered = isinstance(boxes, dict)
        for row in [boxes[at] for at in sorted(boxes, key=lambda at: (len(at), at))] if numbered else boxes:
            read = _value(row, kind) if isinstance(row, str) else self._read(row, kind, (*way, str(len(found))))
            found += [read] if read is not None else []
        return found

    def _group(self, boxes: Mapping[str, Any], kind: Any, way: tuple[str, ...]) -> dict[str, Any]:
        if kind is str:
            return {name: _lines(one[-1]) for name, one in boxes.items() if isinstance(one, list)}
        read = {name: self._read(one, kind, (*way, name)) for name, one in boxes.items()}
        return {name: value for name, value in read.items() if value is not None}

    def _sum(self, boxes: Any, way: tuple[str, ...]) -> int | None:
        text = boxes[-1] if isinstance(boxes, list) else ""
        if not text.strip():
            return None
        try:
            return cents_from(text)
        except Malformed as unclear:
            self.mistakes.append(Mistake(field=" / ".join(way), detail=str(unclear).rstrip(".")))
            return None


def in_euros(name: str) -> str:
    """Return what the box of a sum is called: people write euros where a command's field has cents."""
    return re.sub("cents$", "euros", name)


def _value(text: str, kind: Any) -> Any:
    """Return what stands in one box: digits are a number where one is asked for, a tick is a yes."""
    stripped = text.strip()
    if not stripped:
        return None
    if kind is bool:
        return stripped == "yes"
    if kind is int and _NUMBER.fullmatch(stripped):
        return int(stripped)
    if kind is UUID:
        with suppress(ValueError):
            return UUID(stripped)
    return _lines(text) if kind is str else stripped


def _lines(text: str) -> str:
    """Return a text as it was typed: browsers send ends of lines in two characters."""
    return text.replace("\r\n", "\n")


def plain(kind: Any) -> Any:
    """Return what a field takes beside None."""
    if get_origin(kind) in (Union, UnionType):
        rest = [part for part in get_args(kind) if part is not NoneType]
        return plain(rest[0]) if len(rest) == 1 else kind
    return get_args(kind)[0] if hasattr(kind, "__metadata__") else kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
