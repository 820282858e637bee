"""Why things are as they are: each figure with how it is computed, its rule and its events, computed anew."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import Query

from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Answered, Routes
from fund_service.audit.explaining.outcome import explain_outcome
from fund_service.audit.explaining.ranking import explain_ranking
from fund_service.audit.explaining.readers import OneActor
from fund_service.audit.explaining.record import Record
from fund_service.audit.explaining.refusals import RefusalRow, explain_refusal, refusals
from fund_service.audit.explaining.statements import Explanation
from fund_service.audit.explaining.sums import explain_grant, explain_line
from fund_service.audit.explaining.supposing import Supposition, Typed, read_supposed, suppose
from fund_service.permissions.views import View


def record_of(asking: Asking) -> Record:
    """Return what the log holds, up to the moment of a question, for who asks."""
    return Record(asking.context.parts.log, OneActor(asking.actor, asking.world), asking.position)


Rank = Annotated[int | None, Query(description="This place alone, down to its scores and events.")]
Envelope = Annotated[str, Query(max_length=40, description="Suppose this envelope, a sum in euros.")]
Without = Annotated[
    list[str] | None, Query(max_length=20, description="Suppose that this evaluator, by label or id, had no seat.")
]
Weight = Annotated[list[str] | None, Query(max_length=20, description="Suppose this weight: criterion=number.")]
Threshold = Annotated[
    list[str] | None,
    Query(max_length=20, description="Suppose this threshold: criterion=number, or total=number."),
]
Evaluators = Annotated[int | None, Query(description="Suppose that the scores of so many evaluators suffice.")]


def explanation_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.one("/calls/{call_id}/lines/{line}/ranking/explanation", Explanation, View.RANKING, name="explainRanking")
    def of_ranking(asking: Asking, call_id: UUID, line: str, rank: Rank = None) -> Answered[Explanation]:
        """Read why a ranking is as it is, computed anew: every place in short, or one down to scores and events."""
        return explain_ranking(record_of(asking), call_id, line, rank), None

    @routes.one("/calls/{call_id}/lines/{line}/ranking/supposition", Supposition, View.RANKING, name="supposeRanking")
    def supposed(
        asking: Asking,
        call_id: UUID,
        line: str,
        envelope: Envelope = "",
        without: Without = None,
        weight: Weight = None,
        threshold: Threshold = None,
        evaluators: Evaluators = None,
    ) -> Answered[Supposition]:
        """Read how a ranking would be with another envelope, without an evaluator, by other weights.

        Nothing is recorded. What could not be ranked then is said with its rule, and there is no ranking.
        """
        record = record_of(asking)
        typed = Typed(envelope, without or (), weight or (), threshold or (), evaluators)
        return suppose(record, call_id, line, read_supposed(record, call_id, line, typed)), None

    @routes.one("/grants/{grant_id}/sums/explanation", Explanation, View.GRANT, name="explainGrantSums")
    def of_grant(asking: Asking, grant_id: UUID) -> Answered[Explanation]:
        """Read why each sum of a grant is what it is, down to the events that moved it."""
        return explain_grant(record_of(asking), grant_id), None

    @routes.one("/calls/{call_id}/lines/{line}/sums/explanation", Explanation, View.RANKING, name="explainLineSums")
    def of_line(asking: Asking, call_id: UUID, line: str) -> Answered[Explanation]:
        """Read why each sum of a support line is what it is: its envelope, what is taken, committed, spent and left."""
        return explain_line(record_of(asking), call_id, line), None

    @routes.one(
        "/pilot-actions/{pilot_action_id}/outcome/explanation", Explanation, View.PILOT_ACTION, name="explainOutcome"
    )
    def of_outcome(asking: Asking, pilot_action_id: UUID) -> Answered[Explanation]:
        """Read why an application had its outcome, step by step; its members read it once it is released."""
        return explain_outcome(record_of(asking), pilot_action_id), None

    @routes.listing("/refusals", RefusalRow, Open.SIGNED_IN, name="listRefusals")
    def of_thing(
        asking: Asking, thing: Annotated[UUID | None, Query(description="About the thing with this id.")] = None
    ) -> Iterable[RefusalRow]:
        """List what was refused to you, or about a thing as far as you may read it, newest first."""
        reader = OneActor(asking.actor, asking.world)
        return refusals(asking.context.parts.fund, reader, asking.position, thing or asking.by)

    @routes.one("/refusals/{receipt}/explanation", Explanation, Open.SIGNED_IN, name="explainRefusal")
    def of_refusal(asking: Asking, receipt: str) -> Answered[Explanation]:
        """Read why a request was refused, by its receipt or its position: the rule, and the state that it met."""
        return explain_refusal(record_of(asking), asking.context.parts.fund, receipt), None
