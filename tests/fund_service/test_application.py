"""The door: a command is carried out once per key, all or nothing, and what was refused stays refused."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, OperationalError

from domain.account.aggregate import ACCOUNT
from domain.account.commands import ConfirmRole, OpenAccount
from domain.account.events import AccountOpened, RoleGranted, RoleProposed
from domain.call.events import CallPublished, SumCommitted
from domain.errors import (
    Conflict,
    DraftChanged,
    FundError,
    KeyReused,
    Malformed,
    NotFound,
    NotPermitted,
    RuleViolated,
    Unavailable,
    WrongStage,
)
from domain.grant.commands import AcceptGrant, OrderResource
from domain.grant.events import GrantAccepted, GrantOffered, ResourceOrdered
from domain.messages import Change, Command, Event, Recorded
from domain.organisation.commands import AdmitOrganisation, RegisterOrganisation
from domain.organisation.events import OrganisationKind, OrganisationRegistered
from domain.partnership.events import Member, PartnershipFormed, RoadmapAgreed
from domain.people import Geography, Role, Strand
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.commands import ProposePilotAction, SaveDraftSection, SubmitApplication
from domain.pilot_action.events import PilotActionProposed, VersionPutForward
from domain.receipt import CommandHandled, receipt_id
from fund_service.application import ATTEMPTS, Answer, Fund
from fund_service.clock import WallClock
from fund_service.editions.loader import edition
from fund_service.event_store import EventLog, Stored
from fund_service.keys import KeyVault
from fund_service.settings import Settings
from fund_service.store import Store, open_store

SECRETARY, OFFICER, BUYER, STRANGER = (UUID(int=number) for number in range(1, 5))
CITY, PARTNER, CALL, PARTNERSHIP = (UUID(int=number) for number in range(11, 15))
GRANTS = tuple(UUID(int=number) for number in range(21, 25))
ACTIONS = tuple(UUID(int=number) for number in range(31, 35))
SEEDED = UUID(int=99)
MEMBERS = ((CITY, "Lisbon", "EU"), (PARTNER, "Seoul", "non-EU"))

RULES = edition("iurc-2026")
LINE, ONE_EURO = RULES.lines[0].id, 100
NOW = datetime(2026, 4, 7, 9, tzinfo=UTC)

Interruption = Callable[[], object]


class InterruptedLog(EventLog):
    """A log in which somebody else may be faster: the next saves are preceded by an interruption each."""

    def interrupt(self, *interruptions: Interruption) -> None:
        """Let these happen before the next saves, one before each."""
        self._interruptions = list(interruptions)

    def append(self, stored: Sequence[Stored]) -> int:
        """Save, after the interruption that is due."""
        interruptions = getattr(self, "_interruptions", [])
        if interruptions:
            interruptions.pop(0)()
        return super().append(stored)


class LosingLog(EventLog):
    """A log in which somebody else is always faster."""

    attempts = 0

    def append(self, stored: Sequence[Stored]) -> int:
        """Count the attempt, and let it lose."""
        self.attempts += 1
        raise IntegrityError("somebody else was faster")


class MumblingLog(EventLog):
    """A log that saves, and whose answer gets lost: the writer is told of a clash with its own events."""

    def append(self, stored: Sequence[Stored]) -> int:
        """Save and pretend that it failed."""
        super().append(stored)
        raise IntegrityError("the answer to COMMIT was lost")


@pytest.fixture
def vault(store: Store) -> KeyVault:
    """Return the keys of the fund."""
    return KeyVault(store.engine("keys"))


@pytest.fixture
def open_log(store: Store, vault: KeyVault) -> Iterator[Callable[[type[EventLog]], EventLog]]:
    """Return what opens the fund's log as a class of log."""
    opened = []

    def opens(kind: type[EventLog]) -> EventLog:
        opened.append(kind(store.log(), vault))
        return opened[-1]

    yield opens
    for log in opened:
        log.close()


