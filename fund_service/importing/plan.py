"""What an import asks of the fund, row by row: built and tried as a whole before the first request is made."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from pydantic import ValidationError

from domain.errors import FundError, Malformed, NotPermitted
from domain.messages import Command
from fund_service.application import Fund
from fund_service.plain_words import in_plain_words

SHOWN: Final = 20
"""So many bad rows are named at once."""


class Step(NamedTuple):
    """What a row, or rows that belong together, ask of the fund; `says` completes “would be …”."""

    line: int
    says: str
    commands: tuple[Command, ...]


class Plan(NamedTuple):
    """What an import would do; what is there already is left as it is."""

    steps: tuple[Step, ...]
    unchanged: int


class Asker(NamedTuple):
    """Who imports, at which time of the fund."""

    by: UUID
    at: datetime


@dataclass
class Mistakes:
    """What is wrong in a file, by line; all of it is told at once."""

    path: Path
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, what: str, column: str = "") -> None:
        """Note what is wrong in a line, and in which column."""
        self.found.append((line, f"{self.path}, line {line}{f', column {column}' if column else ''}: {what}"))

    def command(self, kind: type[Command], asker: Asker, line: int, values: Mapping[str, Any]) -> Command | None:
        """Return the command with these JSON values; note what is wrong with them otherwise."""
        stamp = {"by": str(asker.by), "at": asker.at.isoformat(), "key": str(uuid4())}
        try:
            return kind.model_validate_json(json.dumps({**values, **stamp}), strict=True)
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                self.add(line, f"{in_plain_words(error, kind)}.", str(error["loc"][0]))
        return None

    def end(self) -> None:
        """Raise Malformed when anything is wrong."""
        told = [what for _, what in sorted(self.found)]
        if len(told) > SHOWN:
            told[SHOWN:] = [f"… and {len(told) - SHOWN} more."]
        if told:
            raise Malformed("\n".join(told), "\nNothing was imported.")


def try_out(plan: Plan, fund: Fund, path: Path) -> None:
    """Try every step in a world in which those before it are done. Raises Malformed with every row that is refused,
    NotPermitted when the asker may not.
    """
    mistakes, world = Mistakes(path), fund.world()
    for step in plan.steps:
        try:
            for command in step.commands:
                fund.preview(command, world)
        except NotPermitted:
            raise
        except FundError as refused:
            mistakes.add(step.line, str(refused))
    mistakes.end()


def carry_out(plan: Plan, fund: Fund) -> None:
    """Ask the fund for every step, in order. Interrupted, the same import goes on where it was."""
    for step in plan.steps:
        for command in step.commands:
            fund.handle(command)
