"""Our default on coaching at its boundaries."""

import pytest

from domain.rulebook.ours import coaching as rules


@pytest.mark.parametrize(("in_group", "code"), [(False, None), (True, "D24")])
def test_a_session_of_its_own_has_a_place(refused_by, in_group, code) -> None:
    assert refused_by(rules.session_of_its_own_has_a_place, in_group) == code


@pytest.mark.parametrize(("held", "code"), [(0, "D24"), (1, "D24"), (2, None), (3, None)])
def test_coaching_reaches_the_minimum(refused_by, held, code) -> None:
    assert refused_by(rules.coaching_reaches_the_minimum, held, 2) == code
