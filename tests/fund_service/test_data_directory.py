"""A data directory is made where it is named, and holds the processes of one store."""

from pathlib import Path

import pytest

from domain.errors import Unavailable
from fund_service.data_directory import DataDirectory


@pytest.fixture
def directory(tmp_path: Path) -> DataDirectory:
    """Return an empty data directory."""
    return DataDirectory(tmp_path / "a" / "fund")


def test_a_directory_is_made_with_all_that_lead_to_it(directory: DataDirectory, tmp_path: Path) -> None:
    assert (tmp_path / "a" / "fund").is_dir()
    assert directory.path("events.db") == tmp_path / "a" / "fund" / "events.db"


def test_a_directory_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    for place in (tmp_path / "a file", tmp_path / "a file" / "below"):
        with pytest.raises(Unavailable, match=r"cannot be made.* --data or FUND_DATA"):
            DataDirectory(place)


def test_a_directory_runs_the_processes_of_one_store_at_a_time_and_of_no_other(directory: DataDirectory) -> None:
    for _ in range(2):
        with directory.held_for("one store"):
            second = DataDirectory(directory.directory).held_for("one store")
            with pytest.raises(Unavailable, match="Another `fund up` or `fund demo` runs in"), second:
                pass
    sentence = r"are those of another store\. Name a directory of its own with --data"
    with pytest.raises(Unavailable, match=sentence), directory.held_for("another store"):
        pass
