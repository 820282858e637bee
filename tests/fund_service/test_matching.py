"""What somebody types, and what they mean by it."""

from uuid import UUID

import pytest

from fund_service.matching import Index, Sought

PLACES = ("Timișoara", "Gdynia", "Sevilla", "Görlitz", "Málaga with Suwon", "Reggio Emilia", "Nova Imaginaria")


def found(typed: str, *texts: str) -> list[str]:
    return Index({text: (text,) for text in texts or PLACES}).closest(Sought(typed))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("timisoara", "Timișoara"),
        ("TIMIŞOARA", "Timișoara"),
        ("Gdinia", "Gdynia"),
        ("Gydnia", "Gdynia"),
        ("Sevila", "Sevilla"),
        ("Goerlitz", "Görlitz"),
        ("malaga suwon", "Málaga with Suwon"),
        ("emil", "Reggio Emilia"),
        ("maginari", "Nova Imaginaria"),
    ],
)
def test_accents_capitals_and_typing_errors_are_forgiven(typed: str, meant: str) -> None:
    assert found(typed) == [meant]
    assert Sought(typed).near(meant) is not None


@pytest.mark.parametrize("typed", ["Seoul", "Gdn", "Gdiniq", "malaga turin", "", "  ", "?!", "\0"])
def test_what_nothing_is_like_finds_nothing(typed: str) -> None:
    assert found(typed) == []
    assert Sought(typed).near(*PLACES) is None


def test_in_four_letters_one_error_is_forgiven_in_eight_two_and_in_three_none() -> None:
    assert found("bon", "Bern") == found("abcd", "abxy") == found("abcdefg", "abxyefg") == []
    assert found("bnrn", "Bern") == ["Bern"]
    assert found("abcdefgh", "abxyefgh") == ["abxyefgh"]


def test_the_nearest_stands_first_and_what_is_alike_in_its_own_order() -> None:
    names = ("Repton", "Turing", "Turim", "Saturin", "Turin with Nagoya", "Turin")
    assert found("turin", *names) == ["Turin with Nagoya", "Turin", "Turing", "Saturin", "Turim"]


def test_it_is_said_which_word_was_taken_for_what_was_typed() -> None:
    near = Sought("Gdinia shade").near("Shade for Gdynia")
    assert near is not None
    assert near.words == ("gdynia",)
    assert not near.as_typed
    as_typed = Sought("shade").near("Shade for Gdynia")
    assert as_typed is not None
    assert as_typed.as_typed


def test_an_id_is_found_by_its_first_six_signs_with_or_without_dashes() -> None:
    id, other = UUID("cafe0000-0000-4000-8000-000000000001"), UUID("cafe1000-0000-4000-8000-000000000001")
    index = Index({id: ("Turin",), other: ("Bonn",)})
    for typed in ("cafe00", "CAFE0000", "cafe0000-00", str(id), id.hex):
        assert index.identified(Sought(typed)) == [id]
    assert index.identified(Sought("cafe0")) == []
    assert index.identified(Sought("turin")) == []


def test_texts_alone_have_no_id() -> None:
    assert Index({"cafe00": ("Turin",)}).identified(Sought("cafe00")) == []
