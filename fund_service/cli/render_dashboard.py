"""The dashboard with its bars for people, and the awkward cases of a rehearsal.

They take what the screens' queries return, so that `fund demo` prints the same at its end.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from fund_service.cli.output import table
from fund_service.cli.wording import clean, euros

if TYPE_CHECKING:
    from rich.console import Console

    from fund_service.rehearsal.summary import Played
    from projections.dashboard_view import DashboardRow

_BAR: Final = 40
_BESIDE_A_BAR: Final = 58
"""So many characters a line needs beside its bar: the label, the number and the remark."""


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
    yield "Ordered", row.ordered_cents, "of it taken by orders"
    yield "Delivered", row.delivered_cents, "of it delivered, as invoiced"
    yield "Disbursed", row.disbursed_cents, "of it certified by a second person"
    yield "Given back", row.unspent_cents, "what closed grants did not spend"


def _counts(**counts: int) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def _print_bars(console: "Console", bars: Sequence[Bar], *, sums: bool = False) -> None:
    longest = max(10, min(_BAR, console.width - _BESIDE_A_BAR))
    largest = max(1, *(value for _, value, _ in bars))
    shown = table("What", "Sum" if sums else "Number", "", "", right=("Sum", "Number"))
    shown.show_header = False
    for label, value, remark in bars:
        length = max(value > 0, value * longest // largest)
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
