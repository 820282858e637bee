"""What a log shows that was not recorded through the fund's door is found where it stands, and nothing else is."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import pytest
from hypothesis import given as whatever

from domain.account import commands as account
from domain.account.aggregate import ACCOUNT
from domain.account.events import AccountOpened
from domain.call import commands as call
from domain.call.events import AwardListAdopted, SumFreed
from domain.errors import NotPermitted, Unavailable
from domain.evaluation import commands as evaluation
from domain.evaluation.events import Score
from domain.grant import commands as grant
from domain.messages import Change, Command, Event, World
from domain.partnership import commands as partnership
from domain.partnership.events import RoadmapAgreed
from domain.people import Role
from domain.pilot_action import commands as pilot_action
from domain.pilot_action.events import DraftSectionSaved
from domain.prefixes import prefixes
from domain.prefixes.prefixes import Held, Prefixes
from domain.prefixes.violations import FOLLOWS, LOG, PERMISSION
from domain.receipt import CommandHandled
from domain.rulebook import RULES
from domain.values import ProtectedText, Sealed
from tests.any_event import LOGS
from tests.domain.prefixes.retelling import as_recorded, forged, found, rules_found
from tests.given import (
    ALAN,
    ANNA,
    CALENDAR,
    CALL_ID,
    CAP,
    CHAPTERS,
    CLOSES,
    CORA,
    DAY,
    DORA,
    ELLA,
    EVA,
    HAMBURG,
    LINE,
    ON_LEAVE,
    OPENS,
    RELEASE,
    RITA,
    SAM,
    SUE,
    TICK,
    WORDS,
    Pair,
    ask,
    until,
)
from tests.story import Story, given

AT: Final = "effective_at"
SUBMITTING, OFFERED, ACKNOWLEDGED = until("opened"), until("offered"), until("acknowledged")
ACCEPT_BY: Final = next(one.event.accept_by for one in OFFERED.log if hasattr(one.event, "accept_by"))
DECLARED = until("assigned").after(ask(evaluation.DeclareNoConflict))
AUDITOR: dict[str, Any] = {"subject": EVA, "role": Role.AUDITOR}
LETTER = until("put forward").after(ask(pilot_action.RecordLetter))
CORRECTING = until("submitted").after(ask(call.ProposeCorrection))
REVERSING = ACKNOWLEDGED.after(ask(grant.ProposeReversal))
COACHED = until("formed").after(ask(partnership.OfferCoaching), ask(partnership.RequestCoaching))
SESSIONS = COACHED.after(ask(partnership.AssignCoach))
ORDER = ask(grant.OrderResource)


def sheet(points: int = 4, words: str = WORDS) -> dict[str, Score]:
    """Return an evaluator's scores, the same for every criterion."""
    criteria = ask(evaluation.GiveScores).scores
    return {name: Score(points=points, justification=ProtectedText(EVA, words)) for name in criteria}


class Plant(NamedTuple):
    """A decision that is recorded otherwise than it was made, and the same at the boundary, where nothing is wrong."""

    rule: str
    story: Story
    request: Command
    wrong: dict[str, Any]
    right: dict[str, Any] = {}


