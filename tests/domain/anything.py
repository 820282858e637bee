"""Any event that the domain can record, with few different ids and names: strangers meet, and the known go missing."""

from datetime import UTC
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from pydantic import AwareDatetime

from domain.call.events import Award, RankingRow
from domain.call.rules import CallRules
from domain.catalogue import EVENTS
from domain.grant.events import OriginalAmount
from domain.messages import Aggregate
from domain.pilot_action.events import ResourceLine
from domain.values import ProtectedText
from tests.given import RULES

FEW: dict[Any, st.SearchStrategy[Any]] = {
    UUID: st.sampled_from([UUID(int=number) for number in range(4)]),
    str: st.sampled_from(["", "study", "risks"]) | st.text(max_size=5),
    int: st.integers(0, 3) | st.integers(),
    AwareDatetime: st.datetimes(timezones=st.just(UTC)),
    CallRules: st.just(RULES),
}
FEW[ProtectedText] = st.builds(ProtectedText, subject=FEW[UUID], text=st.none() | FEW[str])
st.register_type_strategy(ProtectedText, FEW[ProtectedText])


def anything(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Any instance of a model."""
    fields = {name: field.annotation for name, field in kind.model_fields.items()}
    return st.builds(kind, **{name: FEW[what] if what in FEW else st.from_type(what) for name, what in fields.items()})


for nested in (Award, RankingRow, ResourceLine):
    FEW[tuple[nested, ...]] = st.lists(anything(nested), max_size=3).map(tuple)
FEW[OriginalAmount | None] = st.none() | anything(OriginalAmount)
FEW[tuple[ResourceLine, ...] | None] = st.none() | FEW[tuple[ResourceLine, ...]]


def histories(kind: Aggregate[Any]) -> st.SearchStrategy[Any]:
    """Any events of a kind of stream, in any order."""
    events = [anything(event) for topic, event in EVENTS.items() if topic.startswith(f"{kind.name}.")]
    return st.lists(st.one_of(events), max_size=8)
