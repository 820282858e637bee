"""No sequence of requests breaks the ledger, and what would break it is found.

The money is counted once more, straight from the events (`Books`).
"""

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from domain.call.aggregate import CALL
from domain.errors import NotFound, Refused
from domain.grant.aggregate import GRANT
from tests.domain.books import Books
from tests.domain.deeds import BEGINNING, CHOICES, Deed
from tests.domain.mistakes import MISTAKES, Plant
from tests.given import CALL_ID, given

DEEDS = st.builds(Deed, **{name: st.sampled_from(values) for name, values in CHOICES.items()})


class AfterTheRelease(RuleBasedStateMachine):
    """Everybody asks for anything; what is refused changes nothing."""

    def __init__(self) -> None:
        """Begin with the released outcomes."""
        super().__init__()
        self.story, self.books = BEGINNING, Books()
        for change in BEGINNING.log:
            self.books.enter(change)

    @rule(deed=DEEDS)
    def somebody_asks(self, deed: Deed) -> None:
        """Enter every event that follows from a request."""
        try:
            changes = self.story.decide(deed.command(self.books))
        except (Refused, NotFound):
            return
        for change in changes:
            self.books.enter(change)
        self.story = self.story.after(*changes)
        self.books.agree_with(self.story)

    def teardown(self) -> None:
        """No request, refused or not, changed a state behind the log's back."""
        told_again = given(*self.story.log)
        streams = {CALL_ID: CALL, **dict.fromkeys(self.books.state, GRANT)}
        assert all(told_again.get(kind, stream) == self.story.get(kind, stream) for stream, kind in streams.items())


TestTheLedgerHoldsWhateverIsAsked = AfterTheRelease.TestCase


@pytest.mark.parametrize("plant", MISTAKES.values(), ids=MISTAKES)
def test_a_planted_mistake_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(AfterTheRelease, settings=settings(max_examples=400, phases=[Phase.generate]))
