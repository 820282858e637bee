"""What is erased is gone from every file and every process, and everything else stays as it is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.account.commands import DecideErasure, HoldErasure, LiftHold, RecordErasure
from domain.account.events import PersonalDataErased
from domain.errors import RuleViolated, Unavailable, WrongStage
from domain.people import ENGINE
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.events import DraftSectionSaved
from domain.values import ProtectedText
from fund_service.application import Fund
from fund_service.auth.directory import METADATA
from fund_service.composition import Parts, open_parts
from fund_service.event_store import Stored
from fund_service.permissions.actors import Actor
from fund_service.privacy.personal import NOT_PERSONAL, SHOWN, rows_of
from fund_service.rebuilding import rebuild
from fund_service.settings import Settings
from tests.fund_service.privacy.conftest import ADDRESS, ERASABLE, NAME, OFFICER
from tests.fund_service.small_fund import APPLICANTS, NOTE, OFFICE, action_of, id_of

DUBLIN, TURIN = APPLICANTS[-1], APPLICANTS[0]
SECOND = id_of("Secretariat 2")


def decide(key: str = "erase", by: UUID = OFFICE, **changes: Any) -> DecideErasure:
    """Return the request to erase the officer's data."""
    return DecideErasure(**{"by": by, "at": ERASABLE, "key": key, "subject": OFFICER, **changes})


def answers(parts: Parts, one: Any) -> set[str | None]:
    """Return what stands in a pilot action's draft."""
    pilot = parts.fund.look(PILOT_ACTION, action_of(one))
    assert pilot is not None
    return {answer.text for answer in pilot.answers.values()}


def found_in(place: Path, *words: str) -> set[tuple[str, str]]:
    """Return which files of the data directory hold which of the words."""
    files = [file for file in place.rglob("*") if file.is_file()]
    return {(file.name, word) for file in files for word in words if word.encode() in file.read_bytes()}


def test_a_table_of_the_directory_is_shown_and_erased_or_holds_nothing_of_anybody() -> None:
    assert set(METADATA.tables.values()) == SHOWN.keys() | NOT_PERSONAL
    secret = {column.name for table in SHOWN for column in table.columns} - {
        column.name for shown in SHOWN.values() for column in shown
    }
    assert secret == {"digest", "code_digest", "hash", "key_id", "ciphertext", "last_step"}


def test_what_is_erased_is_gone_and_what_belongs_to_others_stays(parts: Parts) -> None:
    assert answers(parts, DUBLIN) == {"Our answer."}
    parts.fund.handle(decide())
    assert answers(parts, DUBLIN) == {None}
    assert answers(parts, TURIN) == {"Our answer."}
    assert not any(rows_of(parts.store.engine("directory"), OFFICER).values())
    assert parts.tokens.of(OFFICER, datetime.now(UTC)) == []
    done = parts.log.history(OFFICER)[-1].event
    assert isinstance(done, PersonalDataErased)
    assert (done.decided_by, done.by, done.effective_at) == (OFFICE, ENGINE, ERASABLE)


def test_no_file_holds_a_planted_word_after_the_erasure_and_none_but_the_directory_before(
    parts: Parts, place: Path
) -> None:
    planted = (NAME, ADDRESS, "Planted unit", "Planted token", NOTE)
    assert found_in(place, *planted) == {("directory.db", word) for word in planted[:-1]}
    parts.fund.handle(decide())
    parts.projector.catch_up()
    with parts.views.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert found_in(place, *planted) == set()


def test_the_log_is_read_folded_and_shown_as_before_without_the_texts(parts: Parts) -> None:
    before = parts.log.read(0, 10_000)
    parts.fund.handle(decide())
    after = parts.log.read(0, 10_000)
    assert [(one.position, type(one.event)) for one in after[: len(before)]] == [
        (one.position, type(one.event)) for one in before
    ]
    rebuild(parts, lambda done, doing: None, lambda who: None)
    differing = {build.name: build.differences() for build in parts.projector.builds if build.differences()}
    assert differing == {}