@pytest.fixture
def log(open_log: Callable[[type[EventLog]], EventLog]) -> EventLog:
    """Return a log in which a secretary, the officer of a city, a buyer and a call are known."""
    log = open_log(EventLog)
    record(log, *person(SECRETARY, Role.SECRETARIAT), *person(OFFICER, Role.APPLICANT, CITY))
    record(log, *person(BUYER, Role.RESOURCE_MANAGER), (CALL, CallPublished(**stamp(), rules=RULES)))
    members = tuple(Member(organisation_id=id, name=name, side=side) for id, name, side in MEMBERS)
    named = {"name": "Lisbon with Seoul", "call_id": CALL, "coordinator_id": CITY, "members": members}
    rest = {"geography": Geography.ASIA, "cluster": "", "topic": "", "generated": False, "source": "a test"}
    record(log, (PARTNERSHIP, PartnershipFormed(**stamp(), **named, **rest)))
    return log


@pytest.fixture
def fund(log: EventLog, vault: KeyVault) -> Fund:
    """Return the fund on that log."""
    return Fund(log, vault, WallClock())


@pytest.fixture
def open_fund(
    log: EventLog, open_log: Callable[[type[EventLog]], EventLog], vault: KeyVault
) -> Callable[[type[EventLog]], Fund]:
    """Return what opens the same fund once more, on a class of log."""
    return lambda kind: Fund(open_log(kind), vault, WallClock())


def stamp() -> dict[str, object]:
    """Return who stated an event, and when it holds."""
    return {"by": SECRETARY, "effective_at": NOW}


def person(subject: UUID, role: Role, organisation: UUID | None = None) -> list[tuple[UUID, Event]]:
    """Return the facts that give a subject an account and a role."""
    opened = AccountOpened(**stamp(), label="An officer, fictitious", unit="A unit", organisation_id=organisation)
    return [(subject, opened), (subject, RoleGranted(**stamp(), role=role, strand=None))]


def offer(number: int, cents: int) -> list[tuple[UUID, Event]]:
    """Return the facts by which a grant is offered to the city."""
    named = {"call_id": CALL, "line": LINE, "pilot_action_id": ACTIONS[number], "partnership_id": PARTNERSHIP}
    due = {"accept_by": NOW + timedelta(days=15), "remind_at": NOW + timedelta(days=10)}
    return [(GRANTS[number], GrantOffered(**stamp(), **named, **due, coordinator_id=CITY, cents=cents, correction=0))]


def record(log: EventLog, *facts: tuple[UUID, Event]) -> None:
    """Record facts as they are."""
    versions: dict[UUID, int] = {}
    stored = []
    for stream, event in facts:
        known = versions.get(stream) or len(list(log.recorder.select_events(stream)))
        versions[stream] = known + 1
        stored.append(Stored(stream, versions[stream], NOW, SEEDED, event))
    log.append(stored)


def registering(name: str = "Porto", key: str = "register", id: UUID = PARTNER, **more: object) -> RegisterOrganisation:
    """Return the secretary's command to register a city."""
    city = {
        "organisation_id": id,
        "name": name,
        "kind": OrganisationKind.CITY,
        "side": "EU",
        "country": "PT",
        "population": 231_800,
    }
    return RegisterOrganisation.model_validate({"by": SECRETARY, "at": NOW, "key": key, **city, **more})


def ordering(cents: int, key: str, grant: int = 0) -> OrderResource:
    """Return the buyer's command to order something for a grant."""
    what = {"grant_id": GRANTS[grant], "kind": RULES.resource_kinds[0].id, "supplier": "A supplier", "cents": cents}
    period = {"period_from": date(2026, 5, 4), "period_to": date(2026, 6, 1)}
    return OrderResource(by=BUYER, at=NOW + timedelta(days=1), key=key, **what, **period)


def confirming(role: Role = Role.APPROVER, key: str = "confirm") -> ConfirmRole:
    """Return the secretary's command to confirm a role for the stranger."""
    return ConfirmRole(by=SECRETARY, at=NOW, key=key, subject=STRANGER, role=role)


