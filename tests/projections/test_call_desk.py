"""The desk of a call: who waits for whom, what is late, and for how long each matter waited on whom."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from domain.call.events import (
    AwardListProposed,
    AwardListReturned,
    CallCancelled,
    CallCorrected,
    CancellationProposed,
    CorrectionProposed,
)
from domain.evaluation.events import (
    AllegationDismissed,
    AllegationUpheld,
    ConflictAlleged,
    ConflictDeclared,
    ConsensusOverdue,
    ConsensusReached,
    DivergenceFound,
    EvaluationCompleted,
    EvaluationOpened,
    EvaluationReopened,
    EvaluatorAssigned,
    EvaluatorReplaced,
    EvaluatorWithdrew,
    FewerEvaluatorsConfirmed,
    FewerEvaluatorsProposed,
    NoConflictDeclared,
    ScoresGiven,
    ScoresOverdue,
)
from domain.grant.events import (
    DeliveryAcknowledged,
    DeliveryRefused,
    DeliveryReversed,
    GrantAccepted,
    OrderCancelled,
    PartOffered,
    ReportOverdue,
    ResourceDelivered,
    ResourceOrdered,
    ReversalDismissed,
    ReversalProposed,
)
from domain.ids import evaluation_id, grant_id
from domain.messages import Event
from domain.partnership.events import (
    CoachAssigned,
    CoachingDeclined,
    CoachingRequested,
    MemberLeft,
    PartnershipEnded,
    PartnershipMerged,
)
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationWithdrawn,
    ClarificationAnswered,
    ClarificationAsked,
    ConfirmationsVoided,
    LetterRecorded,
    RemovalConfirmed,
    RemovalProposed,
)
from projections.call_desk import CallDesk
from projections.desk_deeds import APPROVE_LIST, PROPOSE_LIST
from projections.read_model import Follower
from tests.projections.story import (
    CALL,
    ENDINGS,
    LINE,
    OFFICER,
    PARTNER,
    Story,
    action_of,
    id_of,
    organisation_of,
    rules,
    text,
)
from tests.projections.whole_desk import DeskRow, desk, one_by_one

CITY = "Bremen"
CALENDAR = rules().calendar
EVALUATION = evaluation_id(action_of(CITY))
GRANT = grant_id(action_of(CITY))
CONFIRMING = ("partner", "confirm its part in the application")


def shown(engine: Engine, story: Story, now: datetime) -> dict[str, DeskRow]:
    """Return the desk's rows by the name of their matter."""
    Follower(engine, CallDesk(), story.read).catch_up()
    with engine.connect() as connection:
        return {row.title: row for row in desk(connection, CALL, now)}


def only(engine: Engine, story: Story, now: datetime = CALENDAR.published) -> DeskRow:
    """Return the one matter that is still open on the desk."""
    [row] = shown(engine, story, now).values()
    return row


def waits(row: DeskRow) -> list[tuple[str, str]]:
    """Return what a matter waits for."""
    return sorted((wait.party.value, wait.words) for wait in row.waits)


@pytest.fixture
def story() -> Story:
    begun = Story()
    begun.publish()
    return begun


def test_a_new_partnership_waits_for_its_partners_and_for_the_roadmap(engine: Engine, story: Story) -> None:
    story.form(CITY)
    assert waits(only(engine, story)) == [
        ("applicant", "write the roadmap"),
        ("partner", "confirm that it takes part"),
    ]


def test_a_request_for_coaching_waits_for_the_authority_and_then_for_the_coach(engine: Engine, story: Story) -> None:
    story.form(CITY)
    story.tell(id_of(CITY), CoachingRequested)
    assert ("authority", "assign a coach") in waits(only(engine, story))
    story.tell(id_of(CITY), CoachAssigned, coach=id_of("coach"))
    assert ("coach", "finish the coaching") in waits(only(engine, story))
    assert ("authority", "assign a coach") not in waits(only(engine, story))


def test_a_proposal_takes_over_the_partnerships_clock_and_its_place_on_the_desk(engine: Engine, story: Story) -> None:
    story.prepare(CITY)
    row = only(engine, story)
    assert row.id == action_of(CITY)
    assert waits(row) == [("applicant", "submit the application")]


