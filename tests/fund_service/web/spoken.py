"""What code and domain tell people in English, as a page may show it: texts, and sentences with parts in braces.

It is read from the code itself, so that a test can ask whether all of it has a translation.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from importlib import import_module
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any, Final, get_args, get_origin
from uuid import uuid4

from domain import errors
from domain.call.rules import Calendar
from domain.catalogue import AGGREGATES, EVENTS
from domain.messages import Event
from domain.people import Role
from domain.rulebook import RULES
from fund_service.api.deeds import DEEDS
from fund_service.api.describing import told_by
from fund_service.api.problems import KINDS
from fund_service.editions.loader import edition, shipped_editions
from fund_service.permissions.deeds import PERMISSIONS
from fund_service.web.boxes import Box, Typed
from fund_service.web.deed_forms import FORMS
from fund_service.web.screens.partnership import FIELDS
from fund_service.web.typed import plain
from fund_service.web.wishes import Wish
from projections.telling import Whom

WHOLE: Final = (
    "domain/audit/decisions.py",
    "domain/audit/exceptions.py",
    "domain/audit/orders.py",
    "domain/audit/people.py",
    "domain/audit/times.py",
    "domain/audit/treatment.py",
    "domain/evaluation/proposing.py",
    "domain/pilot_action/self_check.py",
    "fund_service/api/resources/forms.py",
    "fund_service/api/undoing.py",
    "fund_service/audit/receipts.py",
    "fund_service/audit/totals.py",
    "fund_service/audit/explaining/outcome.py",
    "fund_service/audit/explaining/ranking.py",
    "fund_service/audit/explaining/refusals.py",
    "fund_service/audit/explaining/sums.py",
    "fund_service/audit/explaining/supposing.py",
    "fund_service/auth/refusals.py",
    "fund_service/documents/filled.py",
    "fund_service/editions/clocks.py",
    "fund_service/editions/fitting.py",
    "fund_service/editions/loader.py",
    "fund_service/plain_words.py",
    "fund_service/rehearsal/script.py",
    "fund_service/rehearsal/sequel.py",
    "fund_service/rehearsal/sequel_script.py",
    "fund_service/rehearsal/visiting.py",
    "fund_service/web/boxes.py",
    "fund_service/web/choices.py",
    "fund_service/web/countries.py",
    "fund_service/web/deed_page.py",
    "fund_service/web/heard.py",
    "fund_service/web/judged.py",
    "fund_service/web/places.py",
    "fund_service/web/scored.py",
    "fund_service/web/screens/call_editor.py",
    "fund_service/web/screens/call.py",
    "fund_service/web/subjects.py",
    "fund_service/web/wishes.py",
    "projections/applicant_home.py",
    "projections/applicant_steps.py",
    "projections/call_ranking.py",
    "projections/coach_worklist.py",
    "projections/desk_deeds.py",
    "projections/evaluator_worklist.py",
    "projections/lists.py",
    "projections/messages.py",
    "projections/next_deeds.py",
    "projections/timeline.py",
)
"""Modules whose texts are all told to people, but docstrings."""
STATES: Final = ("projections/fund_dashboard.py", "projections/lists.py", "fund_service/permissions/redaction.py")
COMPOSED: Final = (
    "Rank {rank} of {passed} above the thresholds, and the money suffices.",
    (
        "Rank {rank} of {passed} above the thresholds, and the money that is left suffices for a part: "
        "{given} of the {asked} that were asked for. It needs the applicant's agreement."
    ),
    "Above the thresholds, but the money ended above this rank: reserve place {reserve} of {reserve_places}.",
    "Above the thresholds, but the money ended above this rank and the reserve places are taken.",
    "Total {points} is below the threshold of {threshold}.",
    "{criterion}: mean {points} is below the threshold of {threshold}.",
    "{criterion}: consensus {points} is below the threshold of {threshold}.",
    "Awards so far in the geography",
    "Lot",
    "is missing; {cure}",
    "is not known here; {cure}",
    "is {found}; {cure}",
)
"""What `domain.call.ranking` and `plain_words` put together from pieces, which are no sentences."""
REFUSING: Final = ("domain", "fund_service/application.py", "fund_service/demonstration.py", "fund_service/listing.py")
REFUSING_TOO: Final = ("fund_service/attachments", "fund_service/auth", "fund_service/permissions", "fund_service/web")
API: Final = tuple(f"fund_service/api/{name}.py" for name in ("arriving", "bearing", "context", "limits", "mistakes"))
"""What a page may show of their refusals."""
ROOT: Final = Path(str(find_spec("domain").origin)).parents[1]  # type: ignore[union-attr]
_WORDY: Final = re.compile(r"[^\W\d_]{2}")
_KEY: Final = re.compile(
    r"[a-z0-9_./:=%-]*|\S*\{\S*|[A-Z]\w+/\w+|[A-Za-z][a-z]+[A-Z]\w+|.*\.docx|[A-Z]\d\d|.*://.*|/.*"
    r"|_\w+|tag:.*|[\^\\(\[].*|.*(?:%[A-Za-z]|\(\?).*",
    re.DOTALL,
)
"""A text for the machine: a name, a key, an address, an expression."""
_CODE: Final = re.compile(r"[A-Z]{2,4}|\d{3} .*")
"""What is the same in every language, such as a strand, or the place of a sentence in a source."""


def spoken() -> list[str]:
    """Return all of it, each once."""
    parts = (
        _of_rules,
        _of_deeds,
        _of_events,
        _of_permissions,
        _of_names,
        _of_editions,
        _of_modules,
        _states,
        _refusals,
    )
    found = (_spaced(one.strip()) for part in parts for one in part())
    return sorted({one for one in found if _WORDY.search(_PART.sub("", one)) and not _CODE.fullmatch(one)})


_PART: Final = re.compile(r"\{\w+\}")


def _spaced(text: str) -> str:
    """Return a value of an enumeration as pages write it."""
    return text.replace("_", " ") if re.fullmatch(r"[a-z_]+", text) else text


def _of_rules() -> Iterator[str]:
    for rule in RULES:
        yield rule.sentence
        yield from (rule.source,) if rule.source == "our default" else ()  # others are places in documents


def _of_deeds() -> Iterator[str]:
    for deed in DEEDS:
        wish = Wish(deed, {}, ())
        yield wish.title
        if deed.command in FORMS:
            continue
        yield told_by(deed.command.__doc__)[1]
        named = {name: uuid4() for name in re.findall(r"\{(\w+)\}", deed.path)}
        yield from _of_boxes(Typed((), {}, {}).boxes(Wish(deed, named, ()).fields))


def _of_boxes(boxes: Iterable[Box]) -> Iterator[str]:
    for box in boxes:
        yield from (re.sub(": [0-9]+$", "", box.label), box.help, *(word for _, word in box.choices))
        yield from _of_boxes(box.inside)


def _of_events() -> Iterator[str]:
    for event in EVENTS.values():
        yield event.SAYS
        yield event.TOPIC.replace(".", " ").replace("-", " ")
        yield from _of_values(event)


def _of_values(event: type[Event]) -> Iterator[str]:
    """Yield the words of enumerations that an event's sentence may hold."""
    for about in event.model_fields.values():
        for kind in _kinds(about.annotation):
            if _is_enum(kind):
                yield from (str(one.value) for one in kind)


