"""Values that every aggregate uses: instants, money, protected text."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Protocol, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    SerializationInfo,
    ValidationInfo,
    model_serializer,
    model_validator,
)

BRUSSELS = ZoneInfo("Europe/Brussels")


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as outside:
        raise ValueError("this instant lies outside the calendar") from outside


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment in UTC; a naive datetime is refused, another zone is converted."""

Cents = Annotated[int, Field(strict=True)]
"""Money in integer euro cents."""

Digest = str
"""A keyed digest (HMAC-SHA-256, hexadecimal) of what somebody saw when they agreed."""


def euros(cents: int) -> str:
    """Return the sum as people read it in English: 1234567 → €12,345.67."""
    sign = "-" if cents < 0 else ""
    return f"{sign}€{abs(cents) // 100:,}.{abs(cents) % 100:02}"


def in_brussels(moment: datetime) -> str:
    """Return the instant as the programme's people read it: Fri 20 March 2026, 17:00 Brussels (seconds unless zero)."""
    return _in_brussels(moment, "%H:%M:%S" if moment.second else "%H:%M")


def told_apart(first: datetime, second: datetime) -> tuple[str, str]:
    """Return both in Brussels time to the second, with microseconds where nothing else tells two instants apart."""
    texts = _in_brussels(first, "%H:%M:%S"), _in_brussels(second, "%H:%M:%S")
    if texts[0] == texts[1] and first != second:
        texts = _in_brussels(first, "%H:%M:%S.%f"), _in_brussels(second, "%H:%M:%S.%f")
    return texts


def _in_brussels(moment: datetime, clock: str) -> str:
    local = moment.astimezone(BRUSSELS)
    return f"{day_in_words(local)}, {local.strftime(clock)} Brussels"


def day_in_words(day: date) -> str:
    """Return the day as the programme's people read it: Fri 20 March 2026."""
    return f"{day:%a} {day.day} {day:%B %Y}"


class Value(BaseModel):
    """Base of all values: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Protector(Protocol):
    """Encrypts and decrypts free text with its subject's key; lives behind the store's mapper."""

    def seal(self, subject: UUID, text: str) -> dict[str, str]:
        """Return {key_id, ciphertext}."""

    def unseal(self, subject: UUID, sealed: dict[str, str]) -> str | None:
        """Return the text, or None when its key was erased."""


class ProtectedText(Value):
    """Free text of a person: plain in the domain, stored only as subject, key id and ciphertext (design decision 11).

    `text` is None when the subject's key was erased. It has no serialised form without a protector in the context
    (`{"protector": …}`), so that plain text cannot slip into the log, Temporal or a log line by accident. For a reader
    with the right, the context `{"reveal": True}` gives the text itself.
    """

    subject: UUID
    text: str | None = Field(repr=False)

    def __str__(self) -> str:
        return "[protected]"

    @model_serializer(mode="plain")
    def _seal(self, info: SerializationInfo) -> dict[str, Any] | str:
        context = info.context or {}
        if context.get("reveal"):
            return self.text if self.text is not None else "[erased]"
        protector: Protector | None = context.get("protector")
        if protector is None:
            raise ValueError("protected text is stored only by the event store's mapper")
        if self.text is None:
            raise ValueError("erased text is not recorded again")
        return {"subject": str(self.subject), **protector.seal(self.subject, self.text)}

    @model_validator(mode="wrap")
    @classmethod
    def _unseal(cls, data: Any, handler: Callable[[Any], Self], info: ValidationInfo) -> Self:
        if isinstance(data, dict) and "ciphertext" in data:
            protector: Protector | None = (info.context or {}).get("protector")
            subject = UUID(data["subject"])
            sealed = {"key_id": data["key_id"], "ciphertext": data["ciphertext"]}
            return handler({"subject": subject, "text": protector.unseal(subject, sealed) if protector else None})
        return handler(data)
