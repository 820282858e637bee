"""Protected text opens with its subject's key alone; without the key it stays closed and the log stays readable."""

import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import combinations
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from domain.errors import Unavailable
from fund_service.keys import KeyVault

OFFICER, COACH = uuid4(), uuid4()
TEXT = "Ćwiczenie: the mayor’s telephone number is 555 0100."

Open = Callable[..., KeyVault]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the vault lies."""
    return tmp_path / "keys.db"


@pytest.fixture
def open_vault(path: Path) -> Iterator[Open]:
    """Return what opens the vault, as another process or a later start would."""
    opened = []

    def opens(seed: str | None = None, at: Path = path) -> KeyVault:
        opened.append(KeyVault(at, seed))
        return opened[-1]

    yield opens
    for vault in opened:
        vault.close()


@pytest.fixture
def vault(open_vault: Open) -> KeyVault:
    """Return a new vault."""
    return open_vault()


def erase(path: Path, subject: UUID) -> None:
    """Erase a subject's key."""
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute("DELETE FROM keys WHERE subject = ?", (str(subject),)).rowcount == 1


def test_sealed_text_opens_again_also_after_a_restart(vault: KeyVault, open_vault: Open) -> None:
    sealed = vault.seal(OFFICER, TEXT)
    assert vault.unseal(OFFICER, sealed) == TEXT
    assert open_vault().unseal(OFFICER, sealed) == TEXT


def test_sealed_text_shows_nothing_of_itself(vault: KeyVault) -> None:
    first, second = vault.seal(OFFICER, TEXT), vault.seal(OFFICER, TEXT)
    assert first.keys() == {"key_id", "ciphertext"}
    assert TEXT.encode() not in b64decode(first["ciphertext"])
    assert first["ciphertext"] != second["ciphertext"]
    assert first["key_id"] == second["key_id"] != vault.seal(COACH, TEXT)["key_id"]


def test_the_key_of_another_subject_does_not_open_it(vault: KeyVault) -> None:
    sealed, other = vault.seal(OFFICER, TEXT), vault.seal(COACH, TEXT)
    with pytest.raises(Unavailable):
        vault.unseal(OFFICER, {**sealed, "key_id": other["key_id"]})


def test_text_ascribed_to_another_subject_does_not_open(vault: KeyVault) -> None:
    with pytest.raises(Unavailable):
        vault.unseal(COACH, vault.seal(OFFICER, TEXT))


@pytest.mark.parametrize("place", [0, 12, -1], ids=["nonce", "text", "tag"])
def test_an_altered_text_is_told_in_one_sentence_with_its_cure(vault: KeyVault, place: int) -> None:
    sealed = vault.seal(OFFICER, TEXT)
    altered = bytearray(b64decode(sealed["ciphertext"]))
    altered[place] ^= 1
    with pytest.raises(Unavailable, match=r"does not fit its key.* Restore both from the same backup\."):
        vault.unseal(OFFICER, {**sealed, "ciphertext": b64encode(altered).decode()})


@pytest.mark.parametrize("ciphertext", ["", "AAAA", "abc"])
def test_a_text_that_was_cut_off_is_told_in_the_same_way(vault: KeyVault, ciphertext: str) -> None:
    sealed = vault.seal(OFFICER, TEXT)
    with pytest.raises(Unavailable):
        vault.unseal(OFFICER, {**sealed, "ciphertext": ciphertext})


def test_text_whose_key_was_erased_is_none_and_other_text_stays(vault: KeyVault, open_vault: Open, path: Path) -> None:
    erased, kept = vault.seal(OFFICER, TEXT), vault.seal(COACH, TEXT)
    erase(path, OFFICER)
    after = open_vault()
    assert after.unseal(OFFICER, erased) is None
    assert after.unseal(COACH, kept) == TEXT
    assert after.unseal(OFFICER, after.seal(OFFICER, "a new beginning")) == "a new beginning"


@given(st.lists(st.lists(st.text(max_size=3), max_size=3), min_size=2, max_size=4, unique_by=tuple))
def test_no_two_lists_of_parts_have_the_same_digest(
    tmp_path_factory: pytest.TempPathFactory, lists: list[list[str]]
) -> None:
    vault = KeyVault(tmp_path_factory.getbasetemp() / "digests.db", "one")
    try:
        assert all(vault.digest(*one) != vault.digest(*other) for one, other in combinations(lists, 2))
    finally:
        vault.close()


def test_a_digest_is_the_same_after_a_restart(vault: KeyVault, open_vault: Open) -> None:
    assert vault.digest("a", "b") == open_vault().digest("a", "b")
    assert len(bytes.fromhex(vault.digest("a"))) == 32


def test_digests_of_a_rehearsal_are_those_of_its_seed(open_vault: Open, tmp_path: Path) -> None:
    def digest(name: str, seed: str | None) -> str:
        return open_vault(seed, at=tmp_path / name).digest("version", "1")

    assert digest("one", "seed") == digest("two", "seed") != digest("three", "another seed")


def test_digests_of_two_live_funds_differ(open_vault: Open, tmp_path: Path) -> None:
    one, other = (open_vault(at=tmp_path / name) for name in ("one", "two"))
    assert one.digest("version", "1") != other.digest("version", "1")


def test_only_its_owner_reads_the_file_of_keys(vault: KeyVault, path: Path) -> None:
    vault.seal(OFFICER, TEXT)
    assert {file.name: oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()} == {"keys.db": "0o600"}


def test_threads_that_write_about_a_new_subject_at_once_use_one_key(vault: KeyVault) -> None:
    begin = Barrier(8)

    def seal(_: int) -> str:
        begin.wait()
        return vault.seal(OFFICER, TEXT)["key_id"]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(seal, range(8)))) == 1


def test_processes_that_write_about_a_new_subject_at_once_use_one_key(open_vault: Open) -> None:
    vaults, subjects, begin = (open_vault(), open_vault()), [uuid4() for _ in range(200)], Barrier(2, timeout=20)

    def seal(vault: KeyVault) -> list[str]:
        keys = []
        for subject in subjects:
            begin.wait()
            with suppress(IntegrityError):
                keys.append(vault.seal(subject, TEXT)["key_id"])
        return keys

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(seal, vaults)
    assert one == other
    assert len(one) == len(subjects)


def test_processes_that_make_the_vault_at_once_share_it(open_vault: Open, tmp_path: Path) -> None:
    for number in range(20):
        begin = Barrier(2, timeout=20)

        def digest(_: int, at: Path = tmp_path / str(number), begin: Barrier = begin) -> str:
            begin.wait()
            return open_vault(at=at).digest("version", "1")

        with ThreadPoolExecutor(2) as pool:
            assert len(set(pool.map(digest, range(2)))) == 1
