"""What was recorded once is read for ever: every version of every event, opened, folded, shown and relayed (P14)."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.catalogue import AGGREGATES, EVENTS, aggregate_of
from domain.messages import Event, Recorded, version_of
from fund_service.envelopes import envelope_of
from projections.database import views_engine
from projections.read_model import Follower, ReadModel
from projections.screens import SCREENS
from tests.stored.samples import (
    Sample,
    SampleVault,
    compact,
    plain,
    read_samples,
    still_wanted,
    vault_of_samples,
)
from tests.stored.shapes import CURE, changed, recorded_shapes
from workflows.reactions import LISTENERS, STARTS, reactions

SAMPLES = read_samples()


@pytest.fixture(scope="module")
def vault() -> Iterator[SampleVault]:
    """Return the vault with the keys of the samples."""
    with vault_of_samples() as opened:
        yield opened


@pytest.fixture(scope="module")
def log(vault: SampleVault) -> list[Recorded]:
    """Return the samples as a log."""
    return [
        Recorded(position, sample.stream, position, *sample.open(vault)[:2], sample.open(vault)[2])
        for position, sample in enumerate(SAMPLES, 1)
    ]


def test_no_shape_of_an_event_changed_since_it_was_recorded() -> None:
    assert changed() == [], CURE


def test_every_version_that_was_recorded_is_known() -> None:
    """An event that is no longer recorded stays in the catalogue; a version is never taken back."""
    newest: dict[str, int] = defaultdict(int)
    for name in recorded_shapes():
        topic, _, version = name.rpartition(" ")
        newest[topic] = max(newest[topic], int(version))
    assert newest == {topic: version_of(kind) for topic, kind in EVENTS.items()}, CURE


@pytest.mark.parametrize("kind", EVENTS.values(), ids=lambda kind: kind.TOPIC)
def test_samples_show_all_that_an_event_can_hold_in_every_version(vault: SampleVault, kind: type[Event]) -> None:
    assert {one.version for one in SAMPLES if one.kind is kind} == set(range(1, version_of(kind) + 1)), CURE
    assert still_wanted(kind, SAMPLES, vault) == set(), CURE


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{number}-{one.topic}" for number, one in enumerate(SAMPLES, 1)])
class TestASample:
    """Every stored event."""

    def test_means_what_it_meant(self, vault: SampleVault, sample: Sample) -> None:
        recorded_at, caused_by, event = sample.open(vault)
        assert (recorded_at.isoformat().replace("+00:00", "Z"), str(caused_by)) == (
            sample.state["recorded_at"],
            sample.state["caused_by"],
        )
        assert plain(event) == sample.means[str(version_of(sample.kind))], CURE

    def test_is_stored_again_byte_by_byte_while_its_version_is_current(
        self, vault: SampleVault, sample: Sample
    ) -> None:
        if sample.version == version_of(sample.kind):
            assert envelope_of(EVENTS, sample.topic).seal(*sample.open(vault), vault) == sample.stored

    def test_holds_no_text_of_people_in_clear(self, sample: Sample) -> None:
        sealed = compact(sample.state)
        assert all(text not in sealed for text in _texts(sample.state, sample.means[str(sample.version)]))


def _texts(stored: Any, meant: Any) -> Iterator[str]:
    """Yield the texts in clear where the stored event holds them sealed."""
    if isinstance(stored, dict) and "ciphertext" in stored:
        yield compact(meant)
    elif isinstance(stored, dict):
        for name, inner in stored.items():
            yield from _texts(inner, meant if name == "event" else meant.get(name) if isinstance(meant, dict) else None)
    elif isinstance(stored, list) and isinstance(meant, list):
        for inner, told in zip(stored, meant, strict=True):
            yield from _texts(inner, told)


@pytest.mark.parametrize("kind", AGGREGATES, ids=lambda kind: kind.name)
def test_every_sample_is_folded_from_any_state(log: list[Recorded], kind: Any) -> None:
    events = [one.event for one in log if aggregate_of(one.event) is kind]
    assert events
    for order in (events, events[::-1]):
        state = kind.initial
        for event in order:
            assert type(kind.evolve(kind.initial, event)) is type(kind.initial)
            state = kind.evolve(state, event)
        assert type(state) is type(kind.initial)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_sample_is_taken_by_every_screen(tmp_path: Path, log: list[Recorded], screen: type[ReadModel]) -> None:
    for order in ("forwards", "backwards"):
        told = log if order == "forwards" else log[::-1]
        placed = [one._replace(position=position) for position, one in enumerate(told, 1)]
        engine = views_engine(f"sqlite:///{tmp_path}/{order}.db")
        assert Follower(engine, screen(), lambda after, limit, log=placed: log[after : after + limit]).catch_up()
        engine.dispose()


def test_every_sample_is_relayed_to_those_who_wait_for_it(log: list[Recorded]) -> None:
    assert {type(one.event) for one in log if list(reactions(one))} == {*STARTS, *LISTENERS}
