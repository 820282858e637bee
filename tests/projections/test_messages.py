"""Messages: who was told what, when; nobody is told an outcome before its release, and nobody of others' (D17)."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.account.events import AuthorityClaimed, AuthorityDeclined
from domain.call.events import CallCorrected, QuestionAnsweredPrivately
from domain.evaluation.events import EvaluatorReplaced, EvaluatorsReminded
from domain.files import File, FileKind, Scan
from domain.grant.events import DeliveryReminded
from domain.ids import evaluation_id, grant_id
from domain.organisation.events import OfficerSucceeded
from domain.partnership.events import MemberLeft
from domain.people import ENGINE, Geography, Role, Strand
from domain.pilot_action.events import (
    ApplicationFoundIneligible,
    LetterRecorded,
    LetterVerified,
    ProofAttached,
    SubmissionReminded,
)
from domain.working_paper.events import (
    FindingAnswered,
    FindingFollowedUp,
    FindingIssued,
    NoteWritten,
    Priority,
    Standing,
    WorkingPaperOpened,
)
from projections.database import views_engine
from projections.messages import EVERYBODY, SECRETARIAT, Messages, audiences_of, buyers, messages
from projections.telling import TOLD, Whom
from tests.projections.story import (
    CALL,
    ENDINGS,
    PARTNER,
    Story,
    action_of,
    id_of,
    judged_call,
    organisation_of,
    rules,
    text,
    whole_call,
)
from tests.projections.tables import follow
from tests.projections.test_embargo import CITIES, FATES, OTHER_FATES, judged

STRANGER = id_of("stranger")


def told(engine: Engine, story: Story, *audiences: object) -> list[tuple[str, str]]:
    """Return the topics with the sentences of what these audiences were told, the newest first."""
    follow(engine, story, Messages)
    with engine.connect() as connection:
        return [(row.topic, row.sentence) for row in messages(connection, list(map(str, audiences)))]


def test_what_is_published_is_told_to_everybody_in_one_message(engine: Engine) -> None:
    story = Story()
    story.publish()
    change = {"correction": 1, "proposed_by": STRANGER, "reason": "A mistake.", "points": (), "material": False}
    story.tell(CALL, CallCorrected, **change, rules=rules())
    follow(engine, story, Messages)
    with engine.connect() as connection:
        [correction, *_] = rows = list(messages(connection, [EVERYBODY]))
    assert (correction.to, correction.about, correction.call_id) == ("everybody", rules().title, CALL)
    assert correction.sentence.startswith("Correction 1 of the call: A mistake.")
    assert [row.topic for row in rows] == ["call.corrected", "call.coaching-window-opened", "call.published"]


def test_a_reminder_goes_to_the_coordinator_and_a_new_version_to_the_partners(engine: Engine) -> None:
    story = judged_call()
    story.tell(action_of("Milan"), SubmissionReminded, by=ENGINE, closes=rules().calendar.applications_close)
    own = [topic for topic, _ in told(engine, story, organisation_of("Milan"))]
    assert own[0] == "pilot-action.submission-reminded"
    assert "pilot-action.version-put-forward" not in own
    abroad = [topic for topic, _ in told(engine, story, organisation_of(PARTNER))]
    assert "pilot-action.version-put-forward" in abroad
    assert "pilot-action.submission-reminded" not in abroad
    assert told(engine, story, STRANGER) == []


def test_each_applicant_is_told_its_own_outcome_at_the_release_and_nothing_before(engine: Engine) -> None:
    story, outcome = judged_call(), "call.outcomes-released"
    before = [topic for city in (*ENDINGS, "Bremen", "Vigo") for topic, _ in told(engine, story, organisation_of(city))]
    assert not any("found" in topic or topic == outcome for topic in before)
    story.release(ENDINGS)
    said = {city: told(engine, story, organisation_of(city))[0] for city in ("Milan", "Umeå", "Leuven", "Bremen")}
    assert {topic for topic, _ in said.values()} == {outcome}
    assert [words.split(".")[0] for _, words in said.values()] == [
        "The outcome is released: award",
        "The outcome is released: reserve",
        "The outcome is released: not selected",
        "The application is inadmissible",
    ]


def test_what_is_found_after_the_release_is_told_at_once(engine: Engine) -> None:
    story = judged_call()
    story.release(ENDINGS)
    story.find("Umeå", ApplicationFoundIneligible)
    assert told(engine, story, organisation_of("Umeå"))[0][0] == "pilot-action.application-found-ineligible"


def test_two_calls_that_differ_in_their_outcomes_alone_tell_the_same_before_the_release(
    engine: Engine, tmp_path: Path
) -> None:
    def heard(place: Engine, story: Story) -> Mapping[str, object]:
        return {city: told(place, story, EVERYBODY, organisation_of(city)) for city in (*CITIES, PARTNER)}

    elsewhere = views_engine(f"sqlite:///{tmp_path}/other.db")
    try:
        assert heard(engine, judged(FATES)) == heard(elsewhere, judged(OTHER_FATES))
    finally:
        elsewhere.dispose()


def test_evaluators_are_told_of_what_they_evaluate_and_who_left_of_no_application(engine: Engine) -> None:
    story, stream, evaluator = judged_call(), evaluation_id(action_of("Milan")), id_of("evaluator")
    due = rules().calendar.scores_due
    story.tell(stream, EvaluatorsReminded, by=ENGINE, evaluators=(evaluator,), due=due)
    story.tell(stream, EvaluatorReplaced, evaluator=evaluator, reason=text())
    story.tell(stream, EvaluatorsReminded, by=ENGINE, evaluators=(), due=due)
    follow(engine, story, Messages)
    with engine.connect() as connection:
        left, reminded, assigned = messages(connection, [str(evaluator)])
    assert (left.topic, left.about, left.pilot_action_id) == ("evaluation.evaluator-replaced", "", None)
    assert reminded.pilot_action_id == assigned.pilot_action_id == action_of("Milan")


def test_who_asked_is_answered_alone(engine: Engine) -> None:
    story = Story()
    story.publish()
    story.tell(CALL, QuestionAnsweredPrivately, number=1, asked_by=STRANGER, answer=text("Between us."))
    [(topic, words)] = told(engine, story, STRANGER)
    assert (topic, "Between us" in words) == ("call.question-answered-privately", False)


def test_a_late_delivery_is_told_to_those_who_order_in_the_strand(engine: Engine) -> None:
    story = whole_call()
    story.tell(grant_id(action_of("Milan")), DeliveryReminded, by=ENGINE, order=1, due=rules().calendar.settled)
    strand = Geography.ASIA.strand
    assert [topic for topic, _ in told(engine, story, buyers(strand.value))] == ["grant.delivery-reminded"]
    orders = Role.RESOURCE_MANAGER
    assert buyers(strand.value) in audiences_of(STRANGER, None, {orders: None})
    assert buyers(strand.value) in audiences_of(STRANGER, None, {orders: strand})
    assert buyers(strand.value) not in audiences_of(STRANGER, None, {Role.CERTIFIER: None})
    assert buyers(strand.value) not in audiences_of(STRANGER, None, {orders: Strand.LAC})


def test_the_secretariat_is_told_of_a_finding_of_an_audit_and_of_nothing_that_stands_in_it(engine: Engine) -> None:
    story, paper = Story(), id_of("paper")
    story.publish()
    story.tell(paper, WorkingPaperOpened, call_id=CALL, title=text("A title"), about=text("/audit"))
    story.tell(paper, NoteWritten, note=text("A note"), cites=text())
    passages = dict.fromkeys(("condition", "criterion", "cause", "effect", "recommendation"), text("A passage"))
    about = {"number": 1, "priority": Priority.HIGH, "answer_by": date(2026, 12, 24)}
    story.tell(paper, FindingIssued, **passages, **about)
    answer = {"agreed": True, "answer": text("An answer"), "by_when": date(2026, 12, 31)}
    story.tell(paper, FindingAnswered, number=1, **answer)
    story.tell(paper, FindingFollowedUp, number=1, standing=Standing.IMPLEMENTED, remark=text("A remark"), by_when=None)
    follow(engine, story, Messages)
    with engine.connect() as connection:
        again, issued = messages(connection, [SECRETARIAT])
    assert (issued.topic, issued.call_id, issued.about) == ("working-paper.finding-issued", CALL, rules().title)
    assert issued.sentence == "Finding 1 of an audit, of high priority, is to be answered by Thu 24 December 2026."
    assert again.sentence == "Finding 1 of an audit was looked at again: implemented."
    assert SECRETARIAT in audiences_of(STRANGER, None, {Role.SECRETARIAT: Strand.LAC})
    assert SECRETARIAT not in audiences_of(STRANGER, None, dict.fromkeys(set(Role) - {Role.SECRETARIAT}))


def test_who_leaves_a_partnership_is_told_so_and_nothing_after_it(engine: Engine) -> None:
    story, partner = judged_call(), organisation_of(PARTNER)
    story.tell(id_of("Milan"), MemberLeft, organisation_id=partner, reason=text())
    story.release({"Milan": "award"})
    follow(engine, story, Messages)
    with engine.connect() as connection:
        of_milan = [row.topic for row in messages(connection, [str(partner)], partnership_id=id_of("Milan"))]
    assert of_milan[0] == "partnership.member-left"


def test_what_came_by_letter_is_told_to_the_member_on_whose_behalf_it_was_recorded(engine: Engine) -> None:
    story, partner = judged_call(), organisation_of(PARTNER)
    about = {"organisation_id": partner, "version": 1, "digest": "0"}
    story.tell(action_of("Milan"), LetterRecorded, **about, reference=text())
    file = File(digest="0" * 64, size=1, kind=FileKind.PDF, title=text(), scan=Scan.CLEAN)
    proof = {"organisation_id": partner, "attachment_id": STRANGER, "file": file}
    story.tell(action_of("Milan"), ProofAttached, **proof)
    story.tell(action_of("Milan"), LetterVerified, **about, recorded_by=STRANGER)
    topics = [topic for topic, _ in told(engine, story, partner)]
    kinds = ("letter-verified", "proof-attached", "letter-recorded")
    assert topics[:3] == [f"pilot-action.{kind}" for kind in kinds]


def test_who_is_said_to_have_left_and_the_city_are_told_when_somebody_asks_to_follow(engine: Engine) -> None:
    story, city, left, follows = whole_call(), organisation_of("Milan"), id_of("left"), id_of("follows")
    claim = {"organisation_id": city, "departed": left}
    story.tell(follows, AuthorityClaimed, **claim, reference=text())
    assert [told(engine, story, one)[0][0] for one in (left, city)] == ["account.authority-claimed"] * 2
    assert told(engine, story, follows) == []
    story.tell(follows, AuthorityDeclined, **claim, reason=text())
    assert [told(engine, story, one)[0][0] for one in (left, follows)] == ["account.authority-declined"] * 2
    story.tell(city, OfficerSucceeded, officer=follows, departed=left)
    assert told(engine, story, city)[0][0] == "organisation.officer-succeeded"
    story.tell(follows, AuthorityClaimed, **{**claim, "departed": None}, reference=text())
    assert told(engine, story, "None") == []


def test_an_office_reads_what_anybody_was_told_of_a_partnership(engine: Engine) -> None:
    follow(engine, whole_call(), Messages)
    with engine.connect() as connection:
        rows = list(messages(connection, partnership_id=id_of("Milan")))
    assert {row.partnership_id for row in rows} == {id_of("Milan")}
    assert {"Milan"} <= {row.to for row in rows}
    assert [row.position for row in rows] == sorted((row.position for row in rows), reverse=True)


def test_an_audience_knows_itself(engine: Engine) -> None:
    city = organisation_of("Milan")
    assert audiences_of(STRANGER, city, {}) == {EVERYBODY, str(STRANGER), str(city)}


@pytest.mark.parametrize("whom", Whom)
def test_everybody_who_can_be_told_is_told_of_something(whom: Whom) -> None:
    assert any(whom in told_to for told_to in TOLD.values())
