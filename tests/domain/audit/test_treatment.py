"""What each applicant was given and waited for is counted from its events, each figure with their positions."""

from datetime import timedelta
from uuid import uuid4

from domain.account.events import AccountOpened
from domain.audit.treatment import MEASURES, TreatmentRow, spread, treatment
from domain.call.events import (
    ApplicationWindowClosed,
    CallCorrected,
    Outcome,
    OutcomesReleased,
    QuestionAnswered,
    QuestionAnsweredPrivately,
    QuestionAsked,
)
from domain.evaluation.events import EvaluationCompleted
from domain.grant.events import DeliveryAcknowledged, ResourceDisbursed
from domain.partnership.events import (
    CoachAssigned,
    CoachingDeclined,
    CoachingOffered,
    CoachingReminded,
    CoachingRequested,
    CoachingSessionHeld,
    CoachingSessionMissed,
    GroupSessionHeld,
)
from domain.people import ENGINE
from domain.pilot_action.events import ApplicationFoundEligible, ApplicationSubmitted, ClarificationAsked
from tests.cast import EXTENDED, RULES
from tests.domain.audit.planted import (
    ACTION,
    CALL,
    EVALUATION,
    GRANT,
    LINE,
    PAIR,
    SAM,
    SUE,
    Planted,
    id_of,
    text,
)

DONE = {"pilot_action_id": ACTION, "call_id": CALL, "line": LINE}


def row(call: Planted) -> TreatmentRow:
    (found,) = treatment(call.history(), {CoachingReminded})
    return found


def figures(call: Planted) -> dict[str, int]:
    """Return the figures that are not 0."""
    found = row(call)
    return {name: getattr(found, name) for name in MEASURES if getattr(found, name)}


def test_coaching_is_counted_in_minutes_sessions_and_the_wait_for_a_coach() -> None:
    call = Planted().begin()
    offered = call.plant(PAIR, CoachingOffered, by=ENGINE)
    asked = call.plant(PAIR, CoachingRequested)
    call.at += timedelta(hours=5)
    coach = call.plant(PAIR, CoachAssigned, coach=SAM)
    call.plant(PAIR, CoachAssigned, coach=SAM)  # another one, for whom nobody waited
    held = call.plant(PAIR, CoachingSessionHeld, number=1, minutes=90, note=text())
    group = call.plant(PAIR, GroupSessionHeld, number=2, minutes=60, partnerships=3, note=text())
    missed = call.plant(PAIR, CoachingSessionMissed)
    told = call.plant(PAIR, CoachingReminded, by=ENGINE, closes=call.at)
    assert figures(call) == {
        "coached_minutes": 150,
        "coaching_offers": 1,
        "sessions_held": 2,
        "sessions_missed": 1,
        "hours_to_coach": 5,
        "notices": 1,
    }
    assert row(call).positions == {
        "coaching_offers": (offered,),
        "hours_to_coach": (asked, coach),
        "sessions_held": (held, group),
        "coached_minutes": (held, group),
        "sessions_missed": (missed,),
        "notices": (told,),
    }


def test_who_declined_coaching_did_not_wait_for_it() -> None:
    call = Planted().begin()
    call.plant(PAIR, CoachingRequested)
    call.plant(PAIR, CoachingDeclined)
    call.plant(PAIR, CoachAssigned, days=2, coach=SAM)
    assert figures(call) == {}


def test_questions_count_for_the_partnerships_of_whoever_asked() -> None:
    call = Planted().begin()
    for who, place in ((SUE, id_of("Turin")), (SAM, id_of("Lima"))):
        call.plant(who, AccountOpened, label="Somebody", unit="", organisation_id=place)
    asked = call.plant(CALL, QuestionAsked, number=1, question=text(), due=call.at)
    call.plant(CALL, QuestionAsked, by=SAM, number=2, question=text(), due=call.at)
    said = {"revision": 1, "question": "Why?", "answer": "Because."}
    answered = call.plant(CALL, QuestionAnswered, days=2, number=1, **said)
    call.plant(CALL, QuestionAnswered, days=2, number=2, **said)
    call.plant(CALL, QuestionAnsweredPrivately, number=1, asked_by=SUE, answer=text())  # answered before
    assert figures(call) == {"questions_asked": 1, "questions_answered": 1, "hours_to_answer": 48}
    assert row(call).positions["hours_to_answer"] == (asked, answered)


def test_the_days_that_an_application_waited_are_counted_stage_by_stage() -> None:
    call = Planted().begin()
    put = {"version": 1, "digest": "", "requested_cents": 1, "declarations": (), "correction": 0}
    call.plant(ACTION, ApplicationSubmitted, **put)
    call.plant(CALL, ApplicationWindowClosed, by=ENGINE)
    call.plant(ACTION, ClarificationAsked, question=text(), due=call.at + timedelta(days=2, minutes=1))
    call.plant(ACTION, ApplicationFoundEligible, by=ENGINE, days=2, correction=0)
    call.plant(EVALUATION, EvaluationCompleted, by=ENGINE, days=3, **DONE)
    outcomes = [Outcome(pilot_action_id=id, outcome="award", reason="Rank 1.") for id in (ACTION, uuid4())]
    told = {"line": LINE, "version": 1, "awards": (), "outcomes": tuple(outcomes)}
    call.plant(CALL, OutcomesReleased, by=ENGINE, days=4, **told)
    call.plant(GRANT, DeliveryAcknowledged, order=1)
    call.plant(GRANT, ResourceDisbursed, days=1, order=1, cents=1, released_cents=0)
    call.plant(GRANT, ResourceDisbursed, order=2, cents=1, released_cents=0)  # nobody's word is known
    assert figures(call) == {
        "submissions": 1,
        "clarifications": 1,
        "clarification_hours_given": 48,
        "hours_to_eligibility": 48,
        "hours_to_evaluation": 72,
        "hours_to_outcome": 216,
        "hours_to_certification": 24,
    }
    assert (row(call).outcome, row(call).pilot_action_id) == ("award", ACTION)


def test_a_moved_deadline_counts_for_whoever_took_part_by_then() -> None:
    call = Planted().begin()
    change = {"correction": 1, "proposed_by": SAM, "reason": "Why.", "points": (), "material": False}
    call.plant(CALL, CallCorrected, **change, rules=RULES)
    moved = call.plant(CALL, CallCorrected, **change, rules=EXTENDED)
    assert figures(call) == {"extensions": 1}
    assert row(call).positions == {"extensions": (moved,)}
    assert (row(call).outcome, row(call).pilot_action_id) == ("did not apply", None)


def test_the_spread_tells_least_median_and_most_of_each_outcome() -> None:
    blank = row(Planted().begin())
    minutes = {"award": (90, 60, 240, 120), "reserve": (30,)}
    rows = [
        blank.model_copy(update={"outcome": outcome, "coached_minutes": one})
        for outcome, figures in minutes.items()
        for one in figures
    ]
    found = [one for one in spread(rows) if one.measure == "coached_minutes"]
    assert [(one.outcome, one.applicants, one.least, one.median, one.most) for one in found] == [
        ("award", 4, 60, 90, 240),
        ("reserve", 1, 30, 30, 30),
    ]
    assert len(list(spread(rows))) == 2 * len(MEASURES)
    assert list(spread([])) == []
