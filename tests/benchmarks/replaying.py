"""How fast `fund audit replay` reads a long log again, and how much memory that takes at most.

`python -m tests.benchmarks.replaying [EVENTS]` rehearses a call once, records what happened in it again and again as
other calls of the same people, until the log has so many events, and replays that in a process of its own. A replay
finds what is not the same in the other calls: a tie that another lot breaks, an officer who has left meanwhile.
"""

import json
import re
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from eventsourcing.persistence import StoredEvent

from domain.call.events import CallPublished
from domain.ids import evaluation_id, grant_id
from domain.slot import slot_id
from fund_service.audit.replaying import replay
from fund_service.composition import Parts, open_parts
from fund_service.settings import Settings
from tests.benchmarks.measure import machine, timed

MIB: Final = 2**10
_ID: Final = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHARED: Final = ("account", "organisation")
_ONCE: Final = ("account.", "organisation.registered", "organisation.admitted", "organisation.population")
_ONCE_TOO: Final = ("organisation.officer", "organisation.organisations-linked")
"""What is recorded once, for all calls: people, cities and regions, and what they are."""


def main() -> None:
    """Measure, and say what was found."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(f"On {machine()}.", flush=True)
    with TemporaryDirectory() as folder:
        fund = [str(Path(sys.executable).with_name("fund")), "demo", "--once", "--json", "--partnerships", "10"]
        subprocess.run([*fund, "--data", folder], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open_parts(Settings(data=Path(folder))) as parts:
            _retell(parts, events)
            parts.projector.catch_up()
        subprocess.run([sys.executable, "-c", f"from {__spec__.name} import measure; measure({folder!r})"], check=True)


def measure(folder: str) -> None:
    """Replay a fund, and say how fast and in how much memory."""
    with open_parts(Settings(data=Path(folder))) as parts, timed() as watch:
        found = replay(parts, lambda done, doing: None)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    print(f"{found.events:,} events and {found.rows:,} rows: {found.events / watch.seconds:,.0f} events/s.")
    print(f"At most {peak:,.0f} MiB; {found.differing} differences, {found.breaking} of other lots and officers.")


class _Told(NamedTuple):
    stream: UUID
    topic: str
    state: bytes


def _retell(parts: Parts, events: int) -> None:
    """Record the calls again, under ids of their own, until the log has so many events."""
    told = [_Told(UUID(str(one.originator_id)), one.topic, bytes(one.state)) for one in parts.log.headers()]
    requests = [list(some) for _, some in groupby(told, key=lambda one: json.loads(one.state)["caused_by"])]
    again = [one for some in requests if not some[0].topic.startswith((*_ONCE, *_ONCE_TOO)) for one in some]
    versions: dict[UUID, int] = {}
    for one in told:
        versions[one.stream] = versions.get(one.stream, 0) + 1
    number = len(told)
    for copy in range(1, max(1, (events - number) // len(again) + 1) + 1):
        parts.log.recorder.insert_events(list(_as_other(again, _other_ids(told, copy), versions)))


def _other_ids(told: Sequence[_Told], copy: int) -> Mapping[UUID, UUID]:
    """Return the ids of a copy: of every stream but those of people, cities and regions, and what follows from them."""
    own = UUID(int=copy)
    ids = {one.stream: uuid5(own, str(one.stream)) for one in told if one.topic.partition(".")[0] not in _SHARED}
    kinds = {one.stream: one.topic.partition(".")[0] for one in told}
    for stream in [stream for stream, kind in kinds.items() if kind == "pilot-action"]:
        ids |= {derived(stream): derived(ids[stream]) for derived in (evaluation_id, grant_id)}
    for one in told:
        if one.topic == CallPublished.TOPIC:
            for line in json.loads(one.state)["event"]["rules"]["lines"]:
                for stream in [stream for stream, kind in kinds.items() if kind == "organisation"]:
                    ids[slot_id(one.stream, line["id"], stream)] = slot_id(ids[one.stream], line["id"], stream)
    return ids


def _as_other(again: Sequence[_Told], ids: Mapping[UUID, UUID], versions: dict[UUID, int]) -> Iterator[StoredEvent]:
    written = {str(one).encode(): str(other).encode() for one, other in ids.items()}
    for one in again:
        stream = ids.get(one.stream, one.stream)
        versions[stream] = versions.get(stream, 0) + 1
        state = _ID.sub(lambda found: written.get(found[0], found[0]), one.state)
        yield StoredEvent(stream, versions[stream], one.topic, state)


if __name__ == "__main__":
    main()
