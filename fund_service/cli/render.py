"""The pictures for people: the ranking with its line, why a row has its points, and the dashboard with its bars.

They take what the screens' queries return, so that `fund demo` prints the same at its end.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Final

from domain.errors import NotFound
from fund_service.cli.output import table
from fund_service.cli.wording import clean, euros, moment, plural

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from domain.call.rules import CallRules
    from fund_service.rehearsal.summary import Played
    from projections.call_ranking import AwardListRow, RankedRow, Ranking
    from projections.dashboard_view import DashboardRow

WIDE: Final = 110
"""From this width on the ranking has its picture."""

_PICTURE: Final = 24
_BAR: Final = 40
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
    for group, rows in groupby(ranking.rows, key=_group):
        if group != "award":
            drawn.line()
        if group in _BELOW_THE_LINE:
            drawn.heading(_BELOW_THE_LINE[group])
        drawn.rows(list(rows), group)
    drawn.line()
    console.print("Points of one row: add --explain RANK.", style="dim")


def _fits(ranking: "Ranking", awards: int) -> str:
    ranks = f"ranks 1 to {awards}" if awards > 1 else "rank 1"
    return f"{euros(ranking.above_cents)} for {ranks}" if awards else "no request fits"


def _group(row: "RankedRow") -> str:
    if row.outcome in ("award", "reserve"):
        return row.outcome
    return "above" if row.passed else "below"


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
        match _group(row):
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


def render_explanation(console: "Console", ranking: "Ranking", rank: int, rules: "CallRules") -> None:
    """Print every term of a row's total, its thresholds, its tie and its result. Raises NotFound."""
    from projections.call_ranking import rounded

    row = row_of(ranking, rank)
    console.print(clean(f"Why {row.partnership or row.title} has {row.shown} points"), style="bold")
    console.print(clean(f"Rank {row.rank} of {ranking.ranked} · “{row.title}” · {row.geography}"))
    names = {criterion.id: criterion.name for criterion in rules.criteria}
    terms = table("Criterion", "Scores", "Counts", "× weight", "Points", "Needed", right=_FIGURES)
    for term in row.terms:
        scores, needed = " · ".join(map(str, term.scores)), f"{term.threshold}, {'met' if term.passed else 'NOT MET'}"
        terms.add_row(
            names.get(term.criterion, term.criterion),
            scores,
            rounded(term.mean),
            str(term.weight),
            rounded(term.points),
            needed,
        )
    terms.add_section()
    least = rules.evaluation.total_threshold
    reached = Fraction(row.total) >= least
    weights = sum(term.weight for term in row.terms)
    terms.add_row("Total", "", "", str(weights), row.shown, f"{least}, {'met' if reached else 'NOT MET'}", style="bold")
    console.print(terms)
    console.print(
        f"Points = counts ÷ 5 × weight. The total is exactly {Fraction(row.total)}; it is rounded only here (D01)."
    )
    for sentence in (*_consensus(row, names), *_tie(ranking, row)):
        console.print(clean(sentence))
    asks = f"It asks for {euros(row.requested_cents)}"
    console.print(
        f"{asks}; down to this rank that adds up to {euros(row.adds_up_to_cents)}." if row.passed else f"{asks}."
    )
    console.print(clean(f"Result: {row.reason}"))


_FIGURES: Final = ("Scores", "Counts", "× weight", "Points")


def row_of(ranking: "Ranking", rank: int) -> "RankedRow":
    """Return the row of a rank. Raises NotFound."""
    for row in ranking.rows:
        if row.rank == rank:
            return row
    raise NotFound(f"There is no rank {rank}.", f"The ranks go from 1 to {len(ranking.rows)}.")


def _consensus(row: "RankedRow", names: Mapping[str, str]) -> Iterator[str]:
    """Say where a consensus took the place of the mean (D01, D02)."""
    from projections.call_ranking import rounded

    for term in row.terms:
        if term.consensus:
            mean = rounded(f"{sum(term.scores)}/{len(term.scores)}")
            name = names.get(term.criterion, term.criterion)
            agreed = f"consensus {rounded(term.mean)} instead of mean {mean}"
            yield f"{name}: {agreed}, as the scores lay too far apart (D02)."


