"""What the fund decides about accounts and roles."""

import pytest

from domain.account.aggregate import ACCOUNT
from domain.account.commands import (
    ConfirmRole,
    GrantRole,
    OpenAccount,
    RecordClusterLead,
    RecordFirstSecretariat,
    RevokeRole,
)
from domain.account.events import (
    AccountOpened,
    ClusterLeadRecorded,
    FirstSecretariatRecorded,
    RoleGranted,
    RoleProposed,
    RoleRevoked,
)
from domain.errors import NotFound
from domain.messages import Command
from domain.organisation.commands import RegisterOrganisation
from domain.people import NEEDS_SECOND_PERSON, OPERATOR, Role, Strand
from domain.values import ProtectedText
from tests.given import HAMBURG, SAM, SUE, ask, fact, given

HIRED = given(ask(OpenAccount))
PEOPLE = [role for role in Role if role not in (Role.ENGINE, Role.OPERATOR)]
FOUR_EYES = sorted(NEEDS_SECOND_PERSON)
LEFT = ProtectedText(subject=SUE, text="He left.")


def to_hamburg(kind: type[Command], role: Role, by: object = SUE, **changes: object) -> Command:
    """Ask about a role of Hamburg's officer."""
    return ask(kind, subject=HAMBURG.officer, role=role, by=by, **changes)


def test_the_first_officer_of_the_secretariat_gets_account_and_role_at_once() -> None:
    given().when(ask(RecordFirstSecretariat)).then(
        fact(FirstSecretariatRecorded, on=OPERATOR, subject=SUE),
        fact(AccountOpened, on=SUE, label="Sue", unit="Secretariat", organisation_id=None),
        fact(RoleGranted, on=SUE, role=Role.SECRETARIAT, strand=None),
    )


def test_there_is_only_one_first_officer() -> None:
    story = given(ask(RecordFirstSecretariat))
    assert story.get(ACCOUNT, OPERATOR).recorded_first_secretariat
    story.when(ask(RecordFirstSecretariat, subject=SAM)).refused("stage", "recorded already")


def test_an_account_is_opened_for_an_office() -> None:
    opening = {"label": "X-7", "unit": "Authority", "clusters": ("energy", "mobility")}
    given().when(ask(OpenAccount, **opening)).then(fact(AccountOpened, organisation_id=None, **opening))


def test_an_account_is_opened_for_an_organisation_that_is_known() -> None:
    opening = {"label": "H-1", "unit": "Hamburg", "organisation_id": HAMBURG.home}
    given().when(ask(OpenAccount, **opening)).raises(NotFound)
    given(ask(RegisterOrganisation)).when(ask(OpenAccount, **opening)).then(fact(AccountOpened, **opening))


def test_a_subject_has_only_one_account() -> None:
    HIRED.when(ask(OpenAccount, label="Another")).refused("stage", "has an account already")


@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_is_granted_but_proposed_where_a_second_person_confirms(role: Role) -> None:
    event = RoleProposed if role in (Role.APPROVER, Role.CERTIFIER, Role.AUDITOR) else RoleGranted
    HIRED.when(to_hamburg(GrantRole, role, strand=Strand.AA)).then(fact(event, role=role, strand=Strand.AA))


@pytest.mark.parametrize("role", [Role.ENGINE, Role.OPERATOR])
def test_nobody_is_granted_a_role_that_no_person_has(role: Role) -> None:
    HIRED.when(to_hamburg(GrantRole, role)).refused("stage", f"Nobody is granted the role {role}.")


def test_a_role_is_granted_only_once_until_it_is_taken_away() -> None:
    coach = HIRED.after(to_hamburg(GrantRole, Role.COACH))
    coach.when(to_hamburg(GrantRole, Role.COACH)).refused("stage", "has the role coach already")
    coach.when(to_hamburg(RevokeRole, Role.COACH)).then(fact(RoleRevoked, role=Role.COACH, reason=LEFT))
    coach.when(to_hamburg(RevokeRole, Role.COACH, reason=" ")).refused("D18", "No reason is given")
    no_coach = coach.after(to_hamburg(RevokeRole, Role.COACH))
    no_coach.when(to_hamburg(RevokeRole, Role.COACH)).refused("stage", "does not have the role coach")
    no_coach.when(to_hamburg(GrantRole, Role.COACH)).then(fact(RoleGranted, role=Role.COACH, strand=None))


@pytest.mark.parametrize("role", FOUR_EYES)
def test_a_second_person_confirms_what_the_first_one_proposed(role: Role) -> None:
    proposed = HIRED.after(to_hamburg(GrantRole, role, strand=Strand.LAC))
    proposed.when(to_hamburg(ConfirmRole, role, by=SUE)).refused("D18")
    granted = fact(RoleGranted, role=role, strand=Strand.LAC, proposed_by=SUE)
    proposed.when(to_hamburg(ConfirmRole, role, by=SAM)).then(granted)


def test_a_proposal_gives_no_role_and_is_confirmed_only_once() -> None:
    proposed = HIRED.after(to_hamburg(GrantRole, Role.AUDITOR))
    assert not proposed.get(ACCOUNT, HAMBURG.officer).roles
    confirmed = proposed.after(to_hamburg(ConfirmRole, Role.AUDITOR, by=SAM))
    assert confirmed.get(ACCOUNT, HAMBURG.officer).roles == {Role.AUDITOR: None}
    confirmed.when(to_hamburg(ConfirmRole, Role.AUDITOR, by=SAM)).refused("stage", "Nobody proposed")


def test_a_role_that_nobody_proposed_is_not_confirmed() -> None:
    HIRED.after(to_hamburg(GrantRole, Role.AUDITOR)).when(to_hamburg(ConfirmRole, Role.APPROVER, by=SAM)).refused(
        "stage", "Nobody proposed the role approver"
    )


def test_who_manages_a_cluster_is_recorded_once_for_each() -> None:
    leading = HIRED.after(ask(RecordClusterLead, subject=HAMBURG.officer))
    leading.when(ask(RecordClusterLead, subject=HAMBURG.officer)).refused("stage", "already as the manager of climate")
    leading.when(ask(RecordClusterLead, subject=HAMBURG.officer, cluster="energy")).then(
        fact(ClusterLeadRecorded, on=HAMBURG.officer, cluster="energy")
    )
    assert leading.get(ACCOUNT, HAMBURG.officer).manages == {"climate"}


@pytest.mark.parametrize("command", [GrantRole, ConfirmRole, RevokeRole, RecordClusterLead])
def test_who_has_no_account_has_no_roles(command: type[Command]) -> None:
    given().when(ask(command)).raises(NotFound)
