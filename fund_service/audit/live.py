"""Proves that the log of an open fund is the one that was signed: every record is hashed anew."""

from collections.abc import Iterable, Iterator, Sequence

from eventsourcing.persistence import Notification

from domain.log_key import LOG_KEY, LOG_KEY_ID
from fund_service.audit.checkpoints import origin
from fund_service.audit.offline.merkle import Levels, Unproven, leaf_hash
from fund_service.audit.offline.notes import Key, Note, key_of, signed_checkpoint
from fund_service.audit.offline.package import Step, Trusted, seen
from fund_service.audit.records import record_of
from fund_service.audit.tiles import hashes_in
from fund_service.audit.witness_log import WitnessLog
from fund_service.composition import Parts


def proven_here(parts: Parts, witness: WitnessLog, trusted: Trusted) -> Iterator[Step]:
    """Yield what each step found in the log, up to the first that failed."""
    try:
        records = parts.log.headers()
        leaves = list(_as_kept(witness, records))
        count = len(leaves)
        leaves += [leaf_hash(record_of(stored)) for stored in records]
        yield Step(
            True,
            f"All {count:,} records that the witness log holds are what they were, {len(leaves) - count} are newer.",
        )
        keys = trusted.keys or _own_keys(parts)
        notes = [kept.note for kept in witness.checkpoints(origin(parts))]
        yield Step(True, _signed(Levels(leaves), [*notes, *trusted.checkpoints], keys, origin(parts)))
        yield Step(True, seen([*notes, *trusted.checkpoints], trusted.witnesses))
    except Unproven as failed:
        yield Step(False, str(failed))


def _own_keys(parts: Parts) -> list[Key]:
    known = parts.fund.look(LOG_KEY, LOG_KEY_ID) or LOG_KEY.initial
    return [key_of(verifier) for verifier in known.verifiers]


def _as_kept(witness: WitnessLog, records: Iterator[Notification]) -> Iterator[bytes]:
    """Yield the hash of every record that the tree holds. Raises Unproven at the first that is another."""
    last = 0
    for stretch in witness.stretches():
        for kept in hashes_in(stretch.hashes):
            stored = next(records, None)
            if stored is None:
                raise Unproven(f"Records after position {last} are missing.")
            if leaf_hash(record_of(stored)) != kept:
                raise Unproven(
                    f"The record at position {stored.id}, or one between it and position {last}, is not what it was: "
                    "it was altered, dropped, added or put elsewhere."
                )
            last = stored.id
            yield kept


def _signed(levels: Levels, notes: Iterable[Note], keys: Sequence[Key], name: str) -> str:
    """Check every checkpoint against the records."""
    count = newest = 0
    for note in notes:
        checkpoint, _ = signed_checkpoint(note, keys)
        if checkpoint.origin != name:
            raise Unproven(f"A checkpoint is of another log: {checkpoint.origin}.")
        if checkpoint.size > len(levels.levels[0]):
            raise Unproven(f"A checkpoint was signed over {checkpoint.size:,} records; there are fewer now.")
        if levels.root(checkpoint.size) != checkpoint.root:
            raise Unproven(f"The first {checkpoint.size:,} records are not those that were signed.")
        count, newest = count + 1, max(newest, checkpoint.size)
    if not count:
        return "No checkpoint was signed yet, so that nothing outside this store speaks for it."
    return f"The records lead to each of {count} signed checkpoints, the newest of {newest:,} records."
