"""What `fund attachments` means: which pilot action or grant, as whom, and the command that attaches a file to it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from domain.errors import Malformed, NotFound
from domain.grant.aggregate import GRANT
from domain.grant.commands import AttachEvidence, AttachToReport
from domain.messages import Command
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.commands import AttachFile, AttachProof
from domain.receipt import receipt_id
from fund_service.attachments.seen import FileRow, files_of_action, files_of_grant, rows_of_action, rows_of_grant
from fund_service.cli.asking import subject, validated
from fund_service.cli.finding import find
from fund_service.cli.opening import Reading
from fund_service.permissions.actors import Actor

_ATTACHING: Final[Mapping[str, Mapping[bool, tuple[type[Command], str]]]] = {
    PILOT_ACTION.name: {False: (AttachFile, "pilot_action_id"), True: (AttachProof, "pilot_action_id")},
    GRANT.name: {False: (AttachToReport, "grant_id"), True: (AttachEvidence, "grant_id")},
}
"""By what a file is attached to, and whether it proves something of a member or an order: the command."""


def rows_of(source: Reading, of: str, by: str) -> list[FileRow]:
    """Return the files that somebody sees of a pilot action or a grant."""
    id, kind = _meant(source, of)
    rows = rows_of_action if kind == PILOT_ACTION.name else rows_of_grant
    return rows(Actor(subject(source, by), now=source.parts.clock.now), id, source.parts.fund.world())


def content_of(source: Reading, of: str, file: str, by: str) -> bytes:
    """Return the content of a file, by the first characters of its id. Raises NotFound, Malformed, Unavailable."""
    id, kind = _meant(source, of)
    files = files_of_action if kind == PILOT_ACTION.name else files_of_grant
    actor = Actor(subject(source, by), now=source.parts.clock.now)
    seen = {one.id: one for one in files(actor, id, source.parts.fund.world())}
    fitting = [one for id, one in seen.items() if str(id).startswith(file.lower())]
    if not fitting:
        raise NotFound(f"There is no file “{file}”.", "List them with `fund attachments list`.")
    if len(fitting) > 1:
        raise Malformed(f"“{file}” can mean {len(fitting)} files.", "Write more of the id.")
    return source.parts.attachments.content(fitting[0].file)


def asked_for(
    source: Reading, of: str, by: str, file: Mapping[str, Any], place: Mapping[str, Any], key: str | None
) -> Any:
    """Return the command that attaches a file there; the same key names the same file. Raises Malformed."""
    id, stream = _meant(source, of)
    given = {name: value for name, value in place.items() if value is not None}
    kind, named = _ATTACHING[stream]["organisation_id" in given or "order" in given]
    by_whom, key = subject(source, by), str(uuid4()) if key is None else key
    values = {named: str(id), "attachment_id": str(uuid5(receipt_id(by_whom, key), "attachment_id")), "file": file}
    return validated(kind, {**values, **given}, by_whom, source.parts.clock.now(), key)


def _meant(source: Reading, of: str) -> tuple[UUID, str]:
    """Return the id of the pilot action or the grant that is meant, and which of the two it is."""
    id = find(source, of)
    first = next(iter(source.parts.log.history(id)), None)
    kind = first.event.TOPIC.partition(".")[0] if first is not None else ""
    if kind not in _ATTACHING:
        raise Malformed(f"“{of}” is neither a pilot action nor a grant.", "List them with `fund applications list`.")
    return id, kind