def test_what_is_put_forward_waits_for_every_partner(engine: Engine, story: Story) -> None:
    story.prepare(CITY)
    story.put_forward(CITY)
    assert ("partner", "confirm its part in the application") in waits(only(engine, story))
    story.confirm(CITY)
    assert waits(only(engine, story)) == [("applicant", "submit the application")]


def test_a_draft_is_late_from_the_closing_instant_until_the_call_is_closed_and_then_waits_no_more(
    engine: Engine, story: Story
) -> None:
    story.prepare(CITY)
    closes = CALENDAR.applications_close
    assert not only(engine, story, closes - timedelta(microseconds=1)).late
    assert only(engine, story, closes).late
    story.open()
    story.close()
    row = only(engine, story, closes + timedelta(days=30))
    assert (row.waits, row.late) == ((), False)


def eligible(story: Story) -> Story:
    """Let the city's application be found eligible."""
    story.prepare(CITY)
    story.apply(CITY)
    story.find(CITY, ApplicationFoundEligible)
    stream = evaluation_id(action_of(CITY))
    about = {"pilot_action_id": action_of(CITY), "partnership_id": id_of(CITY)}
    story.tell(stream, EvaluationOpened, call_id=CALL, line=LINE, **about)
    return story


def test_an_eligible_application_waits_for_every_seat_and_then_for_every_evaluator(
    engine: Engine, story: Story
) -> None:
    eligible(story)
    stream = evaluation_id(action_of(CITY))
    everybody = [id_of(f"evaluator {number}") for number in range(rules().evaluation.evaluators)]
    for one in everybody:
        assert ("authority", "assign the evaluators") in waits(only(engine, story))
        story.tell(stream, EvaluatorAssigned, evaluator=one, unit="A", outside=True)
    assert waits(only(engine, story)) == [("evaluator", "declare interests")] * len(everybody)
    for one in everybody:
        story.tell(stream, NoConflictDeclared, evaluator=one)
    assert waits(only(engine, story)) == [("evaluator", "send the scores")] * len(everybody)
    for one in everybody:
        story.tell(stream, ScoresGiven, evaluator=one, scores={})
    assert waits(only(engine, story)) == []


def judged(story: Story, *, scored: bool) -> list[UUID]:
    """Let a full committee declare, and score unless it is still to do so."""
    eligible(story)
    everybody = [id_of(f"evaluator {number}") for number in range(rules().evaluation.evaluators)]
    for one in everybody:
        story.tell(EVALUATION, EvaluatorAssigned, evaluator=one, unit="A", outside=True)
        story.tell(EVALUATION, NoConflictDeclared, evaluator=one)
        if scored:
            story.tell(EVALUATION, ScoresGiven, evaluator=one, scores={})
    return everybody


@pytest.mark.parametrize(
    ("leaving", "told"),
    [
        (ConflictDeclared, {"reason": text()}),
        (EvaluatorWithdrew, {"reason": text()}),
        (EvaluatorReplaced, {"reason": text()}),
        (AllegationUpheld, {"number": 1, "recorded_by": OFFICER, "reasons": text()}),
    ],
)
def test_a_seat_that_an_evaluator_leaves_is_waited_for(
    engine: Engine, story: Story, leaving: type[Event], told: dict[str, Any]
) -> None:
    first, *others = judged(story, scored=False)
    story.tell(EVALUATION, leaving, evaluator=first, **told)
    sending = [("evaluator", "send the scores")] * len(others)
    assert waits(only(engine, story)) == [("authority", "assign the evaluators"), *sending]
    story.tell(EVALUATION, EvaluatorAssigned, evaluator=id_of("successor"), unit="A", outside=True)
    assert waits(only(engine, story)) == [("evaluator", "declare interests"), *sending]


def test_no_further_evaluator_is_waited_for_where_fewer_suffice(engine: Engine, story: Story) -> None:
    first, *_ = judged(story, scored=True)
    story.tell(EVALUATION, EvaluatorWithdrew, evaluator=first, reason=text())
    assert waits(only(engine, story)) == [("authority", "assign the evaluators")]
    story.tell(EVALUATION, FewerEvaluatorsConfirmed, evaluators=2, proposed_by=OFFICER)
    assert waits(only(engine, story)) == []


