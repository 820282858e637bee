"""The boxes of a form, made from the fields of a command: what each is called, what it takes, what stands in it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, Final, Literal, NamedTuple, get_args, get_origin

from annotated_types import MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain.files import GivenFile
from domain.rulebook.ours.attaching import FILE_BYTES
from fund_service.attachments.kinds import TAKEN
from fund_service.web.typed import Pairs, in_euros, plain

Choices = Mapping[str, Sequence[tuple[str, str]]]
"""By the name of a field: the values that can be chosen, each with its words."""

_LONG: Final = 200
"""A text that may be longer gets several lines."""
_USUAL: Final = {"offers": 3}
"""Of some rows there are usually so many: so many stand in the form from the beginning."""
_NAMES: Final[Mapping[str, str]] = {
    "label": "What the account is called",
    "generated": "Its places are invented",
    "unit": "Unit",
    "unit_euros": "Unit value in euro",
    "usual_unit_euros": "Usual unit, in euro",
    "cap_euros": "Cap, in euro",
    "envelope_euros": "Envelope, in euro",
    "smallest_useful_euros": "The smallest part that is still useful, in euro",
    "member_ids": "Members",
    "old_ids": "Partnerships to merge",
    "other_ids": "The others",
    "see": "Number of the answer that says it",
    "departures": "Departures from the rank",
    "offers": "Offer",
    "choice_reason": "Why this offer",
    "evidence": "What proves it",
    "ends": "The partnership ends with it",
    "euros": "Value, all tax that is not recovered included",
    "minutes": "Length in minutes",
    "original": "The sum in another currency",
    "amount": "Sum in the smallest unit of the currency",
    "units_per_euro": "Units for one euro",
    "rate_on": "Day of the rate",
    "replaces": "Number of the order that it replaces",
    "subject": "Deputy",
    "first_day": "First day, in Brussels",
    "last_day": "Last day, in Brussels, included",
    "period_from": "From",
    "period_to": "Until",
    "ask_another": "Not me: somebody else must be asked",
    "upheld": "The evaluator has a conflict of interest and leaves",
}
_HELP: Final[Mapping[str, str]] = {
    "label": "Such as “Officer of Turin”. No name of a person: it stays for ever.",
    "file": f"One of {TAKEN}, at most {FILE_BYTES // 1_000_000} MB.",
    "reference": "What it is, and where it stands: “Letter of the mayor of 4 May, scanned as 2026-117”.",
    "choice_reason": "Needed where another offer is lower.",
    "evidence": "Which document says so, and where it stands.",
    "euros": "In euros, such as 1250.00",
    "question": "Do not name anybody: the question is published with its answer.",
    "currency": "Three letters, such as SEK",
    "visits_sought": "A visit to a partner is part of the plan.",
    "hours": "At most 24",
    "minutes": "Such as 90",
}


class Box(NamedTuple):
    """One box of a form. `kind` is how it looks: line, text, number, sum, day, tick, choice, ticks, file or group."""

    name: str
    label: str
    kind: str
    required: bool
    help: str = ""
    value: str = ""
    values: tuple[str, ...] = ()
    choices: Sequence[tuple[str, str]] = ()
    longest: int | None = None
    wrong: str = ""
    inside: tuple["Box", ...] = ()


class Typed:
    """What stands in the boxes, and what is wrong there."""

    def __init__(self, pairs: Pairs, mistakes: Mapping[str, str], choices: Choices) -> None:
        """Fill boxes with these values; `mistakes` says by name what is wrong."""
        self.pairs = pairs
        self.mistakes = mistakes
        self.choices = choices

    def values(self, name: str) -> tuple[str, ...]:
        """Return what stands in the boxes of a name."""
        return tuple(value for found, value in self.pairs if found == name)

    def boxes(self, fields: Mapping[str, FieldInfo], way: str = "") -> tuple[Box, ...]:
        """Return a box for each field."""
        return tuple(box for name, about in fields.items() for box in self._boxes(way, name, about))

    def _boxes(self, way: str, name: str, about: FieldInfo) -> tuple[Box, ...]:
        kind = plain(about.annotation)
        if get_origin(kind) is tuple and _is_model(rows := plain(get_args(kind)[0])):
            return self._rows(way, name, rows)
        if _is_model(kind) and kind is not GivenFile:
            inside = self.boxes(kind.model_fields, f"{way}{name}.")
            inside = inside if about.is_required() else _optional(inside)
            return (Box(f"{way}{name}", label_of(name), "group", about.is_required(), inside=inside),)
        return (self._box(way, name, about, kind),)

    def _rows(self, way: str, name: str, rows: type[BaseModel]) -> tuple[Box, ...]:
        """Return a group for each row in which something stands, closed up as a form is read, and an empty one, or as
        many as usual.
        """
        begin = f"{way}{name}."
        inside = list(self._inside(begin))
        filled = {at for at, _, text in inside if text.strip()}
        places = {at: number for number, at in enumerate(sorted(filled, key=lambda at: (len(at), at)))}
        pairs = [(f"{begin}{places[at]}.{rest}", text) for at, rest, text in inside if at in places]
        closed_up = Typed(pairs, self.mistakes, self.choices)
        made = [
            (f"{begin}{number}", closed_up.boxes(rows.model_fields, f"{begin}{number}."))
            for number in range(max(len(places) + 1, _USUAL.get(name, 1)))
        ]
        return tuple(
            Box(at, f"{label_of(name)}: {number}", "group", False, inside=_optional(boxes))
            for number, (at, boxes) in enumerate(made, 1)
        )

    def _inside(self, begin: str) -> Iterator[tuple[str, str, str]]:
        """Yield what stands in rows: the place of the row, the name of the box in it, and the text."""
        for name, text in self.pairs:
            if name.startswith(begin):
                at, _, rest = name.removeprefix(begin).partition(".")
                yield at, rest, text

    def _box(self, way: str, name: str, about: FieldInfo, kind: Any) -> Box:
        longest = next((one.max_length for one in about.metadata if isinstance(one, MaxLen)), None)
        choices = self.choices.get(name) or _choices(kind)
        looks = _looks(name, kind, longest, choices)
        name = in_euros(name) if looks == "sum" else name
        called = f"{way}{name}"
        values = self.values(called)
        looks = "given" if name == "digest" and values else looks
        return Box(
            name=called,
            label=label_of(name),
            kind=looks,
            required=about.is_required() and looks != "tick",
            help=_HELP.get(name, ""),
            value=values[-1] if values else "",
            values=values,
            choices=choices,
            longest=longest,
            wrong=self.mistakes.get(called, ""),
        )


def _optional(boxes: tuple[Box, ...]) -> tuple[Box, ...]:
    return tuple(box._replace(required=False) for box in boxes)


def _looks(name: str, kind: Any, longest: int | None, choices: Sequence[Any]) -> str:
    if get_origin(kind) is tuple:
        return "ticks" if choices else "text"
    if choices:
        return "choice"
    if kind is bool:
        return "tick"
    if kind is int:
        return "sum" if name.endswith("cents") else "number"
    if kind is date:
        return "day"
    if kind is GivenFile:
        return "file"
    return "text" if kind is str and longest is not None and longest > _LONG else "line"


def _choices(kind: Any) -> Sequence[tuple[str, str]]:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [(str(one.value), _words(str(one.value))) for one in kind]
    if get_origin(kind) is Literal:
        return [(str(one), str(one)) for one in get_args(kind)]
    return ()


def label_of(name: str) -> str:
    """Return what the box of a field is called."""
    return _NAMES.get(name) or _words(name.removesuffix("_id").removesuffix("_ids"))


def _words(name: str) -> str:
    spoken = name.replace("_", " ").replace("-", " ")
    return spoken[:1].upper() + spoken[1:]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
