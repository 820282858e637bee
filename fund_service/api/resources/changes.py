"""What changed between two moments, as far as who asks may look back, and may read it."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query

from domain.errors import NotFound, NotPermitted
from domain.evaluation.aggregate import EVALUATION
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Routes
from fund_service.audit.differing import Asked, ThingChanged, differences
from fund_service.permissions.past import looking_back
from fund_service.permissions.reading_log import may_read
from fund_service.permissions.views import View

Since = Annotated[
    str,
    Query(max_length=60, description="The earlier moment: a position or an instant. The later one is `as_of`, or now."),
]
About = Annotated[UUID | None, Query(description="Only events that mention this thing.")]
OfCall = Annotated[UUID | None, Query(description="Only what belongs to this call, and the call itself.")]

_VIEWS: Final[Mapping[str, tuple[View, ...]]] = {
    "partnership": (View.PARTNERSHIP, View.ROADMAP),
    "pilot-action": (View.PILOT_ACTION, View.APPLICATION, View.PROCEDURE),
    "evaluation": (View.EVALUATION, View.EVALUATORS),
    "grant": (View.GRANT,),
    "account": (View.ACCOUNT,),
    "call": (View.RANKING, View.DASHBOARD),
    "organisation": (),
    "receipt": (),
}
"""What of a thing one must be able to see, to be told what it was before and after; of others nobody is."""


def changed(asking: Asking, since: str, about: UUID | None, call_id: UUID | None) -> list[ThingChanged]:
    """Return what changed up to the moment that is looked at. Raises Malformed, NotFound for who may not look back."""
    try:
        actor = looking_back(asking.actor, asking.world)
    except NotPermitted as refused:
        raise NotFound(
            "There are no changes to be shown to you: they are for auditors and offices.", refused.cure
        ) from None
    parts, world = asking.context.parts, asking.world
    moment = parts.moment(since, None)
    assert moment is not None

    def sees(kind: str, id: UUID) -> bool:
        if kind == EVALUATION.name:
            action = world.get(EVALUATION, id).pilot_action_id
            return action is not None and all(asking.sees(view, action) for view in _VIEWS[kind])
        return kind in _VIEWS and all(asking.sees(view, id) for view in _VIEWS[kind])

    asked = Asked(about, call_id, lambda recorded: may_read(actor, recorded, world), sees)
    return differences(parts.as_of(moment), parts, asked)


def change_routes(routes: Routes) -> None:
    """Enter the route."""

    @routes.listing("/audit/changes", ThingChanged, Open.SIGNED_IN, name="listChanges")
    def changes(
        asking: Asking, since: Since = "1", about: About = None, call_id: OfCall = None
    ) -> Iterable[ThingChanged]:
        """List what changed between two moments: each thing with its events, and what it was before and after.

        For auditors and the offices of the programme; free text of people is masked.
        """
        return changed(asking, since, about, call_id)