def given_a_role_that_the_secretary_proposed(log: EventLog) -> None:
    """Record that the secretary, who may not confirm it too (D18), proposed a role for the stranger."""
    opened = AccountOpened(**stamp(), label="Somebody, fictitious", unit="A unit", organisation_id=None)
    proposed = RoleProposed(**stamp(), role=Role.APPROVER, strand=None)
    record(log, (STRANGER, opened), (STRANGER, proposed))


def since(log: EventLog, position: int) -> list[Recorded]:
    """Return what was recorded after a position."""
    return log.read(position, 10_000)


def kinds(recorded: Sequence[Recorded]) -> list[type[Event]]:
    """Return the classes of events."""
    return [type(one.event) for one in recorded]


def at_once(number: int, deed: Callable[[int], object]) -> list[object]:
    """Do something in so many threads at the same moment; return each answer, or the error in its place."""
    begin = Barrier(number)

    def run(mine: int) -> object:
        begin.wait()
        try:
            return deed(mine)
        except FundError as error:
            return error

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_a_command_is_recorded_with_its_receipt_and_every_event_names_it(fund: Fund, log: EventLog) -> None:
    before, asked_at = log.end(), datetime.now(UTC)
    answer = fund.handle(registering())
    recorded = since(log, before)
    assert answer == Answer(log.end())
    assert kinds(recorded) == [OrganisationRegistered, CommandHandled]
    receipt = receipt_id(SECRETARY, "register")
    assert {one.caused_by for one in recorded} == {receipt}
    assert [one.stream for one in recorded] == [PARTNER, receipt]
    handled = recorded[-1].event
    assert isinstance(handled, CommandHandled)
    assert (handled.command, handled.about, handled.refused) == ("RegisterOrganisation", PARTNER, None)
    assert handled.by == SECRETARY
    assert {one.event.effective_at for one in recorded} == {NOW}
    assert all(asked_at <= one.recorded_at <= datetime.now(UTC) for one in recorded)


def test_a_repeated_command_gets_the_same_answer_and_records_nothing(fund: Fund, log: EventLog) -> None:
    fund.handle(registering())
    end = log.end()
    later = registering(at=NOW + timedelta(hours=1))
    assert fund.handle(later) == fund.handle(registering()) == Answer(end, repeated=True)
    assert log.end() == end


@pytest.mark.parametrize(
    ("command", "code"),
    [(confirming(), "D18"), (confirming(Role.CERTIFIER), "stage")],
    ids=["by a rule", "by the stage"],
)
def test_a_refusal_is_recorded_once_and_repeated_word_for_word(
    fund: Fund, log: EventLog, command: ConfirmRole, code: str
) -> None:
    given_a_role_that_the_secretary_proposed(log)
    before = log.end()
    with pytest.raises((RuleViolated, WrongStage)) as first:
        fund.handle(command)
    (recorded,) = since(log, before)
    refusal, handled = first.value, recorded.event
    assert isinstance(handled, CommandHandled)
    assert (recorded.stream, recorded.caused_by) == (receipt_id(SECRETARY, "confirm"),) * 2
    assert (handled.command, handled.about, handled.refused) == ("ConfirmRole", STRANGER, code)
    assert (handled.detail, handled.cure) == (refusal.detail, refusal.cure)
    with pytest.raises(type(refusal)) as second:
        fund.handle(command)
    assert (second.value.code, str(second.value)) == (code, str(refusal))
    assert getattr(second.value, "rule", None) == getattr(refusal, "rule", None)
    assert len(since(log, before)) == 1


def test_a_refused_key_stays_refused_when_the_reason_is_gone(fund: Fund, log: EventLog) -> None:
    given_a_role_that_the_secretary_proposed(log)
    too_early = confirming(Role.CERTIFIER)
    with pytest.raises(WrongStage):
        fund.handle(too_early)
    colleague = {**stamp(), "by": STRANGER}
    record(log, (STRANGER, RoleProposed(**colleague, role=Role.CERTIFIER, strand=None)))
    with pytest.raises(WrongStage):
        fund.handle(too_early)
    assert not fund.handle(confirming(Role.CERTIFIER, key="a new key")).repeated


