"""Offers that the command line compares: a table of them, and what an auditor finds about an order and its offers."""

import csv
import json
from pathlib import Path

import pytest

from domain.ids import grant_id
from fund_service.cli.main import main
from tests.fund_service.small_fund import CALL_ID, action_of
from tests.fund_service.staged_fund import TURIN, Stage, copied

OFFERS = [
    {"supplier": "Blu", "euros": "999,99"},
    {"supplier": "Verde", "euros": "1 000", "remark": "With a model."},
]
ORDER = {
    "grant_id": str(grant_id(action_of(TURIN))),
    "kind": "study",
    "supplier": "Verde",
    "euros": "1000",
    "period_from": "2026-06-01",
    "period_to": "2026-06-30",
    "offers": json.dumps(OFFERS),
    "choice_reason": "A model is needed.",
}


def test_offers_of_the_command_line_are_a_table_and_the_dearer_choice_is_found(
    stages: dict[Stage, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place, out = copied(stages[Stage.GRANTED], tmp_path / "fund"), tmp_path / "tables"
    data = ["--data", str(place)]
    said = [word for name, value in ORDER.items() for word in ("--set", f"{name}={value}")]
    assert main(["act", "--as", "Resource manager 1", "order-resource", *said, *data]) == 0
    assert "Offers for order 2 were compared" in capfd.readouterr().out
    assert main(["rebuild", *data]) == 0
    assert main(["audit", "tables", *data, "--out", str(out), "--format", "csv"]) == 0
    with (out / "supplier_offers.csv").open(encoding="utf-8", newline="") as file:
        rows = [tuple(one[name] for name in ("order", "place", "cents", "chosen")) for one in csv.DictReader(file)]
    assert rows == [("2", "1", "99999", "false"), ("2", "2", "100000", "true")]
    assert not any(b"model" in file.read_bytes() for file in out.iterdir()), "no free text stands in a table"
    capfd.readouterr()
    asked = ["audit", "exceptions", "--call", str(CALL_ID), "--where", "question=offers", "--json"]
    assert main([*asked, *data]) == 0
    assert [one["why"] for one in json.loads(capfd.readouterr().out)] == [
        "Order 1 of €1,000.00: no two offers were compared.",
        "Order 2 of €1,000.00: €0.01 above the lowest of 2 offers.",
    ]