PLANTS: Final = [
    Plant("D07", SUBMITTING, ask(pilot_action.SubmitApplication), {AT: CLOSES}, {AT: CLOSES - TICK}),
    Plant("D07", until("agreed"), ask(pilot_action.ProposePilotAction), {AT: CLOSES}, {AT: CLOSES - TICK}),
    Plant("D07", until("put forward"), ask(pilot_action.ConfirmParticipation), {AT: CLOSES}, {AT: CLOSES - TICK}),
    Plant("D07", until("put forward"), ask(pilot_action.DeclineParticipation), {AT: CLOSES}, {AT: CLOSES - TICK}),
    Plant("D07", CORRECTING, ask(call.ConfirmCorrection), {AT: CLOSES}, {AT: CLOSES - TICK}),
    Plant("stage", SUBMITTING, ask(pilot_action.SubmitApplication), {AT: OPENS - TICK}, {AT: OPENS}),
    Plant("D08", until("submitted"), ask(pilot_action.WithdrawApplication), {AT: CLOSES}, {AT: CLOSES - TICK}),
    Plant("D10", SUBMITTING, ask(pilot_action.SubmitApplication), {"digest": "0"}),
    Plant("D10", until("put forward"), ask(pilot_action.ConfirmParticipation), {"digest": "0"}),
    Plant("D10", until("proposed"), ask(call.ApproveAwardList), {"digest": "0"}),
    Plant("E12", SUBMITTING, ask(pilot_action.SubmitApplication), {"declarations": ()}),
    Plant(FOLLOWS, SUBMITTING, ask(pilot_action.SubmitApplication), {"requested_cents": CAP - 1}),
    Plant(FOLLOWS, until("drafted"), ask(pilot_action.PutForwardVersion), {"version": 2}),
    Plant("D11", OFFERED, ask(grant.AcceptGrant), {AT: ACCEPT_BY}, {AT: ACCEPT_BY - TICK}),
    Plant("stage", OFFERED, ask(grant.LapseGrant), {AT: ACCEPT_BY - TICK}, {AT: ACCEPT_BY}),
    Plant("D17", until("adopted"), ask(call.ReleaseOutcomes), {AT: RELEASE - TICK}, {AT: RELEASE}),
    Plant("D05", until("proposed"), ask(call.ApproveAwardList), {"by": SUE}, {"by": ANNA}),
    Plant("D05", until("proposed"), ask(call.ApproveAwardList), {"by": EVA}, {"by": ALAN}),
    Plant("D05", ACKNOWLEDGED, ask(grant.CertifyDelivery), {"by": RITA}, {"by": CORA}),
    Plant("D05", ACKNOWLEDGED, ask(grant.CertifyDelivery), {"by": ANNA}, {"by": CORA}),
    Plant(FOLLOWS, ACKNOWLEDGED, ask(grant.CertifyDelivery), {"cents": CAP - 1}),
    Plant(
        "D18", ACKNOWLEDGED.after(ask(grant.ProposeReversal)), ask(grant.DismissReversal), {"by": RITA}, {"by": CORA}
    ),
    Plant("D18", REVERSING, ask(grant.ConfirmReversal), {"by": RITA}, {"by": CORA}),
    Plant(FOLLOWS, REVERSING, ask(grant.ConfirmReversal), {"delivered_cents": CAP - 1}),
    Plant("D18", LETTER, ask(pilot_action.VerifyLetter), {"by": SUE}, {"by": SAM}),
    Plant("D18", CORRECTING, ask(call.ConfirmCorrection), {"by": SUE}, {"by": SAM}),
    Plant(
        "D18",
        until("founded").after(ask(account.GrantRole, **AUDITOR)),
        ask(account.ConfirmRole, **AUDITOR),
        {"by": SUE},
    ),
    Plant(
        "D18", until("submitted").after(ask(call.ProposeCancellation)), ask(call.CancelCall), {"by": SUE}, {"by": SAM}
    ),
    Plant(
        "D18", until("eligible").after(ask(pilot_action.ProposeRemoval)), ask(pilot_action.ConfirmRemoval), {"by": SUE}
    ),
    Plant("D18", until("agreed"), ask(call.ProposeCancellation), {"reason": " "}, {"reason": "."}),
    Plant("D06", DECLARED, ask(evaluation.GiveScores), {"by": ELLA, "evaluator": ELLA}),
    Plant("D01", DECLARED, ask(evaluation.GiveScores), {"scores": sheet(6)}, {"scores": sheet(5)}),
    Plant("D01", DECLARED, ask(evaluation.GiveScores), {"scores": sheet(4, "x" * 49)}, {"scores": sheet(4, "x" * 50)}),
    Plant("E06", DECLARED, ask(evaluation.GiveScores), {"scores": {}}),
    Plant("stage", until("eligible"), ask(evaluation.AssignEvaluator), {"evaluator": SUE}),
    Plant("D12", until("accepted"), ORDER, {"cents": CAP + 1}, {"cents": CAP}),
    Plant("D13", until("accepted"), ORDER, {"kind": "a car"}),
    Plant("S02", until("accepted"), ORDER, {"supplier": " hamburg"}, {"supplier": "Hamburgers"}),
    Plant("E03", until("accepted"), ORDER, {"period_from": date(2026, 3, 31)}, {"period_from": date(2026, 4, 1)}),
    Plant("S12", until("formed"), ask(partnership.DraftRoadmap), {"fields": {}}),
    Plant(
        "S13",
        SESSIONS,
        ask(partnership.HoldCoachingSession),
        {AT: CALENDAR.coaching_closes},
        {AT: CALENDAR.coaching_closes - TICK},
    ),
    Plant("D29", until("agreed"), ask(call.AskQuestion), {AT: CLOSES - 7 * DAY}, {AT: CLOSES - 7 * DAY - TICK}),
    Plant(FOLLOWS, until("scored"), ask(call.EstablishRanking), {"rows": ()}),
    Plant(FOLLOWS, until("ranked"), ask(call.ProposeAwardList), {"awards": ()}),
]