@pytest.mark.parametrize(
    "other",
    [
        registering(name="Braga"),
        registering(population=5),
        OpenAccount(by=SECRETARY, at=NOW, key="register", subject=PARTNER, label="Porto", unit="Porto"),
    ],
    ids=["another field", "one more field", "another kind of command"],
)
def test_a_key_is_not_used_for_another_request(fund: Fund, log: EventLog, other: Command) -> None:
    fund.handle(registering())
    end = log.end()
    with pytest.raises(KeyReused):
        fund.handle(other)
    assert log.end() == end


def test_two_people_may_use_the_same_key(fund: Fund, log: EventLog) -> None:
    colleague = uuid4()
    record(log, *person(colleague, Role.SECRETARIAT))
    assert not fund.handle(registering()).repeated
    assert not fund.handle(registering(name="Braga", id=uuid4(), by=colleague)).repeated


proposing = ProposePilotAction(
    by=OFFICER, at=NOW, key="propose", pilot_action_id=ACTIONS[0], partnership_id=PARTNERSHIP, line="none", title="A"
)


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (registering(by=STRANGER), NotPermitted),
        (registering(by=OFFICER), NotPermitted),
        (AdmitOrganisation(by=SECRETARY, at=NOW, key="admit", organisation_id=STRANGER, strand=Strand.AA), NotFound),
        (proposing, Malformed),
    ],
    ids=["without an account", "without the role", "about nothing", "that names a line that is not there"],
)
def test_what_cannot_be_asked_leaves_neither_event_nor_receipt(
    fund: Fund, log: EventLog, command: Command, error: type[FundError]
) -> None:
    before = log.end()
    for _ in range(2):
        with pytest.raises(error):
            fund.handle(command)
    assert log.end() == before


def test_what_belongs_together_is_saved_together(fund: Fund, log: EventLog) -> None:
    record(log, *offer(0, ONE_EURO))
    before = log.end()
    fund.handle(AcceptGrant(by=OFFICER, at=NOW, key="accept", grant_id=GRANTS[0]))
    recorded = since(log, before)
    assert [(one.stream, type(one.event)) for one in recorded] == [
        (GRANTS[0], GrantAccepted),
        (CALL, SumCommitted),
        (receipt_id(OFFICER, "accept"), CommandHandled),
    ]


def test_a_clash_on_one_of_several_aggregates_saves_none_and_all_is_decided_again(
    fund: Fund, log: EventLog, open_fund: Callable[[type[EventLog]], Fund]
) -> None:
    record(log, *offer(0, ONE_EURO), *offer(1, ONE_EURO))
    slower = open_fund(InterruptedLog)
    accept = [AcceptGrant(by=OFFICER, at=NOW, key=f"accept/{n}", grant_id=GRANTS[n]) for n in (0, 1)]
    before = log.end()
    assert isinstance(slower.log, InterruptedLog)
    slower.log.interrupt(lambda: fund.handle(accept[1]))
    assert not slower.handle(accept[0]).repeated
    one_acceptance = [GrantAccepted, SumCommitted, CommandHandled]
    recorded = since(log, before)
    assert kinds(recorded) == one_acceptance * 2
    assert [one.caused_by for one in recorded] == [receipt_id(OFFICER, f"accept/{n}") for n in (1, 1, 1, 0, 0, 0)]
    versions = [one.version for one in recorded if one.stream == CALL]
    assert versions == [versions[0], versions[0] + 1]


def test_who_was_too_slow_is_answered_by_what_holds_then(
    fund: Fund, log: EventLog, open_fund: Callable[[type[EventLog]], Fund]
) -> None:
    slower = open_fund(InterruptedLog)
    assert isinstance(slower.log, InterruptedLog)
    before = log.end()
    slower.log.interrupt(lambda: fund.handle(registering(key="faster")))
    with pytest.raises(WrongStage, match="Porto is registered already"):
        slower.handle(registering(key="slower"))
    assert kinds(since(log, before)) == [OrganisationRegistered, CommandHandled, CommandHandled]


