"""What the fund decides about a partnership: its members and its roadmap."""

from typing import Any

import pytest

from domain.errors import NotFound
from domain.messages import Command
from domain.organisation.commands import RegisterOrganisation
from domain.partnership.aggregate import PARTNERSHIP
from domain.partnership.commands import (
    AgreeRoadmap,
    ConfirmMembership,
    DraftRoadmap,
    FormPartnership,
)
from domain.partnership.events import (
    Member,
    MembershipConfirmed,
    PartnershipFormed,
    RoadmapAgreed,
    RoadmapDrafted,
    RoadmapVersionAgreed,
)
from domain.people import Geography
from domain.values import ProtectedText
from tests.given import CALL_ID, HAMBURG, ask, fact, named, until

FORMED = until("formed")
READY = FORMED.after(
    ask(RegisterOrganisation, organisation_id=named("Lyon"), name="Lyon"),
    ask(RegisterOrganisation, organisation_id=named("Osaka"), name="Osaka", side="non-EU", country="JP"),
)
OTHER = {"partnership_id": named("another partnership"), "name": "Another"}
LYON, OSAKA = named("Lyon"), named("Osaka")
SEOUL = {"by": HAMBURG.partner_officer, "organisation_id": HAMBURG.partner}


def member(name: str, side: str) -> Member:
    """A member by its name."""
    return Member(organisation_id=named(name), name=name, side=side)


# --- its members


def test_a_partnership_is_formed_with_its_members_each_named_once() -> None:
    told = {
        "name": "Cool cities", "call_id": CALL_ID, "coordinator_id": LYON, "geography": Geography.LATIN_AMERICA,
        "cluster": "climate", "topic": "Shade", "generated": True, "source": "pairings",
    }  # fmt: skip
    asked = ask(FormPartnership, **{**OTHER, **told}, member_ids=(OSAKA, LYON, OSAKA, HAMBURG.home))
    members = (member("Osaka", "non-EU"), member("Lyon", "EU"), member("Hamburg", "EU"))
    READY.when(asked).then(fact(PartnershipFormed, **told, members=members))


@pytest.mark.parametrize(
    ("coordinator", "members", "code"),
    [
        (LYON, (), "S07"),
        (LYON, (LYON,), "S07"),
        (LYON, (LYON, LYON), "S07"),
        (OSAKA, (OSAKA, LYON), "S08"),
        (HAMBURG.home, (LYON, OSAKA), "S08"),
        (LYON, (LYON, HAMBURG.home), "S09"),
    ],
    ids=["nobody", "one", "the same twice", "led from abroad", "led by a stranger", "all from the EU"],
)
def test_a_partnership_has_two_members_one_from_abroad_and_an_eu_member_coordinates(
    coordinator: Any, members: Any, code: str
) -> None:
    READY.when(ask(FormPartnership, **OTHER, coordinator_id=coordinator, member_ids=members)).refused(code)


def test_a_partnership_is_formed_only_once() -> None:
    FORMED.when(ask(FormPartnership)).refused("stage", "formed already")


@pytest.mark.parametrize("changes", [{"call_id": named("no call")}, {"member_ids": (LYON, named("nowhere"))}])
def test_a_partnership_is_formed_for_a_published_call_by_organisations_that_are_known(changes: dict[str, Any]) -> None:
    READY.when(ask(FormPartnership, **OTHER, **changes)).raises(NotFound)


def test_a_member_confirms_that_it_takes_part_once() -> None:
    FORMED.when(ask(ConfirmMembership, **SEOUL)).then(fact(MembershipConfirmed, organisation_id=HAMBURG.partner))
    FORMED.after(ask(ConfirmMembership, **SEOUL)).when(ask(ConfirmMembership, **SEOUL)).refused("stage", "already")


def test_the_coordinator_need_not_confirm() -> None:
    FORMED.when(ask(ConfirmMembership, organisation_id=HAMBURG.home)).refused("stage", "confirmed already")


# --- its roadmap

DRAFTED = FORMED.after(ask(DraftRoadmap))
FIELDS = {"stakeholders": "The port.", "methods": "Trials.", "deliverables": "A plan."}


def test_a_roadmap_is_written_without_the_fields_that_were_left_blank() -> None:
    digest = FORMED.digest(
        "roadmap", str(HAMBURG.partnership), "1",
        "deliverables", "A plan.", "methods", "Trials.", "stakeholders", "The port.",
    )  # fmt: skip
    texts = {name: ProtectedText(subject=HAMBURG.officer, text=text) for name, text in FIELDS.items()}
    FORMED.when(ask(DraftRoadmap, fields={**FIELDS, "objectives": " \n"})).then(
        fact(RoadmapDrafted, version=1, digest=digest, fields=texts, visits_sought=False)
    )


@pytest.mark.parametrize("left_out", ["stakeholders", "methods", "deliverables"])
def test_a_roadmap_without_what_it_needs_is_not_written(left_out: str) -> None:
    FORMED.when(ask(DraftRoadmap, fields={**FIELDS, left_out: "  "})).refused("S12", f"missing: {left_out}.")


def test_a_roadmap_that_seeks_visits_justifies_them() -> None:
    FORMED.when(ask(DraftRoadmap, visits_sought=True)).refused("S12", "study visits")
    FORMED.after(ask(DraftRoadmap, visits_sought=True, fields={**FIELDS, "study_visits": "To see it."}))


def test_a_roadmap_is_agreed_when_the_last_member_agrees() -> None:
    named_version = {"version": 1, "digest": DRAFTED.get(PARTNERSHIP, HAMBURG.partnership).roadmap_digest}
    first = fact(RoadmapVersionAgreed, organisation_id=HAMBURG.home, **named_version)
    last = fact(RoadmapVersionAgreed, organisation_id=HAMBURG.partner, **named_version)
    DRAFTED.when(ask(AgreeRoadmap)).then(first)
    DRAFTED.when(ask(AgreeRoadmap, **SEOUL)).then(last)
    DRAFTED.after(ask(AgreeRoadmap)).when(ask(AgreeRoadmap, **SEOUL)).then(last, fact(RoadmapAgreed, **named_version))


def test_a_new_version_of_the_roadmap_asks_every_member_again() -> None:
    old = DRAFTED.get(PARTNERSHIP, HAMBURG.partnership).roadmap_digest
    agreed = DRAFTED.after(ask(AgreeRoadmap), ask(AgreeRoadmap, **SEOUL))
    assert agreed.get(PARTNERSHIP, HAMBURG.partnership).roadmap_agreed
    again = agreed.after(ask(DraftRoadmap))
    assert not again.get(PARTNERSHIP, HAMBURG.partnership).roadmap_agreed
    assert again.get(PARTNERSHIP, HAMBURG.partnership).roadmap_version == 2
    again.when(ask(AgreeRoadmap, digest=old)).refused("D10")
    again.after(ask(AgreeRoadmap)).when(ask(AgreeRoadmap)).refused("stage", "agreed to this version already")


def test_a_roadmap_that_was_not_written_is_not_agreed() -> None:
    FORMED.when(ask(AgreeRoadmap)).refused("stage", "no roadmap yet")


@pytest.mark.parametrize("kind", [ConfirmMembership, AgreeRoadmap])
def test_who_is_no_member_neither_confirms_nor_agrees(kind: type[Command]) -> None:
    DRAFTED.when(ask(kind, organisation_id=LYON)).refused("stage", "not a member")