@pytest.mark.parametrize("plant", PLANTS, ids=[f"{number} {one.rule}" for number, one in enumerate(PLANTS)])
def test_what_breaks_a_rule_is_found_and_what_keeps_to_it_is_not(plant: Plant) -> None:
    before = plant.story.log
    assert rules_found(before, forged(plant.story, plant.request, **plant.wrong))[:1] == [plant.rule]
    assert found(before, forged(plant.story, plant.request, **plant.right)) == []


def test_nothing_is_found_in_the_usual_story_of_several_pairs() -> None:
    pairs = HAMBURG._replace(cents=600_000), Pair("Lisbon", "Lima", 400_000, place=2)
    assert found(until(list(CHAPTERS)[-1], *pairs).log) == []


def test_what_is_found_names_the_first_event_that_is_wrong() -> None:
    story = until("accepted")
    (order,) = forged(story, ORDER, cents=CAP + 1)
    (one, law) = found(story.log, [order])
    assert (one.position, one.stream, one.rule) == (len(story.log) + 1, HAMBURG.grant, "D12")
    assert one.detail.startswith("grant.resource-ordered: This order of €10,000.01 is €0.01 above what is left")
    assert law.position == one.position


def test_a_limit_that_is_passed_is_named_once_and_not_at_each_event_after_it() -> None:
    story = until("accepted")
    (order,) = forged(story, ORDER, cents=CAP + 1)
    later = story.after(order)
    assert rules_found(story.log, [order], forged(later, ask(grant.FileFinalReport))) == ["D12", "D12"]


def test_no_sum_above_the_cap_or_the_envelope_is_reserved_or_offered() -> None:
    story = until("proposed", envelope=CAP)
    award = story.log[-1].event.awards[0]  # type: ignore[attr-defined]
    listed = story.retold(type(story.log[-1].event), awards=(award.model_copy(update={"cents": CAP + 1}),))
    adopted = listed.after(*_adopting(listed))
    assert {"D04", FOLLOWS} <= set(rules_found(adopted.log))
    offered = adopted.after(ask(call.ReleaseOutcomes), ask(grant.OfferGrant))
    assert "S01" in rules_found(offered.log)


def _adopting(story: Story) -> list[Change]:
    """Return how two approve and adopt a list, whatever is free in the envelope."""
    ((_, first),) = story.decide(ask(call.ApproveAwardList))
    second = first.model_copy(update={"by": ALAN})
    stamp = {"by": ALAN, "effective_at": first.effective_at, "line": LINE, "version": 1}
    adopted = AwardListAdopted(**stamp, approved_by=(ANNA, ALAN), reserved_cents=CAP + 1)
    return [Change(CALL_ID, one) for one in (first, second, adopted)]


SUBMISSION = ask(pilot_action.SubmitApplication)


def test_an_event_that_nobody_asks_for_is_found_when_it_stands_alone() -> None:
    story = until("offered")
    freed = SumFreed(by=SUE, effective_at=RELEASE, grant_id=HAMBURG.grant, cents=CAP)
    assert rules_found(story.log, [Change(CALL_ID, freed)]) == [FOLLOWS]


