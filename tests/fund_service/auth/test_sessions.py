"""Sessions: a secret kept as a digest, over when it is idle, old or ended, and new after each proof."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from domain.errors import NotFound
from fund_service.auth.directory import SESSIONS, prepared
from fund_service.auth.sessions import FRESH, IDLE, LONGEST, NOTICED, How, Sessions, csrf_of
from fund_service.store import Store

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
TICK = timedelta(microseconds=1)
SOMEBODY: UUID = uuid4()


@pytest.fixture
def sessions(store: Store) -> Sessions:
    """Return the sessions of an empty fund, on either store."""
    return Sessions(prepared(store.engine("directory")))


def test_a_session_is_found_by_its_secret_alone(sessions: Sessions) -> None:
    session, secret = sessions.begin(SOMEBODY, How.PASSWORD, NOW)
    assert sessions.find(secret, NOW) == session
    assert sessions.find(f"{secret}x", NOW) is None
    assert sessions.find("\ud800", NOW) is None


def test_a_session_is_kept_as_a_digest_alone(sessions: Sessions, store: Store) -> None:
    _, secret = sessions.begin(SOMEBODY, How.PASSWORD, NOW)
    with store.engine("directory").connect() as connection:
        (row,) = connection.execute(select(SESSIONS)).all()
    assert secret not in str(row)
    assert csrf_of(secret) not in str(row)


def test_an_idle_session_ends(sessions: Sessions) -> None:
    _, secret = sessions.begin(SOMEBODY, How.PASSWORD, NOW)
    assert sessions.find(secret, NOW + IDLE - TICK) is not None
    assert sessions.find(secret, NOW + IDLE + IDLE - 2 * TICK) is not None, "it was used a moment before it was idle"
    assert sessions.find(secret, NOW + 3 * IDLE - 2 * TICK) is None


def test_a_stream_that_stays_open_keeps_no_session(sessions: Sessions) -> None:
    _, secret = sessions.begin(SOMEBODY, How.PASSWORD, NOW)
    assert sessions.find(secret, NOW + IDLE - TICK, used=False) is not None
    assert sessions.find(secret, NOW + IDLE) is None


def test_a_session_ends_twelve_hours_after_it_began_however_busy_it_is(sessions: Sessions) -> None:
    _, secret = sessions.begin(SOMEBODY, How.PASSWORD, NOW)
    moment = NOW
    while (moment := moment + IDLE - TICK) < NOW + LONGEST:
        assert sessions.find(secret, moment) is not None
    assert sessions.find(secret, NOW + LONGEST - TICK) is not None
    assert sessions.find(secret, NOW + LONGEST) is None


def test_that_a_session_is_used_is_noticed_once_a_minute(sessions: Sessions) -> None:
    session, secret = sessions.begin(SOMEBODY, How.PASSWORD, NOW)
    sessions.find(secret, NOW + NOTICED - TICK)
    assert sessions.of(SOMEBODY, NOW) == [session]
    sessions.find(secret, NOW + NOTICED)
    assert sessions.of(SOMEBODY, NOW)[0].seen_at == NOW + NOTICED


def test_a_proof_is_fresh_for_ten_minutes_and_makes_the_old_secret_void(sessions: Sessions) -> None:
    session, secret = sessions.begin(SOMEBODY, How.PROVIDER, NOW, proved=False)
    assert not session.is_fresh(NOW)
    later = NOW + timedelta(minutes=5)
    proved, other = sessions.prove(session.id, later)
    assert (proved.id, proved.expires_at) == (session.id, session.expires_at)
    assert proved.is_fresh(later + FRESH - TICK)
    assert not proved.is_fresh(later + FRESH)
    assert (sessions.find(secret, later), sessions.find(other, later)) == (None, proved)


def test_a_session_that_has_ended_is_proved_no_more(sessions: Sessions) -> None:
    session, _ = sessions.begin(SOMEBODY, How.PASSWORD, NOW)
    with pytest.raises(NotFound):
        sessions.prove(session.id, NOW + IDLE)
    with pytest.raises(NotFound):
        sessions.prove(uuid4(), NOW)


def test_who_signs_in_again_gets_a_new_secret_and_the_browsers_old_one_is_void(sessions: Sessions) -> None:
    _, first = sessions.begin(SOMEBODY, How.PASSWORD, NOW)
    _, elsewhere = sessions.begin(SOMEBODY, How.PASSWORD, NOW)
    again, second = sessions.begin(SOMEBODY, How.PASSWORD, NOW, instead_of=first)
    assert len({first, elsewhere, second}) == 3
    assert sessions.find(first, NOW) is None
    assert sessions.find(second, NOW) == again
    assert sessions.find(elsewhere, NOW) is not None


def test_one_ends_ones_own_sessions_alone(sessions: Sessions) -> None:
    session, secret = sessions.begin(SOMEBODY, How.PASSWORD, NOW)
    with pytest.raises(NotFound):
        sessions.end(session.id, uuid4())
    assert sessions.find(secret, NOW) == session
    sessions.end(session.id, SOMEBODY)
    assert sessions.find(secret, NOW) is None
    with pytest.raises(NotFound):
        sessions.end(session.id, SOMEBODY)


def test_all_sessions_of_a_subject_end_at_once_but_the_one_that_is_named(sessions: Sessions) -> None:
    kept, _ = sessions.begin(SOMEBODY, How.PASSWORD, NOW)
    sessions.begin(SOMEBODY, How.PASSWORD, NOW)
    other, _ = sessions.begin(uuid4(), How.PASSWORD, NOW)
    sessions.end_all(SOMEBODY, but=kept.id)
    assert sessions.of(SOMEBODY, NOW) == [kept]
    sessions.end_all(SOMEBODY)
    assert (sessions.of(SOMEBODY, NOW), sessions.of(other.subject, NOW)) == ([], [other])


def test_what_has_ended_is_not_kept(sessions: Sessions, store: Store) -> None:
    sessions.begin(SOMEBODY, How.PASSWORD, NOW)
    sessions.begin(uuid4(), How.PASSWORD, NOW + LONGEST)
    with store.engine("directory").connect() as connection:
        assert len(connection.execute(select(SESSIONS)).all()) == 1
