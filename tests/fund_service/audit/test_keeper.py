"""The log is signed at each closing and release, and else once an hour; a new key is named in the log itself."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import Unavailable
from domain.log_key import LOG_KEY, LOG_KEY_ID
from domain.people import Role
from fund_service.audit.checkpoints import key_file, origin, origin_of_call, own_key, sign_now, witness_log
from fund_service.audit.keeper import Keeper
from fund_service.audit.offline.merkle import Unproven, check_consistency, leaf_hash
from fund_service.audit.offline.notes import check_proof, signed_checkpoint
from fund_service.audit.records import record_of
from fund_service.audit.signing import replace_key
from fund_service.composition import Parts, open_parts
from fund_service.settings import Settings
from tests.fund_service.small_fund import CALL_ID, SmallFund
from tests.fund_service.staged_fund import Stage

LATER = 1e9


@pytest.fixture(name="parts")
def approved(stages: dict[Stage, Path], tmp_path: Path) -> Iterator[Parts]:
    """Return a fund whose list is approved and not released."""
    shutil.copytree(stages[Stage.APPROVED], tmp_path / "fund")
    with open_parts(Settings(data=tmp_path / "fund")) as found:
        yield found


def going_on(parts: Parts) -> SmallFund:
    """Return the story of the fund from where it was left."""
    story = SmallFund(parts.fund)
    story.number = 10_000
    return story


def test_the_log_is_signed_at_once_when_outcomes_are_released_and_not_before(parts: Parts) -> None:
    keeper, witness = Keeper(parts, LATER), witness_log(parts)
    for _ in range(3):
        keeper.look()
    before = witness.checkpoints(origin(parts))
    small = going_on(parts)
    small.open_account("Another", Role.AUDITOR, "Court of Auditors")
    keeper.look()
    assert witness.checkpoints(origin(parts)) == before
    small.release()
    keeper.look()
    assert witness.latest(origin(parts)).position == parts.log.end()  # type: ignore[union-attr]
    assert [kept.position for kept in witness.checkpoints(origin_of_call(parts, CALL_ID))][-1] == parts.log.end()


def test_else_it_is_signed_when_its_time_is_over(parts: Parts) -> None:
    keeper, witness = Keeper(parts, every=0), witness_log(parts)
    keeper.look()
    first = len(witness.checkpoints(origin(parts)))
    keeper.look()
    assert len(witness.checkpoints(origin(parts))) == first
    going_on(parts).open_account("Another", Role.AUDITOR, "Court of Auditors")
    keeper.look()
    assert len(witness.checkpoints(origin(parts))) == first + 1


def test_every_record_is_proven_to_stand_in_the_log_and_every_tree_to_have_grown(parts: Parts) -> None:
    witness, key = witness_log(parts), own_key(parts)
    first = sign_now(parts, witness, key)
    going_on(parts).release()
    last = sign_now(parts, witness, key)
    for stored in parts.log.headers():
        leaf = leaf_hash(record_of(stored))
        check_proof(witness.proof(origin(parts), stored.id), leaf, [key.key])
    path = witness.consistency(first.size, last.size)
    check_consistency(first.size, last.size, first.checkpoint.root, last.checkpoint.root, path)


def test_a_new_key_is_named_in_the_log_and_the_old_one_still_proves_what_it_signed(parts: Parts) -> None:
    witness, old = witness_log(parts), own_key(parts)
    first = sign_now(parts, witness, old)
    new = replace_key(key_file(parts), origin(parts))
    second = sign_now(parts, witness, own_key(parts))
    known = parts.fund.look(LOG_KEY, LOG_KEY_ID)
    assert known is not None
    assert known.verifiers == (str(old.key), str(new.key))
    assert signed_checkpoint(first.note, [old.key, new.key])[1][0].key == old.key
    assert signed_checkpoint(second.note, [old.key, new.key])[1][0].key == new.key
    with pytest.raises(Unproven, match="No known key"):
        signed_checkpoint(second.note, [old.key])


def test_a_key_that_cannot_be_read_is_told_with_the_cure(parts: Parts) -> None:
    own_key(parts)
    key_file(parts).write_text("PRIVATE+KEY+x")
    with pytest.raises(Unavailable, match="Restore it from its backup"):
        own_key(parts)


def test_two_who_let_the_tree_grow_at_once_make_one_tree(parts: Parts) -> None:
    one, other = witness_log(parts), witness_log(parts)
    standing = other.standing()
    one.grow()
    assert other.grow() == one.standing() != standing
    assert sign_now(parts, one, own_key(parts)).checkpoint.root == other.root(parts.log.end())


def test_a_keeper_that_runs_signs_by_a_new_key_as_soon_as_there_is_one(parts: Parts) -> None:
    keeper, witness, old = Keeper(parts, every=0), witness_log(parts), own_key(parts)
    keeper.look()
    new = replace_key(key_file(parts), origin(parts))
    going_on(parts).open_account("Another", Role.AUDITOR, "Court of Auditors")
    keeper.look()
    latest = witness.latest(origin(parts))
    assert latest is not None
    assert signed_checkpoint(latest.note, [old.key, new.key])[1][0].key == new.key
    assert key_file(parts).with_name(f"log.key.{old.key.id.hex()}").read_text() == f"{old}\n"
