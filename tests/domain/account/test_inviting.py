"""Who acts for a city lets colleagues and the partner abroad in, each with the role of its place in the partnership."""

from domain.account.aggregate import ACCOUNT
from domain.account.commands import InviteOfficer
from domain.account.events import AccountOpened, RoleGranted
from domain.errors import NotFound
from domain.partnership.commands import RecordDeparture
from domain.people import Role
from tests.given import HAMBURG, ask, fact, named, until

FORMED = until("formed")
COLLEAGUE = named("a colleague in Hamburg")


def test_an_officer_of_the_partner_abroad_becomes_a_partner() -> None:
    officer = named("an officer abroad")
    opening = {"label": "S-1", "unit": HAMBURG.abroad, "organisation_id": HAMBURG.partner}
    FORMED.when(ask(InviteOfficer, subject=officer)).then(
        fact(AccountOpened, on=officer, clusters=(), **opening),
        fact(RoleGranted, on=officer, role=Role.PARTNER, strand=None),
    )
    found = FORMED.after(ask(InviteOfficer, subject=officer)).get(ACCOUNT, officer)
    assert found.opened_by == HAMBURG.officer


def test_a_colleague_becomes_an_applicant() -> None:
    invited = ask(InviteOfficer, subject=COLLEAGUE, organisation_id=HAMBURG.home)
    assert set(FORMED.after(invited).get(ACCOUNT, COLLEAGUE).roles) == {Role.APPLICANT}


def test_nobody_is_invited_for_an_organisation_that_is_no_member() -> None:
    invited = ask(InviteOfficer, subject=COLLEAGUE, organisation_id=named("elsewhere"))
    FORMED.when(invited).refused("stage", "not a member")


def test_nobody_gets_a_second_account() -> None:
    FORMED.when(ask(InviteOfficer, subject=HAMBURG.officer)).refused("stage", "has an account already")


def test_nobody_is_invited_into_a_partnership_that_is_not_there_or_ended() -> None:
    with_none = ask(InviteOfficer, subject=COLLEAGUE, partnership_id=named("nothing"))
    FORMED.when(with_none).raises(NotFound)
    ended = FORMED.after(ask(RecordDeparture, organisation_id=HAMBURG.partner, ends=True))
    ended.when(ask(InviteOfficer, subject=COLLEAGUE)).refused("stage", "ended")
