"""Builds every screen anew from the log and compares it with what had grown."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import Engine, select

from domain.values import Value
from fund_service.cli.opening import follow, opened
from fund_service.cli.output import as_data, print_json, table
from fund_service.cli.output import console as people
from fund_service.cli.wording import plural
from projections.read_model import ReadModel
from projections.screens import SCREENS

FAULT = 1
Contents = Mapping[str, Mapping[tuple[Any, ...], Any]]


class Rebuilt(Value):
    """One screen after its rebuilding. `same` is None when events were recorded meanwhile: then nothing is compared."""

    id: str
    events: int
    rows: int
    same: bool | None
    differences: tuple[str, ...]


def rebuild_all(data: Path | None, store: str | None = None) -> list[Rebuilt]:
    """Rebuild every screen of a fund."""
    with opened(data, store) as parts:
        follow(parts)
        rebuilt = []
        for screen, follower in zip(SCREENS, parts.followers, strict=True):
            position, grown = follower.position(), _contents(parts.views, screen)
            follower.rebuild()
            anew = _contents(parts.views, screen)
            differences = tuple(_differences(grown, anew))
            rebuilt.append(
                Rebuilt(
                    id=screen.name,
                    events=sum(header.id <= position for header in parts.log.headers()),
                    rows=sum(map(len, anew.values())),
                    same=None if follower.position() != position else not differences,
                    differences=differences if follower.position() == position else (),
                )
            )
        return rebuilt


def report(rebuilt: list[Rebuilt], as_json: bool) -> None:
    """Print what was rebuilt; end with 1 when a screen was not what the log says."""
    if as_json:
        print_json([as_data(one) for one in rebuilt])
    else:
        shown = table("Screen", "Events", "Rows", "Compared with what had grown", right=("Events", "Rows"))
        for one in rebuilt:
            shown.add_row(one.id.replace("_", " "), f"{one.events:,}", f"{one.rows:,}", _verdict(one))
        people().print(shown)
    if any(one.same is False for one in rebuilt):
        print("A screen was not what the log says; now it is. That is our fault: please report it.", file=sys.stderr)
        raise typer.Exit(FAULT)


def _verdict(one: Rebuilt) -> str:
    if one.same is None:
        return "not compared: events were recorded meanwhile"
    return "the same" if one.same else "; ".join(one.differences)


def _contents(views: Engine, screen: type[ReadModel]) -> Contents:
    with views.connect() as connection:
        return {
            one.name: {
                tuple(row._mapping[key] for key in one.primary_key): tuple(row)
                for row in connection.execute(select(one))
            }
            for one in screen.metadata.sorted_tables
        }


def _differences(grown: Contents, anew: Contents) -> Iterator[str]:
    for name, rows in anew.items():
        before = grown[name]
        changed = sum(before[key] != row for key, row in rows.items() if key in before)
        told = {"changed": changed, "missing": len(rows.keys() - before), "too many": len(before.keys() - rows)}
        if any(told.values()):
            yield f"{name}: " + ", ".join(f"{plural(count, 'row')} {what}" for what, count in told.items() if count)
