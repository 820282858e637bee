"""The dashboard group by group, for people: how many came how far, the money, and what was refused, with small bars."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from fund_service.cli.output import table
from fund_service.cli.wording import clean, euros

if TYPE_CHECKING:
    from rich.console import Console

    from projections.dashboard_view import GroupRow

_BAR: Final = 8
_NO_GROUP: Final = "Nothing of these"
_SEALED: Final = "–"

_FUNNEL: Final = {
    "Formed": ("partnerships", "generated"),
    "Coached": ("coached",),
    "Begun": ("drafted",),
    "Submitted": ("submitted",),
    "Eligible": ("eligible",),
    "Judged": ("evaluated",),
    "Offered": ("awarded",),
    "Accepted": ("accepted",),
    "Closed": ("closed",),
}
_MONEY: Final = {
    "Envelope": ("envelope_cents",),
    "Committed": ("committed_cents",),
    "Ordered": ("ordered_cents",),
    "Delivered": ("delivered_cents",),
    "Disbursed": ("disbursed_cents",),
    "Given back": ("unspent_cents",),
}


def render_groups(console: "Console", groups: Sequence["GroupRow"], by: str, title: str) -> None:
    """Print the figures of every group and of all together; the bar pictures what was submitted, and committed."""
    console.print(clean(title), style="bold")
    moved = " (by how much the figures moved in it)" if by == "month" else ""
    console.print(f"\nFrom partnerships to closed grants, by {by}{moved}", style="bold")
    _print_figures(console, groups, by, _FUNNEL, "Submitted", lambda count: f"{count:,}")
    if any(group.sealed for group in groups):
        console.print(f"{_SEALED} Sealed until the outcomes are released (D17).")
    console.print(f"\nMoney, in kind, by {by}{moved}", style="bold")
    _print_figures(console, groups, by, _MONEY, "Committed", euros)
    console.print(f"\nRefused, by {by} and rule, in the whole fund", style="bold")
    _print_refusals(console, groups, by)


def _print_figures(
    console: "Console",
    groups: Sequence["GroupRow"],
    by: str,
    columns: Mapping[str, tuple[str, ...]],
    pictured: str,
    shown: Callable[[int], str],
) -> None:
    figures = table(by.capitalize(), *columns, "", right=tuple(columns))
    figures.columns[0].no_wrap = False
    sums = [{heading: _sum(group, names) for heading, names in columns.items()} for group in groups]
    largest = max((row[pictured] for row in sums), default=0)
    for group, row in zip(groups, sums, strict=True):
        if not any(row.values()):
            continue
        cells = [_cell(group, columns[heading], figure, shown) for heading, figure in row.items()]
        figures.add_row(clean(group.id) or _NO_GROUP, *cells, _bar(row[pictured], largest))
    figures.add_section()
    whole = [
        _SEALED if any(_is_sealed(group, names) for group in groups) else shown(sum(row[heading] for row in sums))
        for heading, names in columns.items()
    ]
    figures.add_row("All", *whole, "", style="bold")
    console.print(figures)


def _sum(group: "GroupRow", names: Sequence[str]) -> int:
    return sum(int(getattr(group, name)) for name in names)


def _cell(group: "GroupRow", names: Sequence[str], figure: int, shown: Callable[[int], str]) -> str:
    return _SEALED if not figure and _is_sealed(group, names) else shown(figure)


def _is_sealed(group: "GroupRow", names: Sequence[str]) -> bool:
    from projections.dashboard_tables import SEALED

    return group.sealed and any(name in SEALED for name in names)


def _bar(figure: int, largest: int) -> str:
    return "█" * max(figure > 0, figure * _BAR // largest) if figure > 0 else ""


def _print_refusals(console: "Console", groups: Sequence["GroupRow"], by: str) -> None:
    refused = [group for group in groups if group.refusals]
    if not refused:
        console.print("Nothing was refused.")
        return
    shown = table(by.capitalize(), "Times", "Rules", right=("Times",))
    for group in refused:
        often = sorted(group.refusals.items(), key=lambda item: (-item[1], item[0]))
        rules = ", ".join(f"{rule} {count:,}" for rule, count in often)
        shown.add_row(clean(group.id) or _NO_GROUP, f"{sum(group.refusals.values()):,}", rules)
    console.print(shown)
