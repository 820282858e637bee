"""People and their roles: the list of accounts, and each with what may be done about it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from domain.account import commands
from domain.people import HAS_DEPUTIES
from fund_service.api.asking import Asking, Open
from fund_service.api.resources.people import AccountRow, account_state, deputies_of, every_account
from fund_service.permissions.views import View
from fund_service.web.lists import Listed, shown
from fund_service.web.offers import possible, waiting
from fund_service.web.pages import Pages
from fund_service.web.standing_in import standing_in
from projections.registry import accounts as registered
from projections.registry import organisations

_OF_ACCOUNT: Final = (commands.GrantRole, commands.RecordClusterLead, commands.MarkSharedMailbox)
_OF_OFFICE: Final = (commands.NameDeputy,)


def people_pages(pages: Pages) -> None:
    """Enter the pages."""

    @pages.page("/accounts", "accounts.html", Open.SIGNED_IN)
    def every(asking: Asking, wanted: Listed) -> Mapping[str, Any]:
        found = shown(asking, every_account(asking), AccountRow, View.ACCOUNT, wanted)
        represented = {one.represents for row in found.rows for one in row.deputyships}
        return {
            "list": found,
            "places": _places(asking),
            "called": {one.id: one.label for one in registered(asking.connection, represented)},
        }

    @pages.page("/accounts/{subject}", "account.html", View.ACCOUNT)
    def one(asking: Asking, subject: UUID) -> Mapping[str, Any]:
        account = account_state(asking, subject)
        of_office = _OF_OFFICE if HAS_DEPUTIES & account.roles.keys() else ()
        return {
            "account": account,
            "places": _places(asking),
            "waiting": [one for one in waiting(asking) if subject in one.ids],
            "deeds": [
                *possible(asking, _OF_ACCOUNT, subject=subject),
                *possible(asking, of_office, represents=subject),
            ],
            "deputyships": list(standing_in(asking, account.deputyships)),
            "deputies": list(standing_in(asking, deputies_of(asking, subject))),
            "revoking": {
                role: next((at for _, at in possible(asking, (commands.RevokeRole,), subject=subject, role=role)), "")
                for role in account.roles
            },
        }


def _places(asking: Asking) -> dict[UUID, str]:
    """Return what the cities and regions are called, by their ids."""
    return {one.id: one.name for one in organisations(asking.connection)}
