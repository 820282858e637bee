"""Bars that show how far long work is, at a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from fund_service.composition import Parts
from fund_service.rebuilding import Show, build_missing


def show_missing_built(parts: Parts) -> None:
    """Build the screens that are kept in another version, with a bar, unless another process keeps them."""
    with progress() as show:
        build_missing(parts, show)


@contextmanager
def progress(title: str = "Screens") -> Iterator[Show]:
    """Show a bar at a terminal, on standard error, for the time of the block."""
    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    columns = (TextColumn(title), BarColumn(bar_width=30), TaskProgressColumn(), TextColumn("{task.description}"))
    with Progress(*columns, TimeElapsedColumn(), console=console, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda done, doing: bar.update(task, completed=done, description=doing)
