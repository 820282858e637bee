"""Notes for oneself alone: one about a thing, sealed, gone with the key."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.errors import Malformed
from fund_service.auth.directory import PRIVATE_NOTES, prepared
from fund_service.auth.private_notes import LONGEST, PrivateNote, PrivateNotes
from fund_service.keys import KeyVault
from fund_service.store import Store

NOW = datetime(2026, 2, 3, 9, 25, tzinfo=UTC)
ADA, BEN, TURIN, OSLO = (UUID(int=number) for number in range(1, 5))


@pytest.fixture
def vault(store: Store) -> KeyVault:
    """Return the keys of an empty fund, on either store."""
    return KeyVault(store.engine("keys"))


@pytest.fixture
def notes(store: Store, vault: KeyVault) -> PrivateNotes:
    """Return the private notes of an empty fund, on either store."""
    return PrivateNotes(prepared(store.engine("directory")), vault)


def test_a_note_is_ones_own_and_the_later_one_takes_its_place(notes: PrivateNotes) -> None:
    notes.keep(ADA, TURIN, "Ask for the budget. ひなた", NOW)
    notes.keep(ADA, OSLO, "Quiet.", NOW)
    notes.keep(BEN, TURIN, "Ben's", NOW)
    later = NOW + timedelta(hours=1)
    notes.keep(ADA, TURIN, "The budget came.", later)
    assert notes.find(ADA, TURIN) == PrivateNote(TURIN, "The budget came.", later)
    assert notes.of(ADA) == [PrivateNote(TURIN, "The budget came.", later), PrivateNote(OSLO, "Quiet.", NOW)]
    notes.keep(ADA, OSLO, " \n", later)
    assert notes.find(ADA, OSLO) is None
    assert notes.find(BEN, TURIN) == PrivateNote(TURIN, "Ben's", NOW)


def test_a_note_is_sealed_gone_with_the_key_and_not_endless(notes: PrivateNotes, vault: KeyVault, store: Store) -> None:
    notes.keep(ADA, TURIN, "Ask for the budget.", NOW)
    with store.engine("directory").connect() as connection:
        assert "budget" not in str(connection.execute(select(PRIVATE_NOTES)).one())
    with pytest.raises(Malformed, match="at most 10,000 characters"):
        notes.keep(ADA, TURIN, "x" * (LONGEST + 1), NOW)
    vault.erase(ADA)
    assert notes.of(ADA) == []
