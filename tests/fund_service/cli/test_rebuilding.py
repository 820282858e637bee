"""The screens are built anew by the command, or by whoever keeps them; nothing is left behind by who was killed."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import inspect

from fund_service.cli.main import main
from fund_service.composition import Parts, open_parts
from fund_service.health import Part, health
from fund_service.rebuilding import rebuild
from fund_service.settings import Settings
from projections.build import BESIDE, builds_under_way
from projections.read_model import POSITIONS
from projections.screens import SCREENS

FUND = str(Path(sys.executable).with_name("fund"))
HALF_BUILT = """
import sys, time
from pathlib import Path
from fund_service.composition import open_parts
from fund_service.health import health
from fund_service.rebuilding import rebuild
from fund_service.settings import Settings
with open_parts(Settings(data=Path(sys.argv[1]), store=sys.argv[2])) as parts, parts.exclusive("projector"):
    parts.projector.ask_for_all(anew=True)
    parts.projector.go_on()
    print("half", flush=True)
    time.sleep(600)
"""
Place = list[str]


@pytest.fixture
def place(store_url: str, tmp_path: Path) -> Place:
    """Return the options that name a fund with a first secretariat, on either store in turn."""
    options = ["--data", str(tmp_path), "--store", store_url]
    assert main(["init", *options]) == 0
    assert main(["dashboard", *options]) == 5
    return options


@contextmanager
def opened(place: Place) -> Iterator[Parts]:
    """Open the fund."""
    with open_parts(Settings(data=Path(place[1]), store=place[3])) as parts:
        yield parts


@contextmanager
def running(*command: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a program that says a first line when it is ready; whatever happens, it is gone afterwards."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline()
            yield process
        finally:
            process.kill()


def rebuilt(place: Place, capsys: pytest.CaptureFixture[str]) -> tuple[list[bool | None], str]:
    """Rebuild, and return for each screen whether it was the same, and what people were told."""
    capsys.readouterr()
    assert main(["rebuild", "--json", *place]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert [one["id"] for one in found] == [screen.name for screen in SCREENS]
    return [one["same"] for one in found], err


def nothing_is_left(parts: Parts) -> bool:
    """Tell whether no build is under way and none of its tables is there."""
    names = inspect(parts.views).get_table_names()
    return not builds_under_way(parts.views) and not any(name.startswith(BESIDE) for name in names)


def kill_half_way(place: Place) -> None:
    """Kill a rebuild in the middle."""
    with running(sys.executable, "-c", HALF_BUILT, place[1], place[3]) as building:
        building.send_signal(signal.SIGKILL)
        building.wait()


def grow_old(parts: Parts) -> None:
    """Have every screen stand in the store as an older version."""
    with parts.views.begin() as connection:
        connection.execute(POSITIONS.update().values(version=0))


def test_whoever_keeps_the_screens_builds_them_when_asked(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    with running(FUND, "project", *place) as projector:
        same, said = rebuilt(place, capsys)
    assert same == [True] * len(SCREENS)
    assert said.startswith(f"The screens are kept by process {projector.pid}")
    assert said.endswith("which builds them anew; Ctrl-C ends only the waiting.\n")
    with opened(place) as parts:
        assert nothing_is_left(parts)


def test_a_rebuild_that_was_killed_begins_anew(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    kill_half_way(place)
    with opened(place) as parts:
        assert not nothing_is_left(parts)
    assert main(["call", "list", *place]) == 0
    assert rebuilt(place, capsys) == ([True] * len(SCREENS), "")
    with opened(place) as parts:
        assert nothing_is_left(parts)


def test_a_rebuild_that_was_killed_is_ended_by_the_next_projector(place: Place) -> None:
    kill_half_way(place)
    with opened(place) as parts, parts.exclusive("projector"):
        assert builds_under_way(parts.views)[SCREENS[0].name].position == parts.log.end()
        while parts.projector.go_on():
            pass
        assert nothing_is_left(parts)


def test_who_waits_for_one_that_is_killed_goes_on_itself(place: Place) -> None:
    with running(sys.executable, "-c", HALF_BUILT, place[1], place[3]) as building, opened(place) as parts:
        rebuild(parts, lambda done, doing: None, lambda holder: building.kill())
        assert nothing_is_left(parts)


def test_no_projector_begins_while_a_rebuild_runs(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(place) as parts, parts.exclusive("projector"):
        assert main(["project", *place]) == 7
    assert capsys.readouterr().err.startswith("Another projector or `fund rebuild` runs in ")


def test_screens_of_an_older_version_are_built_before_they_are_read(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(place) as parts:
        grow_old(parts)
    assert main(["call", "list", *place]) == 0
    assert rebuilt(place, capsys)[0] == [True] * len(SCREENS)
    with opened(place) as parts:
        grow_old(parts)
    assert rebuilt(place, capsys)[0] == [None] * len(SCREENS)


def test_who_reads_while_another_builds_a_new_version_is_told_how_far_it_is(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(place) as parts, parts.exclusive("projector"):
        grow_old(parts)
        parts.projector.ask_for_missing()
        parts.projector.go_on()
        capsys.readouterr()
        assert main(["call", "list", *place]) == 7
        assert capsys.readouterr().err.startswith("The screen timeline is being built anew: 99 % is done. Try again")
        assert [part for part in health(parts) if not part.well] == [Part(name="screens", well=False)]


def test_who_keeps_the_screens_in_another_version_is_not_asked(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(place) as parts, parts.exclusive("projector"):
        grow_old(parts)
        capsys.readouterr()
        assert main(["rebuild", *place]) == 7
        assert "is kept in version 0 by another version of the fund" in capsys.readouterr().err
        assert not builds_under_way(parts.views)