def _kinds(annotation: Any) -> Iterator[Any]:
    yield plain(annotation)
    for inside in get_args(annotation):
        if get_origin(annotation) is not None:
            yield from _kinds(inside)


def _of_permissions() -> Iterator[str]:
    yield from (permission.says for permission in PERMISSIONS.values())
    yield from (whom.value for whom in Whom)
    for aggregate in AGGREGATES:
        kinds = vars(import_module(type(aggregate.initial).__module__)).values()
        yield from (str(one.value) for kind in kinds if _is_enum(kind) for one in kind)
    yield from (role.value for role in Role)


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _of_names() -> Iterator[str]:
    yield from (*COMPOSED, "and")
    yield from (name.replace("_", " ") for name, _ in Calendar.model_fields.items())
    yield from (name.replace("_", " ") for name in FIELDS)
    yield from (kind.title for kind in KINDS.values())


def _of_editions() -> Iterator[str]:
    """Yield what the editions say that come with the fund; what others say is shown as it stands."""
    for name in shipped_editions():
        rules = edition(name)
        yield from (rules.title, rules.summary, rules.deadline_wording, *rules.notes)
        yield from (one.name for one in (*rules.lines, *rules.criteria))
        for kind in rules.resource_kinds:
            yield from (kind.name, kind.unit)
        yield from (one.text for one in rules.declarations)
        for section in rules.form:
            yield from (section.id, section.title)  # a sentence of the timeline names a section by its id
            for question in section.questions:
                yield from (question.label, question.help)


