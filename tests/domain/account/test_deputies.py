"""A deputy holds the role of an office for dates, in own name, as a second person confirmed (D33)."""

from datetime import date, datetime
from uuid import UUID

import pytest

from domain.account.aggregate import ACCOUNT, Deputyship
from domain.account.commands import (
    ConfirmDeputy,
    ConfirmRole,
    DecideErasure,
    EndDeputy,
    GrantRole,
    MarkSharedMailbox,
    NameDeputy,
    OpenAccount,
    RevokeRole,
)
from domain.account.events import DeputyEnded, DeputyNamed, DeputyProposed, Represented, RoleRevoked
from domain.call.commands import ApproveAwardList, CancelCall, ProposeCancellation
from domain.errors import NotFound
from domain.evaluation.commands import AssignEvaluator
from domain.grant.commands import CertifyDelivery
from domain.messages import Command
from domain.people import HAS_DEPUTIES, Role, Strand, one_checks_the_other
from domain.values import BRUSSELS, ProtectedText
from tests.given import (
    ALAN,
    ANNA,
    CALENDAR,
    COLIN,
    CORA,
    DAY,
    DORA,
    EVA,
    HAMBURG,
    HOUR,
    ON_LEAVE,
    RITA,
    SAM,
    SUE,
    TICK,
    Story,
    ask,
    fact,
    named,
    until,
)

BACK = datetime(2026, 7, 1, tzinfo=BRUSSELS)
DEAN = named("Dean, who stands in for another")


def hired(story: Story, who: UUID = DORA) -> Story:
    """Return the story with somebody of the authority without a role."""
    return story.after(ask(OpenAccount, subject=who, label="D-1", unit="Authority"))


FOUNDED = hired(hired(until("founded")), DEAN)
PROPOSED = FOUNDED.after(ask(NameDeputy))
STANDS_IN = PROPOSED.after(ask(ConfirmDeputy))
WHILE_JUDGED = {"first_day": date(2026, 3, 1), "last_day": date(2026, 4, 2)}
"""The days in which the shipped call is judged and its list approved."""
IN_FORCE = CALENDAR.approval_due - 2 * HOUR


def standing_in(story: Story, **changes: object) -> Story:
    """Return the story with Dora in the place of Anna while the call is judged."""
    named_at = {"at": CALENDAR.applications_open, **WHILE_JUDGED, **changes}
    return story.after(ask(NameDeputy, **named_at), ask(ConfirmDeputy, at=CALENDAR.applications_open, **changes))


def roles_of(story: Story, at: datetime, who: UUID = DORA) -> dict[Role, Strand | None]:
    """Return the roles that count at an instant."""
    return story.get(ACCOUNT, who).at(at).roles


def test_a_deputy_is_proposed_for_days_in_brussels_and_counts_for_nothing_yet() -> None:
    dates = {"starts": ON_LEAVE, "until": BACK}
    FOUNDED.when(ask(NameDeputy)).then(fact(DeputyProposed, on=DORA, role=Role.APPROVER, represents=ANNA, **dates))
    assert roles_of(PROPOSED, ON_LEAVE) == {}


def test_the_days_end_at_midnight_in_brussels_whatever_the_season() -> None:
    (change,) = FOUNDED.decide(ask(NameDeputy, first_day=date(2026, 10, 24), last_day=date(2026, 10, 25)))
    assert (change.event.until - change.event.starts) == 2 * DAY + HOUR  # type: ignore[attr-defined]


def test_a_second_person_lets_the_deputy_hold_the_role_and_both_accounts_tell_it() -> None:
    dates = {"starts": ON_LEAVE, "until": BACK}
    PROPOSED.when(ask(ConfirmDeputy)).then(
        fact(DeputyNamed, role=Role.APPROVER, strand=None, represents=ANNA, proposed_by=ANNA, **dates),
        fact(Represented, on=ANNA, role=Role.APPROVER, deputy=DORA),
    )


