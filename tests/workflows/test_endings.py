"""The log itself tells which processes are over: every kind of process has an event that ends it."""

from tests.workflows.test_reactions import CALL, ID_OF, PILOT_ACTION, STREAM, recorded
from workflows.endings import ENDINGS
from workflows.reactions import WORKFLOWS


def test_every_process_has_an_event_that_ends_it() -> None:
    ended = {name_of(recorded(kind), recorded(kind).event) for kind, name_of in ENDINGS.items()}
    named = {kind: {ID_OF[kind](id) for id in (STREAM, CALL, PILOT_ACTION)} for kind in WORKFLOWS}
    assert [kind for kind, ids in named.items() if not ids & ended] == []
    assert ended <= set().union(*named.values())
