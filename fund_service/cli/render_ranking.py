"""The ranking as a picture for people: the line where the envelope ends, and how the sums add up to it.

It takes what the screen's query returns, so that `fund demo` prints the same at its end.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from fund_service.cli.wording import clean, euros, moment, plural
from projections.ranking_groups import group_of, in_groups

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from projections.call_ranking import AwardListRow, RankedRow, Ranking

WIDE: Final = 110
"""From this width on the ranking has its picture."""

_PICTURE: Final = 24
_STYLES: Final = {"award": "green", "reserve": "yellow", "above": "", "below": "dim"}
_BELOW_THE_LINE: Final = {
    "above": "Above the thresholds, without a place on the reserve list",
    "below": "Below a threshold",
}


def render_ranking(console: "Console", ranking: "Ranking") -> None:
    """Print a ranking with the line where the envelope ends; sums in euro, instants in Brussels time."""
    awards = sum(row.outcome == "award" for row in ranking.rows)
    console.print(f"Ranking of {plural(ranking.ranked, 'application')}", style="bold")
    console.print(
        f"{euros(ranking.envelope_cents)} envelope · {_fits(ranking, awards)} · {euros(ranking.left_cents)} left · "
        f"{ranking.above_thresholds} of {ranking.ranked} are above all thresholds"
    )
    if ranking.award_list is not None:
        console.print(_award_list(ranking.award_list))
    console.print()
    drawn = _Picture(console, ranking)
    for group, rows in in_groups(ranking.rows):
        if group != "award":
            drawn.line()
        if group in _BELOW_THE_LINE:
            drawn.heading(_BELOW_THE_LINE[group])
        drawn.rows(rows, group)
    drawn.line()
    console.print("Points of one row: add --explain RANK.", style="dim")


def _fits(ranking: "Ranking", awards: int) -> str:
    ranks = f"ranks 1 to {awards}" if awards > 1 else "rank 1"
    return f"{euros(ranking.above_cents)} for {ranks}" if awards else "no request fits"


def _award_list(listed: "AwardListRow") -> str:
    told = [
        f"Award list, version {listed.version}: proposed by {listed.proposed_by_label}, {moment(listed.proposed_at)}"
    ]
    told += [f"approved by {approval.label}, {moment(approval.at)}" for approval in listed.approvals]
    if listed.adopted_at is None:
        told.append("not adopted yet")
    told.append("not released yet" if listed.released_at is None else f"released {moment(listed.released_at)}")
    return clean(f"{'; '.join(told)} (Brussels time).")


class _Picture:
    """The table in parts of the same widths, with the line between two of them."""

    def __init__(self, console: "Console", ranking: "Ranking") -> None:
        self._console = console
        self._ranking = ranking
        self._wide = console.width >= WIDE
        placed = [row.adds_up_to_cents for row in ranking.rows if row.outcome in ("award", "reserve")]
        self._scale = max(ranking.envelope_cents, *placed, 1)
        self._head = True
        self._line_drawn = False
        self._reserve = 0

    def line(self) -> None:
        """Draw the line where the envelope ends, once."""
        if self._line_drawn:
            return
        self._line_drawn = True
        if self._head:
            self.rows([], "award")
        ranking = self._ranking
        above = f"{euros(ranking.above_cents)} above it"
        left = f"{euros(ranking.left_cents)} left of {euros(ranking.envelope_cents)}"
        words = f"━━━━━━ The line: {above}, {left} "
        self._console.print(words.ljust(self._console.width, "━"), style="bold")

    def heading(self, text: str) -> None:
        """Say what the rows below have in common."""
        self._console.print(f"{text}:", style="dim")

    def rows(self, rows: "Sequence[RankedRow]", group: str) -> None:
        """Print rows; the first part of the table has the headings."""
        part = self._table()
        for row in rows:
            cells = [str(row.rank), clean(row.partnership or row.title), row.shown, euros(row.requested_cents)]
            cells.append(euros(row.adds_up_to_cents) if row.passed else "")
            if self._wide:
                cells.append(self._waterfall(row))
            part.add_row(*cells, self._result(row), style=_STYLES[group])
        self._head = False
        self._console.print(part)

    def _table(self) -> "Table":
        from rich.table import Table

        part = Table(box=None, pad_edge=False, expand=True, show_header=self._head, padding=(0, 2, 0, 0))
        part.add_column("Rank", justify="right", width=4)
        part.add_column("Partnership", ratio=1, overflow="fold")
        part.add_column("Total", justify="right", width=6)
        part.add_column("Request", justify="right", width=10)
        part.add_column("Adds up to", justify="right", width=12)
        if self._wide:
            part.add_column("Against the envelope │", width=_PICTURE, no_wrap=True)
        part.add_column("Result", width=22 if self._wide else 14)
        return part

    def _waterfall(self, row: "RankedRow") -> str:
        """Return the row's bar, which starts where the bar above ends, under the upright line of the envelope."""
        placed = row.outcome in ("award", "reserve")
        cells = ["·" if placed else " "] * _PICTURE
        if placed:
            first = self._cell(row.adds_up_to_cents - row.requested_cents)
            for cell in range(first, max(first + 1, self._cell(row.adds_up_to_cents))):
                cells[cell] = "█" if row.outcome == "award" else "░"
        cells[self._cell(self._ranking.envelope_cents)] = "│"
        return "".join(cells)

    def _cell(self, cents: int) -> int:
        return min(_PICTURE - 1, cents * (_PICTURE - 1) // self._scale)

    def _result(self, row: "RankedRow") -> str:
        match group_of(row):
            case "award":
                whole = row.awarded_cents in (row.requested_cents, 0)
                words = "Award" if whole else f"Award of {euros(row.awarded_cents)}"
            case "reserve":
                self._reserve += 1
                words = f"Reserve {self._reserve}"
            case _:
                return "Not selected"
        if row.moved_to is not None:
            words += f" (moved to place {row.moved_to})"
        came_after = ["promoted"] if row.promoted else []
        came_after += [row.fate] if row.fate not in (None, "promoted", "offered") else []
        return ", ".join([words, *came_after])
