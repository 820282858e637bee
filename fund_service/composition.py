"""Puts the parts of a fund together, in one place; what a test replaces, it gives as an argument."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from typing import Final, Self
from uuid import uuid4

from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.utils import Environment
from sqlalchemy import Engine

from domain.account.commands import DecideErasure
from domain.errors import Unavailable
from fund_service.application import Fund
from fund_service.attachments.attachments import Attachments
from fund_service.attachments.contents import contents_of
from fund_service.attachments.scanning import scanner_of
from fund_service.auth.directory import prepared
from fund_service.auth.form_drafts import FormDrafts
from fund_service.auth.local_accounts import LocalAccounts
from fund_service.auth.people import People
from fund_service.auth.private_notes import PrivateNotes
from fund_service.auth.provider import provider_of
from fund_service.auth.provider_accounts import ProviderAccounts
from fund_service.auth.saved_views import SavedViews
from fund_service.auth.sessions import Sessions
from fund_service.auth.tokens import Tokens
from fund_service.clock import Clock, clock_of
from fund_service.data_directory import DataDirectory
from fund_service.event_store import EventLog
from fund_service.facts import Facts
from fund_service.keys import KeyVault, holds_keys
from fund_service.locks import Kind
from fund_service.past.moments import Moment, moment_of
from fund_service.past.past_clock import PastClock
from fund_service.past.past_log import PastLog
from fund_service.past.screens import PastScreens
from fund_service.privacy.erasing import erasing
from fund_service.projector import Projector
from fund_service.protection import Protected, Protection, assert_protected
from fund_service.settings import Settings
from fund_service.store import Store, open_store
from projections.screens import SCREENS

FORMAT: Final = "2"
"""The format of the store: raised when an older version of the fund could no longer go on with what this one leaves."""

_UNPROTECTED: Final = "1"
"""The format of before the log was protected in the database too."""

PAST: Final = "past"
"""Where in the data directory the screens of the past are kept."""


@dataclass(frozen=True, slots=True)
class Parts:
    """An open fund: the door, the log behind it, and the screens that follow it."""

    settings: Settings
    directory: DataDirectory
    store: Store
    facts: Facts
    clock: Clock
    vault: KeyVault
    log: EventLog
    fund: Fund
    views: Engine
    tokens: Tokens
    sessions: Sessions
    local: LocalAccounts
    provider: ProviderAccounts
    people: People
    form_drafts: FormDrafts
    saved_views: SavedViews
    private_notes: PrivateNotes
    projector: Projector
    attachments: Attachments
    past_screens: PastScreens

    def moment(self, as_of: str | None, held_at: str | None) -> Moment | None:
        """Return the moment of the past that somebody means, None where both are left out. Raises Malformed."""
        if as_of is None and held_at is None:
            return None
        return moment_of(self.log, as_of, held_at, rehearsed=self.clock.rehearsed() is not None)

    def as_of(self, moment: Moment) -> Self:
        """Return the fund as it was at a moment: nothing can be recorded in it, and it needs no closing.

        What is not in the log is today's: the names of people, the settings.
        """
        log, clock = PastLog(self.log, moment), PastClock(moment, self.clock)
        fund = Fund(log, self.vault, clock)
        attachments = Attachments(fund, self.attachments.contents, self.attachments.scanner)
        views = self.past_screens.engine(log, moment)
        return replace(self, log=log, clock=clock, fund=fund, attachments=attachments, views=views)

    @contextmanager
    def exclusive(self, kind: Kind) -> Iterator[None]:
        """Hold the lock that excludes a second one of this kind; a service holds its data directory too.

        Raises Unavailable, naming who holds it.
        """
        with ExitStack() as held:
            held.enter_context(self.store.exclusive(kind))
            if kind == "service":
                held.enter_context(self.directory.held_for(self.facts.settle("id", uuid4().hex)))
            yield


@contextmanager
def open_parts(settings: Settings) -> Iterator[Parts]:
    """Open the fund of a store, and close it at the end. Raises Unavailable when it is away, broken or too new."""
    directory = DataDirectory(settings.data)
    contents, scanner = contents_of(settings), scanner_of(settings.clamd)
    provider = provider_of(settings)
    with open_store(settings) as store, ExitStack() as ending:
        begun = store.begun()  # where it is away, this knows why
        facts = Facts(store.engine("facts"))
        found = _format_of(facts, store)
        if begun and not holds_keys(store.engine("keys")):
            raise Unavailable(
                f"The store {store.shown} holds a log and none of its keys.",
                "Restore them from the backup of the same day as the log: until then its texts would read as erased.",
            )
        vault = KeyVault(store.engine("keys"), facts.find("seed"))
        log = EventLog(store.log(), vault)
        ending.callback(log.close)
        if found == _UNPROTECTED and log.protection.missing():
            log.protection.make()
        assert_protected(log.protection, store.shown)
        if found == _UNPROTECTED:
            facts.put("format", FORMAT)
        views = store.engine("views")
        clock = clock_of(facts)
        fund = Fund(log, vault, clock)
        projector = Projector(log, views, [screen() for screen in SCREENS])
        known = prepared(store.engine("directory"))
        fund.carried_out[DecideErasure] = erasing(fund, vault, known)
        tokens, sessions, people = Tokens(known), Sessions(known), People(known)
        local = LocalAccounts(known, sessions, vault)
        by_provider = ProviderAccounts(known, sessions, local, provider)
        attachments = Attachments(fund, contents, scanner)
        yield Parts(
            settings,
            directory,
            store,
            facts,
            clock,
            vault,
            log,
            fund,
            views,
            tokens,
            sessions,
            local,
            by_provider,
            people,
            FormDrafts(known, vault),
            SavedViews(known, vault),
            PrivateNotes(known, vault),
            projector,
            attachments,
            PastScreens(log, SCREENS, directory.path(PAST)),
        )


@contextmanager
def opened_protection(store: Store) -> Iterator[Protection]:
    """Open the triggers of a log that was begun, also where the fund does not open because of them. Raises Unavailable
    when the store is too new.
    """
    _format_of(Facts(store.engine("facts")), store)
    with closing(InfrastructureFactory.construct(Environment(EventLog.name, store.log()))) as factory:
        recorder = factory.application_recorder()
        assert isinstance(recorder, Protected)
        yield recorder.protection


def _format_of(facts: Facts, store: Store) -> str:
    found = facts.settle("format", FORMAT)
    if found not in (FORMAT, _UNPROTECTED):
        raise Unavailable(
            f"The store {store.shown} was written by a newer version of the fund: its format is {found}, this version "
            f"knows {FORMAT}.",
            "Run the version that wrote it, or a newer one.",
        )
    return found
