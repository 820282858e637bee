"""Forms that somebody began: each person's own, sealed, written over, and not for ever."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from domain.errors import WrongStage
from fund_service.auth import form_drafts
from fund_service.auth.directory import FORM_DRAFTS, prepared
from fund_service.auth.form_drafts import LASTS, FormDrafts
from fund_service.keys import KeyVault
from fund_service.store import Store

NOW = datetime(2026, 3, 23, 9, 25, tzinfo=UTC)
PAGE, OTHER = "/do/calls", "/do/grants"
ADA, BEN = UUID(int=1), UUID(int=2)
WORDS = [("why", "As we heard in Łódź."), ("why", ""), ("points", "4")]


@pytest.fixture
def vault(store: Store) -> KeyVault:
    """Return the keys of an empty fund, on either store."""
    return KeyVault(store.engine("keys"))


@pytest.fixture
def drafts(store: Store, vault: KeyVault) -> FormDrafts:
    """Return the begun forms of an empty fund, on either store."""
    return FormDrafts(prepared(store.engine("directory")), vault)


def test_a_form_is_found_as_it_was_left_last_by_whoever_began_it(drafts: FormDrafts) -> None:
    drafts.keep(ADA, PAGE, [("why", "Not yet.")], NOW)
    drafts.keep(ADA, PAGE, WORDS, NOW)
    drafts.keep(BEN, PAGE, [("why", "Ben's.")], NOW)
    drafts.keep(ADA, OTHER, [], NOW)
    found = drafts.find(ADA, PAGE)
    assert found is not None
    assert (found.fields, found.saved_at) == (tuple(WORDS), NOW)
    assert [one.page for one in drafts.of(ADA)] == [PAGE, OTHER]
    drafts.forget(ADA, PAGE)
    assert drafts.find(ADA, PAGE) is None
    assert drafts.find(BEN, PAGE) is not None
    assert drafts.find(uuid4(), PAGE) is None


def test_what_was_typed_is_sealed_and_not_found_without_the_key(
    drafts: FormDrafts, vault: KeyVault, store: Store
) -> None:
    drafts.keep(ADA, PAGE, WORDS, NOW)
    with store.engine("directory").connect() as connection:
        row = connection.execute(select(FORM_DRAFTS)).one()
    assert "Łódź" not in str(row)
    vault.erase(ADA)
    assert drafts.of(ADA) == []


def test_what_was_left_for_half_a_year_goes_when_somebody_saves(drafts: FormDrafts) -> None:
    drafts.keep(ADA, PAGE, WORDS, NOW)
    drafts.keep(BEN, OTHER, WORDS, NOW + LASTS)
    assert drafts.of(ADA) == []


def test_nobody_begins_without_end(drafts: FormDrafts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_drafts, "MOST", 2)
    for page in (PAGE, OTHER, PAGE):
        drafts.keep(ADA, page, WORDS, NOW)
    with pytest.raises(WrongStage, match="begun 2 forms"):
        drafts.keep(ADA, "/do/third", WORDS, NOW)
    drafts.keep(BEN, PAGE, WORDS, NOW)
