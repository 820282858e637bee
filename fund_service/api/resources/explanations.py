"""Why things are as they are: each figure with how it is computed, its rule and its events, computed anew."""

from uuid import UUID

from fund_service.api.asking import Asking
from fund_service.api.reading import Answered, Routes
from fund_service.audit.explaining.readers import OneActor
from fund_service.audit.explaining.record import Record
from fund_service.audit.explaining.statements import Explanation
from fund_service.audit.explaining.sums import explain_grant, explain_line
from fund_service.permissions.views import View


def record_of(asking: Asking) -> Record:
    """Return what the log holds, up to the moment of a question, for who asks."""
    return Record(asking.context.parts.log, OneActor(asking.actor, asking.world), asking.position)


def explanation_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.one("/grants/{grant_id}/sums/explanation", Explanation, View.GRANT, name="explainGrantSums")
    def of_grant(asking: Asking, grant_id: UUID) -> Answered[Explanation]:
        """Read why each sum of a grant is what it is, down to the events that moved it."""
        return explain_grant(record_of(asking), grant_id), None

    @routes.one("/calls/{call_id}/lines/{line}/sums/explanation", Explanation, View.RANKING, name="explainLineSums")
    def of_line(asking: Asking, call_id: UUID, line: str) -> Answered[Explanation]:
        """Read why each sum of a support line is what it is: its envelope, what is taken, committed, spent and left."""
        return explain_line(record_of(asking), call_id, line), None
