"""What waits for somebody: every deed can be asked for, with ids that are known, under a rule that stands."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine

from domain.account.events import (
    AuthorityAccepted,
    AuthorityClaimed,
    AuthorityConfirmed,
    AuthorityDeclined,
    DeputyEnded,
    DeputyNamed,
    DeputyProposed,
    RoleGranted,
    RoleProposed,
)
from domain.catalogue import COMMANDS
from domain.evaluation.events import (
    ConsensusProposed,
    DivergenceFound,
    EvaluationOpened,
    EvaluatorAssigned,
    NoConflictDeclared,
    ScoresGiven,
)
from domain.grant.events import DeliveryAcknowledged, GrantAccepted
from domain.ids import evaluation_id, grant_id
from domain.people import Role
from domain.pilot_action.events import AccessAllowed, AccessRequested, ApplicationFoundEligible, LetterRecorded
from domain.rulebook import rule
from projections.applicant_home import ApplicantHome
from projections.applicant_view import homes
from projections.desk_deeds import DEEDS
from projections.next_deeds import OF_OFFICES, NextDeed, of_coach, of_evaluator, of_member, of_offices
from projections.read_model import Follower
from projections.screens import SCREENS
from tests.projections.story import (
    CALL,
    LINE,
    OFFICER,
    PARTNER,
    Story,
    action_of,
    id_of,
    organisation_of,
    rules,
    text,
    whole_call,
)
from tests.projections.tables import follow

CITY = "Bremen"
NOW = rules().calendar.scores_due
EVALUATION = evaluation_id(action_of(CITY))
GRANT = grant_id(action_of(CITY))


@pytest.fixture
def story() -> Story:
    begun = Story()
    begun.publish()
    return begun


def everything(connection: Connection, now: datetime = NOW) -> list[NextDeed]:
    """Return what waits for anybody of the usual story."""
    members = [organisation_of(city) for city in (CITY, "Milan", "Umeå", "Łódź", PARTNER)]
    return [
        *(deed for member in members for deed in of_member(homes(connection, member), member)),
        *of_coach(connection, id_of("coach"), now),
        *of_evaluator(connection, id_of("evaluator"), now),
        *of_offices(connection, now, OF_OFFICES),
    ]


def offices(engine: Engine, story: Story) -> dict[str, NextDeed]:
    """Return what the offices have to do, by the command that does it."""
    follow(engine, story, *SCREENS)
    with engine.connect() as connection:
        return {deed.command: deed for deed in of_offices(connection, NOW, OF_OFFICES)}


def test_every_deed_is_a_command_that_takes_what_is_known_under_a_rule_of_the_fund(engine: Engine) -> None:
    whole, growing = whole_call(), Story()
    followers = [Follower(engine, kind(), growing.read) for kind in SCREENS]
    told = set()
    for recorded in whole.log:
        growing.log.append(recorded)
        if recorded.position % 7 and recorded is not whole.log[-1]:
            continue
        for follower in followers:
            follower.catch_up()
        with engine.connect() as connection:
            for deed in everything(connection):
                assert deed.known.keys() & COMMANDS[deed.command].model_fields.keys()
                assert rule(deed.rule)
                told.add(deed.command)
    assert len(told) > 12


def test_every_deed_of_the_desk_names_a_command_and_a_rule_that_exist() -> None:
    named = [deed for deed in DEEDS.values() if deed.command is not None]
    assert {deed.command for deed in named} <= COMMANDS.keys()
    assert all(deed.rule is not None and rule(deed.rule) for deed in named)


def eligible(story: Story) -> Story:
    """Let the city's application be found eligible, with an evaluator who declared and scored."""
    story.prepare(CITY)
    story.apply(CITY)
    story.find(CITY, ApplicationFoundEligible)
    about = {"pilot_action_id": action_of(CITY), "partnership_id": id_of(CITY)}
    story.tell(EVALUATION, EvaluationOpened, call_id=CALL, line=LINE, **about)
    story.tell(EVALUATION, EvaluatorAssigned, evaluator=id_of("evaluator"), unit="A", outside=True)
    return story


def test_an_evaluator_declares_scores_proposes_and_agrees(engine: Engine, story: Story) -> None:
    def asked() -> tuple[str, object] | None:
        follow(engine, story, *SCREENS)
        with engine.connect() as connection:
            found = list(of_evaluator(connection, id_of("evaluator"), NOW))
        return (found[0].command, found[0].known.get("digest")) if found else None

    eligible(story)
    assert asked() == ("DeclareNoConflict", None)
    story.tell(EVALUATION, NoConflictDeclared, evaluator=id_of("evaluator"))
    assert asked() == ("GiveScores", None)
    story.tell(EVALUATION, ScoresGiven, evaluator=id_of("evaluator"), scores={})
    assert asked() is None
    story.tell(EVALUATION, DivergenceFound, criteria=["relevance"], totals_apart="27/1")
    assert asked() == ("ProposeConsensus", None)
    story.tell(EVALUATION, ConsensusProposed, evaluator=OFFICER, number=1, digest="agreed", scores={})
    assert asked() == ("AgreeConsensus", "agreed")