def test_scores_that_lie_apart_wait_for_a_consensus_until_it_is_due(engine: Engine, story: Story) -> None:
    judged(story, scored=True)
    story.tell(EVALUATION, DivergenceFound, criteria=["relevance"], totals_apart="27/1")
    [wait] = only(engine, story).waits
    assert (wait.party, wait.words, wait.due) == ("evaluator", "find a consensus", CALENDAR.consensus_due)
    story.tell(EVALUATION, ConsensusReached, points={"relevance": 4})
    assert waits(only(engine, story)) == []


def test_an_alleged_conflict_waits_for_its_answer_before_the_ranking(engine: Engine, story: Story) -> None:
    first, *_ = judged(story, scored=True)
    named = {"pilot_action_id": action_of(CITY), "call_id": CALL, "line": LINE}
    story.tell(EVALUATION, EvaluationCompleted, **named)
    assert waits(only(engine, story)) == [("authority", "rank, list and release")]
    story.tell(EVALUATION, EvaluationReopened, **named)
    story.tell(EVALUATION, ConflictAlleged, number=1, evaluator=first, allegation=text())
    assert waits(only(engine, story)) == [("authority", "answer an alleged conflict of interest")]
    story.tell(EVALUATION, AllegationDismissed, number=1, evaluator=first, recorded_by=OFFICER, reasons=text())
    assert waits(only(engine, story)) == []


def test_what_is_late_stands_first(engine: Engine, story: Story) -> None:
    story.form(CITY)
    story.prepare("Graz")
    rows = list(shown(engine, story, CALENDAR.applications_close).values())
    assert [row.late for row in rows] == [True, False]


def test_an_offer_waits_for_its_answer_and_a_delivery_for_the_city(engine: Engine, story: Story) -> None:
    eligible(story)
    story.offer(CITY)
    [answer] = [wait for wait in only(engine, story).waits if wait.words == "answer the offer"]
    assert answer.due is not None
    story.answer(CITY, GrantAccepted)
    accepted = [("applicant", "file the final report"), ("authority", "assign the evaluators")]
    assert waits(only(engine, story)) == [*accepted, ("authority", "order and deliver")]
    story.deliver(CITY, 1, 500_000, 400_000, certified=False)
    assert ("applicant", "acknowledge a delivery") in waits(only(engine, story))
    story.finish(CITY, 400_000)
    assert waits(only(engine, story)) == []


def test_a_call_that_was_never_published_has_an_empty_desk(engine: Engine) -> None:
    assert shown(engine, Story(), CALENDAR.published) == {}


def test_a_correction_moves_the_dates_by_which_something_is_due(engine: Engine, story: Story) -> None:
    story.prepare(CITY)
    later = CALENDAR.applications_close + timedelta(days=1)
    corrected = rules().model_copy(update={"calendar": CALENDAR.model_copy(update={"applications_close": later})})
    told = {"correction": 1, "reason": "A day more.", "points": [], "material": False}
    story.tell(CALL, CallCorrected, proposed_by=OFFICER, **told, rules=corrected)
    [wait] = only(engine, story, CALENDAR.applications_close).waits
    assert (wait.due, wait.late) == (later, False)


def test_a_version_with_unchanged_content_asks_nobody_and_a_changed_one_asks_whoever_had_confirmed(
    engine: Engine, story: Story
) -> None:
    story.prepare(CITY)
    story.put_forward(CITY)
    story.confirm(CITY)
    story.put_forward(CITY, version=2)
    assert CONFIRMING not in waits(only(engine, story))
    story.tell(action_of(CITY), ConfirmationsVoided, version=3, organisation_ids=[organisation_of(PARTNER)])
    story.put_forward(CITY, version=3)
    assert waits(only(engine, story)).count(CONFIRMING) == 1
    story.confirm(CITY, version=3)
    assert CONFIRMING not in waits(only(engine, story))


def test_what_was_withdrawn_and_put_forward_again_waits_no_more_when_the_call_closes(
    engine: Engine, story: Story
) -> None:
    story.prepare(CITY)
    story.draft(CITY, "action")
    story.put_forward(CITY)
    story.submit(CITY)
    story.withdraw(CITY)
    story.put_forward(CITY, version=2)
    assert waits(only(engine, story)) == [CONFIRMING]
    story.close()
    assert waits(only(engine, story)) == []


