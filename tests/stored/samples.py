"""Stored events of every version: how they lie in the store, and what they mean.

`events/<aggregate>.jsonl`   a line each: topic, version, stream, state as stored, and its meaning in each version since
`keys.jsonl`                 the keys of the invented people whose invented texts are in them
"""

import json
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import text

from domain.catalogue import EVENTS
from domain.messages import Event, Recorded, version_of
from domain.values import Protector
from fund_service.envelopes import envelope_of
from fund_service.keys import KeyVault
from fund_service.sqlite_store import sqlite_file
from tests.stored.variants import AT, SUBJECT, made, shown

FOLDER = Path(__file__).parent
EVENTS_FOLDER = FOLDER / "events"
KEYS = FOLDER / "keys.jsonl"


@dataclass(frozen=True)
class Sample:
    """One stored event. `means` are its fields, texts in clear, by the version that they are told in."""

    topic: str
    version: int
    stream: UUID
    state: dict[str, Any]
    means: dict[str, dict[str, Any]]

    @property
    def kind(self) -> type[Event]:
        """The event's class."""
        return EVENTS[self.topic]

    @property
    def stored(self) -> bytes:
        """The very bytes that lie in the store."""
        return compact(self.state).encode()

    def open(self, vault: Protector) -> tuple[datetime, UUID, Event]:
        """Return when it was recorded, what caused it, and the event as today's code reads it."""
        return envelope_of(EVENTS, self.topic).open(self.stored, vault)

    def line(self) -> str:
        """Return its line in the file."""
        return compact({**vars(self), "stream": str(self.stream)})


def compact(value: Any) -> str:
    """Return JSON as pydantic writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def plain(event: Event) -> dict[str, Any]:
    """Return an event's fields as JSON values, texts in clear."""
    return event.model_dump(mode="json", context={"reveal": True})


def sample_of(stream: UUID, recorded_at: datetime, caused_by: UUID, event: Event, vault: Protector) -> Sample:
    """Store an event as it is stored today."""
    state = envelope_of(EVENTS, event.TOPIC).seal(recorded_at, caused_by, event, vault)
    version = version_of(type(event))
    sample = Sample(event.TOPIC, version, stream, json.loads(state), {str(version): plain(event)})
    assert sample.stored == state
    return sample


def read_samples() -> list[Sample]:
    """Return every sample, in the order of the files."""
    lines = [line for file in sorted(EVENTS_FOLDER.glob("*.jsonl")) for line in file.read_text().splitlines()]
    return [Sample(**{**told, "stream": UUID(told["stream"])}) for told in map(json.loads, lines)]


def write_samples(samples: Iterable[Sample]) -> None:
    """Write every sample, those of a topic and version in the order in which they were recorded."""
    lines = defaultdict(list)
    for sample in sorted(samples, key=lambda one: (one.topic, one.version)):
        lines[sample.topic.partition(".")[0]].append(sample.line())
    EVENTS_FOLDER.mkdir(exist_ok=True)
    for aggregate, of_one in lines.items():
        (EVENTS_FOLDER / f"{aggregate}.jsonl").write_text("\n".join(of_one) + "\n")


class SampleVault(KeyVault):
    """The keys of the samples, in a vault of their own."""

    def __init__(self, place: Path) -> None:
        """Open the keys that are kept."""
        self._place = sqlite_file(place)
        super().__init__(self._place, "stored samples")
        with self._place.begin() as connection:
            for line in KEYS.read_text().splitlines() if KEYS.exists() else ():
                row = json.loads(line)
                row["secret"] = b64decode(row["secret"])
                connection.execute(text("INSERT INTO keys VALUES (:key_id, :subject, :secret)"), row)

    def close(self) -> None:
        """Close the file."""
        self._place.dispose()

    def keep(self) -> None:
        """Keep the keys that were made since."""
        with self._place.connect() as connection:
            rows = connection.execute(text("SELECT * FROM keys WHERE subject <> 'digest' ORDER BY rowid")).mappings()
            lines = [compact({**row, "secret": b64encode(row["secret"]).decode()}) for row in rows]
        KEYS.write_text("\n".join(lines) + "\n")


@contextmanager
def vault_of_samples() -> Iterator[SampleVault]:
    """Open the vault of the samples."""
    with TemporaryDirectory() as place:
        vault = SampleVault(Path(place) / "keys.db")
        yield vault
        vault.close()


def wanted(kind: type[Event]) -> set[str]:
    """Return all that samples of an event must show: every optional field present and absent, every enum's value."""
    return {feature for event in made(kind) for feature in shown(kind, event)}


def still_wanted(kind: type[Event], samples: Sequence[Sample], vault: Protector) -> set[str]:
    """Return what the samples of an event's current version do not show."""
    current = [one for one in samples if one.kind is kind and one.version == version_of(kind)]
    return wanted(kind) - {feature for one in current for feature in shown(kind, one.open(vault)[2])}


def chosen(kind: type[Event], missing: set[str], log: Sequence[Recorded]) -> Iterator[Recorded]:
    """Yield as few events as show what is missing: those of the log where they do, and where not, invented ones."""
    real = [(one, set(shown(kind, one.event))) for one in log if type(one.event) is kind]
    invented = [Recorded(0, SUBJECT, 0, AT, SUBJECT, event) for event in made(kind)]
    for candidates in (real, [(one, set(shown(kind, one.event))) for one in invented]):
        while candidates and missing:
            best, shows = max(candidates, key=lambda one: len(one[1] & missing))
            if not shows & missing:
                break
            missing = missing - shows
            yield best


def told_in_todays_words(samples: Iterable[Sample], vault: Protector) -> list[Sample]:
    """Return the samples with what each means in the current version, where that was not recorded yet."""
    return [replace(one, means={str(version_of(one.kind)): plain(one.open(vault)[2]), **one.means}) for one in samples]
