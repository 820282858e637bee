"""From an edition file to the rules of a call. What is wrong in the file is said with its line, in plain English."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from domain.call.rules import CallRules
from domain.errors import Malformed, NotFound
from fund_service.plain_words import in_plain_words
from fund_service.text_file import text_of

SHOWN: Final = 10
"""So many mistakes are shown at once; more would not be read."""

_TAG: Final = "tag:yaml.org,2002:"


def shipped_editions() -> Mapping[str, Path]:
    """Return the edition files that come with the service, by name."""
    found = (Path(str(entry)) for entry in files(__package__).iterdir() if entry.name.endswith(".yaml"))
    return {path.stem: path for path in sorted(found)}


def edition(name: str) -> CallRules:
    """Return the rules of a shipped edition, such as "iurc-2026". Raises NotFound."""
    shipped = shipped_editions()
    if name not in shipped:
        raise NotFound(f"There is no edition “{name}”.", f"Choose one of: {', '.join(shipped)}.")
    return load_edition(shipped[name])


def load_edition(path: Path) -> CallRules:
    """Read an edition file. Raises Malformed: for each mistake one line with file, line, field and cure."""
    return read_edition(text_of(path), str(path))


def read_edition(text: str, called: str) -> CallRules:
    """Read the text of an edition. Raises Malformed: for each mistake one line with what it is called, line, field and
    cure.
    """
    root = _Document(text, called).read()
    try:
        return CallRules.model_validate_json(json.dumps(root.value), strict=True)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
        mistakes = sorted(_mistake(root, error) for error in errors if not _only_follows(error))
    told = [f"{called}, line {line}: {what}." for line, what in mistakes[:SHOWN]]
    if len(mistakes) > SHOWN:
        told.append(f"… and {len(mistakes) - SHOWN} more.")
    raise Malformed("\n".join(told))


@dataclass
class _Place:
    """A value of the file with the line on which it begins, so that a mistake can be found again."""

    value: Any
    line: int
    below: dict[str | int, "_Place"] = field(default_factory=dict)


class _Document:
    """An edition file as YAML without what an edition does not need: tags and aliases. A timestamp stays text, since
    YAML readers lose its offset.
    """

    def __init__(self, text: str, called: str) -> None:
        self.text = text
        self.called = called
        self.yaml = YAML(typ="safe", pure=True)

    def read(self) -> _Place:
        """Return the file's content as a tree of places."""
        try:
            node = self.yaml.compose(self.text)
        except (YAMLError, RecursionError) as unreadable:
            raise self._not_yaml(unreadable) from unreadable
        if not isinstance(node, MappingNode):
            raise Malformed(
                f"{self.called} is not an edition: it must be a list of fields such as “edition: iurc-2026”."
            )
        return self._place(node, line=1)

    def _not_yaml(self, unreadable: YAMLError | RecursionError) -> Malformed:
        mark = unreadable.problem_mark or unreadable.context_mark if isinstance(unreadable, MarkedYAMLError) else None
        what = unreadable.problem if isinstance(unreadable, MarkedYAMLError) else None
        where = f"{self.called}, line {mark.line + 1}" if mark else self.called
        return Malformed(
            f"{where}: this is not YAML ({what or 'a character or a nesting that YAML does not allow'}).",
            "Check the indentation, the brackets and the quotation marks there and just above.",
        )

    def _place(self, node: Node, line: int) -> _Place:
        if node.anchor:
            raise self._wrong(node, "an edition has no anchors and aliases; write the value out")
        if isinstance(node, MappingNode) and node.tag == f"{_TAG}map":
            fields: dict[str | int, _Place] = {}
            for key, value in node.value:
                if not isinstance(key, ScalarNode) or key.tag == f"{_TAG}merge":
                    raise self._wrong(key, "this is not the name of a field; write a word and a colon")
                if key.value in fields:
                    first = fields[key.value].line
                    raise self._wrong(key, f"{key.value} stands here a second time (first in line {first}); remove one")
                fields[key.value] = self._place(value, key.start_mark.line + 1)
            return _Place({name: place.value for name, place in fields.items()}, line, fields)
        if isinstance(node, SequenceNode) and node.tag == f"{_TAG}seq":
            entries = [self._place(entry, entry.start_mark.line + 1) for entry in node.value]
            return _Place([entry.value for entry in entries], line, dict(enumerate(entries)))
        return _Place(self._scalar(node), line)

    def _scalar(self, node: Node) -> Any:
        if node.tag in {f"{_TAG}str", f"{_TAG}timestamp"}:
            if re.search("[\ud800-\udfff]", node.value):
                raise self._wrong(node, "this text holds half a character; write the whole one")
            return node.value
        if node.tag not in {f"{_TAG}{kind}" for kind in ("int", "float", "bool", "null")}:
            raise self._wrong(node, f"the tag {str(node.tag).removeprefix(_TAG)} is not used in editions; remove it")
        try:
            return self.yaml.constructor.construct_object(node)
        except (ValueError, YAMLError) as unreadable:
            raise self._wrong(node, "this number cannot be read; write it in digits") from unreadable

    def _wrong(self, node: Node, what: str) -> Malformed:
        return Malformed(f"{self.called}, line {node.start_mark.line + 1}: {what}.")


def _mistake(root: _Place, error: ErrorDetails) -> tuple[int, str]:
    """Return the line of a mistake, and the field's path with what is wrong and the cure."""
    what = in_plain_words(error, CallRules)
    place, path = root, []
    steps = list(error["loc"])
    while steps and steps[0] in place.below:
        place = place.below[steps[0]]
        path.append(_called(steps.pop(0), place))
    if error["type"] == "value_error" and (named := _first_named(what, place)):
        place = place.below[named]
        path.append(named)
    path.extend(str(step) for step in steps)
    return place.line, f"{' / '.join(path)}: {what}" if path else what


def _only_follows(error: ErrorDetails) -> bool:
    """Say whether a list is called too short only because of a mistake in one of its entries."""
    return error["type"] == "too_short" and bool(error["input"])


def _called(step: str | int, place: _Place) -> str:
    """Return what people call a step of a path: the field's name, or an entry's id, or its number from 1."""
    if isinstance(step, str):
        return step
    named = place.below.get("id")
    return str(named.value) if named else f"entry {step + 1}"


def _first_named(sentence: str, place: _Place) -> str | None:
    """Return the field that a sentence of ours about the whole names first: it is the wrong one."""
    words = re.sub(r"[ -]", "_", sentence)
    found = ((words.find(name), name) for name in place.below if isinstance(name, str))
    return min(((at, name) for at, name in found if at >= 0), default=(0, None))[1]
