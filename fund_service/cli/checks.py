"""What `fund doctor` looks at."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from eventsourcing.persistence import Notification
from temporalio.client import Client

from domain.catalogue import EVENTS
from domain.errors import Malformed, Unavailable
from domain.values import Value
from fund_service.addresses import read_addresses
from fund_service.attachments.recorded import lost, recorded_files
from fund_service.audit.checkpoints import SIGNED, latest_signed, own_key
from fund_service.audit.outside_signer import PROBE, SignerAway
from fund_service.audit.sending import owed
from fund_service.cli.opening import opened
from fund_service.cli.wording import moment, plural
from fund_service.composition import Parts
from fund_service.relay import parkings
from projections.screens import SCREENS
from workflows.options import NAMESPACE

SECONDS = 3.0
STRETCH = 1000
_LOOKED_AT = f"the first and last {STRETCH:,} events and those that the screens take next"
NOT_RUNNING = "not running"


class Check(Value):
    """One thing that was looked at: whether it is well, and what was seen. `lag` counts positions behind the log."""

    id: str
    well: bool
    seen: str
    lag: int | None = None


def checks(data: Path | None, store: str | None = None) -> list[Check]:
    """Look at everything. Raises NotFound when nothing was recorded."""
    try:
        with opened(data, store) as parts:
            told = [*_log(parts), *_screens(parts), *_deliveries(parts), *_attachments(parts), *_checkpoints(parts)]
            return [*told, *_signer(parts), *_locks(parts), *_service(parts)]
    except Unavailable as broken:
        return [Check(id="store", well=False, seen=str(broken))]


def _log(parts: Parts) -> Iterator[Check]:
    kinds, stretches = parts.log.kinds(), list(_stretches(parts))
    number = plural(sum(kinds.values()), "event")
    seen = f"opens, every commit is flushed to the disk, {number}, the last at position {parts.log.end()}"
    yield Check(id="store", well=True, seen=seen)
    refused = "the database itself refuses to change an event, to take one out and to put one before the last"
    yield Check(id="protection", well=True, seen=f"{refused}; {parts.log.protection.standing()}")
    trouble = _unknown(kinds) or _unreadable(parts, stretches)
    seen = f"every kind is known, and {_LOOKED_AT} can be read"
    yield Check(id="events", well=trouble is None, seen=trouble or seen)
    named, missing = parts.vault.missing(stored.state for stored in stretches)
    seen = f"those of all protected texts in {_LOOKED_AT} are there"
    if missing:
        seen = (
            f"{missing} of {named} are missing: the texts under them read as erased. If nobody erased them, restore "
            "the keys from the backup of the same day as the log."
        )
    yield Check(id="keys", well=not missing, seen=seen)


def _stretches(parts: Parts) -> Iterator[Notification]:
    """Yield the events that are looked at one by one: a log may hold a million."""
    starts = {0, max(0, parts.log.end() - STRETCH)}
    with suppress(Unavailable):  # while a screen is built
        starts.add(parts.projector.reached())
    for after in sorted(starts):
        yield from islice(parts.log.headers(after, STRETCH), STRETCH)


def _unknown(kinds: Mapping[str, int]) -> str | None:
    unknown = {topic: number for topic, number in kinds.items() if topic not in EVENTS}
    if not unknown:
        return None
    return (
        f"{plural(sum(unknown.values()), 'event')} of kinds that this version does not know, such as {min(unknown)!r}: "
        "screens and processes stop there. Run the version of the fund that wrote them, or a newer one."
    )


def _unreadable(parts: Parts, stretches: Iterable[Notification]) -> str | None:
    for stored in stretches:
        try:
            parts.log.recorded(stored)
        except Unavailable as too_new:
            return f"the one at position {stored.id} cannot be read. {too_new}"
        except ValueError:
            return f"the one at position {stored.id} was altered. Restore log and keys from the same backup."
    return None


def _screens(parts: Parts) -> Iterator[Check]:
    end = parts.log.end()
    for screen, follower in zip(SCREENS, parts.projector.followers, strict=True):
        name = f"screen {screen.name.replace('_', ' ')}"
        try:
            lag = end - follower.position()
        except Unavailable as other_version:
            yield Check(id=name, well=False, seen=str(other_version))
            continue
        if lag < 0:
            seen = f"{-lag} positions ahead of the log: the log was restored from an older backup. Run `fund rebuild`."
        else:
            seen = f"{lag} behind; every command catches up first" if lag else "at the log's end"
        yield Check(id=name, well=lag >= 0, seen=seen, lag=lag)


def _deliveries(parts: Parts) -> Iterator[Check]:
    parked = parkings(parts.facts)
    first = next(iter(parked.items()), None)
    if first is None:
        yield Check(id="deliveries", well=True, seen="every process is told what it reacts to")
        return
    workflow_id, (position, reason) = first
    seen = (
        f"processes told nothing more: {len(parked)}, among them {workflow_id} from position {position} on: {reason}. "
        "When the cause is mended, run `fund reconcile`."
    )
    yield Check(id="deliveries", well=False, seen=seen)


def _attachments(parts: Parts) -> Iterator[Check]:
    files, place = recorded_files(parts.log), parts.attachments.contents.shown
    try:
        missing = lost(parts.attachments, files)
        seen = f"{plural(len(files), 'content')} in {place}, each of its size; `fund attachments verify` reads them"
        if missing:
            seen = (
                f"{len(missing)} of {plural(len(files), 'content')} in {place} are missing or of another size, among "
                f"them {missing[0]}. Restore them from a backup; each lies under its digest."
            )
    except Unavailable as away:
        missing, seen = [place], str(away)
    yield Check(id="attachments", well=not missing, seen=seen)
    try:
        version = parts.attachments.scanner.version()
        yield Check(id="scanner", well=True, seen=version or "none is set (FUND_CLAMD): each file says so")
    except Unavailable as away:
        yield Check(id="scanner", well=False, seen=str(away))


def _checkpoints(parts: Parts) -> Iterator[Check]:
    signed = latest_signed(parts)
    newer = parts.log.end() - (signed.position if signed else 0)
    seen = "the log was never signed"
    if signed is not None:
        when = moment(_time(parts.facts.find(SIGNED)))
        seen = f"the last was signed {when} over {plural(signed.size, 'record')}; the log is {newer} beyond"
    try:
        sent = owed(parts)
    except Malformed as wrong:
        yield Check(id="checkpoints", well=False, seen=str(wrong), lag=newer)
        return
    yield Check(
        id="checkpoints", well=True, seen=seen if sent else f"{seen}; sent nowhere (FUND_CHECKPOINTS)", lag=newer
    )
    for one in sent:
        seen = f"{plural(one.number, 'checkpoint')} to be sent"
        if one.trouble:
            seen = f"{plural(one.number, 'checkpoint')} not taken: {one.trouble}"
        yield Check(id=f"sending to {one.to}", well=one.trouble is None, seen=seen)


def _signer(parts: Parts) -> Iterator[Check]:
    """Have a probe signed where a program signs."""
    if parts.settings.log_signer is not None:
        try:
            signer = own_key(parts)
            signer.sign(PROBE)
        except (Malformed, SignerAway) as trouble:
            yield Check(id="signer", well=False, seen=str(trouble))
        else:
            yield Check(id="signer", well=True, seen=f"the program of FUND_LOG_SIGNER signs as {signer.key}")


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _locks(parts: Parts) -> Iterator[Check]:
    for kind in ("relay", "projector", "witness"):
        holder = parts.store.holder(kind)
        yield Check(id=kind, well=True, seen=NOT_RUNNING if holder is None else f"runs: {holder}")


def _service(parts: Parts) -> Iterator[Check]:
    addresses = read_addresses(parts.directory)
    yield _api(addresses.get("api"))
    address = addresses.get("temporal")
    reached = address is not None and asyncio.run(_reaches(address))
    seen = f"answers at {address}, its pages at {addresses.get('ui', 'an unknown address')}" if reached else NOT_RUNNING
    yield Check(id="temporal", well=True, seen=seen)


def _api(address: str | None) -> Check:
    if address is None:
        return Check(id="service", well=True, seen=NOT_RUNNING)
    try:
        with urlopen(f"{address}/readyz", timeout=SECONDS):
            return Check(id="service", well=True, seen=f"answers at {address} and is ready")
    except HTTPError as answer:
        with answer:
            unwell = [part["name"] for part in json.load(answer).get("parts", ()) if not part["well"]]
        return Check(id="service", well=False, seen=f"answers at {address} and is not ready: {', '.join(unwell)}")
    except (OSError, ValueError):
        return Check(id="service", well=True, seen=NOT_RUNNING)


async def _reaches(address: str) -> bool:
    try:
        await asyncio.wait_for(Client.connect(address, namespace=NAMESPACE), SECONDS)
    except (RuntimeError, OSError, TimeoutError, ValueError):
        return False
    return True