def test_an_application_that_is_to_be_taken_out_waits_for_a_second_officer(engine: Engine, story: Story) -> None:
    judged(story, scored=False)
    removal = {"cause": "withdrawn", "rule": "D08", "reason": text()}
    story.tell(action_of(CITY), RemovalProposed, **removal)
    assert ("authority", "confirm that the application is taken out") in waits(only(engine, story))
    story.tell(action_of(CITY), RemovalConfirmed, proposed_by=OFFICER, **removal)
    story.tell(action_of(CITY), ApplicationWithdrawn, reason=text())
    assert waits(only(engine, story)) == []


def test_a_question_about_a_clerical_error_waits_for_the_applicant_until_it_is_due(
    engine: Engine, story: Story
) -> None:
    story.prepare(CITY)
    story.apply(CITY)
    due = CALENDAR.clarifications_due
    story.tell(action_of(CITY), ClarificationAsked, question=text(), due=due)
    [wait] = only(engine, story, due).waits
    assert (wait.party, wait.words) == ("applicant", "answer the question about a clerical error")
    assert (wait.due, wait.late) == (due, True)
    story.tell(action_of(CITY), ClarificationAnswered, answer=text())
    assert waits(only(engine, story)) == []


def accepted(story: Story) -> None:
    """Let the city accept its grant and file nothing; the fund ordered once."""
    story.prepare(CITY)
    story.apply(CITY)
    story.tell(EVALUATION, EvaluationOpened, call_id=CALL, line=LINE, pilot_action_id=action_of(CITY),
               partnership_id=id_of(CITY))  # fmt: skip
    story.offer(CITY)
    story.answer(CITY, GrantAccepted)
    order(story)


def order(story: Story) -> None:
    """Order a resource that is late from the end of the implementation on."""
    period = {"period_from": "2026-05-01", "period_to": "2026-05-31", "deliver_by": CALENDAR.implementation_ends}
    what = {"kind": "expert_days", "supplier": "Velo Consult, fictitious", "cents": 100}
    story.tell(GRANT, ResourceOrdered, order=1, **what, **period)


def deliver(story: Story) -> None:
    """Deliver the order."""
    due = CALENDAR.final_report_due
    story.tell(GRANT, ResourceDelivered, order=1, cents=100, evidence="report.pdf", acknowledge_by=due)


ALWAYS = [("applicant", "file the final report"), ("authority", "order and deliver")]
RECORDING = ("authority", "record a delivery")


def test_an_order_waits_for_its_delivery_until_that_is_due_and_a_delivery_for_the_city(
    engine: Engine, story: Story
) -> None:
    accepted(story)
    [record] = [wait for wait in only(engine, story).waits if wait.words == "record a delivery"]
    assert record.due == CALENDAR.implementation_ends
    deliver(story)
    assert RECORDING not in waits(only(engine, story))
    [acknowledge] = [wait for wait in only(engine, story).waits if wait.words == "acknowledge a delivery"]
    assert acknowledge.due == CALENDAR.final_report_due


def test_a_refused_delivery_is_waited_for_anew_and_a_cancelled_order_no_more(engine: Engine, story: Story) -> None:
    accepted(story)
    deliver(story)
    story.tell(GRANT, DeliveryRefused, order=1, cents=100, reason=text())
    assert waits(only(engine, story)) == [*ALWAYS, RECORDING]
    story.tell(GRANT, OrderCancelled, order=1, cause="not_needed", freed_cents=100, reason=text())
    assert waits(only(engine, story)) == ALWAYS


def test_a_proposed_reversal_waits_for_a_second_person_and_a_reversed_delivery_for_the_right_one(
    engine: Engine, story: Story
) -> None:
    accepted(story)
    deliver(story)
    story.tell(GRANT, DeliveryAcknowledged, order=1)
    certifying, deciding = ("authority", "certify a delivery"), ("authority", "decide on reversing a delivery")
    story.tell(GRANT, ReversalProposed, order=1, reason=text())
    assert waits(only(engine, story)) == sorted([*ALWAYS, certifying, deciding])
    story.tell(GRANT, ReversalDismissed, order=1, proposed_by=OFFICER, reason=text())
    assert waits(only(engine, story)) == sorted([*ALWAYS, certifying])
    story.tell(GRANT, ReversalProposed, order=1, reason=text())
    sums = {"delivered_cents": 100, "disbursed_cents": 0, "kept_cents": 100}
    story.tell(GRANT, DeliveryReversed, order=1, proposed_by=id_of("buyer"), **sums)
    assert waits(only(engine, story)) == [*ALWAYS, RECORDING]