def test_another_process_neither_opens_nor_seals_with_an_erased_key(place: Path) -> None:
    settings = Settings(data=place)
    with open_parts(settings) as running, open_parts(settings) as another:
        sealed = running.vault.seal(OFFICER, NOTE)
        assert answers(running, DUBLIN) == {"Our answer."}  # its states and keys are in memory now
        another.fund.handle(decide())
        assert answers(running, DUBLIN) == {None}
        assert running.vault.unseal(OFFICER, sealed) is None
        again = running.vault.seal(OFFICER, NOTE)
        assert again["key_id"] != sealed["key_id"]
        assert another.vault.unseal(OFFICER, again) == NOTE


def test_a_state_in_memory_holds_no_open_text_of_what_this_process_recorded(parts: Parts) -> None:
    stream, answer = action_of(DUBLIN), {"need": ProtectedText(subject=OFFICER, text=NOTE)}
    pilot, version = parts.log.load(PILOT_ACTION, stream)
    saved = {
        "section": "action",
        "version": pilot.sections["action"] + 1,
        "resources": None,
        "smallest_useful_cents": None,
    }
    event = DraftSectionSaved(by=OFFICER, effective_at=ERASABLE, answers=answer, **saved)
    parts.log.append([Stored(stream, version + 1, ERASABLE, stream, event)])
    assert NOTE in answers(parts, DUBLIN)
    parts.vault.erase(OFFICER)
    assert answers(parts, DUBLIN) == {None}


def test_a_hold_keeps_everything_until_a_second_person_lifts_it(parts: Parts) -> None:
    named = {"at": ERASABLE, "subject": OFFICER, "reason": "An appeal."}
    parts.fund.handle(HoldErasure(by=OFFICE, key="hold", **named))
    with pytest.raises(RuleViolated, match="held back"):
        parts.fund.handle(decide())
    assert answers(parts, DUBLIN) == {"Our answer."}
    assert parts.people.find(OFFICER) is not None
    parts.fund.handle(LiftHold(by=SECOND, key="lift", **named))
    parts.fund.handle(decide("again"))
    assert answers(parts, DUBLIN) == {None}


def test_what_was_interrupted_is_carried_out_when_it_is_asked_for_again(parts: Parts) -> None:
    away = Fund(parts.log, parts.vault, parts.clock)  # records the decision and is killed then
    away.handle(decide())
    assert parts.people.find(OFFICER) is not None
    answer = parts.fund.handle(decide())
    assert (answer.repeated, parts.people.find(OFFICER), answers(parts, DUBLIN)) == (True, None, {None})
    end = parts.log.end()
    parts.fund.handle(decide())
    assert parts.log.end() == end


def test_a_hold_that_comes_between_stops_it(parts: Parts) -> None:
    Fund(parts.log, parts.vault, parts.clock).handle(decide())
    parts.fund.handle(HoldErasure(by=SECOND, at=ERASABLE, key="hold", subject=OFFICER, reason="An appeal."))
    parts.fund.handle(decide())
    assert answers(parts, DUBLIN) == {"Our answer."}
    with pytest.raises(WrongStage):
        parts.fund.handle(RecordErasure(by=ENGINE, at=ERASABLE, key="no", subject=OFFICER))


def test_where_the_store_is_away_in_the_middle_the_same_request_goes_on(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(subject: UUID) -> None:
        raise Unavailable("The store is away.")

    with monkeypatch.context() as broken:
        broken.setattr(parts.vault, "erase", away)
        with pytest.raises(Unavailable):
            parts.fund.handle(decide())
    assert answers(parts, DUBLIN) == {"Our answer."}
    parts.fund.handle(decide())
    assert answers(parts, DUBLIN) == {None}


def test_tokens_of_an_erased_subject_hold_no_more(parts: Parts) -> None:
    _, secret = parts.tokens.create(Actor(OFFICER), "Another", datetime.now(UTC), timedelta(days=1))
    parts.fund.handle(decide())
    assert parts.tokens.actor(secret, datetime.now(UTC)) is None
