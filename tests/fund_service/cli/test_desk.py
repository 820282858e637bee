"""What waits, on the command line."""

import json

from tests.fund_service.cli.conftest import Run


def test_the_desk_tells_who_waits_for_whom_of_the_first_call_or_of_the_one_that_is_named(fund: Run) -> None:
    assert fund("desk", "--json") == fund("desk", "iurc-2026", "--json")
    rows = json.loads(fund("desk", "--json", "--where", "party=applicant").out)
    assert ("Cool schoolyards", "file the final report") in [(row["title"], row["waits_for"]) for row in rows]
    shown = fund("desk", "--where", "waits_for=file the final report").out
    assert "applicant" in shown
    assert "1 of " in shown
