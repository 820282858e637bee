"""Builds every screen anew from the log beside the one that people read, and tells what differed."""

import sys
from bisect import bisect
from pathlib import Path

import typer
from sqlalchemy import func, select

from domain.values import Value
from fund_service.cli.bars import progress
from fund_service.cli.opening import opened
from fund_service.cli.output import console as people
from fund_service.cli.output import note, print_json, table
from fund_service.cli.wording import plural
from fund_service.composition import Parts
from fund_service.listing import as_data
from fund_service.rebuilding import rebuild
from projections.build import Difference
from projections.read_model import ReadModel
from projections.screens import SCREENS

FAULT = 1


class Rebuilt(Value):
    """One screen after its rebuilding. `same` is None when the old one was of another version: then nothing is
    compared.
    """

    id: str
    events: int
    rows: int
    same: bool | None
    differences: tuple[str, ...]


def rebuild_all(data: Path | None, store: str | None = None) -> list[Rebuilt]:
    """Rebuild every screen of a fund; whoever keeps its screens builds them."""
    with opened(data, store) as parts:
        projector = parts.projector
        comparable = [follower.is_current() for follower in projector.followers]
        with progress() as show:
            rebuild(parts, show, _say_who_builds)
        positions = [header.id for header in parts.log.headers()]
        found = [tuple(map(_in_words, build.differences())) for build in projector.builds]
        return [
            Rebuilt(
                id=screen.name,
                events=bisect(positions, follower.position()),
                rows=_rows(parts, screen),
                same=not differences if compared else None,
                differences=differences,
            )
            for screen, follower, compared, differences in zip(
                SCREENS, projector.followers, comparable, found, strict=True
            )
        ]


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


def _say_who_builds(holder: str) -> None:
    note(f"The screens are kept by {holder}, which builds them anew; Ctrl-C ends only the waiting.", to_people=False)


def _verdict(one: Rebuilt) -> str:
    if one.same is None:
        return "not compared: the old one was of another version"
    return "the same" if one.same else "; ".join(one.differences)


def _in_words(found: Difference) -> str:
    told = {"changed": found.changed, "missing": found.missing, "too many": found.extra}
    return f"{found.table}: " + ", ".join(f"{plural(count, 'row')} {what}" for what, count in told.items() if count)


def _rows(parts: Parts, screen: type[ReadModel]) -> int:
    with parts.views.connect() as connection:
        queries = [select(func.count()).select_from(one) for one in screen.metadata.sorted_tables]
        return sum(connection.execute(query).scalar_one() for query in queries)
