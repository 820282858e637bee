"""The timeline says what happened as a person would, and finds every event that mentions an id."""

import re
from datetime import UTC, datetime
from itertools import groupby
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from domain.account.events import RoleGranted
from domain.call.events import CallSettled, OfferMade
from domain.evaluation.events import EvaluationOpened, EvaluatorAssigned, EvaluatorsReminded
from domain.grant.events import GrantOffered, OffersCompared, ResourceOrdered
from domain.ids import evaluation_id, grant_id
from domain.messages import Event
from domain.organisation.events import OrganisationAdmitted
from domain.people import ENGINE, OPERATOR
from domain.pilot_action.events import DraftSectionSaved, SubmissionReminded
from domain.receipt import CommandHandled
from domain.values import ProtectedText
from projections import timeline
from projections.timeline import NOT_BEFORE_RELEASE, NOT_FOR_APPLICANTS, Timeline, TimelineRow, sentence
from tests.any_event import EVENTS, models
from tests.given import until
from tests.projections.story import (
    CALL,
    LINE,
    OFFICER,
    Story,
    action_of,
    id_of,
    judged_call,
    whole_call,
)
from tests.projections.tables import follow

WHO_AND_WHEN = {"by": str(OFFICER), "effective_at": "2026-03-20T16:00:02Z"}
NOTHING = ProtectedText(OFFICER, "")
ORDER = {
    "order": 1,
    "supplier": "Velo_Consult",
    "cents": 145_000,
    "period_from": "2026-05-01",
    "period_to": "2026-05-31",
    "deliver_by": "2026-05-31T22:00:00Z",
}
OFFER = {"call_id": CALL, "line": LINE, "pilot_action_id": CALL, "partnership_id": CALL, "coordinator_id": CALL}
ANSWER = {"cents": 999_999, "correction": 0, "accept_by": "2026-04-16T22:00:00Z", "remind_at": "2026-04-11T07:00:00Z"}
ADMITTED = {"strand": "AA", "source": ""}
REFUSED = {"command": "SubmitApplication", "digest": "d", "detail": "Your request arrived at 17:00:02."}


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        (OfferMade, {"grant_id": CALL, "cents": 1_234_567}, "An offer of €12,345.67 was made."),
        (
            CallSettled,
            {"envelope_cents": 8_000_000, "spent_cents": 1},
            "The call is settled: €0.01 were spent of an envelope of €80,000.00.",
        ),
        (
            SubmissionReminded,
            {"closes": "2026-03-20T16:00:00Z"},
            "A reminder went out: applications close Fri 20 March 2026, 17:00 Brussels.",
        ),
        (
            GrantOffered,
            OFFER | ANSWER,
            "Support of €9,999.99 was offered; the answer is due before Fri 17 April 2026, 00:00 Brussels.",
        ),
        (RoleGranted, {"role": "resource_manager", "strand": None}, "The role resource manager was granted."),
        (
            OrganisationAdmitted,
            {"strand": "AA", "source": ""},
            "The programme admitted it as a pilot city or region (AA).",
        ),
        (ResourceOrdered, ORDER | {"kind": "expert_days"}, "Order 1: expert days from Velo_Consult for €1,450.00."),
        (
            OffersCompared,
            {"order": 1, "offers": (), "chosen": 2, "cents": 10_001, "lowest_cents": 9_999, "choice_reason": NOTHING},
            "Offers for order 1 were compared: number 2 was chosen at €100.01; the lowest was €99.99.",
        ),
        (
            DraftSectionSaved,
            {"section": "joint_action", "version": 1, "answers": {}, "resources": None},
            "A section of the draft was saved (joint action).",
        ),
        (CommandHandled, REFUSED | {"refused": None}, "The request submit application was answered."),
        (CommandHandled, REFUSED | {"refused": "D07"}, "Refused under D07: Your request arrived at 17:00:02."),
        (CommandHandled, REFUSED | {"refused": "stage"}, "Refused at this stage: Your request arrived at 17:00:02."),
    ],
)
def test_a_sentence_shows_euro_brussels_time_and_plain_words(
    kind: type[Event], fields: dict[str, object], said: str
) -> None:
    assert sentence(kind.model_validate(WHO_AND_WHEN | fields)) == said


@given(event=st.one_of([models(kind) for kind in EVENTS if "detail" not in kind.model_fields]))
def test_a_sentence_never_shows_an_id(event: Event) -> None:
    assert not re.search("[0-9a-f]{8}-[0-9a-f]{4}", sentence(event))


def entries(engine: Engine, story: Story, id: UUID, without: frozenset[str] = frozenset()) -> list[TimelineRow]:
    """Return what the timeline says about an id at the story's end."""
    follow(engine, story, Timeline)
    with engine.connect() as connection:
        return timeline.of(connection, id, without)


def test_every_event_is_an_entry_but_requests_that_were_carried_out(engine: Engine) -> None:
    story = Story()
    story.publish()
    story.tell(id_of("receipt"), CommandHandled, command="PublishCall", digest="d", about=CALL)
    story.form("Dublin")
    said = [entry.sentence for entry in entries(engine, story, CALL)]
    assert said == [
        "The call was published with its rules.",
        "The months of coaching began.",
        "The partnership Dublin with Seoul was formed.",
    ]


