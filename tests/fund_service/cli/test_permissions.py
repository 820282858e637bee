"""Who may do and see what, as people and programs read it; `deploy/permissions.md` is what the README shows."""

import json
from pathlib import Path

from domain.catalogue import COMMANDS
from fund_service.permissions.views import View
from tests.fund_service.cli.conftest import Run

COMMITTED = Path(__file__).parents[3] / "deploy" / "permissions.md"


def test_the_table_that_is_kept_is_that_of_today(fund: Run) -> None:
    assert COMMITTED.read_text() == fund("permissions", "--markdown").out, (
        "Run `fund permissions --markdown > deploy/permissions.md`."
    )


def test_every_command_and_every_view_stands_in_it(fund: Run) -> None:
    rows = json.loads(fund("permissions", "--json").out)
    assert {row["id"] for row in rows} == {*COMMANDS, *View}
    assert all(row["who"] for row in rows)
    assert [row["id"] for row in rows if not row["roles"]] == ["ClaimAuthority"]  # of whoever holds the account


def test_it_is_filtered_by_role(fund: Run) -> None:
    rows = json.loads(fund("permissions", "--json", "--where", "roles=evaluator", "--where", "kind=deed").out)
    assert "GiveScores" in {row["id"] for row in rows}
    assert {tuple(row["roles"]) for row in rows} == {("evaluator",)}
