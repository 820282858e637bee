"""What somebody may not see is not there for them: a refusal never tells that a thing of others exists."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from domain.errors import NotFound, NotPermitted
from domain.messages import Command, World
from fund_service.api.context import Context
from fund_service.permissions.actors import Actor
from fund_service.permissions.checking import may_see
from fund_service.permissions.views import View

NAMED: Final[Mapping[str, View]] = {
    "pilot_action_id": View.PILOT_ACTION,
    "grant_id": View.GRANT,
    "partnership_id": View.PARTNERSHIP,
    "paper_id": View.PAPER,
}
"""By the field of a command that names a thing: what of it one must be able to see, to be told that one may not."""


@contextmanager
def hidden(context: Context, actor: Actor, command: Command, makes: str | None = None) -> Iterator[None]:
    """Say NotFound instead of NotPermitted about a thing that the actor may not see; what it `makes` is none yet."""
    try:
        yield
    except NotPermitted:
        world = context.parts.fund.world()
        for field, view in NAMED.items():
            id = getattr(command, field, None) if field != makes else None
            if id is not None and not may_see(view, actor, id, world):
                raise not_found(view, id) from None
        raise


def check_sight(view: View, actor: Actor, id: UUID, world: World) -> None:
    """Raise NotFound unless the actor may see this of the thing with this id."""
    if not may_see(view, actor, id, world):
        raise not_found(view, id)


def not_found(view: View, id: UUID) -> NotFound:
    """Return the one refusal of what is not there, and of what somebody may not see."""
    return NotFound(f"There is no {view} {id}.", "Look up its id in the lists.")
