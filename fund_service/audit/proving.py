"""Proves what a bundle claims, with the fund's own code besides: what it shows follows from its records."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from fund_service.audit.derived import derived
from fund_service.audit.offline.archive import Archive, opened
from fund_service.audit.offline.bundle import EVENTS, KEYS, Bundle, Step, Trusted
from fund_service.audit.offline.merkle import Unproven

_DERIVED = ("attachments.csv", "call.json", KEYS)


def proven(path: Path, trusted: Trusted) -> Iterator[Step]:
    """Yield what each step found in a bundle, up to the first that failed. Raises OSError."""
    try:
        with opened(path) as archive:
            bundle, held = Bundle(archive, trusted), True
            for step in bundle.steps():
                yield step
                held = step.holds
            if held:
                yield Step(True, _follows(archive, bundle.manifest))
    except Unproven as failed:
        yield Step(False, str(failed))


def _follows(archive: Archive, manifest: dict[str, Any]) -> str:
    """Check that rules, screens and digests follow from the records."""
    try:
        call_id = UUID(str(manifest.get("call")))
    except ValueError as wrong:
        raise Unproven("The manifest names no call.") from wrong
    made = dict(derived(lambda: archive.lines(EVENTS), call_id))
    there = [name for name in archive.entries if name in _DERIVED or name.startswith("screens/")]
    for name in there:
        if sha256(made.get(name, b"")).digest() != sha256(archive.read(name)).digest():
            raise Unproven(f"{name} is not what follows from the records.")
    if missing := made.keys() - set(there):
        raise Unproven(f"The bundle lacks what follows from its records: {', '.join(sorted(missing))}.")
    return (
        f"The call's rules, {len(there) - len(_DERIVED)} tables of its screens and its files' digests follow from them."
    )
