"""The directory of people: one row for each, written over, and gone when it is erased."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError

from fund_service.auth.directory import prepared
from fund_service.auth.people import Language, People, Profile
from fund_service.store import Store

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
ADA = {"full_name": "Ada Łukasiewicz", "email": "ada@turin.example.org"}


@pytest.fixture
def people(store: Store) -> People:
    """Return the people of an empty fund, on either store."""
    return People(prepared(store.engine("directory")))


def test_who_is_written_twice_is_as_written_last(people: People) -> None:
    subject, other = uuid4(), uuid4()
    people.put(subject, Profile(**ADA, telephone="+39 011 555 0100", unit="Mobility"), NOW)
    people.put(other, Profile(full_name="Ben", email="ben@example.org"), NOW)
    written = people.put(subject, Profile(**ADA, language=Language.ITALIAN), NOW + timedelta(days=1))
    assert people.find(subject) == written
    assert (written.telephone, written.language) == (None, "it")
    assert people.names() == {subject: "Ada Łukasiewicz", other: "Ben"}
    assert people.find(uuid4()) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"full_name": "  "},
        {"full_name": "x" * 201},
        {"email": "ada"},
        {"email": "ada@turin"},
        {"language": "tlh"},
        {"telephone": "ask the porter"},
        {"nickname": "Ada"},
    ],
    ids=str,
)
def test_what_reaches_nobody_is_not_written(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Profile.model_validate({**ADA, **wrong})


def test_blanks_around_a_name_do_not_count() -> None:
    assert Profile.model_validate({**ADA, "full_name": " Ada  "}).full_name == "Ada"
