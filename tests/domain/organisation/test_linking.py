"""A region, a city, its area, its agency: one entity has one place in a line, whoever leads (D09, S22)."""

from datetime import datetime

import pytest

from domain.organisation.aggregate import entity_of
from domain.organisation.commands import LinkOrganisations
from domain.organisation.events import OrganisationsLinked
from domain.pilot_action.commands import ChooseApplication, PutForwardVersion, SubmitApplication, WithdrawApplication
from domain.slot import SLOT, ApplicationChosen, SlotFreed, SlotJoined, SlotTaken
from tests.given import BEFORE_CLOSING, CALL_ID, CLOSES, HAMBURG, Pair, ask, fact, named, until

REGION = Pair("Holstein", "Busan")
READY = until("opened", HAMBURG, REGION)
LINK = ask(LinkOrganisations, other_ids=(REGION.home,))
LINKED = READY.after(LINK)


def test_linked_organisations_are_one_entity_whose_places_are_one() -> None:
    linked = {"call_id": CALL_ID, "entity_id": HAMBURG.home, "organisation_ids": (HAMBURG.home, REGION.home)}
    READY.when(LINK).then(
        fact(OrganisationsLinked, on=HAMBURG.home, **linked),
        fact(OrganisationsLinked, on=REGION.home, **linked),
        fact(SlotJoined, on=REGION.slot, entity_id=HAMBURG.home),
    )
    assert entity_of(LINKED, CALL_ID, REGION.home) == HAMBURG.home
    assert entity_of(LINKED, named("another call"), REGION.home) == REGION.home
    assert entity_of(LINKED, CALL_ID, named("nobody")) == named("nobody")


@pytest.mark.parametrize(("first", "second"), [(HAMBURG, REGION), (REGION, HAMBURG)], ids=["region", "city"])
def test_a_second_application_of_the_same_entity_is_refused_whoever_leads(first: Pair, second: Pair) -> None:
    LINKED.after(ask(SubmitApplication, first)).when(ask(SubmitApplication, second)).refused("D09", "already")


def test_the_refusal_names_the_entity() -> None:
    submitted = LINKED.after(ask(SubmitApplication))
    submitted.when(ask(SubmitApplication, REGION)).refused("D09", "Holstein, one entity with Hamburg, already")


def test_a_place_that_one_of_them_holds_becomes_the_entitys() -> None:
    held = READY.after(ask(SubmitApplication, REGION), LINK)
    assert held.find(SLOT, HAMBURG.slot).held_by == REGION.pilot_action
    held.when(ask(SubmitApplication)).refused("D09", "Hamburg already")
    held.after(ask(WithdrawApplication, REGION), ask(SubmitApplication))


def test_the_holder_of_the_place_may_submit_again_after_the_link() -> None:
    chosen = READY.after(ask(ChooseApplication), ask(SubmitApplication, REGION), LINK)
    assert chosen.after(ask(PutForwardVersion, REGION)).when(ask(SubmitApplication, REGION)).code is None


def test_two_that_both_hold_a_place_are_not_linked() -> None:
    both = READY.after(ask(SubmitApplication), ask(SubmitApplication, REGION))
    both.when(LINK).refused("D09", "Hamburg and Holstein each have an application")
    both.after(ask(WithdrawApplication, REGION), LINK)


def test_an_organisation_belongs_to_one_entity() -> None:
    LINKED.when(LINK).refused("stage", "Holstein belongs to an entity")
    LINKED.when(ask(LinkOrganisations, other_ids=(HAMBURG.home,))).refused("stage", "Hamburg belongs")
    READY.when(ask(LinkOrganisations, other_ids=(HAMBURG.home,))).refused("stage", "Hamburg belongs")


def test_a_third_joins_the_entity_through_any_of_its_organisations() -> None:
    third = Pair("Kiel", "Daegu")
    three = until("opened", HAMBURG, REGION, third).after(LINK)
    joined = three.after(ask(LinkOrganisations, REGION, other_ids=(third.home,)))
    assert entity_of(joined, CALL_ID, third.home) == HAMBURG.home


# --- the choice of a city that coordinates several


def test_a_choice_is_recorded_and_can_be_changed_while_none_is_submitted() -> None:
    chosen = fact(
        ApplicationChosen, on=HAMBURG.slot, pilot_action_id=HAMBURG.pilot_action, partnership="Hamburg and Seoul"
    )
    READY.when(ask(ChooseApplication)).then(chosen)
    READY.after(ask(ChooseApplication)).when(ask(ChooseApplication)).refused("stage", "choice already")
    LINKED.after(ask(ChooseApplication), ask(ChooseApplication, REGION))
    LINKED.after(ask(SubmitApplication)).when(ask(ChooseApplication, REGION)).refused("stage", "submitted")


def test_what_was_not_chosen_is_refused_with_the_choice_by_name() -> None:
    chosen = LINKED.after(ask(ChooseApplication))
    chosen.when(ask(SubmitApplication, REGION)).refused("D09", "chose the application of the partnership “Hamburg and")
    assert chosen.when(ask(SubmitApplication)).code is None


@pytest.mark.parametrize(("at", "code"), [(BEFORE_CLOSING, None), (CLOSES, "D07")], ids=["just inside", "closing"])
def test_a_choice_is_recorded_before_closing(at: datetime, code: str | None) -> None:
    assert READY.when(ask(ChooseApplication, at=at)).code == code


def test_a_withdrawal_frees_the_entitys_place() -> None:
    answer = LINKED.after(ask(SubmitApplication, REGION)).when(ask(WithdrawApplication, REGION))
    assert [change.stream for change in answer.changes if isinstance(change.event, SlotFreed)] == [HAMBURG.slot]


def test_the_place_is_taken_on_the_entitys_stream() -> None:
    answer = LINKED.when(ask(SubmitApplication, REGION))
    assert [change.stream for change in answer.changes if isinstance(change.event, SlotTaken)] == [HAMBURG.slot]


def test_an_application_keeps_its_place_when_submitted_again() -> None:
    submitted = LINKED.after(ask(SubmitApplication), ask(PutForwardVersion))
    assert not [c for c in submitted.when(ask(SubmitApplication)).changes if isinstance(c.event, SlotTaken)]
