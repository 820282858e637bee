"""Views that somebody saved: each person's own, sealed, no more than can be overlooked."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from domain.errors import Malformed, WrongStage
from fund_service.auth import saved_views
from fund_service.auth.directory import SAVED_VIEWS, prepared
from fund_service.auth.saved_views import SavedViews
from fund_service.keys import KeyVault
from fund_service.store import Store

NOW = datetime(2026, 3, 23, 9, 25, tzinfo=UTC)
ADA, BEN = UUID(int=1), UUID(int=2)
LATE = "/calls/x/desk?late=true&q=Łódź"


@pytest.fixture
def vault(store: Store) -> KeyVault:
    """Return the keys of an empty fund, on either store."""
    return KeyVault(store.engine("keys"))


@pytest.fixture
def views(store: Store, vault: KeyVault) -> SavedViews:
    """Return the saved views of an empty fund, on either store."""
    return SavedViews(prepared(store.engine("directory")), vault)


def test_everybody_has_their_own_views_by_name(views: SavedViews) -> None:
    views.keep(ADA, "  what is\nlate ", LATE, NOW)
    views.keep(ADA, "Accounts", "/accounts", NOW + timedelta(minutes=1))
    views.keep(BEN, "Ben's", "/accounts", NOW)
    found = views.of(ADA)
    assert [(one.name, one.address, one.path) for one in found] == [
        ("Accounts", "/accounts", "/accounts"),
        ("what is late", LATE, "/calls/x/desk"),
    ]
    views.forget(BEN, found[0].id)
    assert views.of(ADA) == found
    views.forget(ADA, found[0].id)
    assert views.of(ADA) == found[1:]
    assert views.of(uuid4()) == []


def test_what_somebody_looks_for_is_sealed_and_not_found_without_the_key(
    views: SavedViews, vault: KeyVault, store: Store
) -> None:
    views.keep(ADA, "Late in Łódź", LATE, NOW)
    with store.engine("directory").connect() as connection:
        row = connection.execute(select(SAVED_VIEWS)).one()
    assert "late" not in str(row).casefold()
    vault.erase(ADA)
    assert views.of(ADA) == []


@pytest.mark.parametrize(("name", "address"), [("", "/a"), (" \n ", "/a"), ("x" * 81, "/a"), ("x", "/" + "a" * 1000)])
def test_a_view_has_a_name_and_an_address_that_can_be(views: SavedViews, name: str, address: str) -> None:
    with pytest.raises(Malformed):
        views.keep(ADA, name, address, NOW)
    assert views.of(ADA) == []


def test_nobody_saves_more_than_can_be_overlooked(views: SavedViews, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MOST", 2)
    for name in ("one", "two"):
        views.keep(ADA, name, "/accounts", NOW)
    with pytest.raises(WrongStage, match="saved 2 views already"):
        views.keep(ADA, "three", "/accounts", NOW)
    views.keep(BEN, "one", "/accounts", NOW)