def test_an_id_finds_what_stands_on_its_stream_and_what_names_it(engine: Engine) -> None:
    story = whole_call()
    positions = {
        recorded.position: recorded.event.TOPIC
        for recorded in story.log
        if recorded.stream == action_of("Umeå") or action_of("Umeå") in vars(recorded.event).values()
    }
    found = entries(engine, story, action_of("Umeå"))
    assert {entry.position: entry.topic for entry in found} == positions
    assert [entry.position for entry in found] == sorted(positions)
    assert {"call.application-registered", "grant.offered"} <= {entry.topic for entry in found}


def test_ids_in_a_list_are_found_too(engine: Engine) -> None:
    story = Story()
    story.tell(CALL, EvaluatorsReminded, evaluators=[id_of("one"), id_of("two")], due="2026-03-27T11:00:00Z")
    assert [entry.topic for entry in entries(engine, story, id_of("two"))] == ["evaluation.evaluators-reminded"]


def test_a_refused_request_names_its_rule_and_stands_with_what_it_was_about(engine: Engine) -> None:
    story = whole_call()
    refused = [entry for entry in entries(engine, story, grant_id(action_of("Umeå"))) if entry.rule]
    assert [(entry.rule, entry.command, entry.kind) for entry in refused] == [
        ("D12", "SubmitApplication", "receipt"),
        ("stage", "SubmitApplication", "receipt"),
    ]


@pytest.mark.parametrize(
    ("by", "label"),
    [
        (OFFICER, "Secretariat 2, fictitious"),
        (ENGINE, "The fund itself"),
        (OPERATOR, "The operator"),
        (id_of("a stranger"), "Somebody without an account"),
    ],
)
def test_an_entry_names_who_did_it(engine: Engine, by: UUID, label: str) -> None:
    story = Story()
    story.publish()
    story.tell(id_of("Dublin"), OrganisationAdmitted, by=by, strand="AA", source="")
    assert [entry.by_label for entry in entries(engine, story, id_of("Dublin"))] == [label]


def test_both_clocks_are_shown(engine: Engine) -> None:
    story = Story()
    story.tell(CALL, SubmissionReminded, effective_at="2025-12-01T09:00:00+01:00", closes="2026-03-20T16:00:00Z")
    [entry] = entries(engine, story, CALL)
    assert entry.effective_at.isoformat() == "2025-12-01T08:00:00+00:00"
    assert entry.recorded_at == story.log[0].recorded_at


def test_an_applicant_reads_neither_evaluators_nor_findings_before_the_release(engine: Engine) -> None:
    story, about = judged_call(), {"call_id": CALL, "line": LINE, "partnership_id": id_of("Milan")}
    story.tell(evaluation_id(action_of("Milan")), EvaluationOpened, pilot_action_id=action_of("Milan"), **about)
    story.tell(action_of("Milan"), EvaluatorAssigned, evaluator=id_of("evaluator 3"), unit="Unit", outside=True)
    story.refuse(action_of("Milan"), "D05", "Evaluator 3 may not judge it.")
    before = {entry.topic for entry in entries(engine, story, action_of("Milan"), NOT_BEFORE_RELEASE)}
    after = {entry.topic for entry in entries(engine, story, action_of("Milan"), NOT_FOR_APPLICANTS)}
    assert after - before == {"pilot-action.application-found-eligible"}
    assert not {topic for topic in after if topic.startswith(("evaluation.", "receipt."))}


def test_who_did_something_is_not_what_it_is_about(engine: Engine) -> None:
    about = [entry.topic for entry in entries(engine, whole_call(), OFFICER)]
    assert about == ["account.opened", "account.deputy-proposed", "account.authority-claimed"]


def test_the_newest_are_the_same_as_all_from_the_other_end_however_many_are_read_at_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(engine, whole_call(), Timeline)
    with engine.connect() as connection:
        every = timeline.of(connection, CALL)
        for piece in (1, 3, len(every), len(every) + 1):
            monkeypatch.setattr(timeline, "_PIECE", piece)
            assert list(timeline.newest(connection, CALL)) == every[::-1]


def row(position: int, topic: str, request: int = 1) -> TimelineRow:
    """An event of a request, at a position."""
    at = datetime(2026, 3, 31, 10, 0, request, tzinfo=UTC)
    told = {"kind": topic.partition(".")[0], "topic": topic, "sentence": topic, "by": ENGINE, "by_label": "The fund"}
    return TimelineRow(position=position, stream=CALL, effective_at=at, recorded_at=at, rule=None, command=None, **told)


def test_what_one_request_says_of_several_things_is_told_once() -> None:
    offered = [row(1, "grant.offered"), row(2, "pilot-action.support-offered"), row(3, "call.offer-made")]
    assert list(timeline.told_once(offered)) == offered[:1]
    assert list(timeline.told_once(offered[::-1])) == offered[:1]  # from the other end too
    assert list(timeline.told_once(offered[1:])) == offered[1:2]  # who may not read of the grant
    assert list(timeline.told_once(offered[2:])) == offered[2:]
    apart = [row(1, "grant.offered", 1), row(2, "call.offer-made", 2)]
    assert list(timeline.told_once(apart)) == apart  # of another request


def test_what_echoes_is_recorded_by_the_requests_that_record_what_it_echoes() -> None:
    story = until("ended")
    requests = groupby(story.log, key=lambda change: (change.event.by, change.event.effective_at))
    together = [{change.event.TOPIC for change in changes} for _, changes in requests]
    for echo in ("call.offer-made", "pilot-action.support-offered", "call.sum-committed", "call.sum-returned"):
        assert all(timeline.ECHOES[echo] & request for request in together if echo in request), echo