@pytest.mark.parametrize(
    ("at", "holds"), [(ON_LEAVE - TICK, False), (ON_LEAVE, True), (BACK - TICK, True), (BACK, False)]
)
def test_the_role_counts_from_its_first_instant_until_the_first_one_after(at: datetime, holds: bool) -> None:
    assert roles_of(STANDS_IN, at) == ({Role.APPROVER: None} if holds else {})
    assert not STANDS_IN.get(ACCOUNT, DORA).roles, "it is no role of its own"


def test_nothing_counts_before_the_second_person_confirmed_it() -> None:
    late = ON_LEAVE + DAY
    story = PROPOSED.after(ask(ConfirmDeputy, at=late))
    assert (roles_of(story, late - TICK), roles_of(story, late)) == ({}, {Role.APPROVER: None})


def test_a_deputy_has_the_strand_of_who_is_represented_and_own_roles_beside_it() -> None:
    coach = FOUNDED.after(ask(GrantRole, subject=DORA, role=Role.COACH))
    asked = {"by": RITA, "represents": RITA, "role": Role.RESOURCE_MANAGER}
    story = coach.after(ask(NameDeputy, **asked), ask(ConfirmDeputy, represents=RITA, role=Role.RESOURCE_MANAGER))
    assert roles_of(story, ON_LEAVE) == {Role.RESOURCE_MANAGER: Strand.AA, Role.COACH: None}


@pytest.mark.parametrize("role", sorted(set(Role) - HAS_DEPUTIES))
def test_only_offices_that_decide_or_order_have_deputies(role: Role) -> None:
    FOUNDED.when(ask(NameDeputy, role=role)).refused("D33", "has no deputies")


def test_nobody_is_a_deputy_of_oneself() -> None:
    FOUNDED.when(ask(NameDeputy, subject=ANNA)).refused("D33", "of oneself")


def test_days_are_in_order_and_not_over() -> None:
    FOUNDED.when(ask(NameDeputy, first_day=date(2026, 7, 1))).refused("D33", "before the first")
    FOUNDED.when(ask(NameDeputy, at=BACK - TICK)).then(
        fact(DeputyProposed, on=DORA, role=Role.APPROVER, represents=ANNA, starts=ON_LEAVE, until=BACK)
    )
    FOUNDED.when(ask(NameDeputy, at=BACK)).refused("D33", "are over")
    FOUNDED.when(ask(NameDeputy, last_day=date(2026, 11, 14))).refused("D33", "184 days at most; these are 185")


@pytest.mark.parametrize(("at", "code"), [(BACK - TICK, None), (BACK, "stage")])
def test_what_is_over_is_not_confirmed(at: datetime, code: str | None) -> None:
    assert PROPOSED.when(ask(ConfirmDeputy, at=at)).code == code


def test_who_is_represented_has_the_role_in_own_right() -> None:
    FOUNDED.when(ask(NameDeputy, represents=COLIN)).refused("stage", "does not have the role approver")
    STANDS_IN.when(ask(NameDeputy, by=DORA, represents=DORA, subject=DEAN)).refused("stage", "does not have the role")
    gone = PROPOSED.after(ask(RevokeRole, subject=ANNA, role=Role.APPROVER))
    gone.when(ask(ConfirmDeputy)).refused("stage", "does not have the role approver")


def test_a_deputy_satisfies_what_is_required_of_whoever_gets_the_role() -> None:
    FOUNDED.when(ask(NameDeputy, subject=ALAN)).refused("stage", "has the role approver already")
    FOUNDED.when(ask(NameDeputy, subject=named("nobody"))).raises(NotFound)
    mailbox = FOUNDED.after(ask(MarkSharedMailbox, subject=DORA))
    mailbox.when(ask(NameDeputy)).refused("D32", "shared mailbox")
    until("formed").when(ask(NameDeputy, subject=HAMBURG.officer)).refused("D33", "for a city or region")