def test_an_offered_part_waits_for_its_answer_as_long_as_an_offer_does(engine: Engine, story: Story) -> None:
    story.prepare(CITY)
    story.apply(CITY)
    story.tell(EVALUATION, EvaluationOpened, call_id=CALL, line=LINE, pilot_action_id=action_of(CITY),
               partnership_id=id_of(CITY))  # fmt: skip
    story.offer(CITY)
    [offer] = only(engine, story).waits
    story.tell(GRANT, PartOffered, cents=100, requested_cents=200)
    [part] = only(engine, story).waits
    assert (part.words, part.since, part.due) == ("answer the offer of a part", offer.since, offer.due)
    story.answer(CITY, GrantAccepted)
    assert waits(only(engine, story)) == ALWAYS


def test_an_overdue_report_is_late_from_the_instant_at_which_it_was_due(engine: Engine, story: Story) -> None:
    accepted(story)
    due = CALENDAR.settled
    story.tell(GRANT, ReportOverdue, due=due)
    [report] = [wait for wait in only(engine, story, due).waits if wait.words == "file the final report"]
    assert (report.due, report.late) == (due, True)


def test_nothing_waits_once_the_call_is_cancelled_and_no_day_is_counted_any_more(engine: Engine, story: Story) -> None:
    accepted(story)
    cancelled = CALENDAR.implementation_ends
    told = {
        "proposed_by": id_of("officer"),
        "reason": "No money.",
        "pilot_action_ids": [action_of(CITY)],
        "lines": [LINE],
    }
    story.tell(CALL, CallCancelled, **told, effective_at=cancelled)
    row = only(engine, story, cancelled + timedelta(days=30))
    assert (row.waits, row.days_authority) == ((), only(engine, story, cancelled).days_authority)


def test_one_by_one_the_desk_tells_each_deed_and_a_matter_that_waits_for_none_once(
    engine: Engine, story: Story
) -> None:
    story.form(CITY)
    story.prepare("Graz")
    story.apply("Graz")
    told = one_by_one(list(shown(engine, story, CALENDAR.published).values()))
    named = [(row.partnership.split()[0], row.waits_for) for row in told]
    two = [(CITY, "confirm that it takes part"), (CITY, "write the roadmap")]
    assert sorted(named, key=str) == [*two, ("Graz", None)]


def test_coaching_that_is_declined_or_ended_with_its_partnership_waits_no_more(engine: Engine, story: Story) -> None:
    story.form(CITY)
    story.tell(id_of(CITY), CoachingRequested)
    story.tell(id_of(CITY), CoachingDeclined)
    assert ("authority", "assign a coach") not in waits(only(engine, story))
    story.tell(id_of(CITY), PartnershipMerged, into_id=id_of("Both"), into_name="Both")
    assert waits(only(engine, story)) == []


def test_a_partnership_stays_on_the_desk_beside_its_pilot_action_while_somebody_is_waited_for(
    engine: Engine, story: Story
) -> None:
    story.form(CITY)
    story.tell(id_of(CITY), CoachingRequested)
    story.propose(CITY)
    rows = shown(engine, story, CALENDAR.published)
    assert ("authority", "assign a coach") in waits(rows[f"{CITY} with {PARTNER}"])
    assert waits(rows[f"Safe ways to school in {CITY}"]) == [("applicant", "submit the application")]


def test_a_member_that_left_is_waited_for_no_more_by_partnership_and_application(engine: Engine, story: Story) -> None:
    story.prepare(CITY)
    story.agree(CITY, version=2)
    story.put_forward(CITY)
    assert CONFIRMING in waits(shown(engine, story, CALENDAR.published)[f"Safe ways to school in {CITY}"])
    story.tell(id_of(CITY), MemberLeft, organisation_id=organisation_of(PARTNER), reason=text())
    assert waits(only(engine, story)) == [("applicant", "submit the application")]
    story.tell(id_of(CITY), PartnershipEnded)
    assert waits(only(engine, story)) == []