def _of_modules() -> Iterator[str]:
    for name in WHOLE:
        tree = ast.parse((ROOT / name).read_text())
        yield from (one for node in _texts(tree) for one in _sentences(node) if not _KEY.fullmatch(one))


def _states() -> Iterator[str]:
    """Yield where a thing stands, in one word: what is returned, or kept as its stage."""
    for name in STATES:
        for node in ast.walk(ast.parse((ROOT / name).read_text())):
            told = isinstance(node, ast.Return) or (isinstance(node, ast.keyword) and node.arg in ("stage", "over"))
            if told and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                yield node.value.value


def _texts(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield the texts of a tree, but docstrings and those inside others."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if _is_text(node):
            yield node  # type: ignore[misc]
        else:
            yield from _texts(node)


def _is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add) and (_is_text(node.left) or _is_text(node.right))
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _refusals() -> Iterator[str]:
    """Yield the sentences with which something is refused: arguments of errors, and of the rules' `require`."""
    kinds = {name for name, kind in vars(errors).items() if isinstance(kind, type)} | {one.__name__ for one in KINDS}
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _called(node.func) in {*kinds, "require", "append"}:
                for text in (inner for argument in node.args for inner in (argument, *_branches(argument))):
                    if _is_text(text):
                        yield from (one for one in _sentences(text) if not _KEY.fullmatch(one))


def _branches(node: ast.expr) -> tuple[ast.expr, ...]:
    return (node.body, node.orelse) if isinstance(node, ast.IfExp) else ()


def _modules() -> Iterator[Path]:
    for name in (*REFUSING, *REFUSING_TOO, *API):
        place = ROOT / name
        yield from sorted(place.rglob("*.py")) if place.is_dir() else (place,)


def _called(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _sentences(node: ast.expr) -> list[str]:
    """Return what a text can be: a part of it that is one of two texts makes it two."""
    names: list[str] = []
    return ["".join(pieces) for pieces in product(*_pieces(node, names))]


def _pieces(node: ast.expr, names: list[str]) -> Iterator[list[str]]:
    match node:
        case ast.Constant(value=str(text)):
            yield [text]
        case ast.JoinedStr(values=values):
            for value in values:
                yield from _pieces(value, names)
        case ast.BinOp(left=left, right=right):
            yield from _pieces(left, names)
            yield from _pieces(right, names)
        case ast.FormattedValue(value=ast.IfExp() as chosen) | (ast.IfExp() as chosen):
            if all(_is_text(branch) for branch in _branches(chosen)):
                yield [
                    one
                    for branch in _branches(chosen)
                    for one in ("".join(p) for p in product(*_pieces(branch, names)))
                ]
            else:
                yield [_field(chosen, names)]
        case ast.FormattedValue(value=value):
            yield [_field(value, names)]
        case _:
            yield [_field(node, names)]


def _field(value: ast.expr, names: list[str]) -> str:
    """Return a part by its name in the code; another of the same name gets a number."""
    match value:
        case ast.Call(func=ast.Attribute(attr="join"), args=[part, *_]) | ast.Subscript(value=part):
            name = _name(part)
        case ast.Call(func=function):
            name = _called(function)
        case _:
            name = _name(value)
    name = name.strip("_") or "part"
    source = f"{name}={ast.dump(value)}"
    alike = [one for one in names if one.partition("=")[0] == name]
    if source not in names:
        names.append(source)
    number = alike.index(source) if source in alike else len(alike)
    return f"{{{name}{number + 1 if number else ''}}}"


def _name(node: ast.expr) -> str:
    return getattr(node, "attr", getattr(node, "id", "part"))
