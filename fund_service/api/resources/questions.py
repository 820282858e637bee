"""Questions about a call: published ones in public, all of them for the secretariat, one's own."""

from collections.abc import Iterable
from uuid import UUID

from domain.call.aggregate import CALL
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Routes
from fund_service.permissions.views import View
from fund_service.questions import AskedQuestion, revealed
from projections.call_questions import PublishedQuestion, published, questions


def question_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.listing("/calls/{call_id}/questions", PublishedQuestion, Open.EVERYBODY, name="listQuestions")
    def of_everybody(asking: Asking, call_id: UUID) -> Iterable[PublishedQuestion]:
        """List the questions about a call that were answered for all, with the answers; nobody learns who asked."""
        asking.world.get(CALL, call_id)
        return published(asking.connection, call_id)

    @routes.listing("/calls/{call_id}/questions/all", AskedQuestion, View.QUESTIONS, name="listAllQuestions")
    def of_office(asking: Asking, call_id: UUID) -> Iterable[AskedQuestion]:
        """List every question about a call as it was asked, with what was said to it."""
        asking.world.get(CALL, call_id)
        return _revealed(asking, call_id, None)

    @routes.listing("/me/questions", AskedQuestion, Open.SIGNED_IN, name="listMyQuestions")
    def of_asker(asking: Asking) -> Iterable[AskedQuestion]:
        """List the questions that you asked, with what you, or all, were answered."""
        return _revealed(asking, None, asking.by)


def _revealed(asking: Asking, call_id: UUID | None, asked_by: UUID | None) -> Iterable[AskedQuestion]:
    parts = asking.context.parts
    return revealed(questions(asking.connection, call_id, asked_by), parts.log, parts.clock.now())
