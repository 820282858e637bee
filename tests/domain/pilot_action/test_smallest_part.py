"""An application names the smallest part of its request that is still useful (D04)."""

import pytest

from domain.errors import Malformed
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.commands import PutForwardVersion, SaveDraftSection
from tests.given import CAP, HAMBURG, ask, until


@pytest.mark.parametrize(("smallest", "code"), [(0, "D04"), (1, None), (CAP, None), (CAP + 1, "D04")])
def test_a_version_names_a_part_of_its_request(smallest: int, code: str | None) -> None:
    story = until("drafted", HAMBURG._replace(smallest=smallest))
    assert story.when(ask(PutForwardVersion)).code == code


def test_where_no_part_is_named_only_the_whole_is_useful() -> None:
    whole, part = (until("put forward", HAMBURG._replace(smallest=smallest)) for smallest in (None, 1))
    versions = [story.get(PILOT_ACTION, HAMBURG.pilot_action).current for story in (whole, part)]
    assert [version.smallest_useful_cents for version in versions if version] == [CAP, 1]
    assert len({version.digest for version in versions if version}) == 2


def test_the_part_goes_with_the_resources() -> None:
    command = ask(SaveDraftSection, smallest_useful_cents=1)
    until("drafted").when(command).raises(Malformed, "without resources")


def test_saving_another_section_leaves_the_part_as_it_is() -> None:
    story = until("drafted", HAMBURG._replace(smallest=1)).after(ask(SaveDraftSection))
    assert story.get(PILOT_ACTION, HAMBURG.pilot_action).smallest_useful_cents == 1
