"""The progress of a rehearsal for people: a bar at a terminal, a line for each phase elsewhere; on standard error."""

import sys
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from fund_service.cli.wording import moment
from fund_service.rehearsal.script import Scene


class RehearsalProgress:
    """Shows the phase, the programme's date and what is being done."""

    def __init__(self, title: str) -> None:
        """Prepare the bar."""
        self._console = Console(stderr=True, markup=False, emoji=False, highlight=False)
        self._bar = Progress(
            TextColumn("{task.fields[phase]:<12}"),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[date]}  {task.fields[doing]}"),
            TimeElapsedColumn(),
            console=self._console,
            disable=not sys.stderr.isatty(),
        )
        self._title = title
        self._task: TaskID | None = None
        self._phase = ""

    def __enter__(self) -> Self:
        """Say what is rehearsed, and show the bar."""
        self._console.print(f"Rehearsing: {self._title}")
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Take the bar away."""
        self._bar.stop()

    def __call__(self, number: int, of: int, scene: Scene) -> None:
        """Show a scene."""
        shown: dict[str, Any] = {"phase": scene.phase, "date": moment(scene.at), "doing": scene.title}
        if self._task is None:
            self._task = self._bar.add_task("", total=of, **shown)
        self._bar.update(self._task, completed=number + 1, **shown)
        if self._bar.disable and scene.phase != self._phase:
            self._console.print(f"{shown['date']}  {scene.phase}: {scene.title}")
        self._phase = scene.phase
