"""A rehearsal ends with the same totals on either store."""

from pathlib import Path

from tests.journeys.demo import FEW, Rehearsed, rehearsed


def test_a_rehearsal_on_postgresql_ends_with_the_same_totals(
    undisturbed: Rehearsed, database: str, tmp_path: Path
) -> None:
    assert undisturbed.ends_as(rehearsed(tmp_path, *FEW, "--store", database))
