"""What is decided about a call before the public is told: who decides on top of it sends its version back."""

from uuid import UUID

from domain.call.aggregate import CALL
from domain.values import Digest, Value
from fund_service.api.asking import Asking
from fund_service.api.reading import Answered, Routes
from fund_service.permissions.views import View


class ListState(Value):
    """The award list of a support line: its current version, 0 before there is one, and what became of that."""

    line: str
    version: int
    digest: Digest
    proposed_by: UUID | None
    approvals: tuple[UUID, ...]
    returned: bool
    voided: bool
    adopted: bool
    released: bool


class DecisionsState(Value):
    """How far a call's decisions are. `version` counts everything that was recorded about the call.

    `proposed_correction` is the number of the one that waits for a second person (D21), null where none does;
    `cancellation_proposed` tells whether a second officer may cancel the call.
    """

    id: UUID
    version: int
    proposed_correction: int | None
    cancellation_proposed: bool
    lists: tuple[ListState, ...]


def decision_routes(routes: Routes) -> None:
    """Enter the route."""

    @routes.one("/calls/{call_id}/decisions", DecisionsState, View.RANKING, name="readDecisions")
    def decisions(asking: Asking, call_id: UUID) -> Answered[DecisionsState]:
        """Read how far the decisions about a call are; the ETag is what you send as If-Match with another one."""
        call, version = asking.world.get(CALL, call_id), asking.world.version(CALL, call_id)
        lists = (
            ListState(line=line, **{name: getattr(one, name) for name in ListState.model_fields.keys() - {"line"}})
            for line, one in sorted(call.lists.items())
        )
        found = DecisionsState(
            id=call_id,
            version=version,
            proposed_correction=call.correction.correction if call.correction is not None else None,
            cancellation_proposed=call.cancellation is not None and not call.cancelled,
            lists=tuple(lists),
        )
        return found, version