def test_outcomes_are_not_released_of_a_list_that_nobody_adopted() -> None:
    (released,) = until("adopted").decide(ask(call.ReleaseOutcomes))
    assert rules_found(until("proposed").log, [released]) == ["stage"]


def test_a_part_of_a_decision_that_is_missing_is_found() -> None:
    story = until("opened")
    submitted, *rest = story.decide(SUBMISSION)
    assert found(story.log, [submitted, *rest]) == []
    assert rules_found(story.log, [submitted, *rest[:-1]]) == [FOLLOWS]
    assert rules_found(story.log, [submitted]) == [FOLLOWS]
    first, *_ = given().decide(ask(account.RecordFirstSecretariat))
    assert rules_found([first]) == [FOLLOWS]


def test_an_order_within_a_grant_that_nobody_offered_is_found() -> None:
    (ordered,) = OFFERED.after(ask(grant.AcceptGrant)).decide(ORDER)
    assert rules_found([ordered]) == ["stage", "D12"]


def test_no_sum_is_freed_twice() -> None:
    story = until("offered")
    lapsed = story.decide(ask(grant.LapseGrant))
    assert rules_found(story.log, lapsed, lapsed) == ["stage"]


def test_a_deputy_is_no_second_person_and_shares_one_approval() -> None:
    story = until("proposed").after(*_deputised())
    first = story.after(ask(call.ApproveAwardList, at=ON_LEAVE + DAY))
    second = forged(first, ask(call.ApproveAwardList, by=ALAN, at=ON_LEAVE + DAY), by=DORA, approved_by=(ANNA, DORA))
    assert rules_found(first.log, second) == ["D05"]
    assert found(first.log, first.decide(ask(call.ApproveAwardList, by=ALAN, at=ON_LEAVE + DAY))) == []


def _deputised() -> list[Command]:
    opened = ask(account.OpenAccount, subject=DORA, label="Dora", unit="Authority")
    return [opened, ask(account.NameDeputy), ask(account.ConfirmDeputy)]


def test_no_roadmap_no_submission() -> None:
    story = until("opened")
    agreed = story.decide(SUBMISSION)
    assert "D26" in rules_found(story.without(RoadmapAgreed).log, agreed)


def test_who_did_something_without_a_role_for_it_is_found() -> None:
    def permitted(command: Command, world: World) -> None:
        if isinstance(command, grant.CertifyDelivery) and Role.CERTIFIER not in world.get(ACCOUNT, command.by).roles:
            raise NotPermitted("You may not do this.")

    story = until("acknowledged")
    certified = [forged(story, ask(grant.CertifyDelivery), by=by) for by in (CORA, SAM)]
    told = [
        [one.rule for one in Prefixes({}, permitted=permitted).violations(as_recorded(story.log, changes))]
        for changes in certified
    ]
    assert told == [[], [PERMISSION]]


def test_an_event_that_is_missing_from_its_stream_or_stands_twice_is_found() -> None:
    log = list(as_recorded(until("drafted").log))
    of_the_draft = [at for at, one in enumerate(log) if one.stream == HAMBURG.pilot_action]
    whole, missing, twice = log, log[: of_the_draft[2]] + log[of_the_draft[2] + 1 :], [*log, log[-1]]
    told = [[one.rule for one in Prefixes({}).violations(one)] for one in (whole, missing, twice)]
    assert told == [[], [LOG], [LOG, "stage", LOG]]


def test_a_stream_of_two_kinds_is_found() -> None:
    story = until("offered")
    (_, event), *_ = story.decide(ask(grant.AcceptGrant))
    told = found(story.log, [Change(HAMBURG.pilot_action, event)])
    assert {one.rule for one in told} == {"stage", LOG}


