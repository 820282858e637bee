"""A shared mailbox receives messages, and never acts (D32)."""

from domain.account.aggregate import ACCOUNT
from domain.account.commands import ClaimAuthority, ConfirmRole, GrantRole, MarkSharedMailbox, OpenAccount
from domain.account.events import SharedMailboxMarked
from domain.errors import NotFound
from domain.people import Role
from tests.given import HAMBURG, ask, fact, named, until

MAILBOX = named("the mailbox of the port")
OPENED = until("formed").after(ask(OpenAccount, subject=MAILBOX, label="Port", organisation_id=HAMBURG.home))
MARKED = OPENED.after(ask(MarkSharedMailbox))


def test_an_account_without_a_role_is_marked_as_one() -> None:
    OPENED.when(ask(MarkSharedMailbox)).then(fact(SharedMailboxMarked))
    assert MARKED.get(ACCOUNT, MAILBOX).shared


def test_it_is_granted_no_role_and_none_that_was_proposed_is_confirmed() -> None:
    for role in (Role.APPLICANT, Role.COACH, Role.APPROVER):
        MARKED.when(ask(GrantRole, subject=MAILBOX, role=role)).refused("D32", "never acts")
    proposed = OPENED.after(ask(GrantRole, subject=MAILBOX, role=Role.APPROVER), ask(MarkSharedMailbox))
    proposed.when(ask(ConfirmRole, subject=MAILBOX)).refused("D32", "never acts")


def test_it_does_not_ask_to_act_for_its_city() -> None:
    MARKED.when(ask(ClaimAuthority, subject=MAILBOX, by=MAILBOX)).refused("D32", "never acts")


def test_who_acts_is_not_marked_as_one() -> None:
    OPENED.when(ask(MarkSharedMailbox, subject=HAMBURG.officer)).refused("stage", "has the role")


def test_it_is_marked_once_and_is_an_account_that_is_there() -> None:
    MARKED.when(ask(MarkSharedMailbox, key="again")).refused("stage", "already")
    until("formed").when(ask(MarkSharedMailbox)).raises(NotFound)
