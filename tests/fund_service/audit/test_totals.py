"""Control totals: log, ledger and screens agree at every stage; a screen that is wrong is named to the cent."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import delete, update

from domain.ids import grant_id
from fund_service.audit.reading import history_of
from fund_service.audit.totals import TotalRow, screens_position, totals
from fund_service.cli.main import main
from fund_service.composition import Parts, open_parts
from fund_service.settings import Settings
from projections.dashboard_tables import GRANTS, MONTHS
from projections.database import one_moment
from projections.timeline import ENTRIES
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, action_of
from tests.fund_service.staged_fund import Stage

TURIN = grant_id(action_of(APPLICANTS[0]))


@contextmanager
def opened(place: Path) -> Iterator[Parts]:
    with open_parts(Settings(data=place)) as parts:
        yield parts


def reconciled(parts: Parts) -> list[TotalRow]:
    with one_moment(parts.views) as connection:
        return totals(history_of(parts.log, CALL_ID, screens_position(connection)), connection)


def different(parts: Parts) -> list[tuple[str, str, int]]:
    return [(row.figure, row.where, row.difference) for row in reconciled(parts) if row.difference]


@pytest.mark.parametrize("stage", list(Stage))
def test_log_ledger_and_screens_agree_at_every_stage(stages: dict[Stage, Path], stage: Stage) -> None:
    with opened(stages[stage]) as parts:
        assert different(parts) == []


def test_the_totals_are_those_of_the_story(stages: dict[Stage, Path]) -> None:
    with opened(stages[Stage.GRANTED]) as parts:
        found = {row.figure: (row.log, row.ledger, row.screens) for row in reconciled(parts)}
    asked = sum(one.requested_cents for one in APPLICANTS)
    assert found.pop("events of the call")[1] is None
    assert found == {
        "applications submitted": (4, 4, 4),
        "grants accepted": (1, 1, 1),
        "offers declined": (0, 0, 0),
        "offers lapsed": (0, 0, 0),
        "grants closed": (0, 0, 0),
        "sums requested": (asked, asked, asked),
        "sums committed": (1_000_000, 1_000_000, 1_000_000),
        "sums ordered": (100_000, 100_000, 100_000),
        "sums delivered": (0, 0, 0),
        "certified and disbursed": (0, 0, 0),
        "sums returned": (0, 0, 0),
    }


def test_a_grants_row_that_is_a_cent_wrong_is_named_with_its_grant(stages: dict[Stage, Path], tmp_path: Path) -> None:
    with opened(copytree(stages[Stage.GRANTED], tmp_path / "fund")) as parts:
        with parts.views.begin() as connection:
            mine = GRANTS.c.id == TURIN
            connection.execute(update(GRANTS).where(mine).values(ordered_cents=GRANTS.c.ordered_cents + 1))
        assert different(parts) == [("sums ordered", "Turin with Nagoya", 1), ("left to order", "Turin with Nagoya", 1)]


def test_a_grant_that_no_screen_shows_is_named(stages: dict[Stage, Path], tmp_path: Path) -> None:
    with opened(copytree(stages[Stage.GRANTED], tmp_path / "fund")) as parts:
        with parts.views.begin() as connection:
            connection.execute(delete(GRANTS).where(GRANTS.c.id == TURIN))
        assert ("sums committed", str(TURIN), 1_000_000) in different(parts)


def test_a_figure_or_an_event_that_a_screen_lost_is_named(
    stages: dict[Stage, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place = copytree(stages[Stage.GRANTED], tmp_path / "fund")
    command = ["audit", "totals", "--call", "iurc-2026", "--data", str(place)]
    assert main(command) == 0
    assert "All agree, as of position" in capfd.readouterr().out
    with opened(place) as parts:
        with parts.views.begin() as connection:
            connection.execute(update(MONTHS).where(MONTHS.c.committed_cents > 0).values(committed_cents=1))
            connection.execute(delete(ENTRIES).where(ENTRIES.c.stream == TURIN))
        found = different(parts)
    assert found[0][0] == "events of the call"
    assert found[1:] == [("sums committed", "", 999_999)]
    assert main(command) == 1
    out = capfd.readouterr().out
    assert "€9,999.99" in out
    assert "They differ in 2 figures, as of position" in out
