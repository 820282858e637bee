"""Who follows the only officer of a city or region proves it, and two officers of the secretariat decide (D31)."""

import pytest

from domain.account.aggregate import ACCOUNT
from domain.account.commands import (
    AcceptAuthority,
    ClaimAuthority,
    ConfirmAuthority,
    DeclineAuthority,
    GrantRole,
    InviteOfficer,
    MarkSharedMailbox,
    OpenAccount,
    RevokeRole,
)
from domain.account.events import (
    AuthorityAccepted,
    AuthorityClaimed,
    AuthorityConfirmed,
    AuthorityDeclined,
    RoleGranted,
    RoleRevoked,
)
from domain.errors import NotFound
from domain.organisation.events import OfficerSucceeded
from domain.people import Role
from domain.values import ProtectedText
from tests.given import HAMBURG, SAM, SUE, Story, ask, fact, named, until

HANNA, HEIKE = named("Hanna"), named("Heike")
CITY, OFFICER = HAMBURG.home, HAMBURG.officer
OPENED = until("formed").after(ask(OpenAccount, subject=HANNA, label="H-2", organisation_id=CITY))
ASKED = OPENED.after(ask(ClaimAuthority))
ACCEPTED = ASKED.after(ask(AcceptAuthority))
DECIDED = ACCEPTED.after(ask(ConfirmAuthority))
NAMED = {"organisation_id": CITY, "departed": OFFICER}
REVOKED = ask(RevokeRole, subject=OFFICER, role=Role.APPLICANT)
ORPHANED = OPENED.after(REVOKED)


def with_a_second_officer(story: Story) -> Story:
    """Let another one act for the city too."""
    return story.after(ask(InviteOfficer, subject=HEIKE, label="H-3", organisation_id=CITY))


def test_somebody_with_an_account_for_the_city_asks_and_names_the_proof() -> None:
    proof = ProtectedText(subject=HANNA, text="Letter 7, scanned")
    OPENED.when(ask(ClaimAuthority)).then(fact(AuthorityClaimed, **NAMED, reference=proof))
    OPENED.when(ask(ClaimAuthority, departed=OFFICER)).then(fact(AuthorityClaimed, **NAMED, reference=proof))


def test_a_first_officer_accepts_the_proof_and_nothing_changes_yet() -> None:
    ASKED.when(ask(AcceptAuthority)).then(fact(AuthorityAccepted, **NAMED))
    assert ACCEPTED.get(ACCOUNT, HANNA).roles == {}
    assert Role.APPLICANT in ACCEPTED.get(ACCOUNT, OFFICER).roles


def test_a_second_one_decides_and_the_role_goes_over_from_who_left_to_who_follows() -> None:
    reason = ProtectedText(subject=SAM, text="Left; who follows proved it.")
    ACCEPTED.when(ask(ConfirmAuthority)).then(
        fact(AuthorityConfirmed, **NAMED, accepted_by=SUE),
        fact(RoleGranted, role=Role.APPLICANT, strand=None, proposed_by=SUE),
        fact(RoleRevoked, on=OFFICER, role=Role.APPLICANT, reason=reason),
        fact(OfficerSucceeded, on=CITY, officer=HANNA, departed=OFFICER),
    )
    assert DECIDED.get(ACCOUNT, HANNA).claim is None
    assert DECIDED.get(ACCOUNT, OFFICER).roles == {}


def test_one_officer_alone_does_not_decide() -> None:
    ACCEPTED.when(ask(ConfirmAuthority, by=SUE)).refused("D18", "a second person must confirm it")
    ASKED.when(ask(ConfirmAuthority)).refused("stage", "No officer found the proof good yet")
    ACCEPTED.when(ask(AcceptAuthority, by=SAM)).refused("stage", "found the proof good already")


@pytest.mark.parametrize("kind", [AcceptAuthority, ConfirmAuthority, DeclineAuthority])
@pytest.mark.parametrize("who", [HANNA, OFFICER], ids=["who asks", "who left"])
def test_nobody_decides_in_an_own_cause(kind: type, who: object) -> None:
    story = ACCEPTED if kind is ConfirmAuthority else ASKED
    story.when(ask(kind, by=who)).refused("D31", "it is about yourself")


@pytest.mark.parametrize("reference", ["", " "])
def test_it_needs_a_proof(reference: str) -> None:
    OPENED.when(ask(ClaimAuthority, reference=reference)).refused("D31", "No proof is named")


def test_nobody_is_passed_over_who_acts_still() -> None:
    two = with_a_second_officer(OPENED)
    two.when(ask(ClaimAuthority, departed=OFFICER)).refused("D31", "H-3 still acts")
    two.when(ask(ClaimAuthority)).refused("D31", "H-1 and H-3 still act")
    with_a_second_officer(ASKED).when(ask(AcceptAuthority)).refused("D31", "H-3 still acts")
    with_a_second_officer(ACCEPTED).when(ask(ConfirmAuthority)).refused("D31", "H-3 still acts")


