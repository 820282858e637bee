"""The people behind the accounts: who writes what here is known by name; the log knows subjects and labels alone."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import EmailStr, Field, StringConstraints
from sqlalchemy import Engine, select

from domain.values import Instant, Value
from fund_service.auth.directory import PEOPLE
from projections.database import insert_into
from projections.read_model import fetch


class Language(StrEnum):
    """A language in which somebody is written to (BCP 47): the official ones of the EU, and those of the partners."""

    BULGARIAN = "bg"
    CZECH = "cs"
    DANISH = "da"
    GERMAN = "de"
    GREEK = "el"
    ENGLISH = "en"
    SPANISH = "es"
    ESTONIAN = "et"
    FINNISH = "fi"
    FRENCH = "fr"
    IRISH = "ga"
    CROATIAN = "hr"
    HUNGARIAN = "hu"
    ITALIAN = "it"
    LITHUANIAN = "lt"
    LATVIAN = "lv"
    MALTESE = "mt"
    DUTCH = "nl"
    POLISH = "pl"
    PORTUGUESE = "pt"
    ROMANIAN = "ro"
    SLOVAK = "sk"
    SLOVENIAN = "sl"
    SWEDISH = "sv"
    HINDI = "hi"
    INDONESIAN = "id"
    JAPANESE = "ja"
    KOREAN = "ko"
    MALAY = "ms"
    BRAZILIAN_PORTUGUESE = "pt-BR"
    THAI = "th"


def _text(longest: int, pattern: str | None = None) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest, pattern=pattern)


class Profile(Value):
    """How the fund calls somebody and reaches them; `unit` is their part of the organisation, as they call it."""

    full_name: Annotated[str, _text(200)]
    email: Annotated[EmailStr, Field(max_length=254)]
    language: Language = Language.ENGLISH
    telephone: Annotated[str, _text(40, r"^\+?[0-9][0-9 ()./-]*$")] | None = None
    unit: Annotated[str, _text(200)] | None = None


class Person(Profile):
    """Somebody in the directory, and when that was written last (UTC)."""

    subject: UUID
    changed_at: Instant


class People:
    """The people of a fund. Thread-safe."""

    def __init__(self, directory: Engine) -> None:
        """Keep them in this directory."""
        self._directory = directory

    def find(self, subject: UUID) -> Person | None:
        """Return somebody, or None who wrote nothing here, or whose data were erased."""
        with self._directory.connect() as connection:
            found = fetch(connection, select(PEOPLE).where(PEOPLE.c.subject == subject))
        return Person(**found[0]) if found else None

    def names(self) -> Mapping[UUID, str]:
        """Return the names of all by subject."""
        with self._directory.connect() as connection:
            return {row.subject: row.full_name for row in connection.execute(select(PEOPLE))}

    def put(self, subject: UUID, profile: Profile, now: datetime) -> Person:
        """Write somebody down, in place of what stood there."""
        person = Person(**dict(profile), subject=subject, changed_at=now)
        with self._directory.begin() as connection:
            insert = insert_into(connection, PEOPLE).values(**dict(person))
            rest = {name: insert.excluded[name] for name in Person.model_fields if name != "subject"}
            connection.execute(insert.on_conflict_do_update(index_elements=["subject"], set_=rest))
        return person
