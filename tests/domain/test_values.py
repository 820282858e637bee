"""Money, instants and protected text: how people read them, and what never leaves the domain by accident."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from domain.values import BRUSSELS, Cents, Instant, ProtectedText, Value, euros, in_brussels

INSTANT, CENTS = TypeAdapter(Instant), TypeAdapter(Cents)
CLOSING = datetime(2026, 3, 20, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "€0.00"),
        (1, "€0.01"),
        (99, "€0.99"),
        (100, "€1.00"),
        (99_999, "€999.99"),
        (100_000, "€1,000.00"),
        (1_234_567, "€12,345.67"),
        (-1, "-€0.01"),
        (-1_234_567, "-€12,345.67"),
    ],
)
def test_a_sum_is_written_as_people_read_it_in_english(cents: int, text: str) -> None:
    assert euros(cents) == text


@given(st.integers())
def test_no_cent_is_lost_in_writing(cents: int) -> None:
    digits = euros(cents).replace("€", "").replace(",", "").replace(".", "")
    assert int(digits) == cents


@pytest.mark.parametrize("value", [10.0, "1000", True, None])
def test_money_is_whole_cents_and_nothing_is_converted(value: object) -> None:
    with pytest.raises(ValidationError):
        CENTS.validate_python(value)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (CLOSING, "Fri 20 March 2026, 17:00 Brussels"),
        (datetime(2026, 3, 20, 16, 0, 1, tzinfo=UTC), "Fri 20 March 2026, 17:00:01 Brussels"),
        (datetime(2026, 3, 31, 22, tzinfo=UTC), "Wed 1 April 2026, 00:00 Brussels"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Sun 25 October 2026, 02:30 Brussels"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Sun 25 October 2026, 02:30 Brussels"),
    ],
    ids=["winter", "with seconds", "the next day", "summer time's last hour", "winter time's first hour"],
)
def test_an_instant_is_written_in_brussels_time(moment: datetime, text: str) -> None:
    assert in_brussels(moment) == text


@pytest.mark.parametrize("naive", [CLOSING.replace(tzinfo=None), "2026-03-20T17:00:00"])
def test_an_instant_without_a_zone_is_refused(naive: object) -> None:
    with pytest.raises(ValidationError, match="timezone"):
        INSTANT.validate_python(naive)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
def test_an_instant_lies_inside_the_calendar(moment: str) -> None:
    with pytest.raises(ValidationError, match="outside the calendar"):
        INSTANT.validate_python(moment)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 20, 17, tzinfo=BRUSSELS),
        datetime(2026, 3, 20, 23, 0, tzinfo=timezone(timedelta(hours=7))),
        "2026-03-20T17:00:00+01:00",
        "2026-03-20T16:00:00Z",
    ],
)
def test_an_instant_of_another_zone_is_converted_to_utc(moment: object) -> None:
    instant = INSTANT.validate_python(moment)
    assert (instant, instant.tzinfo) == (CLOSING, UTC)


class Note(Value):
    """Something with protected text inside."""

    text: ProtectedText


ADA, BEN = UUID(int=1), UUID(int=2)
SECRET = "Ada's word"
NOTE = Note(text=ProtectedText(subject=ADA, text=SECRET))


class Cupboard:
    """A protector that keeps the texts in a drawer, with one key for each subject."""

    def __init__(self) -> None:
        """Begin with empty drawers."""
        self.drawers: dict[str, str] = {}
        self.erased: set[UUID] = set()

    def seal(self, subject: UUID, text: str) -> dict[str, str]:
        """Put the text away."""
        number = str(len(self.drawers))
        self.drawers[number] = text
        return {"key_id": f"key of {subject.int}", "ciphertext": number}

    def unseal(self, subject: UUID, sealed: dict[str, str]) -> str | None:
        """Take the text out, unless the key was thrown away."""
        assert sealed["key_id"] == f"key of {subject.int}"
        return None if subject in self.erased else self.drawers[sealed["ciphertext"]]

    def is_empty(self, sealed: dict[str, str]) -> bool:
        """Tell whether nothing stands in the drawer."""
        return not self.drawers[sealed["ciphertext"]]


@pytest.mark.parametrize("shown", [repr, str, "{}".format], ids=["repr", "str", "format"])
def test_protected_text_is_not_shown_by_accident(shown: Any) -> None:
    assert SECRET not in shown(NOTE)
    assert SECRET not in shown(NOTE.text)
    assert SECRET not in shown([NOTE.text])


@pytest.mark.parametrize("mode", ["python", "json"])
@pytest.mark.parametrize("context", [None, {}, {"reveal": False}])
def test_protected_text_has_no_plain_form(mode: Any, context: Any) -> None:
    with pytest.raises(PydanticSerializationError, match="stored only by the event store"):
        NOTE.model_dump(mode=mode, context=context)
    with pytest.raises(PydanticSerializationError, match="stored only by the event store"):
        NOTE.model_dump_json(context=context)


def test_protected_text_is_stored_as_subject_key_and_ciphertext_and_comes_back() -> None:
    cupboard = Cupboard()
    stored = NOTE.model_dump_json(context={"protector": cupboard})
    assert stored == f'{{"text":{{"subject":"{ADA}","key_id":"key of 1","ciphertext":"0"}}}}'
    assert Note.model_validate_json(stored, context={"protector": cupboard}) == NOTE


def test_without_its_key_protected_text_is_gone_but_its_subject_stays() -> None:
    cupboard = Cupboard()
    stored = NOTE.model_dump(mode="json", context={"protector": cupboard})
    gone = Note(text=ProtectedText(subject=ADA, text=None))
    assert Note.model_validate(stored) == gone
    cupboard.erased.add(ADA)
    assert Note.model_validate(stored, context={"protector": cupboard}) == gone


def test_erased_text_is_not_recorded_again() -> None:
    erased = Note(text=ProtectedText(subject=ADA, text=None))
    with pytest.raises(PydanticSerializationError, match="not recorded again"):
        erased.model_dump(context={"protector": Cupboard()})


@pytest.mark.parametrize(("text", "shown"), [(SECRET, SECRET), ("", ""), (None, "[erased]")])
def test_a_reader_with_the_right_sees_the_text_or_that_it_was_erased(text: str | None, shown: str) -> None:
    note = Note(text=ProtectedText(subject=ADA, text=text))
    assert note.model_dump(context={"reveal": True}) == {"text": shown}
    assert note.text.shown == shown


@pytest.mark.parametrize(("text", "before", "after"), [(SECRET, False, False), ("", True, True), (" \n", True, False)])
def test_an_empty_text_is_so_when_its_key_was_erased_too(text: str, before: bool, after: bool) -> None:
    cupboard = Cupboard()
    written = Note(text=ProtectedText(subject=ADA, text=text))
    context = {"protector": cupboard}
    stored = Note.model_validate(written.model_dump(mode="json", context=context), context=context)
    assert (written.text.is_blank, stored.text.is_blank) == (before, before)
    cupboard.erased.add(ADA)
    assert stored.text.is_blank == after
    assert not ProtectedText(subject=ADA, text=None).is_blank


def test_a_reader_without_the_right_is_told_that_there_is_a_text() -> None:
    erased = Note(text=ProtectedText(subject=ADA, text=None))
    assert (
        NOTE.model_dump(context={"mask": True}) == erased.model_dump(context={"mask": True}) == {"text": str(NOTE.text)}
    )


def test_what_comes_from_the_store_stays_sealed_and_is_sealed_there_once() -> None:
    cupboard, other = Cupboard(), Cupboard()
    stored = NOTE.model_dump_json(context={"protector": cupboard})
    note = Note.model_validate_json(stored, context={"protector": cupboard})
    assert note.model_dump_json(context={"protector": cupboard}) == stored
    assert (
        Note.model_validate_json(note.model_dump_json(context={"protector": other}), context={"protector": other})
        == note
    )
    cupboard.erased.add(ADA)
    assert (note.text.text, note.model_dump_json(context={"protector": cupboard})) == (None, stored)


def test_sealed_text_is_opened_each_time_that_it_is_read_and_not_before() -> None:
    cupboard = Cupboard()
    stored = NOTE.model_dump_json(context={"protector": cupboard})
    text = Note.model_validate_json(stored, context={"protector": cupboard}).text
    assert SECRET not in repr(text)
    cupboard.drawers["0"] = "another word"
    assert text.text == "another word"
    cupboard.erased.add(ADA)
    assert text.text is None


def test_the_same_words_of_two_people_are_not_the_same_text() -> None:
    assert ProtectedText(subject=ADA, text=SECRET) != ProtectedText(subject=BEN, text=SECRET)


def test_protected_text_is_the_same_sealed_or_open_and_never_the_same_as_its_words() -> None:
    cupboard = Cupboard()
    stored = NOTE.model_dump_json(context={"protector": cupboard})
    sealed = Note.model_validate_json(stored, context={"protector": cupboard}).text
    assert {sealed: "found"}[NOTE.text] == "found"
    assert NOTE.text != SECRET
    assert NOTE.text != SECRET


def test_a_value_does_not_change_and_takes_no_unknown_fields() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        NOTE.text = NOTE.text
    with pytest.raises(AttributeError):
        NOTE.text.text = "another"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs"):
        Note.model_validate({"text": NOTE.text, "more": 1})