def test_a_letter_names_its_member_and_the_version_that_it_is_about(engine: Engine, story: Story) -> None:
    story.prepare(CITY)
    story.put_forward(CITY)
    member = organisation_of(PARTNER)
    named = {"organisation_id": member, "version": 1, "digest": f"{CITY} 1"}
    story.tell(action_of(CITY), LetterRecorded, **named, reference=text())
    assert offices(engine, story)["VerifyLetter"].known == {
        "pilot_action_id": action_of(CITY),
        "organisation_id": str(member),
        "digest": f"{CITY} 1",
    }


def test_what_is_left_is_ordered_and_each_delivery_recorded_and_certified(engine: Engine, story: Story) -> None:
    eligible(story)
    story.release({CITY: "award"})
    story.offer(CITY)
    story.answer(CITY, GrantAccepted)
    assert offices(engine, story)["OrderResource"].known == {"grant_id": GRANT}
    story.deliver(CITY, 1, 1_000_000, 1_000_000, certified=False)
    assert "OrderResource" not in offices(engine, story)
    story.tell(GRANT, DeliveryAcknowledged, order=1)
    assert offices(engine, story)["CertifyDelivery"].known == {"grant_id": GRANT, "order": "1"}


def test_a_proposed_role_waits_until_it_is_granted(engine: Engine, story: Story) -> None:
    story.tell(OFFICER, RoleProposed, role=Role.APPROVER, strand=None)
    deed = offices(engine, story)["ConfirmRole"]
    assert (deed.title, deed.known) == ("Secretariat 2, fictitious", {"subject": OFFICER, "role": "approver"})
    story.tell(OFFICER, RoleGranted, role=Role.APPROVER, strand=None)
    assert "ConfirmRole" not in offices(engine, story)


def test_a_proposed_deputy_waits_until_it_is_confirmed_or_ended_or_its_dates_are_over(
    engine: Engine, story: Story
) -> None:
    leave = {"role": Role.APPROVER, "represents": id_of("approver")}
    dates = {"starts": NOW, "until": NOW + timedelta(days=9)}
    story.tell(OFFICER, DeputyProposed, **leave, **dates)
    deed = offices(engine, story)["ConfirmDeputy"]
    assert (deed.known, deed.due) == ({"subject": OFFICER, **leave}, dates["until"])
    with engine.connect() as connection:
        assert "ConfirmDeputy" not in {one.command for one in of_offices(connection, dates["until"], OF_OFFICES)}
    story.tell(OFFICER, DeputyNamed, **leave, **dates, strand=None, proposed_by=OFFICER)
    assert "ConfirmDeputy" not in offices(engine, story)
    story.tell(OFFICER, DeputyProposed, **leave, **dates)
    story.tell(OFFICER, DeputyEnded, **leave, reason=text())
    assert "ConfirmDeputy" not in offices(engine, story)


def test_who_follows_an_officer_that_left_waits_for_a_first_officer_then_for_a_second(
    engine: Engine, story: Story
) -> None:
    claim = {"organisation_id": organisation_of(CITY), "departed": None}
    story.tell(OFFICER, AuthorityClaimed, **claim, reference=text())
    assert offices(engine, story)["AcceptAuthority"].known == {"subject": OFFICER}
    story.tell(OFFICER, AuthorityAccepted, **claim)
    waiting = offices(engine, story)
    assert ("AcceptAuthority" in waiting, waiting["ConfirmAuthority"].title) == (False, "Secretariat 2, fictitious")
    story.tell(OFFICER, AuthorityDeclined, **claim, reason=text())
    assert not {"AcceptAuthority", "ConfirmAuthority"} & offices(engine, story).keys()
    story.tell(OFFICER, AuthorityClaimed, **claim, reference=text())
    story.tell(OFFICER, AuthorityConfirmed, **claim, accepted_by=OFFICER)
    assert not {"AcceptAuthority", "ConfirmAuthority"} & offices(engine, story).keys()


def test_seeing_a_draft_by_exception_waits_for_a_second_officer(engine: Engine, story: Story) -> None:
    story.prepare(CITY)
    story.propose(CITY)
    story.tell(action_of(CITY), AccessRequested, reason=text(), hours=2)
    assert offices(engine, story)["AllowAccess"].known == {"pilot_action_id": action_of(CITY)}
    story.tell(action_of(CITY), AccessAllowed, officer=OFFICER, reason=text(), until=NOW)
    assert "AllowAccess" not in offices(engine, story)


def member_deeds(engine: Engine, story: Story, organisation_id: UUID) -> list[tuple[str, str]]:
    """Return the commands that wait for a member, with what they are about."""
    follow(engine, story, ApplicantHome)
    with engine.connect() as connection:
        return [(deed.command, deed.title) for deed in of_member(homes(connection, organisation_id), organisation_id)]


def test_what_a_member_owes_its_partnership_is_told_once_however_many_pilot_actions_there_are(
    engine: Engine, story: Story
) -> None:
    story.form(CITY)
    member = organisation_of(PARTNER)
    assert member_deeds(engine, story, member) == [("ConfirmMembership", f"{CITY} with {PARTNER}")]
    story.propose(CITY)
    assert member_deeds(engine, story, member) == [("ConfirmMembership", f"{CITY} with {PARTNER}")]
