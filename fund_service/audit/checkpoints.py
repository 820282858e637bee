"""Checkpoints of a fund's log: by which name and key they are signed, and how one is made."""

from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

from domain.errors import Malformed, NotFound, Unavailable
from domain.log_key import LOG_KEY, LOG_KEY_ID, NameLogKey
from domain.people import ENGINE
from fund_service.audit.belonging import disclosed
from fund_service.audit.offline.merkle import leaf_hash, root_of
from fund_service.audit.offline.notes import Checkpoint
from fund_service.audit.outside_signer import OutsideSigner
from fund_service.audit.records import record_of
from fund_service.audit.signing import OwnKey, Signer, key_in, replace_key, signed
from fund_service.audit.witness_log import Kept, WitnessLog

if TYPE_CHECKING:
    from fund_service.composition import Parts

KEY_FILE: Final = "log.key"
SIGNED: Final = "log-signed"
"""The fact that says when the log was signed last."""


def witness_log(parts: "Parts") -> WitnessLog:
    """Return the witness log of a fund; its tables are made when it is first asked for."""
    return WitnessLog(parts.store.engine("witness"), parts.log.headers)


def origin(parts: "Parts") -> str:
    """Return the name of a fund's log, which no other fund has."""
    return f"iurc-fund/{parts.facts.settle('id', uuid4().hex)[:16]}"


def origin_of_call(parts: "Parts", call_id: UUID) -> str:
    """Return the name of the log that a call's records are."""
    return f"{origin(parts)}/call/{call_id}"


def key_file(parts: "Parts") -> Path:
    """Return where the log's own key lies: a setting names the file, else it is in the data directory."""
    return parts.settings.log_key or parts.directory.path(KEY_FILE)


def own_key(parts: "Parts") -> Signer:
    """Return who signs the log: the program that a setting names, else the owner of the key in a file, which is made
    where there is none. Raises Unavailable, and Malformed for settings that cannot be.
    """
    settings = parts.settings
    if settings.log_signer is None:
        return key_in(key_file(parts), origin(parts))
    if settings.log_key is not None:
        raise Malformed("Two settings say who signs the log: FUND_LOG_KEY and FUND_LOG_SIGNER.", "Leave one out.")
    return OutsideSigner(origin(parts), settings.log_signer)


def new_key(parts: "Parts") -> OwnKey:
    """Put a new key in the place of the one in the file. Raises Malformed where the key lies in none."""
    if parts.settings.log_signer is not None:
        raise Malformed(
            "The key of the log lies with its signer (FUND_LOG_SIGNER), and not in a file.",
            "Make a new one there: the log names it as soon as it is signed next.",
        )
    return replace_key(key_file(parts), origin(parts))


def kept_key(parts: "Parts") -> Signer:
    """Return who signs the log, and make no key. Raises NotFound before the log was ever signed, Unavailable where the
    key lies on another machine.
    """
    if parts.fund.look(LOG_KEY, LOG_KEY_ID) is None:
        raise NotFound("The log was not signed yet.", "Ask again later: it is signed at least once an hour.")
    if parts.settings.log_signer is None and not key_file(parts).exists():
        raise Unavailable("The key of the log is not on this machine.", "Ask where the log is signed.")
    return own_key(parts)


def sign_now(parts: "Parts", witness: WitnessLog, signer: Signer) -> Kept:
    """Sign the log as it is, unless nothing was recorded since it was signed last, and return the checkpoint."""
    name_key(parts, signer)
    standing, name = witness.grow(), origin(parts)
    latest = witness.latest(name)
    if latest is None or latest.size < standing.size:
        checkpoint = Checkpoint(name, standing.size, witness.root(standing.size))
        latest = Kept(standing.position, signed(str(checkpoint), signer))
        witness.keep(*latest)
        parts.facts.put(SIGNED, parts.clock.now().isoformat())
    return latest


def latest_signed(parts: "Parts") -> Kept | None:
    """Return the last checkpoint of the log; None before the first."""
    return witness_log(parts).latest(origin(parts))


def sign_call(parts: "Parts", witness: WitnessLog, signer: Signer, call_id: UUID, position: int) -> Kept:
    """Sign which records up to a position are not another call's, and return that checkpoint."""
    name = origin_of_call(parts, call_id)
    known = next((kept for kept in witness.checkpoints(name) if kept.position == position), None)
    if known is None:
        upto = takewhile(lambda stored: stored.id <= position, parts.log.headers())
        leaves = [leaf_hash(record_of(stored)) for _, stored in disclosed(upto, call_id)]
        known = Kept(position, signed(str(Checkpoint(name, len(leaves), root_of(leaves))), signer))
        witness.keep(*known)
    return known


def name_key(parts: "Parts", signer: Signer) -> None:
    """Record by which key the log is signed, unless the log says so already."""
    known = (parts.fund.look(LOG_KEY, LOG_KEY_ID) or LOG_KEY.initial).verifiers
    if known[-1:] != (str(signer.key),):
        key = f"log-key/{len(known)}"
        parts.fund.handle(NameLogKey(by=ENGINE, at=parts.clock.now(), key=key, verifier=str(signer.key)))