@pytest.mark.parametrize(
    ("role", "represents", "subject"),
    [
        (Role.APPROVER, ANNA, EVA),
        (Role.APPROVER, ANNA, SAM),
        (Role.APPROVER, ANNA, CORA),
        (Role.CERTIFIER, CORA, RITA),
        (Role.RESOURCE_MANAGER, RITA, CORA),
        (Role.SECRETARIAT, SUE, ALAN),
    ],
)
def test_a_deputy_is_nobody_whose_deeds_the_role_checks_or_who_checks_them(
    role: Role, represents: UUID, subject: UUID
) -> None:
    FOUNDED.when(ask(NameDeputy, role=role, represents=represents, subject=subject)).refused("D33", "checks")


def test_what_somebody_is_as_a_deputy_counts_in_that_too() -> None:
    asked = {"represents": CORA, "role": Role.CERTIFIER, "by": CORA}
    STANDS_IN.when(ask(NameDeputy, **asked)).refused("D33", "is approver: the role certifier checks")
    assert STANDS_IN.when(ask(NameDeputy, **asked, at=BACK, last_day=date(2026, 7, 2))).code is None


def test_roles_check_each_other_in_both_directions_and_auditors_check_all() -> None:
    assert one_checks_the_other(Role.APPROVER, Role.EVALUATOR)
    assert one_checks_the_other(Role.EVALUATOR, Role.APPROVER)
    assert not one_checks_the_other(Role.COACH, Role.RESOURCE_MANAGER)
    assert all(one_checks_the_other(role, Role.AUDITOR) for role in HAS_DEPUTIES)


def test_there_is_one_proposal_and_one_deputy_in_a_role_at_a_time() -> None:
    PROPOSED.when(ask(NameDeputy, represents=ALAN, by=ALAN)).refused("stage", "proposed as a deputy in this role")
    STANDS_IN.when(ask(NameDeputy, represents=ALAN, by=ALAN)).refused("stage", "a deputy in this role already")
    STANDS_IN.when(ask(NameDeputy, subject=DEAN)).refused("stage", "There is a deputy for this role already")
    both = PROPOSED.after(ask(NameDeputy, subject=DEAN), ask(ConfirmDeputy))
    both.when(ask(ConfirmDeputy, subject=DEAN)).refused("stage", "There is a deputy for this role already")
    later = {"first_day": date(2026, 7, 1), "last_day": date(2026, 7, 2)}
    assert STANDS_IN.when(ask(NameDeputy, subject=DEAN, at=BACK, **later)).code is None
    assert STANDS_IN.when(ask(NameDeputy, subject=DEAN, represents=ALAN, by=ALAN)).code is None
    of_two = {"represents": SUE, "role": Role.SECRETARIAT, "by": SUE}
    assert (
        FOUNDED.after(ask(NameDeputy, **of_two), ask(ConfirmDeputy, represents=SUE, role=Role.SECRETARIAT, by=SAM))
        .when(ask(NameDeputy, subject=DEAN, represents=ANNA))
        .code
        is None
    )


def test_a_second_person_confirms_who_is_neither_the_deputy_nor_represented() -> None:
    by_office = FOUNDED.after(ask(NameDeputy, by=SUE))
    by_office.when(ask(ConfirmDeputy, by=SUE)).refused("D18")
    by_office.when(ask(ConfirmDeputy, by=DORA)).refused("D33", "about yourself")
    by_office.when(ask(ConfirmDeputy, by=ANNA)).refused("D33", "about yourself")
    assert by_office.when(ask(ConfirmDeputy, by=SAM)).code is None
    PROPOSED.when(ask(ConfirmDeputy, represents=ALAN)).refused("stage", "Nobody proposed this deputy")
    STANDS_IN.when(ask(EndDeputy, represents=ALAN)).refused("stage", "no deputy of that one")
    FOUNDED.when(ask(ConfirmDeputy)).refused("stage", "Nobody proposed this deputy")
    STANDS_IN.when(ask(ConfirmDeputy, by=SAM)).refused("stage", "Nobody proposed this deputy")


