"""Events as people hear of them, and the version as which they are recorded."""

from collections.abc import Mapping
from string import Formatter
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.call.commands import ConfirmCorrection, EstablishRanking, ProposeCorrection
from domain.call.events import CallCorrected, RankingEstablished
from domain.catalogue import EVENTS
from domain.messages import Event, Upcaster, version_of
from domain.partnership.commands import MergePartnerships
from domain.partnership.events import PartnershipsJoined
from domain.values import ProtectedText, Value
from tests.any_event import models
from tests.given import EXTENDED, HAMBURG, Pair, Story, ask, until

LISBON, OSLO = Pair("Lisbon", "Lima", place=2), Pair("Oslo", "Osaka", place=7)
BOTH = ask(
    MergePartnerships,
    Pair("Both", "Both"),
    old_ids=(HAMBURG.partnership, LISBON.partnership),
    coordinator_id=HAMBURG.home,
)


def said_by(event: Event) -> Mapping[str, Any]:
    """Return what stands in the braces of an event's sentence."""
    names = [name for _, name, _, _ in Formatter().parse(event.SAYS) if name is not None]
    return {name: getattr(event, name) for name in names}


@pytest.mark.parametrize("kind", EVENTS.values(), ids=EVENTS)
@settings(max_examples=10)
@given(data=st.data())
def test_a_sentence_follows_from_the_event_alone_and_holds_no_text_that_is_protected(
    kind: type[Event], data: st.DataObject
) -> None:
    said = said_by(data.draw(models(kind)))
    unsayable = {name for name, value in said.items() if isinstance(value, ProtectedText | Value | tuple | dict)}
    assert unsayable == set()
    assert kind.SAYS.format_map(said)


@pytest.mark.parametrize(
    ("story", "kind", "said"),
    [
        (until("opened").after(ask(ProposeCorrection), ask(ConfirmCorrection)), CallCorrected,
         {"correction": 1, "reason": "The service was away.", "closes": EXTENDED.calendar.applications_close}),
        (until("scored", HAMBURG, LISBON, OSLO).after(ask(EstablishRanking)), RankingEstablished,
         {"above_thresholds": 2, "ranked": 3}),
        (until("agreed", HAMBURG, LISBON).after(BOTH), PartnershipsJoined, {"count": 2}),
    ],
    ids=["the new closing instant", "how many were ranked, how many above the thresholds", "how many were merged"],
)  # fmt: skip
def test_a_sentence_counts_and_names_what_follows_from_several_fields(
    story: Story, kind: type[Event], said: Mapping[str, Any]
) -> None:
    [event] = [event for _, event in story.log if isinstance(event, kind)]
    assert said_by(event) == said


def test_the_first_version_of_an_event_is_1_and_each_upcaster_makes_the_next() -> None:
    def unchanged(fields: dict[str, Any]) -> dict[str, Any]:
        return fields

    class Renamed(Event):
        TOPIC, SAYS = "test.renamed", "It got another name."

    class RenamedTwice(Renamed):
        UPCASTERS: ClassVar[tuple[Upcaster, ...]] = (unchanged, unchanged)

    assert (version_of(Renamed), version_of(RenamedTwice)) == (1, 3)
