"""A rehearsal ends with the same totals on either store."""

from pathlib import Path

from tests.journeys.demo import rehearsed

FEW = ("--partnerships", "2")


def test_a_rehearsal_on_postgresql_ends_with_the_same_totals(database: str, tmp_path: Path) -> None:
    lite, postgres = rehearsed(tmp_path / "one", *FEW), rehearsed(tmp_path / "other", *FEW, "--store", database)
    assert {**lite, "seconds": 0} == {**postgres, "seconds": 0}
