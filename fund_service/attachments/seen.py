"""Which files somebody sees: those of what they see, and of an application only what counts for them."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from domain.errors import NotFound
from domain.files import Attached, FileKind, Scan
from domain.grant.aggregate import GRANT
from domain.messages import World
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.values import Value
from fund_service.permissions.actors import Actor
from fund_service.permissions.checking import may_see
from fund_service.permissions.views import View


class FileRow(Value):
    """A file: the SHA-256 of its content, its size in bytes, and whether a scanner looked at it when it came.

    `versions` of the application contain it, `draft` tells whether the next one would; a file with `organisation_id` is
    a proof of what was recorded on behalf of that member, one with `order` evidence of that order.
    """

    id: UUID
    title: str
    kind: FileKind
    size: int
    digest: str
    scan: Scan
    section: str | None
    organisation_id: UUID | None
    order: int | None
    draft: bool
    versions: tuple[int, ...]


def files_of_action(actor: Actor, id: UUID, world: World) -> Iterator[Attached]:
    """Yield the files of a pilot action that somebody sees, some of them twice: its members all of them, others those
    of the version that counts once they see the application; proofs, who sees those.
    """
    pilot = world.get(PILOT_ACTION, id)
    if may_see(View.DRAFT, actor, id, world):
        yield from pilot.files
        for version in pilot.versions:
            yield from version.files
    elif may_see(View.APPLICATION, actor, id, world):
        counting = pilot.version(pilot.submitted)
        yield from counting.files if counting is not None else ()
    if may_see(View.PROOF, actor, id, world):
        yield from pilot.proofs


def files_of_grant(actor: Actor, id: UUID, world: World) -> Iterator[Attached]:
    """Yield the documents of a grant, to who sees the grant."""
    if may_see(View.GRANT, actor, id, world):
        yield from world.get(GRANT, id).files


def rows_of_action(actor: Actor, id: UUID, world: World) -> list[FileRow]:
    """Return the files of a pilot action that somebody sees, each once, with the versions that they see."""
    pilot, own = world.get(PILOT_ACTION, id), may_see(View.DRAFT, actor, id, world)
    drafted = {one.id for one in pilot.files} if own else set()
    told = [version for version in pilot.versions if own or version.number == pilot.submitted]
    rows = {}
    for one in files_of_action(actor, id, world):
        versions = tuple(version.number for version in told if any(file.id == one.id for file in version.files))
        rows[one.id] = _row(one, draft=one.id in drafted, versions=versions)
    return list(rows.values())


def rows_of_grant(actor: Actor, id: UUID, world: World) -> list[FileRow]:
    """Return the documents of a grant, to who sees the grant."""
    return [_row(one) for one in files_of_grant(actor, id, world)]


def the_one(files: Iterable[Attached], id: UUID) -> Attached:
    """Return the file with this id. Raises NotFound."""
    found = next((one for one in files if one.id == id), None)
    if found is None:
        raise NotFound("There is no such file.", "Look up its id in the list of attachments.")
    return found


def _row(one: Attached, *, draft: bool = False, versions: tuple[int, ...] = ()) -> FileRow:
    return FileRow(
        id=one.id,
        title=one.file.title.shown,
        kind=one.file.kind,
        size=one.file.size,
        digest=one.file.digest,
        scan=one.file.scan,
        section=one.section,
        organisation_id=one.organisation_id,
        order=one.order,
        draft=draft,
        versions=versions,
    )
