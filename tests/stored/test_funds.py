"""A data directory that was made in any format is opened by today's code, and the fund goes on in it (P14)."""

from pathlib import Path

import pytest

from domain.account.aggregate import ACCOUNT
from domain.account.commands import OpenAccount
from domain.call.aggregate import CALL
from domain.partnership.aggregate import PARTNERSHIP
from fund_service.composition import FORMAT, open_parts
from fund_service.settings import read_settings
from projections import lists
from tests.fund_service.small_fund import APPLICANTS, CALENDAR, CALL_ID, NOTE, OFFICE, partnership_of
from tests.stored.funds import FILES, FOLDER, recorded_funds, requests, restore, schema

FUNDS = recorded_funds()
NEWCOMER = partnership_of(APPLICANTS[1])


@pytest.mark.parametrize("fund", FUNDS, ids=lambda fund: fund.name)
def test_a_fund_of_every_format_is_opened_read_and_goes_on(fund: Path, tmp_path: Path) -> None:
    restore(fund, tmp_path)
    with open_parts(read_settings(data=tmp_path)) as parts:
        call, partnership = parts.fund.look(CALL, CALL_ID), parts.fund.look(PARTNERSHIP, partnership_of(APPLICANTS[0]))
        assert call is not None
        assert partnership is not None
        end = parts.log.end()
        assert len(parts.log.read(0, end)) == end
        texts = [recorded.event.model_dump_json(context={"reveal": True}) for recorded in parts.log.read(0, end)]
        assert any(NOTE in text for text in texts)
        opened = {"subject": NEWCOMER, "label": "A newcomer", "unit": "Secretariat", "organisation_id": None}
        parts.fund.handle(OpenAccount(by=OFFICE, at=CALENDAR.published, key="goes on", **opened))
        assert parts.log.end() > end
        assert parts.log.load(ACCOUNT, NEWCOMER)[1] == 1
        parts.projector.catch_up()
        with parts.views.connect() as connection:
            assert [one.name for one in lists.partnerships(connection)] == ["Turin with Nagoya"]


@pytest.mark.parametrize("fund", FUNDS, ids=lambda fund: fund.name)
def test_what_was_asked_before_is_known_by_its_key_and_changes_nothing(fund: Path, tmp_path: Path) -> None:
    restore(fund, tmp_path)
    with open_parts(read_settings(data=tmp_path)) as parts:
        end = parts.log.end()
        assert all(parts.fund.handle(command).repeated for command in requests(fund))
        assert parts.log.end() == end


def test_the_tables_are_made_today_as_they_were_recorded(tmp_path: Path) -> None:
    restore(FOLDER / f"fund-v{FORMAT}", tmp_path / "recorded")
    with open_parts(read_settings(data=tmp_path / "today")):
        pass
    for name in FILES:
        recorded = schema(tmp_path / "recorded" / f"{name}.db")
        assert schema(tmp_path / "today" / f"{name}.db") == recorded, "raise FORMAT where older code could not read it"
