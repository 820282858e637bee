"""Before the release nobody outside the offices can tell one outcome from another, by no screen and no count (D17)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from domain.call.events import AwardListReturned, CancellationProposed
from domain.ids import grant_id
from domain.messages import Event
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
)
from projections import lists, timeline
from projections.applicant_view import homes
from projections.dashboard_view import By, dashboard, grouped
from projections.database import views_engine
from projections.screens import SCREENS
from projections.timeline import NOT_BEFORE_RELEASE
from tests.projections.story import (
    CALL,
    LINE,
    PARTNER,
    Ending,
    Story,
    action_of,
    id_of,
    organisation_of,
    submitted_call,
    text,
)
from tests.projections.tables import follow

CITIES = ("Milan", "Turin", "Dublin", "Umeå", "Piraeus", "Leuven", "Porto", "Bremen", "Vigo")
Fate = Ending | type[Event]

FATES: tuple[Fate, ...] = (
    "award", "award", "award", "reserve", "reserve", "not_selected", "not_selected",
    ApplicationFoundInadmissible, ApplicationFoundIneligible,
)  # fmt: skip
OTHER_FATES: tuple[Fate, ...] = (
    ApplicationFoundIneligible, ApplicationFoundInadmissible, ApplicationFoundInadmissible, "award", "not_selected",
    "award", "reserve", "not_selected", "not_selected",
)  # fmt: skip


def judged(fates: tuple[Fate, ...]) -> Story:
    """Tell a call until everything is decided and nothing is released; the first list was sent back."""
    story = submitted_call()
    endings: dict[str, Ending] = {}
    for city, fate in zip(CITIES, fates, strict=True):
        if isinstance(fate, str):
            endings[city] = fate
            story.find(city, ApplicationFoundEligible)
        else:
            story.find(city, fate)
    story.rank(endings)
    story.adopt(endings)
    remarks = f"{fates[0]} is wrong."
    story.tell(CALL, AwardListReturned, line=LINE, version=1, digest="list", remarks=text(remarks))
    story.tell(CALL, CancellationProposed, reason="The money went elsewhere.")
    return story


def seen_from_outside(engine: Engine, story: Story) -> Mapping[str, Any]:
    """Return all that applicants, partners and the public can read."""
    for screen in SCREENS:
        follow(engine, story, screen)
    ids = [CALL, *(of(city) for city in CITIES for of in (id_of, organisation_of, action_of))]
    ids += [grant_id(action_of(city)) for city in CITIES]
    with engine.connect() as connection:
        return {
            "homes": [homes(connection, organisation_of(city)) for city in (*CITIES, PARTNER)],
            "dashboard": dashboard(connection, CALL),
            "groups": [grouped(connection, CALL, by) for by in By],
            "calls": lists.calls(connection),
            "partnerships": list(lists.partnerships(connection)),
            "applications": list(lists.applications(connection)),
            "timelines": [timeline.of(connection, id, NOT_BEFORE_RELEASE) for id in ids],
        }


def test_two_calls_that_differ_in_their_outcomes_alone_look_the_same_before_the_release(
    engine: Engine, tmp_path: Path
) -> None:
    elsewhere = views_engine(f"sqlite:///{tmp_path}/other.db")
    try:
        assert seen_from_outside(engine, judged(FATES)) == seen_from_outside(elsewhere, judged(OTHER_FATES))
    finally:
        elsewhere.dispose()