def test_a_command_whose_twin_was_faster_gets_the_twins_answer(
    fund: Fund, log: EventLog, open_fund: Callable[[type[EventLog]], Fund]
) -> None:
    slower = open_fund(InterruptedLog)
    assert isinstance(slower.log, InterruptedLog)
    slower.log.interrupt(lambda: fund.handle(registering()))
    assert slower.handle(registering()) == Answer(log.end(), repeated=True)


def test_others_may_be_faster_many_times(
    fund: Fund, log: EventLog, open_fund: Callable[[type[EventLog]], Fund]
) -> None:
    record(log, *offer(0, ATTEMPTS * ONE_EURO), (GRANTS[0], GrantAccepted(**stamp(), cents=0, call_id=CALL)))
    slower = open_fund(InterruptedLog)
    assert isinstance(slower.log, InterruptedLog)
    faster = [ordering(1, f"faster/{number}") for number in range(ATTEMPTS - 1)]
    slower.log.interrupt(*(lambda command=command: fund.handle(command) for command in faster))
    assert not slower.handle(ordering(1, "slower")).repeated


def test_who_loses_every_time_is_told_to_try_again_with_the_same_key(
    log: EventLog, open_fund: Callable[[type[EventLog]], Fund]
) -> None:
    losing = open_fund(LosingLog)
    assert isinstance(losing.log, LosingLog)
    before = log.end()
    with pytest.raises(Conflict, match="Send the request again with the same key") as conflict:
        losing.handle(registering())
    assert not isinstance(conflict.value, KeyReused)
    assert losing.log.attempts == ATTEMPTS
    assert log.end() == before


def test_a_lost_answer_of_the_store_is_no_lost_command(
    log: EventLog, open_fund: Callable[[type[EventLog]], Fund]
) -> None:
    before = log.end()
    assert open_fund(MumblingLog).handle(registering()) == Answer(log.end(), repeated=True)
    assert kinds(since(log, before)) == [OrganisationRegistered, CommandHandled]


def test_a_lost_answer_of_the_store_does_not_soften_a_refusal(
    log: EventLog, open_fund: Callable[[type[EventLog]], Fund]
) -> None:
    given_a_role_that_the_secretary_proposed(log)
    before = log.end()
    with pytest.raises(RuleViolated) as refused:
        open_fund(MumblingLog).handle(confirming())
    assert refused.value.code == "D18"
    assert kinds(since(log, before)) == [CommandHandled]


class AwayLog(EventLog):
    """A log whose store is away when it comes to saving."""

    def append(self, stored: Sequence[Stored]) -> int:
        """Fail as the library does."""
        raise OperationalError("could not connect")


def test_a_store_that_goes_away_in_the_middle_is_told_in_one_sentence(
    log: EventLog, open_fund: Callable[[type[EventLog]], Fund]
) -> None:
    end = log.end()
    with pytest.raises(Unavailable, match=r"^The store went away, .* Send the request again with the same key"):
        open_fund(AwayLog).handle(registering())
    assert log.end() == end


