"""Proves what a bundle claims, with the fund's own code besides: what it shows follows from its records."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from domain.messages import Recorded
from domain.prefixes.prefixes import Prefixes
from fund_service.audit.derived import HISTORY, derived, history, recorded
from fund_service.audit.offline.archive import Archive, opened
from fund_service.audit.offline.bundle import Bundle
from fund_service.audit.offline.dossier import Dossier
from fund_service.audit.offline.merkle import Unproven
from fund_service.audit.offline.package import EVENTS, KEYS, Step, Trusted
from fund_service.audit.offline.verifying import package_of
from fund_service.audit.spilled import spilled_states

_SHARED = ("account.", "organisation.")
NAMED = 5
"""So many decisions that do not hold are named."""

_UNFIT = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, SQLAlchemyError)
"""What is raised where an event states what no fund would record, such as a sum that no database can hold."""

_DERIVED = ("attachments.csv", "call.json", KEYS)


def proven(path: Path, trusted: Trusted) -> Iterator[Step]:
    """Yield what each step found in a bundle, up to the first that failed. Raises OSError."""
    try:
        with opened(path) as archive:
            package, held = package_of(archive, trusted), True
            for step in package.steps():
                yield step
                held = step.holds
            if held and isinstance(package, Dossier):
                with _made():
                    yield Step(True, _told(archive, package.manifest))
                yield package.sealed()
            elif held and isinstance(package, Bundle):
                with _made():
                    yield Step(True, _follows(archive, package.manifest))
                    yield Step(True, _decided(archive, whole=package.is_whole))
                yield package.sealed()
    except Unproven as failed:
        yield Step(False, str(failed))


@contextmanager
def _made() -> Iterator[None]:
    """Say of records of which nothing can be made, since no fund recorded them, that they are such. Raises Unproven."""
    try:
        yield
    except _UNFIT as unfit:
        raise Unproven(f"Of these records nothing can be made: {type(unfit).__name__}, {unfit}.") from unfit


def _decided(archive: Archive, *, whole: bool) -> str:
    """Check that every decision follows from the rules in force then: each is made again at its place.

    What accounts and cities have in common with other calls is judged only where no record of those is withheld.
    """
    shared: set[UUID] = set()
    with spilled_states() as states:
        violations = Prefixes(states).violations(_noting(map(recorded, archive.lines(EVENTS)), shared))
        found = list(islice((one for one in violations if whole or one.stream not in shared), NAMED))
    if found:
        told = "; ".join(f"position {one.position}: {one.rule}, {one.detail}" for one in found)
        raise Unproven(f"Decisions do not follow from the rules in force then. {told}")
    but = "" if whole else ", but for those about accounts and cities, which other calls share"
    return f"Every decision was made again at its place by the rules in force then, and came to the same{but}."


def _noting(events: Iterable[Recorded], shared: set[UUID]) -> Iterator[Recorded]:
    for one in events:
        if one.event.TOPIC.startswith(_SHARED):
            shared.add(one.stream)
        yield one


def _told(archive: Archive, manifest: dict[str, Any]) -> str:
    """Check that the history in words follows from the records."""
    if sha256(history(archive.lines(EVENTS))).hexdigest() != manifest["files"].get(HISTORY):
        raise Unproven(f"{HISTORY} is not what follows from the records.")
    return f"The history in words, {HISTORY}, follows from the records."


def _follows(archive: Archive, manifest: dict[str, Any]) -> str:
    """Check that rules, screens and digests follow from the records."""
    try:
        call_id = UUID(str(manifest.get("call")))
    except ValueError as wrong:
        raise Unproven("The manifest names no call.") from wrong
    made = dict(derived(archive.lines(EVENTS), call_id))
    there = [name for name in archive.entries if name in _DERIVED or name.startswith("screens/")]
    for name in there:
        if sha256(made.get(name, b"")).hexdigest() != manifest["files"][name]:
            raise Unproven(f"{name} is not what follows from the records.")
    if missing := made.keys() - set(there):
        raise Unproven(f"The bundle lacks what follows from its records: {', '.join(sorted(missing))}.")
    return (
        f"The call's rules, {len(there) - len(_DERIVED)} tables of its screens and its files' digests follow from them."
    )
