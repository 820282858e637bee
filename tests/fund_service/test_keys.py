"""Protected text opens with its subject's key alone; without the key it stays closed and the log stays readable."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from itertools import combinations
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from domain.errors import Unavailable
from fund_service.audit.checkpoints import own_key, witness_log
from fund_service.composition import open_parts
from fund_service.keys import KeyVault
from fund_service.settings import Settings
from fund_service.store import Store, open_store
from tests.fund_service.small_fund import SmallFund

OFFICER, COACH = uuid4(), uuid4()
TEXT = "Ćwiczenie: the mayor’s telephone number is 555 0100."

Open = Callable[..., KeyVault]


@pytest.fixture
def open_vault(store: Store) -> Open:
    """Return what opens the vault, as another process or a later start would."""
    return lambda seed=None: KeyVault(store.engine("keys"), seed)


@pytest.fixture
def vault(open_vault: Open) -> KeyVault:
    """Return a new vault."""
    return open_vault()


@pytest.fixture
def open_elsewhere(tmp_path: Path) -> Iterator[Open]:
    """Return what opens the vault of another SQLite file, by its name."""
    with ExitStack() as closing:

        def opens(name: str, seed: str | None = None) -> KeyVault:
            opened = closing.enter_context(open_store(Settings(store=f"sqlite:///{tmp_path}/{name}.db")))
            return KeyVault(opened.engine("keys"), seed)

        yield opens


def erase(store: Store, subject: UUID) -> None:
    """Erase a subject's key."""
    with store.engine("keys").begin() as connection:
        erasing = text("DELETE FROM keys WHERE subject = :subject")
        assert connection.execute(erasing, {"subject": str(subject)}).rowcount == 1


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


def test_text_whose_key_was_erased_is_none_and_other_text_stays(
    vault: KeyVault, open_vault: Open, store: Store
) -> None:
    erased, kept = vault.seal(OFFICER, TEXT), vault.seal(COACH, TEXT)
    erase(store, OFFICER)
    after = open_vault()
    assert after.unseal(OFFICER, erased) is None
    assert after.unseal(COACH, kept) == TEXT
    assert after.unseal(OFFICER, after.seal(OFFICER, "a new beginning")) == "a new beginning"


def test_that_a_text_is_empty_is_known_without_its_key(vault: KeyVault, open_vault: Open, store: Store) -> None:
    sealed = {text: vault.seal(OFFICER, text) for text in ("", " ", TEXT)}
    erase(store, OFFICER)
    assert {text: open_vault().is_empty(one) for text, one in sealed.items()} == {"": True, " ": False, TEXT: False}
    assert not open_vault().is_empty({**sealed[""], "ciphertext": "abc"})


@pytest.fixture(scope="module")
def digests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyVault]:
    """Return a vault that many examples use."""
    with open_store(Settings(store=f"sqlite:///{tmp_path_factory.mktemp('keys')}/fund.db")) as opened:
        yield KeyVault(opened.engine("keys"), "one")


@given(st.lists(st.lists(st.text(max_size=3), max_size=3), min_size=2, max_size=4, unique_by=tuple))
def test_no_two_lists_of_parts_have_the_same_digest(digests: KeyVault, lists: list[list[str]]) -> None:
    assert all(digests.digest(*one) != digests.digest(*other) for one, other in combinations(lists, 2))


def test_a_digest_is_the_same_after_a_restart(vault: KeyVault, open_vault: Open) -> None:
    assert vault.digest("a", "b") == open_vault().digest("a", "b")
    assert len(bytes.fromhex(vault.digest("a"))) == 32


def test_digests_of_a_rehearsal_are_those_of_its_seed(open_elsewhere: Open) -> None:
    def digest(name: str, seed: str | None) -> str:
        return open_elsewhere(name, seed).digest("version", "1")

    assert digest("one", "seed") == digest("two", "seed") != digest("three", "another seed")


def test_digests_of_two_live_funds_differ(open_elsewhere: Open) -> None:
    one, other = (open_elsewhere(name) for name in ("one", "two"))
    assert one.digest("version", "1") != other.digest("version", "1")


def test_only_its_owner_reads_the_file_of_keys(open_elsewhere: Open, tmp_path: Path) -> None:
    open_elsewhere("fund").seal(OFFICER, TEXT)
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()}
    assert modes == {"fund.keys.db": "0o600"}


def test_only_its_owner_reads_any_file_of_a_fund(tmp_path: Path) -> None:
    with open_parts(Settings(data=tmp_path)) as parts:
        own_key(parts)
        witness_log(parts)
        SmallFund(parts.fund).found()
        modes = {file.name: oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir() if file.is_file()}
    assert {name: mode for name, mode in modes.items() if mode != "0o600"} == {}
    assert {"events.db", "keys.db", "views.db", "service.db", "directory.db", "witness.db", "log.key"} <= modes.keys()


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


def test_processes_that_make_the_vault_at_once_share_it(store_url: str) -> None:
    begin = Barrier(4, timeout=20)

    def digest(_: int) -> str:
        with open_store(Settings(store=store_url)) as opened:
            begin.wait()
            return KeyVault(opened.engine("keys")).digest("version", "1")

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(digest, range(4)))) == 1