def test_a_letter_waits_for_a_second_officer_until_its_version_is_confirmed_or_replaced(
    engine: Engine, story: Story
) -> None:
    story.prepare(CITY)
    story.put_forward(CITY)
    named = {"organisation_id": organisation_of(PARTNER), "version": 1, "digest": f"{CITY} 1"}
    verifying = ("authority", "verify a scanned letter")
    story.tell(action_of(CITY), LetterRecorded, **named, reference=text())
    assert verifying in waits(only(engine, story))
    story.confirm(CITY)
    assert verifying not in waits(only(engine, story))
    story.tell(action_of(CITY), LetterRecorded, **named, reference=text())
    story.put_forward(CITY, version=2)
    assert verifying not in waits(only(engine, story))


def test_fewer_evaluators_wait_for_a_second_officer_and_late_ones_for_their_replacement(
    engine: Engine, story: Story
) -> None:
    first, second, third = judged(story, scored=False)
    story.tell(EVALUATION, ScoresOverdue, evaluators=[first, second], empty_seats=0, due=CALENDAR.scores_due)
    replacing = ("authority", "replace an evaluator who is late")
    assert waits(only(engine, story)).count(replacing) == 2
    story.tell(EVALUATION, ScoresGiven, evaluator=first, scores={})
    story.tell(EVALUATION, EvaluatorReplaced, evaluator=second, reason=text())
    assert replacing not in waits(only(engine, story))
    confirming = ("authority", "confirm fewer evaluators")
    story.tell(EVALUATION, FewerEvaluatorsProposed, evaluators=2, reason=text())
    assert confirming in waits(only(engine, story))
    story.tell(EVALUATION, FewerEvaluatorsConfirmed, proposed_by=OFFICER, evaluators=2)
    assert waits(only(engine, story)) == [("evaluator", "send the scores")]
    story.tell(EVALUATION, ScoresGiven, evaluator=third, scores={})
    assert waits(only(engine, story)) == []


def test_who_agrees_to_no_consensus_in_time_is_replaced_unless_one_is_reached(engine: Engine, story: Story) -> None:
    first, *_ = judged(story, scored=True)
    story.tell(EVALUATION, DivergenceFound, criteria=["relevance"], totals_apart="27/1")
    story.tell(EVALUATION, ConsensusOverdue, evaluators=[first], due=CALENDAR.consensus_due)
    assert ("authority", "replace an evaluator who is late") in waits(only(engine, story))
    story.tell(EVALUATION, ConsensusReached, points={"relevance": 4})
    assert waits(only(engine, story)) == []


def test_a_delivery_that_is_awaited_anew_is_due_by_the_end_of_the_implementation(engine: Engine, story: Story) -> None:
    accepted(story)
    deliver(story)
    story.tell(GRANT, DeliveryRefused, order=1, cents=100, reason=text())
    [record] = [wait for wait in only(engine, story).waits if wait.words == "record a delivery"]
    assert record.due == CALENDAR.implementation_ends


def test_the_call_itself_stands_on_the_desk_while_two_persons_decide(engine: Engine, story: Story) -> None:
    def waited() -> list[tuple[str, str]]:
        row = shown(engine, story, CALENDAR.published).get("Competitive fund 2026")
        return waits(row) if row is not None else []

    proposing, approving = ("authority", PROPOSE_LIST.words), ("authority", APPROVE_LIST.words)
    assert waited() == []
    story.rank(ENDINGS)
    assert waited() == [proposing]
    listed = {"correction": 0, "awards": [], "reserve": [], "departures": [], "outcomes": []}
    story.tell(CALL, AwardListProposed, line=LINE, version=1, digest="list", **listed)
    assert waited() == [approving]
    story.tell(CALL, AwardListReturned, line=LINE, version=1, digest="list", remarks=text())
    assert waited() == [proposing]
    story.adopt(ENDINGS)
    assert waited() == []
    story.tell(CALL, CorrectionProposed, correction=1, reason="Late.", points=[], rules=rules())
    assert waited() == [("authority", "confirm a correction of the call")]
    told = {"correction": 1, "reason": "Late.", "points": [], "material": False, "proposed_by": OFFICER}
    story.tell(CALL, CallCorrected, **told, rules=rules())
    story.tell(CALL, CancellationProposed, reason="No money.")
    assert waited() == [("authority", "confirm that the call is cancelled")]
    story.tell(CALL, CallCancelled, proposed_by=id_of("officer"), reason="No money.", pilot_action_ids=[], lines=[])
    assert waited() == []
