"""A desk that is searched and sorted tells what one finds who reads all of it."""

import pytest
from sqlalchemy import Connection

from fund_service.listing import as_data, chosen, folded
from fund_service.web.desk_lines import sought
from projections.call_desk import CallDesk
from projections.database import views_engine
from projections.desk_view import DeskLine
from projections.desk_waits import Desk
from tests.projections.story import CALL, rules, whole_call
from tests.projections.tables import rebuild

INSTANTS = sorted(at for _, at in rules().calendar.points())


def desks(connection: Connection) -> list[Desk]:
    """Return the desk at each point of the calendar."""
    found = [Desk.of(connection, CALL, now) for now in INSTANTS]
    return [desk for desk in found if desk is not None]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Connection:
    """Return the screens of a call that was told to its end."""
    engine = views_engine(f"sqlite:///{tmp_path_factory.mktemp('views')}/views.db")
    rebuild(engine, whole_call(), CallDesk)
    return engine.connect()


@pytest.mark.parametrize("field", DeskLine.model_fields)
def test_lines_stand_by_a_field_as_those_of_any_list(connection: Connection, field: str) -> None:
    for desk in desks(connection):
        for sort in (field, f"-{field}"):
            as_any_list = chosen(desk.lines(), DeskLine, (), sort, as_data)
            assert list(sought(desk.lines(), "", sort)) == [line for _, line in as_any_list]


@pytest.mark.parametrize("word", ["UMEÅ", "umea", "offer", "applicant", "nobody is called so"])
def test_a_word_finds_the_lines_in_whose_names_or_deeds_it_stands(connection: Connection, word: str) -> None:
    for desk in desks(connection):
        found = [line for line in desk.lines() if folded(word) in _read(line)]
        assert list(sought(desk.lines(), word, "")) == found
        assert list(sought(desk.lines(), word, "-since")) == [
            line for _, line in chosen(found, DeskLine, (), "-since", as_data)
        ]


def test_a_few_lines_at_a_time_are_all_lines_in_the_order_that_is_asked_for(connection: Connection) -> None:
    for desk in desks(connection):
        for q, sort in (("", ""), ("", "-party"), ("", "partnership"), ("e", "-due")):
            lines = sought(desk.lines(), q, sort)
            assert [line for at in range(0, lines.count(), 3) for line, _ in lines.some(at, 3)] == list(lines)


def _read(line: DeskLine) -> str:
    return folded("\n".join((line.partnership, line.title, line.party or "", line.waits_for or "")))
