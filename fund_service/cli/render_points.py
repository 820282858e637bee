"""Why a row of a ranking has its points: every term of its total, its thresholds, its tie and its result."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from domain.errors import NotFound
from fund_service.cli.output import table
from fund_service.cli.wording import clean, euros

if TYPE_CHECKING:
    from rich.console import Console

    from domain.call.rules import CallRules
    from projections.call_ranking import RankedRow, Ranking


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
