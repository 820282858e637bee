"""The fund as of a moment is the fund that had only the events up to it; on the second clock, only those that held."""

import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import StaticPool, create_engine, select

from domain.account.events import Ground, PersonalDataErased
from domain.catalogue import AGGREGATES
from domain.errors import Malformed, Unavailable
from domain.organisation.aggregate import ORGANISATION
from domain.organisation.events import OrganisationAdmitted, OrganisationKind, OrganisationRegistered
from domain.people import Strand
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.composition import Parts, open_parts
from fund_service.event_store import Stored
from fund_service.past.kept import KeptScreens
from fund_service.past.screens import PastScreens, Tell
from fund_service.settings import Settings
from projections.database import one_moment
from projections.read_model import BeingBuilt, Follower, ReadModel
from projections.screens import SCREENS
from tests.fund_service.audit.forging import unprotected
from tests.fund_service.small_fund import APPLICANTS, OFFICE, action_of, officers
from tests.fund_service.staged_fund import Stage, copied

STEP = 40
LATE = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def granted(stages: dict[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """Return the fund with all its stages behind it."""
    with open_parts(Settings(data=copied(stages[Stage.GRANTED], tmp_path_factory.mktemp("past") / "fund"))) as parts:
        yield parts


@pytest.mark.parametrize("part", range(1, 4))
def test_screens_and_aggregates_of_the_past_are_those_of_a_fund_with_these_events_alone(
    granted: Parts, part: int, tmp_path: Path
) -> None:
    position = granted.log.end() * part // 4
    past = granted.as_of(_moment(granted, str(position)))
    with open_parts(Settings(data=_cut(granted, position, tmp_path / "cut"))) as then:
        then.projector.catch_up()
        assert then.log.end() == past.log.end() == position
        assert _rows(past) == _rows(then)
        assert _states(past) == _states(then)
        assert past.fund.world().at == position


def _cut(parts: Parts, position: int, to: Path) -> Path:
    """Return a data directory of a fund that has only the events up to a position."""
    copied(parts.directory.directory, to)
    (to / "views.db").unlink()
    with closing(sqlite3.connect(to / "events.db")) as log, log, unprotected(log):
        log.execute("DELETE FROM stored_events WHERE rowid > ?", (position,))
        log.execute("DELETE FROM stored_snapshots")
    return to


def _rows(parts: Parts) -> dict[str, list[Any]]:
    """Return the rows of every table of every screen."""
    found: dict[str, list[Any]] = {}
    for screen in SCREENS:
        with one_moment(parts.views) as connection:
            for table in screen.metadata.sorted_tables:
                found[table.name] = sorted(map(repr, connection.execute(select(table)).all()))
    return found


def _states(parts: Parts) -> dict[UUID, Any]:
    """Return the state and version of every aggregate."""
    kinds = {kind.name: kind for kind in AGGREGATES}
    streams = {one.originator_id: kinds[one.topic.partition(".")[0]] for one in parts.log.headers()}
    return {stream: parts.log.load(kind, stream) for stream, kind in streams.items() if isinstance(stream, UUID)}


def _moment(parts: Parts, as_of: str | None, held_at: str | None = None) -> Any:
    moment = parts.moment(as_of, held_at)
    assert moment is not None
    return moment


def test_screens_that_were_followed_further_are_at_every_position_what_they_were_there(granted: Parts) -> None:
    while granted.past_screens.follow():
        pass
    end, engine = granted.log.end(), create_engine("sqlite://", poolclass=StaticPool)
    followers = [Follower(engine, screen(), granted.log.read) for screen in SCREENS]
    for position in range(1, end + 1):
        for one in followers:
            with engine.begin() as connection:
                one.take_in(connection, position - 1, granted.log.read(position - 1, 1))
        if position % STEP == 0 or position == end:
            past = granted.as_of(_moment(granted, str(position)))
            assert _rows(past) == _rows(replace(granted, views=engine)), position


def test_a_look_at_the_past_follows_what_it_touches_and_a_later_look_goes_on_from_there(granted: Parts) -> None:
    granted.past_screens.forget()
    tables = [screen.metadata.sorted_tables[0] for screen in SCREENS[:2]]
    for position, table in ((100, tables[0]), (40, tables[1]), (150, tables[1])):
        with one_moment(granted.as_of(_moment(granted, str(position))).views) as connection:
            connection.execute(select(table)).all()
    assert [_left(granted, screen, 150) for screen in SCREENS[:3]] == [50, 0, 150]
    whole = _rows(granted.as_of(_moment(granted, "150")))
    granted.past_screens.forget()
    assert _rows(granted.as_of(_moment(granted, "150"))) == whole


def _left(parts: Parts, screen: type[ReadModel], last: int) -> int:
    return parts.past_screens._kept(None).behind([screen.name], last)


def _kept(parts: Parts) -> set[str]:
    return {file.name.rpartition("-")[0] for file in parts.directory.path("past").glob("*.db")}


def test_where_a_keeper_runs_what_is_far_behind_is_left_to_it(granted: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    granted.past_screens.forget()
    monkeypatch.setattr("fund_service.past.screens.AT_ONCE", 60)
    monkeypatch.setattr("fund_service.past.kept.BATCH", 60)
    for held_at in (None, "2027-01-01"):
        past = granted.as_of(_moment(granted, "120", held_at))
        granted.past_screens.are_kept = True
        with pytest.raises(BeingBuilt, match="made ready: 0 % is done"):
            _rows(past)
        assert granted.past_screens.awaited()
        while granted.past_screens.awaited():
            granted.past_screens.follow()
        granted.past_screens.are_kept = False
        assert _rows(past)["timeline_entries"]


def test_who_waits_long_is_told_how_far_it_is(granted: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[float, str]] = []

    @contextmanager
    def telling() -> Iterator[Tell]:
        yield lambda done, doing: told.append((done, doing))

    granted.past_screens.forget()
    monkeypatch.setattr(granted.past_screens, "telling", telling)
    monkeypatch.setattr("fund_service.past.screens.AT_ONCE", 100)
    monkeypatch.setattr("fund_service.past.kept.BATCH", 75)
    for position in (100, 300):
        with one_moment(granted.as_of(_moment(granted, str(position))).views) as connection:
            connection.execute(select(SCREENS[0].metadata.sorted_tables[0])).all()
    assert told == [(done, "timeline") for done in (0.375, 0.75, 1.0)]


def test_a_file_of_the_past_that_is_broken_is_made_anew(granted: Parts) -> None:
    whole = _rows(granted.as_of(_moment(granted, "50")))
    for file in granted.directory.path("past").glob("all-*"):
        file.write_bytes(b"no database at all" * 100)
    assert _rows(granted.as_of(_moment(granted, "50"))) == whole


def test_screens_of_a_log_that_was_restored_are_made_anew(granted: Parts, tmp_path: Path) -> None:
    _rows(granted.as_of(_moment(granted, "100")))
    with open_parts(Settings(data=_cut(granted, 90, tmp_path / "cut"))) as restored:
        shutil.copytree(granted.directory.path("past"), restored.directory.path("past"))
        for number in range(20):
            restored.log.append([_registered(uuid4(), LATE, f"Place {number}")])
        rows = _rows(restored.as_of(_moment(restored, "100")))
        assert sum("Place" in row for row in rows["registry_organisations"]) == 10


def test_what_is_kept_of_the_past_stays_within_its_bounds(granted: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fund_service.past.screens.MOST_BYTES", 1)
    granted.past_screens.forget()
    for day in (None, "2026-03-01", "2026-03-02"):
        _rows(granted.as_of(_moment(granted, "60", day)))
    assert len(_kept(granted)) == 2
    assert any(name.startswith("held-20260302") for name in _kept(granted))


def test_a_fact_recorded_late_was_not_known_then_and_held_all_the_same(tmp_path: Path) -> None:
    with open_parts(Settings(data=tmp_path / "fund")) as parts:
        place = uuid4()
        before = parts.log.append(
            [_registered(place, LATE), _registered(uuid4(), LATE + timedelta(days=40), name="Later")]
        )
        after = parts.log.append([_admitted(place, LATE + timedelta(days=1))])
        told = {
            (as_of, held): _is_admitted(parts, place, str(as_of), held)
            for as_of in (before, after)
            for held in (None, "2026-03-01", "2026-03-02T12:00")
        }
        assert told == {
            (before, None): False,
            (before, "2026-03-01"): False,
            (before, "2026-03-02T12:00"): False,
            (after, None): True,
            (after, "2026-03-01"): False,
            (after, "2026-03-02T12:00"): True,
        }
        assert [_names(parts, held) for held in (None, "2026-03-10")] == [{"Turin", "Later"}, {"Turin"}]


def _registered(place: UUID, at: datetime, name: str = "Turin") -> Stored:
    event = OrganisationRegistered(
        by=OFFICE,
        effective_at=at,
        name=name,
        kind=OrganisationKind.CITY,
        side="EU",
        country="IT",
        population=None,
        generated=True,
    )
    return Stored(place, 1, at, uuid4(), event)


def _admitted(place: UUID, at: datetime, version: int = 2) -> Stored:
    event = OrganisationAdmitted(by=OFFICE, effective_at=at, source="the list", strand=Strand.AA)
    return Stored(place, version, at + timedelta(days=30), uuid4(), event)


def _is_admitted(parts: Parts, place: UUID, as_of: str, held_at: str | None) -> bool:
    past = parts.as_of(_moment(parts, as_of, held_at))
    return past.fund.world().get(ORGANISATION, place).admitted


def _names(parts: Parts, held_at: str | None) -> set[str]:
    past = parts.as_of(_moment(parts, None, held_at or "2027-01-01"))
    rows = _rows(past)["registry_organisations"]
    return {name for name in ("Turin", "Later") if any(name in row for row in rows)}


def test_on_either_store_a_stream_ends_where_the_moment_is(store_url: str, tmp_path: Path) -> None:
    with open_parts(Settings(data=tmp_path / "fund", store=store_url)) as parts:
        place = uuid4()
        positions = [parts.log.append([_registered(place, LATE)]), parts.log.append([_admitted(place, LATE)])]
        pasts = [parts.as_of(_moment(parts, str(position))) for position in positions]
        assert [past.log.load(ORGANISATION, place)[1] for past in pasts] == [1, 2]
        assert [len(past.log.history(place)) for past in pasts] == [1, 2]
        assert [len([*past.log.newest(place, OrganisationAdmitted)]) for past in pasts] == [0, 1]
        assert [len(past.log.every([OrganisationAdmitted])) for past in pasts] == [0, 1]
        assert [past.log.kinds() for past in pasts] == [
            {"organisation.registered": 1},
            {"organisation.registered": 1, "organisation.admitted": 1},
        ]
        assert [len(_rows(past)["registry_organisations"]) for past in pasts] == [1, 1]


def test_a_state_of_the_past_is_folded_from_the_nearest_snapshot_before_it(tmp_path: Path) -> None:
    with open_parts(Settings(data=tmp_path / "fund")) as parts:
        place = uuid4()
        events = [_registered(place, LATE), *(_admitted(place, LATE, number) for number in range(2, 251))]
        for number, event in enumerate(events, 1):
            parts.log.append([event])
            if number == 120:
                parts.log.load(ORGANISATION, place)
        parts.log.load(ORGANISATION, place)
        past = parts.as_of(_moment(parts, "130"))
        assert past.log._snapshots.find(ORGANISATION, place)[1] == 120
        assert past.log.load(ORGANISATION, place)[1] == 130


def test_an_erased_text_is_erased_in_the_past_too(tmp_path: Path, recorded: Path) -> None:
    shutil.copytree(recorded, tmp_path / "fund")
    with open_parts(Settings(data=tmp_path / "fund")) as parts:
        action = action_of(APPLICANTS[-1])
        moment = _moment(parts, str(parts.log.end()))
        texts = [
            {answer.text for answer in parts.as_of(moment).fund.world().get(PILOT_ACTION, action).answers.values()}
            for erase in (False, True)
            if not erase or parts.vault.erase(officers(APPLICANTS[-1])[0]) is None
        ]
        assert texts == [{"Our answer."}, {None}]


def test_nothing_is_recorded_in_the_past(granted: Parts) -> None:
    past = granted.as_of(_moment(granted, "10"))
    with pytest.raises(Malformed, match="Nothing is recorded in the past"):
        past.log.append([_registered(uuid4(), LATE)])


def test_one_who_looks_does_not_wait_for_one_who_follows(granted: Parts) -> None:
    whole, past = _rows(granted.as_of(_moment(granted, "50"))), granted.as_of(_moment(granted, "50"))
    with granted.past_screens._kept(None)._writing.begin():
        assert _rows(past) == whole


def test_a_file_that_is_made_while_another_process_forgets_all_is_not_kept(
    granted: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = PastScreens(granted.log, SCREENS, granted.directory.path("past"))

    def made(file: Path, screens: Collection[type[ReadModel]]) -> KeptScreens:
        elsewhere.forget()
        return KeptScreens(file, screens)

    granted.past_screens.forget()
    with monkeypatch.context() as patch:
        patch.setattr("fund_service.past.screens.KeptScreens", made)
        with pytest.raises(Unavailable, match="made anew meanwhile"):
            _rows(granted.as_of(_moment(granted, "20")))
    assert not list(granted.directory.path("past").glob("*.db"))
    assert _rows(granted.as_of(_moment(granted, "20")))


def test_screens_of_the_past_are_forgotten_when_somebody_is_erased(tmp_path: Path, recorded: Path) -> None:
    shutil.copytree(recorded, tmp_path / "fund")
    with open_parts(Settings(data=tmp_path / "fund")) as parts:
        _rows(parts.as_of(_moment(parts, "50")))
        erased = PersonalDataErased(by=OFFICE, effective_at=LATE, decided_by=OFFICE, ground=Ground.ASKED)
        stream = uuid4()
        parts.log.append([Stored(stream, 1, LATE, uuid4(), erased)])
        past = parts.as_of(_moment(parts, "20"))
        with one_moment(past.views) as connection:
            connection.execute(select(SCREENS[0].metadata.sorted_tables[0])).all()
        assert [_left(parts, screen, 50) for screen in SCREENS[:2]] == [30, 50]
        assert len(list(parts.directory.path("past").glob("*.db"))) == 1
