"""Tokens: shown once, kept as digests, ended at once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from domain.errors import NotFound
from domain.people import Role
from fund_service.auth.directory import TOKENS, prepared
from fund_service.auth.tokens import Tokens
from fund_service.permissions.actors import Actor
from fund_service.store import Store

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)


@pytest.fixture
def tokens(store: Store) -> Tokens:
    """Return the tokens of an empty fund, on either store."""
    return Tokens(prepared(store.engine("directory")))


def test_a_token_names_who_holds_it_until_it_expires(tokens: Tokens) -> None:
    actor = Actor(uuid4(), Role.AUDITOR)
    _, secret = tokens.create(actor, "An auditor", NOW, HOUR)
    assert tokens.actor(secret, NOW + HOUR - TICK) == actor
    assert tokens.actor(secret, NOW + HOUR) is None
    assert tokens.actor(f"{secret}x", NOW) is None


def test_a_token_is_kept_as_a_digest_alone(tokens: Tokens, store: Store) -> None:
    _, secret = tokens.create(Actor(uuid4()), "Somebody", NOW, HOUR)
    with store.engine("directory").connect() as connection:
        (row,) = connection.execute(select(TOKENS)).all()
    assert secret not in str(row)
    assert secret.removeprefix("fund_") not in str(row)


def test_an_ended_token_holds_no_more_and_cannot_be_ended_again(tokens: Tokens) -> None:
    subject = uuid4()
    row, secret = tokens.create(Actor(subject), "Somebody", NOW, HOUR)
    with pytest.raises(NotFound):
        tokens.end(row.id, NOW, uuid4())
    assert tokens.of(subject, NOW) == [row]
    tokens.end(row.id, NOW, subject)
    assert (tokens.actor(secret, NOW), tokens.of(None, NOW)) == (None, [])
    with pytest.raises(NotFound):
        tokens.end(row.id, NOW)
