"""An event that changes its shape: every version that was recorded is read as today's, on a real store (P14)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest

from domain.errors import Unavailable
from domain.messages import Aggregate, Event, Upcaster, version_of
from domain.values import Cents, ProtectedText
from fund_service.event_store import EventLog, Stored
from fund_service.keys import KeyVault
from fund_service.settings import Settings
from fund_service.store import Store, open_store

OFFICER = UUID(int=1)
AT = datetime(2026, 3, 20, 16, tzinfo=UTC)
NOTE = ProtectedText(subject=OFFICER, text="Málaga’s office is behind the “new” bridge")


class SurveyPaid(Event):
    """A survey was paid: as it was recorded first."""

    TOPIC: ClassVar[str] = "survey.paid"
    place: str
    euros: int
    note: ProtectedText


def in_cents(event: dict[str, Any]) -> dict[str, Any]:
    """Count in cents, by another name."""
    kept = {name: value for name, value in event.items() if name != "euros"}
    return {**kept, "cents": event["euros"] * 100}


class SurveyPaidInCents(Event):
    """The same, later."""

    TOPIC: ClassVar[str] = "survey.paid"
    UPCASTERS: ClassVar[tuple[Upcaster, ...]] = (in_cents,)
    place: str
    cents: Cents
    note: ProtectedText


def with_parts(event: dict[str, Any]) -> dict[str, Any]:
    """Tell city and country apart, hold the note under another name, and say that nobody counted the questions."""
    kept = {name: value for name, value in event.items() if name not in ("place", "note")}
    city, country = event["place"].split(", ")
    return {**kept, "city": city, "country": country, "remark": event["note"], "questions": 0}


class SurveyOfCityPaid(Event):
    """The same, today."""

    TOPIC: ClassVar[str] = "survey.paid"
    UPCASTERS: ClassVar[tuple[Upcaster, ...]] = (in_cents, with_parts)
    city: str
    country: str
    cents: Cents
    remark: ProtectedText
    questions: int


SURVEY: Aggregate[tuple[Event, ...]] = Aggregate("survey", (), lambda state, event: (*state, event))
SHARED = {"by": OFFICER, "effective_at": AT}
VERSIONS = (
    SurveyPaid(place="Málaga, Spain", euros=12, note=NOTE, **SHARED),
    SurveyPaidInCents(place="Vilnius, Lithuania", cents=1250, note=NOTE, **SHARED),
    SurveyOfCityPaid(city="Turin", country="Italy", cents=1, remark=NOTE, questions=7, **SHARED),
)


def as_today(remark: ProtectedText) -> tuple[SurveyOfCityPaid, ...]:
    """Return what the versions say, in today's words."""
    return (
        SurveyOfCityPaid(city="Málaga", country="Spain", cents=1200, remark=remark, questions=0, **SHARED),
        SurveyOfCityPaid(city="Vilnius", country="Lithuania", cents=1250, remark=remark, questions=0, **SHARED),
        SurveyOfCityPaid(city="Turin", country="Italy", cents=1, remark=remark, questions=7, **SHARED),
    )


class Generations:
    """One store and its log, as the programs of three generations open it."""

    def __init__(self, store: Store) -> None:
        self.stream = uuid4()
        vault = KeyVault(store.engine("keys"))
        self.logs = [EventLog(store.log(), vault, {kind.TOPIC: kind}) for kind in map(type, VERSIONS)]

    def write(self, generation: int, place: int) -> None:
        """Record the event as a generation does."""
        self.logs[generation].append([Stored(self.stream, place, AT, uuid4(), VERSIONS[generation])])

    def close(self) -> None:
        """Close every log."""
        for log in self.logs:
            log.close()


@pytest.fixture
def generations(sqlite_store: Store) -> Iterator[Generations]:
    """Return the generations on an empty store."""
    opened = Generations(sqlite_store)
    yield opened
    opened.close()


def test_an_events_version_counts_its_upcasters() -> None:
    assert [version_of(type(event)) for event in VERSIONS] == [1, 2, 3]


def test_every_version_is_read_and_folded_as_the_current_one(generations: Generations) -> None:
    for number in range(3):
        generations.write(number, place=number + 1)
    today = generations.logs[2]
    assert tuple(recorded.event for recorded in today.read(0, 10)) == as_today(NOTE)
    assert today.load(SURVEY, generations.stream) == (as_today(NOTE), 3)
    assert [recorded.recorded_at for recorded in today.read(0, 10)] == [AT] * 3


def test_a_known_state_goes_on_with_what_an_older_program_writes_meanwhile(generations: Generations) -> None:
    today = generations.logs[2]
    generations.write(2, place=1)
    assert today.load(SURVEY, generations.stream)[1] == 1
    generations.write(0, place=2)
    generations.write(1, place=3)
    older, newer, newest = as_today(NOTE)
    assert today.load(SURVEY, generations.stream) == ((newest, older, newer), 3)


def test_the_topic_stays_and_the_state_begins_with_its_version_from_the_second_on(generations: Generations) -> None:
    for number in range(3):
        generations.write(number, place=number + 1)
    headers = list(generations.logs[2].headers())
    assert {header.topic for header in headers} == {"survey.paid"}
    begin = (b'{"recorded_at":', b'{"version":2,"recorded_at":', b'{"version":3,"recorded_at":')
    assert all(header.state.startswith(first) for header, first in zip(headers, begin, strict=True))


def test_text_whose_key_was_erased_stays_erased_in_every_version(
    generations: Generations, sqlite_store: Store, tmp_path: Path
) -> None:
    for number in range(3):
        generations.write(number, place=number + 1)
    with open_store(Settings(store=f"sqlite:///{tmp_path}/other.db")) as other:
        without_key = EventLog(sqlite_store.log(), KeyVault(other.engine("keys")), {"survey.paid": SurveyOfCityPaid})
        try:
            found = tuple(recorded.event for recorded in without_key.read(0, 10))
        finally:
            without_key.close()
    assert found == as_today(ProtectedText(subject=OFFICER, text=None))


@pytest.mark.parametrize(("reader", "writer"), [(0, 1), (0, 2), (1, 2)])
def test_a_version_that_is_not_known_yet_is_told_in_one_sentence(
    generations: Generations, reader: int, writer: int
) -> None:
    generations.write(writer, place=1)
    sentence = (
        rf"^The store holds version {writer + 1} of the event 'survey\.paid' that this version does not know\. "
        r"Run the version of the fund that wrote it, or a newer one\.$"
    )
    with pytest.raises(Unavailable, match=sentence):
        generations.logs[reader].read(0, 10)
    with pytest.raises(Unavailable, match=sentence):
        generations.logs[reader].load(SURVEY, generations.stream)
