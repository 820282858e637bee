"""A state that was kept is the state that a fold from the first event gives; there are never more than the limit."""

from uuid import uuid4

from domain.partnership.aggregate import PARTNERSHIP
from fund_service.folded import FoldedStates

STREAMS = [uuid4() for _ in range(3)]


def test_what_is_not_known_begins_at_the_beginning() -> None:
    assert FoldedStates().find(PARTNERSHIP, STREAMS[0]) == (PARTNERSHIP.initial, 0)


def test_a_later_state_is_not_replaced_by_an_earlier_one() -> None:
    folded, later = FoldedStates(), object()
    folded.keep(PARTNERSHIP, STREAMS[0], later, 2)
    folded.keep(PARTNERSHIP, STREAMS[0], PARTNERSHIP.initial, 1)
    assert folded.find(PARTNERSHIP, STREAMS[0]) == (later, 2)


def test_what_was_used_least_recently_goes_first() -> None:
    folded = FoldedStates(limit=2)
    for stream in STREAMS[:2]:
        folded.keep(PARTNERSHIP, stream, PARTNERSHIP.initial, 1)
    folded.find(PARTNERSHIP, STREAMS[0])
    folded.keep(PARTNERSHIP, STREAMS[2], PARTNERSHIP.initial, 1)
    assert [folded.find(PARTNERSHIP, stream)[1] for stream in STREAMS] == [1, 0, 1]
