"""The registers: what the log says of each account and each place, as the aggregates know it."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from domain.account.events import (
    AccountOpened,
    AuthorityClaimed,
    AuthorityConfirmed,
    ClusterLeadRecorded,
    DeputyEnded,
    DeputyNamed,
    DeputyProposed,
    ErasureHeld,
    RoleGranted,
    RoleProposed,
    RoleRevoked,
    SharedMailboxMarked,
)
from domain.organisation.events import (
    OfficerSucceeded,
    OrganisationAdmitted,
    OrganisationRegistered,
    PopulationAsked,
    PopulationStated,
)
from domain.people import Role, Strand
from projections.registry import OrganisationRow, RegisteredAccount, Registry, accounts, organisations
from tests.projections.story import Story, id_of, organisation_of, rules, text
from tests.projections.tables import follow

ADA, CITY = id_of("ada"), organisation_of("Turin")


def account(engine: Engine, story: Story) -> RegisteredAccount:
    """Return what the register tells of the only account."""
    follow(engine, story, Registry)
    with engine.connect() as connection:
        [found] = accounts(connection)
    return found


def place(engine: Engine, story: Story) -> OrganisationRow:
    """Return what the register tells of the only place."""
    follow(engine, story, Registry)
    with engine.connect() as connection:
        [found] = organisations(connection)
    return found


def test_an_account_stands_with_its_roles_as_they_are_now(engine: Engine) -> None:
    story = Story()
    story.tell(ADA, AccountOpened, label="Ada", unit="A", organisation_id=CITY, clusters=("climate",))
    story.tell(ADA, RoleProposed, role=Role.AUDITOR, strand=None)
    story.tell(ADA, RoleGranted, role=Role.COACH, strand=Strand.AA)
    found = account(engine, story)
    assert (found.label, found.unit, found.organisation_id, found.clusters) == ("Ada", "A", CITY, ("climate",))
    assert (found.roles, found.proposed, found.version) == ({Role.COACH: Strand.AA}, (Role.AUDITOR,), 3)
    story.tell(ADA, RoleGranted, role=Role.AUDITOR, strand=None)
    story.tell(ADA, RoleRevoked, role=Role.COACH, reason=text())
    story.tell(ADA, ClusterLeadRecorded, cluster="climate")
    story.tell(ADA, ErasureHeld, reason=text())
    found = account(engine, story)
    assert (found.roles, found.proposed, found.manages) == ({Role.AUDITOR: None}, (), ("climate",))
    assert found.version == 7


def test_an_account_that_asks_for_its_city_or_is_a_mailbox_says_so(engine: Engine) -> None:
    story, claim = Story(), {"organisation_id": CITY, "departed": None}
    story.tell(ADA, AccountOpened, label="Ada", unit="A", organisation_id=CITY)
    story.tell(ADA, AuthorityClaimed, **claim, reference=text())
    assert account(engine, story).claims
    story.tell(ADA, AuthorityConfirmed, **claim, accepted_by=ADA)
    story.tell(ADA, SharedMailboxMarked)
    found = account(engine, story)
    assert (found.claims, found.shared_mailbox) == (False, True)


def test_a_place_stands_with_what_is_known_of_it(engine: Engine) -> None:
    story, about = Story(), {"name": "Turin", "kind": "city", "side": "EU", "country": "IT"}
    story.tell(CITY, OrganisationRegistered, **about, population=None, generated=False)
    story.tell(CITY, PopulationAsked, known=None)
    found = place(engine, story)
    assert (found.name, found.kind, found.side, found.country) == ("Turin", "city", "EU", "IT")
    assert (found.population, found.population_asked, found.admitted, found.generated) == (None, True, False, False)
    story.tell(CITY, OrganisationAdmitted, strand=Strand.AA, source="A list")
    story.tell(CITY, PopulationStated, population=850_000, source="Eurostat")
    story.tell(CITY, OfficerSucceeded, officer=ADA, departed=None)
    found = place(engine, story)
    assert (found.population, found.population_asked, found.admitted, found.version) == (850_000, False, True, 5)


def test_deputy_and_represented_stand_with_their_dates_and_what_was_over_stays(engine: Engine) -> None:
    story, ben = Story(), id_of("ben")
    for subject in (ADA, ben):
        story.tell(subject, AccountOpened, label=f"{subject}", unit="A", organisation_id=None)
    pair, starts, until = (
        {"role": Role.APPROVER, "represents": ben},
        datetime(2026, 1, 1, tzinfo=UTC),
        rules().answers_due,
    )

    def both() -> list[list[bool]]:
        follow(engine, story, Registry)
        with engine.connect() as connection:
            ada, other = next(accounts(connection, [ADA])), next(accounts(connection, [ben]))
        assert ada.deputyships == other.deputies
        return [[one.confirmed for one in ada.deputyships], [one.confirmed for one in ada.deputies]]

    story.tell(ADA, DeputyProposed, **pair, starts=starts, until=until)
    assert both() == [[False], []]
    story.tell(ADA, DeputyNamed, **pair, starts=starts, until=until, strand=None, proposed_by=ben)
    assert both() == [[True], []]
    story.tell(ADA, DeputyEnded, **pair, reason=text())
    assert both() == [[], []]
    story.tell(ADA, DeputyNamed, **pair, starts=starts, until=starts, strand=None, proposed_by=ben)
    story.tell(ADA, DeputyProposed, **pair, starts=starts, until=until)
    assert both() == [[True, False], []]
