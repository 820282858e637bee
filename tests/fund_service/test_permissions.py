"""Who may do what: what the table does not allow is denied, and a role counts only in its relation to what is named."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest

from domain.account.aggregate import Account
from domain.account.commands import ClaimAuthority, GrantRole
from domain.errors import NotFound, NotPermitted
from domain.evaluation.aggregate import Evaluation, Seat
from domain.grant.aggregate import Grant
from domain.ids import evaluation_id
from domain.messages import Aggregate, Command
from domain.partnership.aggregate import Partnership
from domain.partnership.events import Member
from domain.people import ENGINE, OPERATOR, Geography, Role, Strand
from domain.pilot_action.aggregate import PilotAction
from fund_service.permissions.checking import check_permission
from fund_service.permissions.deeds import PERMISSIONS

S = TypeVar("S")

SUBJECT, COLLEAGUE = uuid4(), uuid4()
LISBON, SEOUL, OSLO, CAIRO = (uuid4() for _ in range(4))
LED, ACTION, GRANTED, HIRED = uuid4(), uuid4(), uuid4(), uuid4()
BUILT_IN = {Role.ENGINE: ENGINE, Role.OPERATOR: OPERATOR}
OF_A_STRAND = {"strand": Strand.AA, "geography": Geography.ASIA}
NAMED = {
    "partnership_id": LED,
    "pilot_action_id": ACTION,
    "grant_id": GRANTED,
    "partnership_ids": (LED,),
    "old_ids": (LED,),
    "subject": HIRED,
    "represents": HIRED,
    "role": Role.COACH,
}


class Unheard(Command):
    """A command that nobody has put into the table."""


def hired(strand: Strand | None) -> Account:
    """Return the account of a coach of a strand, or of all, who is proposed as one again."""
    return Account(label="A coach", roles={Role.COACH: strand}, proposed={Role.COACH: (COLLEAGUE, strand)})


class Known:
    """A world of a few states: Lisbon leads Seoul and Oslo, in Asia, towards a pilot action and a grant.

    Somebody is a coach of the strand AA, and proposed as one again.
    """

    def __init__(self, account: Account | None = None, **more: Any) -> None:
        members = tuple(Member(organisation_id=id, name="A city", side="EU") for id in (LISBON, SEOUL, OSLO))
        partnership = {"coordinator_id": LISBON, "members": members, "geography": Geography.ASIA}
        self._states = {
            SUBJECT: account,
            HIRED: more.get("hired", hired(Strand.AA)),
            LED: more.get("partnership", Partnership(**partnership, coach=more.get("coach"))),
            ACTION: PilotAction(partnership_id=LED),
            GRANTED: Grant(partnership_id=LED, pilot_action_id=ACTION),
            evaluation_id(ACTION): more.get("evaluation"),
        }

    def find(self, kind: Aggregate[S], stream: UUID) -> S | None:
        """Return a state, or None."""
        state: S | None = self._states.get(stream)
        return state

    def get(self, kind: Aggregate[S], stream: UUID) -> S:
        """Return a state. Raises NotFound."""
        state = self.find(kind, stream)
        if state is None:
            raise NotFound(f"There is no {kind.name} {stream}.")
        return state

    def digest(self, *parts: str) -> str:
        """Digest nothing: permissions need none."""
        raise NotImplementedError


def asked(command: type[Command], by: UUID = SUBJECT, **more: Any) -> Command:
    """Return a command about the partnership, the pilot action or the grant that it names, else empty."""
    named = {name: value for name, value in (NAMED | OF_A_STRAND | more).items() if name in command.model_fields}
    return command.model_construct(by=by, at=datetime.now(UTC), key="any", **named)


def with_role(*roles: Role, strand: Strand | None = None, organisation: UUID | None = None) -> Account:
    """Return an account with these roles."""
    return Account(label="An officer", organisation_id=organisation, roles=dict.fromkeys(roles, strand))


def may(command: Command, world: Known) -> bool:
    """Tell whether the command may be asked."""
    try:
        check_permission(command, world)
    except NotPermitted:
        return False
    return True


def rows(says: str) -> list[type[Command]]:
    """Return the commands of the table that are only for these."""
    found = [command for command, permission in PERMISSIONS.items() if permission.says == says]
    assert found, f"no row is for {says}"
    return found


def name_of(command: type[Command]) -> str:
    """Return a command's name, for the test's own name."""
    return command.__name__


every_row = pytest.mark.parametrize("command", PERMISSIONS, ids=name_of)
lead_rows = pytest.mark.parametrize("command", rows("an officer of the coordinating city or region"), ids=name_of)
member_rows = pytest.mark.parametrize("command", rows("an officer of this member"), ids=name_of)
judge_rows = pytest.mark.parametrize("command", rows("an evaluator of this application"), ids=name_of)
coach_rows = pytest.mark.parametrize("command", rows("the coach of this partnership"), ids=name_of)
head_rows = rows("the secretariat for all strands")
strand_rows = pytest.mark.parametrize(
    "command",
    [
        *rows("the secretariat of this strand"),
        *rows("the secretariat of the strand that it names"),
        *rows("the secretariat of the strand of this role"),
        *rows("the resource manager of this strand"),
    ],
    ids=name_of,
)


def test_a_command_that_is_not_in_the_table_is_denied_to_everybody() -> None:
    assert not may(asked(Unheard), Known(with_role(*Role)))
    assert not any(may(asked(Unheard, by), Known()) for by in BUILT_IN.values())


@every_row
def test_a_subject_without_an_account_may_do_nothing(command: type[Command]) -> None:
    with pytest.raises(NotPermitted, match="has no account"):
        check_permission(asked(command), Known())


@every_row
def test_a_subject_with_none_of_the_roles_is_denied_and_told_who_may(command: type[Command]) -> None:
    others = set(Role) - PERMISSIONS[command].roles
    with pytest.raises(NotPermitted, match=PERMISSIONS[command].says):
        check_permission(asked(command), Known(with_role(*others, organisation=LISBON), coach=SUBJECT))


@every_row
def test_a_subject_whose_roles_were_all_taken_away_is_denied(command: type[Command]) -> None:
    assert not may(asked(command), Known(with_role(organisation=LISBON)))


def test_whoever_holds_the_account_that_is_named_needs_no_role_and_nobody_else_has_one_for_it() -> None:
    assert may(asked(ClaimAuthority, subject=SUBJECT), Known(Account()))
    assert not may(asked(ClaimAuthority, subject=HIRED), Known(with_role(*Role)))


@every_row
def test_a_shared_mailbox_may_do_nothing_whatever_its_roles(command: type[Command]) -> None:
    shared = replace(with_role(*PERMISSIONS[command].roles, organisation=LISBON), shared=True)
    with pytest.raises(NotPermitted, match="shared mailbox"):
        check_permission(asked(command, organisation_id=LISBON), Known(shared, coach=SUBJECT))


@every_row
def test_one_of_the_roles_in_the_right_relation_is_enough(command: type[Command]) -> None:
    for role in PERMISSIONS[command].roles:
        judged = Evaluation(seats={SUBJECT: Seat("A unit", outside=True)})
        account = with_role(role, strand=None if command in head_rows else Strand.AA, organisation=LISBON)
        assert may(asked(command, organisation_id=LISBON), Known(account, coach=SUBJECT, evaluation=judged))


@every_row
def test_the_fund_itself_and_the_operator_do_their_own_only(command: type[Command]) -> None:
    for role, subject in BUILT_IN.items():
        assert may(asked(command, by=subject), Known()) == (role in PERMISSIONS[command].roles)


@lead_rows
@pytest.mark.parametrize("organisation", [SEOUL, OSLO, CAIRO, None], ids=["partner", "member", "stranger", "none"])
def test_an_officer_of_another_city_does_not_act_for_the_coordinator(
    command: type[Command], organisation: UUID | None
) -> None:
    assert not may(asked(command), Known(with_role(Role.APPLICANT, organisation=organisation)))


@lead_rows
def test_who_belongs_to_no_organisation_does_not_lead_what_nobody_leads(command: type[Command]) -> None:
    assert not may(asked(command), Known(with_role(Role.APPLICANT), partnership=Partnership()))


@member_rows
@pytest.mark.parametrize("role", [Role.APPLICANT, Role.PARTNER])
@pytest.mark.parametrize(
    ("own", "named", "allowed"),
    [(SEOUL, SEOUL, True), (SEOUL, OSLO, False), (LISBON, SEOUL, False), (CAIRO, CAIRO, False), (None, SEOUL, False)],
    ids=["its own", "another member", "the coordinator for a member", "no member", "no organisation"],
)
def test_a_partner_confirms_for_its_own_organisation_and_only_as_a_member(
    command: type[Command], role: Role, own: UUID | None, named: UUID, allowed: bool
) -> None:
    account = with_role(role, organisation=own)
    assert may(asked(command, organisation_id=named), Known(account)) is allowed


@strand_rows
@pytest.mark.parametrize(
    ("strand", "allowed"),
    [(Strand.AA, True), (Strand.LAC, False), (None, True)],
    ids=["its strand", "the other strand", "all strands"],
)
def test_an_office_serves_its_own_strand_only(command: type[Command], strand: Strand | None, allowed: bool) -> None:
    (role,) = PERMISSIONS[command].roles
    assert may(asked(command), Known(with_role(role, strand=strand))) is allowed


@pytest.mark.parametrize("command", head_rows, ids=name_of)
@pytest.mark.parametrize("strand", Strand)
def test_the_secretariat_of_one_strand_decides_nothing_for_the_whole_call(
    command: type[Command], strand: Strand
) -> None:
    assert not may(asked(command), Known(with_role(Role.SECRETARIAT, strand=strand)))
    assert may(asked(command), Known(with_role(Role.SECRETARIAT)))


@pytest.mark.parametrize("command", rows("the secretariat of the strand of this role"), ids=name_of)
@pytest.mark.parametrize(
    "account", [hired(None), hired(Strand.LAC), Account()], ids=["for all strands", "of the other strand", "without it"]
)
def test_the_secretariat_of_one_strand_touches_no_role_outside_it(command: type[Command], account: Account) -> None:
    assert not may(asked(command), Known(with_role(Role.SECRETARIAT, strand=Strand.AA), hired=account))
    assert may(asked(command), Known(with_role(Role.SECRETARIAT), hired=account))


@pytest.mark.parametrize("strand", [None, Strand.LAC])
def test_the_secretariat_of_one_strand_grants_no_role_outside_it(strand: Strand | None) -> None:
    granting = asked(GrantRole, strand=strand)
    assert not may(granting, Known(with_role(Role.SECRETARIAT, strand=Strand.AA)))
    assert may(granting, Known(with_role(Role.SECRETARIAT)))


@strand_rows
def test_the_strand_of_another_role_of_the_same_person_does_not_count(command: type[Command]) -> None:
    (role,) = PERMISSIONS[command].roles
    account = Account(label="An officer", roles={role: Strand.LAC, Role.COACH: Strand.AA, Role.AUDITOR: None})
    assert not may(asked(command), Known(account))


@coach_rows
@pytest.mark.parametrize("coach", [COLLEAGUE, None], ids=["another coach", "no coach yet"])
def test_another_coach_than_the_partnerships_own_is_denied(command: type[Command], coach: UUID | None) -> None:
    assert not may(asked(command), Known(with_role(Role.COACH), coach=coach))


@judge_rows
@pytest.mark.parametrize(
    "evaluation",
    [
        None,
        Evaluation(),
        Evaluation(seats={COLLEAGUE: Seat("A unit", outside=True)}),
        Evaluation(seats={COLLEAGUE: Seat("A unit", outside=True)}, conflicted=frozenset({SUBJECT})),
    ],
    ids=["no evaluation", "an empty committee", "another committee", "left with a conflict"],
)
def test_an_evaluator_who_does_not_sit_on_the_committee_is_denied(
    command: type[Command], evaluation: Evaluation | None
) -> None:
    assert not may(asked(command), Known(with_role(Role.EVALUATOR), evaluation=evaluation))
