"""Every command that reads can read the past, and what changed between two moments is told in sentences."""

import json

import pytest

from tests.fund_service.cli.conftest import Run
from tests.fund_service.small_fund import APPLICANTS, action_of

READING = (
    ("call", "list"),
    ("call", "show", "small"),
    ("dashboard",),
    ("desk",),
    ("ranking", "small"),
    ("timeline", "turin"),
    ("home", "turin"),
    ("partnerships", "list"),
    ("applications", "list"),
    ("organisations", "list"),
    ("messages", "list"),
    ("questions", "list", "small"),
    ("events",),
    ("show", "organisation", "turin"),
    ("next", "--as", "Secretariat 1"),
    ("attachments", "list", str(action_of(APPLICANTS[0])), "--as", "Secretariat 1"),
)


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_command_that_reads_says_as_of_which_moment_it_does(fund: Run, command: tuple[str, ...]) -> None:
    call = json.loads(fund("call", "list", "--json").out)[0]["edition"]
    asked = [call if part == "small" else part for part in command]
    end = json.loads(fund("events", "--limit", "100000", "--json").out)[-1]["position"]
    now, then = fund(*asked), fund(*asked, "--as-of", end)
    assert (then.code, then.out) == (now.code, now.out)
    assert f"This is the past: as of position {end} of " in then.err


def test_a_state_as_of_a_position_holds_what_was_recorded_up_to_it(fund: Run) -> None:
    id = str(action_of(APPLICANTS[0]))
    events = json.loads(fund("events", "--aggregate", id, "--json", "--limit", "1000").out)
    for event in events[:: max(1, len(events) // 4)]:
        told = json.loads(fund("show", "pilot-action", id, "--as-of", event["position"], "--json").out)
        assert told["version"] == event["version"]
    listed = fund("events", "--as-of", events[0]["position"], "--json", "--limit", "100000")
    assert json.loads(listed.out)[-1]["position"] == events[0]["position"]


def test_what_was_not_there_yet_is_not_found(fund: Run) -> None:
    said = fund("show", "pilot-action", action_of(APPLICANTS[0]), "--as-of", 1)
    assert (said.code, json.loads(fund("applications", "list", "--as-of", 1, "--json").out)) == (5, [])


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ("99999", "The log has no position 99999 yet"),
        ("soon", "“soon” is neither a position of the log nor an instant."),
    ],
)
def test_a_moment_that_is_none_is_refused_in_one_sentence(fund: Run, moment: str, says: str) -> None:
    said = fund("dashboard", "--as-of", moment)
    assert said.code == 2
    assert says in said.err


def test_what_changed_is_told_in_sentences_and_as_rows(fund: Run) -> None:
    end = json.loads(fund("events", "--limit", "100000", "--json").out)[-1]["position"]
    told = fund("audit", "diff", end - 40, end)
    assert told.code == 0
    assert f"between positions {end - 40} and {end}." in told.out
    assert "holds from" in told.out
    assert " → " in told.out
    rows = json.loads(fund("audit", "diff", end - 40, "--json").out)
    assert all(end - 40 < event["position"] <= end for row in rows for event in row["events"])
    only = json.loads(fund("audit", "diff", 1, "--about", "turin", "--json").out)
    assert any(row["name"] == "Turin" for row in only)
    assert fund("audit", "diff", 1, "--csv", "--where", "kind=grant").out.startswith("id,")
    assert "is not before" in fund("audit", "diff", end, 5).err