def test_a_text_that_its_key_does_not_open_is_found_and_one_that_was_erased_is_not() -> None:
    story = until("assigned").after(ask(evaluation.DeclareNoConflict))
    for text, rules in ((None, []), (Sealed("1", "?", Broken()), [LOG])):
        words = {name: Score(points=4, justification=_sealed(text)) for name in sheet()}
        assert rules_found(story.log, forged(story, ask(evaluation.GiveScores), scores=words)) == rules


class Broken:
    """A protector whose keys open nothing."""

    def seal(self, subject: UUID, text: str) -> dict[str, str]:
        """Seal nothing."""
        return {}

    def unseal(self, subject: UUID, sealed: dict[str, str]) -> str | None:
        """Say that text and key do not fit."""
        raise Unavailable("This text does not fit its key.")

    def is_empty(self, sealed: dict[str, str]) -> bool:
        """Say that something stands in it."""
        return False

    def digest(self, *parts: str) -> str:
        """Return no digest."""
        return ""


def _sealed(held: Sealed | None) -> ProtectedText:
    return ProtectedText(EVA, held)


def test_an_application_of_erased_texts_is_put_forward() -> None:
    story = until("drafted")
    told = [_erased(one) for one in story.log]
    assert any(one != other for one, other in zip(told, story.log, strict=True))
    assert found(told, story.decide(ask(pilot_action.PutForwardVersion))) == []


def _erased(change: Change) -> Change:
    if not isinstance(change.event, DraftSectionSaved):
        return change
    answers = {name: ProtectedText(text.subject, None) for name, text in change.event.answers.items()}
    return Change(change.stream, change.event.model_copy(update={"answers": answers}))


@whatever(LOGS)
def test_no_log_is_too_strange_to_be_read(log: Sequence[tuple[UUID, Event]]) -> None:
    for together in (True, False):
        requests = [[Change(*one) for one in log]] if together else [[Change(*one)] for one in log]
        for one in found(*requests):
            assert one.rule in {*(rule.id for rule in RULES), "stage", FOLLOWS, LOG}


def test_a_moment_at_the_end_of_all_days_is_found_and_fails_nothing() -> None:
    story = until("released")
    offered = forged(story, ask(grant.OfferGrant), effective_at=datetime.max.replace(tzinfo=UTC))
    assert rules_found(story.log, offered) == [FOLLOWS]


def test_what_nobody_asked_for_has_no_receipt() -> None:
    change = Change(SUE, AccountOpened(by=SUE, effective_at=RELEASE, label="S", unit="U", organisation_id=None))
    stamp = {"by": SUE, "effective_at": RELEASE, "digest": ""}
    own = UUID(int=0)
    receipts = {
        None: [LOG],
        Change(own, CommandHandled(**stamp, command="OpenAccount")): [],
        Change(SAM, CommandHandled(**stamp, command="OpenAccount")): [LOG],
        Change(own, CommandHandled(**stamp, command="OpenAccount", refused="D32")): [FOLLOWS],
        Change(own, CommandHandled(**stamp, command="GrantRole")): [FOLLOWS],
    }
    for receipt, rules in receipts.items():
        log = as_recorded([change, receipt] if receipt else [change])
        assert [one.rule for one in Prefixes({}, receipts=True).violations(log)] == rules


def test_a_refusal_alone_is_well() -> None:
    refused = CommandHandled(by=SUE, effective_at=RELEASE, digest="", command="GrantRole", refused="D32")
    assert list(Prefixes({}, receipts=True).violations(as_recorded([Change(UUID(int=0), refused)]))) == []


def test_not_everything_that_claims_to_belong_together_is_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    log = until("founded").log[1:4]
    monkeypatch.setattr(prefixes, "MOST_TOGETHER", 3)
    assert found(log) == []
    monkeypatch.setattr(prefixes, "MOST_TOGETHER", 2)
    assert rules_found(log)[:1] == [FOLLOWS], "the first request led to three events"


def test_receipts_are_taken_and_nothing_is_kept_of_them() -> None:
    states: dict[UUID, Held] = {}
    handled = CommandHandled(by=SUE, effective_at=RELEASE, command="PublishCall", digest="")
    assert list(Prefixes(states).violations(as_recorded([Change(SUE, handled)]))) == []
    assert states == {}
