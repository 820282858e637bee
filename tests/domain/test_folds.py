"""A fold takes every event of its kind, in any order, from any state."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import AGGREGATES, aggregate_of
from domain.messages import Aggregate
from tests.any_event import EVENTS, models


def histories(kind: Aggregate[Any]) -> st.SearchStrategy[Any]:
    """Any events of a kind of stream, in any order."""
    return st.lists(
        st.one_of([models(event) for event in EVENTS if event.TOPIC.startswith(f"{kind.name}.")]), max_size=8
    )


HISTORIES = {kind.name: histories(kind) for kind in AGGREGATES}


@pytest.mark.parametrize("kind", AGGREGATES, ids=[kind.name for kind in AGGREGATES])
@given(data=st.data())
def test_a_fold_takes_every_event_of_its_kind_and_leaves_the_state_before_as_it_was(
    kind: Aggregate[Any], data: st.DataObject
) -> None:
    state = kind.initial
    for event in data.draw(HISTORIES[kind.name]):
        assert aggregate_of(event) is kind
        before = deepcopy(state)
        after = kind.evolve(state, event)
        assert type(after) is type(kind.initial)
        assert state == before
        state = after