def test_a_deputyship_ends_at_once_for_a_reason() -> None:
    reason = ProtectedText(subject=SAM, text="She is back.")
    ended = fact(DeputyEnded, role=Role.APPROVER, represents=ANNA, reason=reason)
    STANDS_IN.when(ask(EndDeputy)).then(ended)
    over = STANDS_IN.after(ask(EndDeputy))
    at = ON_LEAVE + DAY
    assert (roles_of(over, at - TICK), roles_of(over, at)) == ({Role.APPROVER: None}, {})
    over.when(ask(EndDeputy)).refused("stage", "is no deputy of that one in the role approver")
    STANDS_IN.when(ask(EndDeputy, reason=" ")).refused("D18", "No reason")
    STANDS_IN.when(ask(EndDeputy, at=BACK)).refused("stage", "is no deputy")


def test_what_is_proposed_can_be_declined_and_what_has_not_begun_never_begins() -> None:
    assert PROPOSED.after(ask(EndDeputy)).when(ask(ConfirmDeputy)).code == "stage"
    never = STANDS_IN.after(ask(EndDeputy, at=ON_LEAVE - HOUR))
    assert [roles_of(never, at) for at in (ON_LEAVE, BACK - TICK)] == [{}, {}]


def test_another_deputyship_stays_as_it_was() -> None:
    later = {"first_day": date(2026, 7, 1), "last_day": date(2026, 7, 9)}
    at = BACK + HOUR
    again = STANDS_IN.after(
        ask(NameDeputy, represents=ALAN, by=ALAN, at=BACK, **later),
        ask(ConfirmDeputy, represents=ALAN, at=BACK),
        ask(EndDeputy, represents=ALAN, at=at),
    )
    first, second = again.get(ACCOUNT, DORA).deputyships
    assert first == Deputyship(Role.APPROVER, ANNA, ANNA, ON_LEAVE, BACK)
    assert second == Deputyship(Role.APPROVER, ALAN, ALAN, BACK, at)


def test_nobody_stands_in_for_who_has_the_role_no_longer() -> None:
    revoking: Command = ask(RevokeRole, subject=ANNA, role=Role.APPROVER, at=ON_LEAVE + DAY)
    why = ProtectedText(subject=SUE, text="Who is represented has the role no longer.")
    left = ProtectedText(subject=SUE, text="He left.")
    STANDS_IN.when(revoking).then(
        fact(RoleRevoked, on=ANNA, role=Role.APPROVER, reason=left),
        fact(DeputyEnded, on=DORA, role=Role.APPROVER, represents=ANNA, reason=why),
    )
    gone = STANDS_IN.after(revoking)
    assert roles_of(gone, ON_LEAVE + DAY) == {}
    again = gone.after(
        ask(GrantRole, subject=ANNA, role=Role.APPROVER), ask(ConfirmRole, subject=ANNA, role=Role.APPROVER)
    )
    assert roles_of(again, ON_LEAVE + 2 * DAY) == {}, "who gets the role again names a deputy again"


def test_a_role_that_is_taken_away_later_ends_no_deputy_of_others() -> None:
    another = ask(RevokeRole, subject=ALAN, role=Role.APPROVER, at=ON_LEAVE)
    assert [type(change.event) for change in STANDS_IN.decide(another)] == [RoleRevoked]
    over = ask(RevokeRole, subject=ANNA, role=Role.APPROVER, at=BACK)
    assert [type(change.event) for change in STANDS_IN.decide(over)] == [RoleRevoked]
    anew = STANDS_IN.after(
        ask(NameDeputy, represents=ALAN, by=ALAN, at=BACK, last_day=date(2026, 7, 9)),
        ask(ConfirmDeputy, represents=ALAN, at=BACK),
    )
    assert [type(change.event) for change in anew.decide(over)] == [RoleRevoked]


