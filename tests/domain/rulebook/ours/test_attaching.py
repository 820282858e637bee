"""Our defaults on attached files at their boundaries."""

import pytest

from domain.rulebook.ours import attaching as rules


@pytest.mark.parametrize(("size", "code"), [(0, "D30"), (1, None), (10_000_000, None), (10_000_001, "D30")])
def test_a_file_has_something_in_it_and_at_most_10_mb(refused_by, size, code) -> None:
    assert refused_by(rules.file_is_of_ordinary_size, size) == code


def test_who_attaches_too_large_a_file_is_told_by_how_much(answer) -> None:
    assert answer(rules.file_is_of_ordinary_size, 10_000_001).detail == (
        "The file has 10,000,001 bytes; 10,000,000 are allowed."
    )


@pytest.mark.parametrize(("already", "code"), [(0, None), (19, None), (20, "D30")])
def test_twenty_files_are_attached_and_no_more(refused_by, already, code) -> None:
    assert refused_by(rules.files_are_few, already) == code
