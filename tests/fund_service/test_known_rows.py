"""The rows of a list as they were read last are the rows that the screens hold, and what did not change stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.pilot_action.commands import WithdrawApplication
from fund_service.composition import Parts, open_parts
from fund_service.known_rows import KnownRows, Listing
from fund_service.listing import as_data, chosen
from fund_service.settings import Settings
from projections import lists
from projections.database import one_moment
from projections.lists import ApplicationRow
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, SmallFund, action_of, officers


class Telling(SmallFund):
    """The small fund until all have applied."""

    def tell(self) -> None:
        """Tell it."""
        self.found()
        for one in APPLICANTS:
            self.pair(one)
        self.at = self.rules.calendar.applications_open
        for one in APPLICANTS:
            self.apply(one)


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    """Return a fund in which all have applied."""
    with open_parts(Settings(data=tmp_path / "fund")) as parts:
        yield parts


def _listed(parts: Parts, known: KnownRows) -> Listing[ApplicationRow]:
    with one_moment(parts.views) as connection:
        listing = known.of(lists.applications(connection, CALL_ID))
        assert [one.row for one in listing.entries] == list(lists.applications(connection, CALL_ID))
        return listing


def test_a_list_is_as_the_screens_hold_it_and_rows_that_did_not_change_are_kept(parts: Parts) -> None:
    known, story = KnownRows(), Telling(parts.fund)
    assert _listed(parts, known).entries == ()
    story.tell()
    parts.projector.catch_up()
    before = _listed(parts, known)
    assert _listed(parts, known) is before
    officer, id = officers(APPLICANTS[1])[0], action_of(APPLICANTS[1])
    story.act(WithdrawApplication, officer, pilot_action_id=id, reason="We cannot go on.")
    parts.projector.catch_up()
    after = _listed(parts, known)
    same = [now is then for now, then in zip(after.entries, before.entries, strict=True)]
    assert same == [True, False, True, True]


@pytest.mark.parametrize("sort", ["title", "-title", "submitted_at", "-requested_cents", "outcome"])
def test_it_is_sorted_as_every_list_is(parts: Parts, sort: str) -> None:
    Telling(parts.fund).tell()
    parts.projector.catch_up()
    listing = _listed(parts, KnownRows())
    due = [row for _, row in chosen([one.row for one in listing.entries], ApplicationRow, [], sort, as_data)]
    assert [one.row for one in listing.by(sort)] == due
