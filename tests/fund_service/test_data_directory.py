"""A data directory keeps a few facts, and every process sees the same."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from domain.errors import Unavailable
from fund_service.data_directory import DataDirectory


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[DataDirectory]:
    """Return an empty data directory."""
    directory = DataDirectory(tmp_path / "a" / "fund")
    yield directory
    directory.close()


def test_a_directory_is_made_with_all_that_lead_to_it(directory: DataDirectory, tmp_path: Path) -> None:
    assert (tmp_path / "a" / "fund").is_dir()
    assert directory.path("events.db") == tmp_path / "a" / "fund" / "events.db"


def test_a_fact_is_what_was_written_last_by_anybody(directory: DataDirectory) -> None:
    assert directory.find_fact("relay") is None
    for value in ("1", "2"):
        directory.set_fact("relay", value)
    elsewhere = DataDirectory(directory.directory)
    try:
        assert elsewhere.fact("relay") == "2"
        elsewhere.set_fact("relay", "3")
    finally:
        elsewhere.close()
    assert directory.fact("relay") == "3"
    assert directory.find_fact("seed") is None


def test_a_fact_that_must_be_there_is_missed_in_one_sentence(directory: DataDirectory) -> None:
    with pytest.raises(Unavailable, match=r"has no seed.* Start again in an empty one"):
        directory.fact("seed")


def test_a_directory_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    for place in (tmp_path / "a file", tmp_path / "a file" / "below"):
        with pytest.raises(Unavailable, match=r"cannot be made.* --data or FUND_DATA"):
            DataDirectory(place)


def test_processes_that_make_the_directory_at_once_share_it(tmp_path: Path) -> None:
    for number in range(20):
        begin = Barrier(2, timeout=20)

        def note(name: str, place: Path = tmp_path / str(number), begin: Barrier = begin) -> DataDirectory:
            begin.wait()
            made = DataDirectory(place)
            made.set_fact(name, name)
            return made

        with ThreadPoolExecutor(2) as pool:
            for made in pool.map(note, ("one", "other")):
                made.close()
