"""Carries out what was decided about personal data, as soon as it is decided, and again where it was interrupted.

The log says first that it is decided, then that it is done: whoever reads the second finds no key any more.
"""

from collections.abc import Callable

from sqlalchemy import Engine

from domain.account.aggregate import ACCOUNT
from domain.account.commands import DecideErasure, RecordErasure
from domain.people import ENGINE
from fund_service.application import Fund
from fund_service.keys import KeyVault
from fund_service.privacy.personal import empty


def erasing(fund: Fund, vault: KeyVault, directory: Engine) -> Callable[[DecideErasure], None]:
    """Return what carries out a decision; nothing where that is done already, or where a hold came between."""

    def erase(decision: DecideErasure) -> None:
        subject = decision.subject
        world = fund.world()
        account = world.find(ACCOUNT, subject)
        if account is None or account.erasure is None:
            return
        vault.erase(subject)
        empty(directory, subject)
        key = f"erasure/{subject}/{world.version(ACCOUNT, subject)}"
        fund.handle(RecordErasure(by=ENGINE, at=decision.at, key=key, subject=subject))

    return erase