def cut_connections(database: str) -> None:
    """End every other connection of a database, five times."""
    with psycopg.connect(database, autocommit=True) as connection:
        for _ in range(5):
            connection.execute(
                "SELECT pg_terminate_backend(pid), pg_sleep(0.05) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )


def test_connections_that_are_cut_in_the_middle_lose_nothing_and_repeat_nothing(database: str) -> None:
    with open_store(Settings(store=database)) as store, ThreadPoolExecutor(1) as pool:
        vault = KeyVault(store.engine("keys"))
        log = EventLog(store.log(), vault)
        record(log, *person(SECRETARY, Role.SECRETARIAT))
        fund, end, asked = Fund(log, vault, WallClock()), log.end(), list[Command]()
        cutting = pool.submit(cut_connections, database)
        while not cutting.done():
            asked.append(registering(f"City {len(asked)}", f"city {len(asked)}", uuid4()))
            with suppress(Unavailable):
                fund.handle(asked[-1])
        cutting.result()
        for command in asked:
            fund.handle(command)
        assert kinds(since(log, end)).count(OrganisationRegistered) == len(asked)
        log.close()


def test_sixteen_twins_are_carried_out_once(fund: Fund, log: EventLog) -> None:
    before = log.end()
    answers = at_once(16, lambda _: fund.handle(registering()))
    assert sorted(answer.repeated for answer in answers if isinstance(answer, Answer)) == [False] + [True] * 15
    assert kinds(since(log, before)) == [OrganisationRegistered, CommandHandled]


def test_of_eight_orders_for_the_last_euro_one_fits(fund: Fund, log: EventLog) -> None:
    accepted = GrantAccepted(**stamp(), cents=2 * ONE_EURO, call_id=CALL)
    record(log, *offer(0, 2 * ONE_EURO), (GRANTS[0], accepted))
    fund.handle(ordering(ONE_EURO, "the first euro"))
    before = log.end()
    answers = at_once(8, lambda mine: fund.handle(ordering(ONE_EURO, f"the last euro/{mine}")))
    refused = [answer.code for answer in answers if isinstance(answer, RuleViolated)]
    assert refused == ["D12"] * 7
    assert kinds(since(log, before)).count(ResourceOrdered) == 1
    assert kinds(since(log, before)).count(CommandHandled) == 8


def test_eight_acceptances_that_meet_in_one_call_all_count_once(fund: Fund, log: EventLog) -> None:
    for number in range(len(GRANTS)):
        record(log, *offer(number, ONE_EURO))
    before = log.end()

    def accept(mine: int) -> Answer:
        number = mine % len(GRANTS)
        return fund.handle(AcceptGrant(by=OFFICER, at=NOW, key=f"accept/{mine}", grant_id=GRANTS[number]))

    answers = at_once(2 * len(GRANTS), accept)
    assert sum(isinstance(answer, WrongStage) for answer in answers) == len(GRANTS)
    assert kinds(since(log, before)).count(SumCommitted) == len(GRANTS)


def test_what_is_now_can_be_looked_at(fund: Fund) -> None:
    assert fund.rules(CALL) == RULES
    with pytest.raises(NotFound):
        fund.rules(STRANGER)


def test_a_preview_returns_the_events_and_records_nothing(fund: Fund, log: EventLog) -> None:
    end = log.end()
    (change,) = fund.preview(registering("Seville", id=STRANGER))
    assert (change.stream, change.event.TOPIC) == (STRANGER, "organisation.registered")
    assert log.end() == end


def test_a_preview_ends_as_the_deed_would(fund: Fund) -> None:
    with pytest.raises(NotPermitted):
        fund.preview(registering().model_copy(update={"by": STRANGER}))
    fund.handle(registering(id=STRANGER))
    assert fund.preview(registering(id=STRANGER)) == []
    with pytest.raises(KeyReused):
        fund.preview(registering("Seville"))
    with pytest.raises(WrongStage):
        fund.preview(registering(key="another", id=STRANGER))


def test_a_preview_in_a_world_finds_what_those_before_it_would_leave(fund: Fund) -> None:
    world = fund.world()
    admit = AdmitOrganisation(by=SECRETARY, at=NOW, key="admit", organisation_id=STRANGER, strand=Strand.AA)
    with pytest.raises(NotFound):
        fund.preview(admit)
    fund.preview(registering(id=STRANGER), world)
    assert len(fund.preview(admit, world)) == 1
    with pytest.raises(WrongStage):
        fund.preview(admit.model_copy(update={"key": "again"}), world)


# --- applying, while no process runs


CLOSES = RULES.calendar.applications_close
TICK = timedelta(microseconds=1)
COLLEAGUE = UUID(int=5)


@pytest.fixture
def applying(fund: Fund, log: EventLog) -> Fund:
    """Return the fund when the city has put a version of its application forward; no process runs."""
    place = {"partnership_id": PARTNERSHIP, "coordinator_id": CITY, "geography": Geography.ASIA, "cluster": ""}
    proposed = PilotActionProposed(**stamp(), title="Cooler streets", call_id=CALL, line=LINE, **place)
    version = {"version": 1, "digest": "d" * 64, "requested_cents": ONE_EURO, "answers": {}, "resources": ()}
    record(log, (ACTIONS[0], proposed), (ACTIONS[0], VersionPutForward(**stamp(), **version)))
    record(log, (PARTNERSHIP, RoadmapAgreed(**stamp(), version=1, digest="r" * 64)))
    fund.handle(registering("Lisbon", id=CITY))
    record(log, *person(COLLEAGUE, Role.APPLICANT, CITY))
    return fund


def saving(by: UUID, words: str, base: int = 0) -> SaveDraftSection:
    """Return an officer's command to save the section about risks."""
    named = {"pilot_action_id": ACTIONS[0], "section": "risks", "base": base, "answers": {"risks": words}}
    return SaveDraftSection.model_validate({"by": by, "at": CLOSES - TICK, "key": words, **named})


def test_of_two_officers_who_save_one_section_at_once_one_is_shown_both_texts(applying: Fund) -> None:
    words = {OFFICER: "Rain.", COLLEAGUE: "Snow."}
    answers = at_once(2, lambda number: applying.handle(saving(*list(words.items())[number])))
    (shown,) = (answer for answer in answers if isinstance(answer, DraftChanged))
    assert sum(isinstance(answer, Answer) for answer in answers) == 1
    (differing,) = shown.differing
    assert {differing.mine.text, differing.theirs.text} == set(words.values())
    applying.handle(saving(OFFICER, "Rain and snow.", shown.version))
    pilot = applying.look(PILOT_ACTION, ACTIONS[0])
    assert pilot is not None
    assert pilot.answers["risks"].text == "Rain and snow."


def test_a_draft_that_a_colleague_changed_is_not_kept_as_a_refusal(applying: Fund, log: EventLog) -> None:
    applying.handle(saving(COLLEAGUE, "Snow."))
    end = log.end()
    with pytest.raises(DraftChanged):
        applying.handle(saving(OFFICER, "Rain."))
    assert log.end() == end


def test_the_last_instant_is_in_time_and_the_closing_instant_too_late_whoever_else_is_away(applying: Fund) -> None:
    declared = tuple(declaration.id for declaration in RULES.declarations)
    named = {"pilot_action_id": ACTIONS[0], "digest": "d" * 64, "declarations": declared}
    with pytest.raises(RuleViolated, match="The call closed on"):
        applying.handle(SubmitApplication(by=OFFICER, at=CLOSES, key="at closing", **named))
    applying.handle(SubmitApplication(by=OFFICER, at=CLOSES - TICK, key="in time", **named))
    pilot = applying.look(PILOT_ACTION, ACTIONS[0])
    assert pilot is not None
    assert pilot.submitted == 1


def test_a_world_knows_whose_accounts_are_for_a_city_and_those_that_are_supposed(fund: Fund) -> None:
    world, supposed = fund.world(), uuid4()
    known = set(world.accounts_for(CITY))
    assert OFFICER in known
    about = {"label": "Ada", "unit": "A", "organisation_id": CITY}
    world.suppose([Change(supposed, AccountOpened(by=SECRETARY, effective_at=NOW, **about))])
    assert set(world.accounts_for(CITY)) == known | {supposed}


def test_an_id_that_is_of_something_else_is_none_and_nothing_is_begun_under_it(fund: Fund) -> None:
    world = fund.world()
    assert world.find(ACCOUNT, OFFICER) is not None
    assert world.find(PILOT_ACTION, OFFICER) is None
    assert world.find(ACCOUNT, OFFICER) is not None
    with pytest.raises(NotFound, match=f"There is no pilot action {OFFICER}"):
        world.get(PILOT_ACTION, OFFICER)
    with pytest.raises(Malformed, match=f"{OFFICER} is not the id of any organisation"):
        fund.handle(registering(id=OFFICER))
    ada = {"label": "Ada", "unit": "A", "organisation_id": CITY}
    world.suppose([Change(STRANGER, AccountOpened(by=SECRETARY, effective_at=NOW, **ada))])
    assert world.find(PILOT_ACTION, STRANGER) is None
    assert world.find(ACCOUNT, STRANGER) is not None