def test_who_else_left_before_is_not_passed_over() -> None:
    two = with_a_second_officer(OPENED).after(ask(RevokeRole, subject=HEIKE, role=Role.APPLICANT))
    assert two.when(ask(ClaimAuthority)).code is None
    decided = two.after(ask(ClaimAuthority), ask(AcceptAuthority), ask(ConfirmAuthority))
    assert set(decided.get(ACCOUNT, HANNA).roles) == {Role.APPLICANT}


def test_only_the_role_of_who_left_ends_and_not_an_office_of_the_same_person() -> None:
    office = ACCEPTED.after(ask(GrantRole, subject=OFFICER, role=Role.EVALUATOR))
    assert set(office.after(ask(ConfirmAuthority)).get(ACCOUNT, OFFICER).roles) == {Role.EVALUATOR}


def test_where_the_role_of_who_left_ended_before_nothing_ends() -> None:
    claimed = ORPHANED.after(ask(ClaimAuthority), ask(AcceptAuthority))
    claimed.when(ask(ConfirmAuthority)).then(
        fact(AuthorityConfirmed, organisation_id=CITY, departed=None, accepted_by=SUE),
        fact(RoleGranted, role=Role.APPLICANT, strand=None, proposed_by=SUE),
        fact(OfficerSucceeded, on=CITY, officer=HANNA, departed=None),
    )
    named_one = ORPHANED.after(ask(ClaimAuthority, departed=OFFICER), ask(AcceptAuthority))
    kinds = [type(event) for _, event in named_one.when(ask(ConfirmAuthority)).changes]
    assert kinds == [AuthorityConfirmed, RoleGranted, OfficerSucceeded]


def test_the_proof_is_declined_for_a_reason_and_may_be_brought_again() -> None:
    reason = ProtectedText(subject=SAM, text="It is not signed.")
    ASKED.when(ask(DeclineAuthority)).then(fact(AuthorityDeclined, **NAMED, reason=reason))
    ACCEPTED.when(ask(DeclineAuthority)).then(fact(AuthorityDeclined, **NAMED, reason=reason))
    ASKED.when(ask(DeclineAuthority, reason=" ")).refused("D18", "No reason is given")
    declined = ACCEPTED.after(ask(DeclineAuthority))
    declined.when(ask(ConfirmAuthority)).refused("stage", "does not ask")
    assert declined.when(ask(ClaimAuthority)).code is None


def test_nobody_asks_twice_or_for_what_is_there_already() -> None:
    ASKED.when(ask(ClaimAuthority, key="again")).refused("stage", "You asked already")
    OPENED.when(ask(ClaimAuthority, subject=OFFICER, by=OFFICER)).refused(
        "stage", "acts for the city or region already"
    )
    DECIDED.when(ask(ClaimAuthority, key="again")).refused("stage", "acts for the city or region already")
    granted = ASKED.after(ask(GrantRole, subject=HANNA))
    granted.when(ask(AcceptAuthority)).refused("stage", "acts for the city or region already")


def test_who_is_named_as_having_left_acted_for_this_city() -> None:
    OPENED.when(ask(ClaimAuthority, departed=HAMBURG.partner_officer)).refused("stage", "never acted")


def test_a_first_officer_is_named_by_the_secretariat() -> None:
    nobody_yet = (
        until("formed").without(RoleGranted).after(ask(OpenAccount, subject=HANNA, label="H-2", organisation_id=CITY))
    )
    nobody_yet.when(ask(ClaimAuthority)).refused("stage", "Nobody ever acted")
    assert nobody_yet.when(ask(GrantRole, subject=HANNA)).code is None


def test_an_office_of_the_programme_is_not_claimed() -> None:
    OPENED.when(ask(ClaimAuthority, subject=SUE, by=SUE)).refused("stage", "for an office")


def test_it_is_about_an_account_that_is_there() -> None:
    until("formed").when(ask(ClaimAuthority)).raises(NotFound)
    OPENED.when(ask(AcceptAuthority)).refused("stage", "does not ask")


def test_nobody_gets_the_place_of_who_left_by_one_persons_word() -> None:
    ORPHANED.when(ask(GrantRole, subject=HANNA)).refused("D31", "one person alone")
    assert OPENED.when(ask(GrantRole, subject=HANNA)).code is None
    assert ORPHANED.when(ask(GrantRole, subject=HANNA, role=Role.EVALUATOR)).code is None
    abroad = OPENED.after(ask(InviteOfficer), ask(RevokeRole, subject=HAMBURG.partner_officer, role=Role.PARTNER))
    abroad.when(ask(InviteOfficer, subject=HEIKE)).refused("D31", "one person alone")


def test_who_left_gets_the_role_back_where_nobody_else_had_it() -> None:
    assert ORPHANED.when(ask(GrantRole, key="back")).code is None


def test_a_claim_of_what_became_a_shared_mailbox_is_not_confirmed() -> None:
    ACCEPTED.after(ask(MarkSharedMailbox, subject=HANNA)).when(ask(ConfirmAuthority)).refused("D32", "shared mailbox")