def _tie(ranking: "Ranking", row: "RankedRow") -> Iterator[str]:
    """Say which rows have the same total, and how the published steps told them apart (D03)."""
    if not row.tie:
        return
    equals = [one for one in ranking.rows if one.total == row.total and one.passed == row.passed]
    ranks = ", ".join(str(one.rank) for one in equals)
    yield f"Ranks {ranks} have the same total. The published tie-break tells them apart (D03):"
    for number, step in enumerate(row.tie, 1):
        others = [f"rank {one.rank}: {_value(one, step.step)}" for one in equals if one is not row]
        yield f"  {number}. {step.step}: {step.value} ({', '.join(others)})."


def _value(row: "RankedRow", step: str) -> str:
    return next((taken.value for taken in row.tie if taken.step == step), "told apart before")


def render_dashboard(console: "Console", dashboard: "DashboardRow") -> None:
    """Print where a call stands: the funnel, the money, and what was refused by which rule."""
    console.print(clean(dashboard.title), style="bold")
    console.print(f"Stage: {dashboard.stage}")
    console.print("\nFrom partnerships to closed grants", style="bold")
    _print_bars(console, list(_funnel(dashboard)))
    everybody = dashboard.partnerships + dashboard.generated
    console.print(f"{dashboard.coached} of {everybody} finished coaching. It is an offer and not a condition.")
    console.print("\nMoney, in kind", style="bold")
    _print_bars(console, list(_money(dashboard)), sums=True)
    console.print(f"The largest support that one grant received: {euros(dashboard.largest_grant_disbursed_cents)}.")
    console.print("\nRefused, by rule, in the whole fund", style="bold")
    _print_refusals(console, dashboard)


Bar = tuple[str, int, str]


def _funnel(row: "DashboardRow") -> Iterator[Bar]:
    invented = f"{row.generated} of them with invented places" if row.generated else ""
    yield "Partnerships", row.partnerships + row.generated, invented
    yield "Applications begun", row.drafted, ""
    yield "Submitted", row.submitted, _counts(withdrawn=row.withdrawn)
    fell_away = _counts(inadmissible=row.inadmissible, ineligible=row.ineligible)
    yield "Ranked", row.ranked, "Inadmissible and ineligible: sealed until the release" if row.sealed else fell_away
    yield "Support offered", row.awarded, _counts(**{"on the reserve list": row.reserve, "not selected": row.rejected})
    yield "Accepted", row.accepted, _counts(declined=row.declined, lapsed=row.lapsed)
    yield "Closed", row.closed, _counts(running=row.accepted - row.closed)


def _money(row: "DashboardRow") -> Iterator[Bar]:
    yield "Envelope", row.envelope_cents, ""
    yield "Committed", row.committed_cents, f"{euros(row.envelope_cents - row.committed_cents)} not committed"
    yield "Ordered", row.ordered_cents, ""
    yield "Delivered", row.delivered_cents, ""
    yield "Disbursed", row.disbursed_cents, "of it certified by a second person"
    yield "Given back", row.unspent_cents, "what closed grants did not spend"


def _counts(**counts: int) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def _print_bars(console: "Console", bars: Sequence[Bar], *, sums: bool = False) -> None:
    largest = max(1, *(value for _, value, _ in bars))
    shown = table("What", "Sum" if sums else "Number", "", "", right=("Sum", "Number"))
    shown.show_header = False
    for label, value, remark in bars:
        length = max(value > 0, value * _BAR // largest)
        shown.add_row(label, euros(value) if sums else f"{value:,}", "█" * length, remark)
    console.print(shown)


def _print_refusals(console: "Console", dashboard: "DashboardRow") -> None:
    from domain.rulebook import rule

    if not dashboard.refusals:
        console.print("Nothing was refused.")
        return
    shown = table("Rule", "Times", "What must hold", right=("Times",))
    for code, count in sorted(dashboard.refusals.items(), key=lambda item: (-item[1], item[0])):
        shown.add_row(code, f"{count:,}", "The deed belongs to this stage." if code == "stage" else rule(code).sentence)
    console.print(shown)


def render_cases(console: "Console", cases: "Sequence[Played]") -> None:
    """Print the awkward cases of a rehearsal by area, each with how often it can be seen."""
    console.print("Awkward cases that this rehearsal played", style="bold")
    shown = table("About", "Times", "What happened", right=("Times",))
    about = None
    for case, times in cases:
        mark = "" if case.kind is not None else " ¹"
        shown.add_row(case.area.value if case.area != about else "", f"{times:,}{mark}", case.sentence)
        about = case.area
    console.print(shown)
    console.print("¹ The log does not keep it; the rehearsal counted it.", style="dim")
