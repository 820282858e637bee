"""The log itself tells which processes are over: every kind of process has an event that ends it."""

from domain.call.events import RankingEstablished, RankingRow
from domain.evaluation.events import EvaluationCompleted
from tests.workflows.test_reactions import CALL, ID_OF, PILOT_ACTION, STREAM, recorded
from workflows.endings import ENDINGS
from workflows.reactions import WORKFLOWS


def test_every_process_has_an_event_that_ends_it() -> None:
    ended = {id for kind, ids_of in ENDINGS.items() for id in ids_of(recorded(kind), recorded(kind).event)}
    named = {kind: {ID_OF[kind](id) for id in (STREAM, CALL, PILOT_ACTION)} for kind in WORKFLOWS}
    assert [kind for kind, ids in named.items() if not ids & ended] == []
    assert ended <= set().union(*named.values())


def test_a_complete_evaluation_ends_with_the_ranking_since_it_may_be_opened_again_before() -> None:
    assert EvaluationCompleted not in ENDINGS
    ranked = recorded(RankingEstablished)
    row = RankingRow.model_construct(pilot_action_id=PILOT_ACTION)
    told = ranked.event.model_copy(update={"rows": (row,)})
    assert ENDINGS[RankingEstablished](ranked, told) == (f"application-{PILOT_ACTION}",)
