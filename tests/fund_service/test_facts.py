"""A fund keeps a few facts beside its history, and every process sees the same."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from domain.errors import Unavailable
from fund_service.facts import Facts
from fund_service.settings import Settings
from fund_service.store import Store, open_store


@pytest.fixture
def facts(store: Store) -> Facts:
    """Return the facts of an empty store."""
    return Facts(store.engine("facts"))


def test_a_fact_is_what_was_written_last_by_anybody(facts: Facts, store_url: str, tmp_path: Path) -> None:
    assert facts.find("relay") is None
    for value in ("1", "2"):
        facts.put("relay", value)
    with open_store(Settings(data=tmp_path, store=store_url)) as store:
        elsewhere = Facts(store.engine("facts"))
        assert elsewhere.get("relay") == "2"
        elsewhere.put("relay", "3")
    assert facts.get("relay") == "3"
    assert facts.find("seed") is None


def test_a_fact_that_must_be_there_is_missed_in_one_sentence(facts: Facts) -> None:
    with pytest.raises(Unavailable, match=r"has no seed.* Start again in an empty one"):
        facts.get("seed")


def test_a_fact_that_is_settled_stays(facts: Facts) -> None:
    assert [facts.settle("id", value) for value in ("one", "other")] == ["one", "one"]


def test_facts_are_found_by_how_their_names_begin_letter_by_letter(facts: Facts) -> None:
    for name in ("case/a/1", "case/a_2", "case%", "cases"):
        facts.put(name, name)
    assert facts.beginning("case/") == {"a/1": "case/a/1", "a_2": "case/a_2"}
    assert facts.beginning("case%") == {"": "case%"}


def test_processes_that_make_the_store_at_once_share_it(store_url: str, tmp_path: Path) -> None:
    begin = Barrier(4, timeout=20)

    def settle(value: int) -> str:
        with open_store(Settings(data=tmp_path, store=store_url)) as store:
            begin.wait()
            return Facts(store.engine("facts")).settle("id", str(value))

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(settle, range(4)))) == 1
