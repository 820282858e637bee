"""The calibration example of an edition: an invented application with the scores of an invented panel.

It is a file beside the editions, and part of no call: nothing of it is ever recorded.
"""

from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import Field
from ruamel.yaml import YAML

from domain.values import Value

_FOLDER: Final = "calibration"
_Words = Annotated[str, Field(min_length=1, max_length=2000)]


class Answered(Value):
    """A question of the form with what the example answers."""

    label: _Words
    text: _Words


class ExampleSection(Value):
    """A section of the example."""

    title: _Words
    answers: tuple[Answered, ...]


class PanelScore(Value):
    """What one of the panel gave for a criterion, and why."""

    points: int = Field(ge=0, le=5)
    why: _Words


class Example(Value):
    """An invented application, by criterion what three invented evaluators gave, and what can be learnt from it."""

    edition: str
    title: _Words
    partnership: _Words
    sections: tuple[ExampleSection, ...]
    panel: dict[str, tuple[PanelScore, PanelScore, PanelScore]]
    notes: dict[str, _Words] = {}


@cache
def calibration_example(edition: str) -> Example | None:
    """Return the example of an edition; None where it has none."""
    found = files(__package__) / _FOLDER
    names = {entry.name for entry in found.iterdir()}
    if f"{edition}.yaml" not in names:
        return None
    text = (found / f"{edition}.yaml").read_text(encoding="utf-8")
    return Example.model_validate(YAML(typ="safe", pure=True).load(text))
