"""Writes the dossier of an application: its history as its own city or region may read it, each record with its proof.

A record is in it byte for byte only where the permissions let whoever asks read that event. Once the outcomes are
released, the others about the application are there as hashes, in one list that tells neither kind nor thing. Until
then nothing may tell of what is hidden, not even how many records of it there are (D17, D27): the dossier ends with the
closing of the call, and of the call it holds what stands before the first hidden record, since each record bears its
number among those of the same thing. Other records' hashes are in it only where a proof needs them: a short record that
the fund itself makes, and whose every word one can guess, is found by its hash.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final, NamedTuple
from uuid import UUID

from eventsourcing.persistence import Notification

from domain.call.aggregate import CALL
from domain.call.events import ApplicationWindowClosed
from domain.errors import NotFound, Unavailable
from domain.ids import evaluation_id, grant_id
from domain.log_key import LOG_KEY, LOG_KEY_ID
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction
from domain.receipt import CommandHandled
from fund_service.application import WorldNow
from fund_service.audit.checkpoints import kept_key, origin, witness_log
from fund_service.audit.derived import HISTORY, history
from fund_service.audit.exporting import Exported, packed
from fund_service.audit.offline.dossier import CONSISTENCY, PROOFS, WITHHELD, Dossier
from fund_service.audit.offline.merkle import consistency_path, inclusion_path, leaf_hash
from fund_service.audit.offline.notes import Proof
from fund_service.audit.offline.package import CHECKPOINT, EVENTS, KEYS, OLDER, PLACES
from fund_service.audit.one_file import one_file
from fund_service.audit.readme import dossier_readme
from fund_service.audit.records import record_of
from fund_service.audit.witness_log import Kept, WitnessLog
from fund_service.composition import Parts
from fund_service.permissions.actors import Actor
from fund_service.permissions.checking import may_see
from fund_service.permissions.reading_log import may_read
from fund_service.permissions.views import View, outcome_is_told

_LATER: Final = "Ask again later: it is signed at least once an hour."
_NEVER_SIGNED: Final = NotFound("The log was not signed yet.", _LATER)
_NEW_KEY: Final = Unavailable("The log has a new key, and was not signed by it yet.", _LATER)


class _Found(NamedTuple):
    """What the log holds about an application: what may be read, and what is told of as a hash."""

    shown: list[Notification]
    withheld: list[Notification]


def dossier(parts: Parts, actor: Actor, pilot_action_id: UUID, target: BinaryIO) -> Exported:
    """Write the dossier of an application, as somebody may read it, into a file that is open and empty.

    The log's own key signs its manifest. Raises NotFound for who may not have it, and before the log was signed;
    Unavailable without the key.
    """
    world, witness = parts.fund.world(), witness_log(parts)
    if not may_see(View.DOSSIER, actor, pilot_action_id, world):
        raise NotFound(f"There is no {View.DOSSIER} {pilot_action_id}.", "Look up its id in the lists.")
    pilot = world.get(PILOT_ACTION, pilot_action_id)
    told = outcome_is_told(pilot_action_id, world)
    kept, upto = _moment(parts, witness, pilot, told=told)
    signer, keys = kept_key(parts), _keys(world)
    if str(signer.key) not in keys:
        raise _NEW_KEY
    found = _found(parts, actor, pilot_action_id, world, upto)
    of = {"format": Dossier.format, "application": str(pilot_action_id)}
    about = {**of, "position": kept.position, "size": kept.size}
    lines = [record_of(stored) for stored in found.shown]
    places = {stored.id: witness.index(stored.id) for stored in (*found.shown, *found.withheld)}
    outcome = _outcome(pilot_action_id, pilot, world) if told else ""
    small = {
        "README.txt": dossier_readme(pilot_action_id, kept, outcome).encode(),
        "verify.py": one_file().encode(),
        CHECKPOINT: str(kept.note).encode(),
        KEYS: "".join(f"{one}\n" for one in keys).encode(),
        EVENTS: b"".join(line + b"\n" for line in lines),
        PLACES: b"".join(b"%d\n" % places[stored.id] for stored in found.shown),
        WITHHELD: b"".join(_hash_of(stored, places[stored.id]) for stored in found.withheld),
        HISTORY: history(lines),
        **dict(_proofs(witness, kept, places.values())),
        **dict(_older(witness, origin(parts), kept, [stored.id for stored in found.shown])),
    }
    with TemporaryDirectory() as empty:
        digest = packed(target, small, Path(empty), about, signer)
    return Exported(kept.position, len(found.shown), kept.size, digest)


def _moment(parts: Parts, witness: WitnessLog, pilot: PilotAction, *, told: bool) -> tuple[Kept, int]:
    """Return the checkpoint of a dossier, and the position up to which it tells: the closing, while outcomes are not
    told, and the first checkpoint over it.
    """
    name = origin(parts)
    closed = None if told or pilot.call_id is None else _closed_at(parts, pilot.call_id)
    if closed is not None:
        return witness.first_over(name, closed), closed
    latest = witness.latest(name)
    if latest is None:
        raise _NEVER_SIGNED
    return latest, latest.position


def _closed_at(parts: Parts, call_id: UUID) -> int | None:
    records = parts.log.stored_of([call_id])
    return next((one.id for one in records if one.topic == ApplicationWindowClosed.TOPIC), None)


def _found(parts: Parts, actor: Actor, id: UUID, world: WorldNow, upto: int) -> _Found:
    """Return what the log holds about an application up to a position."""
    pilot, told = world.get(PILOT_ACTION, id), outcome_is_told(id, world)
    own = {id, evaluation_id(id), grant_id(id), *filter(None, [pilot.partnership_id])}
    of_call = parts.log.stored_of(filter(None, [pilot.call_id]))
    records = [one for one in (*parts.log.stored_of(own), *of_call) if one.id <= upto]
    readable = {one.id for one in records if may_read(actor, parts.log.recorded(one), world)}
    if not told:
        plain = {one.id for one in takewhile(lambda one: one.id in readable, of_call)}
        readable -= {one.id for one in of_call} - plain
    shown = [one for one in records if one.id in readable]
    shown += _answers(parts, actor, own, {_caused_by(one) for one in shown}, world, upto)
    named = (str(id).encode(), str(grant_id(id)).encode())
    withheld = [
        one
        for one in records
        if told and one.id not in readable and (one.originator_id in own or any(name in one.state for name in named))
    ]
    return _Found(sorted(shown, key=_position), sorted(withheld, key=_position))


def _answers(
    parts: Parts, actor: Actor, own: set[UUID], causes: set[str], world: WorldNow, upto: int
) -> Iterator[Notification]:
    """Yield the answers to requests about an application that somebody may read: their own, refusals among them."""
    mine = {str(one) for one in own}
    for one in parts.log.naming(actor.subject, upto):
        if one.topic != CommandHandled.TOPIC:
            continue
        about = json.loads(one.state)["event"].get("about")
        if (about in mine or str(one.originator_id) in causes) and may_read(actor, parts.log.recorded(one), world):
            yield one


def _caused_by(stored: Notification) -> str:
    caused: str = json.loads(stored.state)["caused_by"]
    return caused


def _position(stored: Notification) -> int:
    return stored.id


def _hash_of(stored: Notification, place: int) -> bytes:
    return b"%d %s\n" % (place, b64encode(leaf_hash(record_of(stored))))


def _keys(world: WorldNow) -> tuple[str, ...]:
    return (world.find(LOG_KEY, LOG_KEY_ID) or LOG_KEY.initial).verifiers


def _proofs(witness: WitnessLog, kept: Kept, places: Iterable[int]) -> Iterator[tuple[str, bytes]]:
    """Yield the proof of each place, as C2SP tlog-proof writes it."""
    with witness.tree() as tree:
        for place in places:
            path = tuple(inclusion_path(place, kept.size, tree.subtree))
            yield f"{PROOFS}{place:012}", str(Proof(place, path, kept.note)).encode()


def _older(witness: WitnessLog, name: str, kept: Kept, positions: list[int]) -> Iterator[tuple[str, bytes]]:
    """Yield the first checkpoint over each record, as its receipt names it, with the proof that the log only grew."""
    older = [one for one in witness.checkpoints(name) if one.size < kept.size]
    first = {one.size: one for one in (next((o for o in older if o.position >= at), None) for at in positions) if one}
    with witness.tree() as tree:
        for size, one in first.items():
            path = consistency_path(size, kept.size, tree.subtree)
            yield f"{OLDER}{size:012}", str(one.note).encode()
            yield f"{CONSISTENCY}{size:012}", b"".join(b64encode(hash) + b"\n" for hash in path)


def _outcome(id: UUID, pilot: PilotAction, world: WorldNow) -> str:
    """Return the outcome of an application in words, as the fund released it; empty where there is none."""
    listed = world.get(CALL, pilot.call_id).list_of(pilot.line) if pilot.call_id is not None else None
    found = next((one for one in listed.outcomes if one.pilot_action_id == id), None) if listed is not None else None
    return f"{found.outcome.replace('_', ' ')}: {found.reason}" if found is not None else ""