def test_who_stands_in_is_no_shared_mailbox_and_not_erased() -> None:
    for story in (PROPOSED, STANDS_IN):
        story.when(ask(MarkSharedMailbox, subject=DORA)).refused("stage", "is a deputy, or proposed as one")
        story.when(ask(DecideErasure, subject=DORA)).refused("stage", "is a deputy, or proposed as one")
    assert STANDS_IN.when(ask(MarkSharedMailbox, subject=DORA, at=BACK)).code is None


# --- with four eyes, and without ties ---------------------------------------------------------------------------------


LISTED = standing_in(hired(until("proposed")))


def test_a_deputy_approves_in_own_name_beside_the_other_approver() -> None:
    approved = LISTED.after(ask(ApproveAwardList, by=DORA, at=IN_FORCE))
    assert approved.when(ask(ApproveAwardList, by=ALAN)).code is None


def test_a_deputy_and_who_is_represented_share_one_approval_while_it_lasts_and_afterwards() -> None:
    by_deputy = LISTED.after(ask(ApproveAwardList, by=DORA, at=IN_FORCE))
    by_deputy.when(ask(ApproveAwardList, by=ANNA)).refused("D05", "share one approval")
    over = by_deputy.after(ask(EndDeputy, at=IN_FORCE + TICK))
    over.when(ask(ApproveAwardList, by=ANNA)).refused("D05", "share one approval")
    LISTED.after(ask(ApproveAwardList, by=ANNA)).when(ask(ApproveAwardList, by=DORA)).refused("D05", "share one")
    LISTED.after(ask(ApproveAwardList, by=DORA)).when(ask(ApproveAwardList, by=DORA)).refused("D05", "already.")


def test_a_deputy_is_bound_by_own_ties() -> None:
    gone = until("proposed").after(ask(RevokeRole, subject=EVA, role=Role.EVALUATOR))
    standing_in(gone, subject=EVA).when(ask(ApproveAwardList, by=EVA)).refused("D05", "evaluated an application on it")


def test_who_approves_as_a_deputy_evaluates_nothing_until_it_is_over() -> None:
    evaluator = hired(until("eligible")).after(ask(GrantRole, subject=DORA, role=Role.COACH))
    story = standing_in(evaluator).after(ask(GrantRole, subject=DORA, role=Role.EVALUATOR))
    story.when(ask(AssignEvaluator, evaluator=DORA)).refused("D05", "approve the awards")
    at = datetime(2026, 4, 3, tzinfo=BRUSSELS)
    assert story.when(ask(AssignEvaluator, evaluator=DORA, at=at)).code is None


def test_a_certifier_and_deputy_certify_by_the_same_rules() -> None:
    story = hired(until("acknowledged")).after(
        ask(NameDeputy, represents=CORA, by=CORA, role=Role.CERTIFIER),
        ask(ConfirmDeputy, represents=CORA, role=Role.CERTIFIER),
    )
    assert story.when(ask(CertifyDelivery, by=DORA)).code is None


def test_deputy_and_represented_are_one_pair_of_eyes_while_it_lasts() -> None:
    office = {"represents": SUE, "role": Role.SECRETARIAT, "by": SUE}
    dates = {"first_day": date(2026, 1, 1), "last_day": date(2026, 5, 1), "at": CALENDAR.published}
    story = hired(until("opened")).after(
        ask(NameDeputy, **office, **dates),
        ask(ConfirmDeputy, represents=SUE, role=Role.SECRETARIAT, by=SAM, at=CALENDAR.published),
    )
    by_sue = story.after(ask(ProposeCancellation, by=SUE))
    by_sue.when(ask(CancelCall, by=DORA)).refused("D33", "one pair of eyes")
    assert by_sue.when(ask(CancelCall, by=SAM)).code is None
    by_dora = story.after(ask(ProposeCancellation, by=DORA))
    by_dora.when(ask(CancelCall, by=SUE)).refused("D33", "one pair of eyes")
    assert by_dora.when(ask(CancelCall, by=SUE, at=datetime(2026, 5, 2, tzinfo=BRUSSELS))).code is None
