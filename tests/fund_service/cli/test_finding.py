"""What a person means: the first characters of an id, an edition, a name without its accents."""

import json
from uuid import UUID

import pytest

from domain.ids import evaluation_id, grant_id
from fund_service.cli.wording import shortener
from tests.fund_service.cli.conftest import Run, Said
from tests.fund_service.small_fund import ALIKE, APPLICANTS, CALL_ID, action_of, id_of, partnership_of


def the_id(said: Said) -> str:
    assert said.code == 0, said.err
    found: str = json.loads(said.out)["id"]
    return found


@pytest.mark.parametrize("length", [4, 8, 13, 36])
def test_the_first_characters_of_an_id_are_enough(fund: Run, length: int) -> None:
    wanted = partnership_of(APPLICANTS[0])
    assert the_id(fund("show", "partnership", str(wanted)[:length], "--json")) == str(wanted)


def test_an_id_is_taken_without_hyphens_and_in_capitals(fund: Run) -> None:
    wanted = partnership_of(APPLICANTS[0])
    assert the_id(fund("show", "partnership", wanted.hex.upper(), "--json")) == str(wanted)


@pytest.mark.parametrize("named", ["iurc-2026", "IURC-2026", str(CALL_ID), str(CALL_ID)[:6]])
def test_a_call_is_found_by_its_edition_too(fund: Run, named: str) -> None:
    assert the_id(fund("call", "show", named, "--json")) == str(CALL_ID)


@pytest.mark.parametrize("named", ["Málaga", "malaga", "MALAGA", "Ma\u0301laga", "laga", str(id_of("Málaga"))[:8]])
def test_an_organisation_is_found_by_its_name_whatever_its_case_and_accents(fund: Run, named: str) -> None:
    assert the_id(fund("show", "organisation", named, "--json")) == str(id_of("Málaga"))


def test_a_whole_name_comes_before_names_that_contain_it(fund: Run) -> None:
    assert the_id(fund("show", "organisation", "turin", "--json")) == str(id_of("Turin"))


@pytest.mark.parametrize("kind", ["pilot-action", "pilot_action", "Pilot Action"])
def test_a_kind_is_taken_as_people_write_it(fund: Run, kind: str) -> None:
    wanted = action_of(APPLICANTS[0])
    assert the_id(fund("show", kind, wanted, "--json")) == str(wanted)


def test_a_name_that_can_mean_several_names_them(fund: Run) -> None:
    said = fund("home", "turi")
    assert said.code == 2
    area, city = ALIKE["Turin Metropolitan Area"], id_of("Turin")
    told = f"“turi” can mean 2 things: Turin Metropolitan Area ({area}), Turin ({city}). Write more of the id.\n"
    assert said.err == told


def test_an_id_that_can_mean_several_names_them(fund: Run) -> None:
    said = fund("timeline", "cafe0000")
    assert said.code == 2
    assert all(str(id) in said.err for id in ALIKE.values())


def test_an_id_of_another_kind_is_told_as_what_it_is(fund: Run) -> None:
    start = str(id_of("Turin"))[:8]
    said = fund("ranking", start)
    assert said.code == 5
    assert said.err.startswith(f"“{start}” is no call; it is: Turin ({id_of('Turin')}).")


def test_a_receipt_is_found_though_no_screen_tells_of_it(fund: Run) -> None:
    receipt = json.loads(fund("events", "--json", "--limit", 1).out)[0]["caused_by"]
    told = json.loads(fund("show", "receipt", receipt[:8], "--json").out)
    assert (told["id"], told["state"]["refused"]) == (receipt, None)


@pytest.mark.parametrize("id", [evaluation_id(action_of(APPLICANTS[0])), grant_id(action_of(APPLICANTS[0]))])
def test_any_kind_of_id_has_a_timeline(fund: Run, id: UUID) -> None:
    assert fund("timeline", id).code == 0


def test_columns_show_as_much_of_an_id_as_tells_it_from_the_others() -> None:
    assert shortener([CALL_ID, id_of("Turin")])(CALL_ID) == str(CALL_ID)[:8]
    assert [shortener(list(ALIKE.values()))(id) for id in ALIKE.values()] == [str(id) for id in ALIKE.values()]
