"""Values that every aggregate uses: instants, money, protected text."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, Protocol, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    SerializationInfo,
    ValidationInfo,
)
from pydantic_core import CoreSchema, core_schema

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


@lru_cache(maxsize=1024)  # deadlines are told again and again
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
    """Encrypts and decrypts free text with its subject's key, and makes keyed digests; lives behind the store."""

    def seal(self, subject: UUID, text: str) -> dict[str, str]:
        """Return {key_id, ciphertext}."""

    def unseal(self, subject: UUID, sealed: dict[str, str]) -> str | None:
        """Return the text, or None when its key was erased."""

    def is_empty(self, sealed: dict[str, str]) -> bool:
        """Tell whether a sealed text is the empty one, which is known without its key."""

    def digest(self, *parts: str) -> Digest:
        """Return the keyed digest of the parts."""


def is_recorded(info: ValidationInfo) -> bool:
    """Tell whether a value comes from the store, where it is not checked again: facts never fail, whatever the checks
    of today say.
    """
    return "protector" in (info.context or {})


class Sealed(NamedTuple):
    """A text as it is stored, and who can open it; nobody can without a protector."""

    key_id: str
    ciphertext: str
    protector: Protector | None


class ProtectedText:
    """Free text of a person: plain in the domain, stored only as subject, key id and ciphertext (design decision 11).

    `text` is None when the subject's key was erased; what comes from the store stays sealed, and is opened each time
    that it is read. It has no serialised form without a protector in the context (`{"protector": …}`), so that plain
    text cannot slip into the log, Temporal or a log line by accident. For a reader with the right, the context
    `{"reveal": True}` gives the text itself, and for one without, `{"mask": True}` says that there is one, but opens
    those of the subject that `but_of` names.
    """

    __slots__ = ("_held", "_subject")

    def __init__(self, subject: UUID, text: str | Sealed | None) -> None:
        """Hold the text of this subject."""
        self._subject = subject
        self._held = text

    @property
    def subject(self) -> UUID:
        """Whose text it is."""
        return self._subject

    @property
    def text(self) -> str | None:
        """The text itself, or None when its key was erased. Raises Unavailable when text and key do not fit."""
        if not isinstance(self._held, Sealed):
            return self._held
        key_id, ciphertext, protector = self._held
        return protector.unseal(self._subject, {"key_id": key_id, "ciphertext": ciphertext}) if protector else None

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it. An erased text that was empty is so still, so that what is counted before an
        erasure and after it is the same. Raises Unavailable as `text` does.
        """
        text = self.text
        if text is not None:
            return not text.strip()
        match self._held:
            case Sealed(key_id, ciphertext, protector) if protector is not None:
                return protector.is_empty({"key_id": key_id, "ciphertext": ciphertext})
            case _:
                return False

    @property
    def shown(self) -> str:
        """What a reader with the right sees: the text, or that it was erased. Raises Unavailable as `text` does."""
        text = self.text
        return text if text is not None else "[erased]"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ProtectedText):
            return NotImplemented
        return self._subject == other._subject and (self._held == other._held or self.text == other.text)

    def __hash__(self) -> int:
        return hash(self._subject)

    def __repr__(self) -> str:
        return f"ProtectedText(subject={self._subject!r})"

    def __str__(self) -> str:
        return "[protected]"

    def _seal(self, info: SerializationInfo) -> dict[str, Any] | str:
        context = info.context or {}
        if context.get("mask") and context.get("but_of") != self._subject:
            return str(self)
        if context.get("reveal") or context.get("mask"):
            return self.shown
        protector: Protector | None = context.get("protector")
        if protector is None:
            raise ValueError("protected text is stored only by the event store's mapper")
        if isinstance(self._held, Sealed) and self._held.protector is protector:
            sealed = {"key_id": self._held.key_id, "ciphertext": self._held.ciphertext}
        else:
            text = self.text
            if text is None:
                raise ValueError("erased text is not recorded again")
            sealed = protector.seal(self._subject, text)
        return {"subject": str(self._subject), **sealed}

    @classmethod
    def _of_store(cls, stored: dict[str, Any], info: ValidationInfo) -> Self:
        protector = (info.context or {}).get("protector")
        return cls(stored["subject"], Sealed(stored["key_id"], stored["ciphertext"], protector))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        fields = {name: core_schema.typed_dict_field(core_schema.str_schema()) for name in ("key_id", "ciphertext")}
        fields["subject"] = core_schema.typed_dict_field(core_schema.uuid_schema())
        stored = core_schema.with_info_after_validator_function(cls._of_store, core_schema.typed_dict_schema(fields))
        return core_schema.json_or_python_schema(
            stored,
            core_schema.union_schema([core_schema.is_instance_schema(cls), stored]),
            serialization=core_schema.plain_serializer_function_ser_schema(cls._seal, info_arg=True),
        )
