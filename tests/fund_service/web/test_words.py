"""The words of Spanish pages: all of them are there, with the same parts, and what code tells in English is found."""

import re

import pytest

from domain.amounts import cents_from
from domain.errors import Malformed, RuleViolated
from fund_service.web.languages import SPANISH
from fund_service.web.numerals import amount_in_spanish, amount_spoken
from fund_service.web.words import words_of
from tests.fund_service.small_fund import CALENDAR
from tests.fund_service.web.translated import as_text, catalogue_of, renewed, untranslated, written

_PARTS = re.compile(r"%\(\w+\)s|(?<!\$)\{\w+\}|</?\w+[^>]*>")


def said(text: object) -> str:
    """Return a text in Spanish, as a page shows it."""
    return str(words_of(SPANISH).say(text))


def test_every_text_of_a_page_has_a_translation() -> None:
    assert untranslated(renewed("es")) == [], "see: python -m tests.fund_service.web.translated"


def test_the_catalogue_is_kept_as_it_is_written_anew() -> None:
    kept = catalogue_of("es").read_text(encoding="utf-8")
    assert as_text(renewed("es"), "es") == kept, "run: python -m tests.fund_service.web.translated"


def test_a_translation_has_the_parts_of_what_it_translates() -> None:
    for one in written("es"):
        if one.id:
            ids, strings = ([text] if isinstance(text, str) else list(text) for text in (one.id, one.string))
            for english, spanish in zip(ids, strings, strict=True):
                assert set(_PARTS.findall(spanish)) <= set(_PARTS.findall(english)), spanish
                lost = set(_PARTS.findall(english)) - set(_PARTS.findall(spanish))
                assert lost == set(), f"{english}: {lost}"


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Confirm the role", "Confirmar la función"),
        ("confirm the role.", "confirmar la función."),
        ("hold session 1 of 2", "celebrar la sesión 1 de 2"),
        ("Hold session 1 of 2.", "Celebrar la sesión 1 de 2."),
        ("is 1; write text; a number goes into quotation marks.", "es 1; escriba texto; un número va entre comillas."),
        (
            "Support of €9,412.50 was offered; the answer is due before Fri 20 March 2026, 17:00 Brussels.",
            "Se ofreció un apoyo de 9.412,50\xa0€; la respuesta vence el vie 20 de marzo de 2026, 17:00, Bruselas.",
        ),
        (
            "Wait for Suwon and Nagoya to confirm version 2. Without it the application is inadmissible.",
            "Espere la respuesta de Suwon y Nagoya a la versión 2. Sin ella, la solicitud no se admite.",
        ),
        (
            "The form is not complete; missing: Need and joint action, Risks.",
            "El formulario no está completo; faltan: Necesidad y acción conjunta, Riesgos.",
        ),
        (
            "Refused under S01: You ask for €12,000.00; one pilot action gets at most €10,000.00.",
            "Rechazado según S01: Usted pide 12.000,00\xa0€; una acción piloto recibe como máximo 10.000,00\xa0€.",
        ),
    ],
)
def test_what_code_tells_is_said_with_its_parts(english: str, spanish: str) -> None:
    assert said(english) == spanish


def test_a_partnership_is_named_with_the_words_of_the_language() -> None:
    assert words_of(SPANISH).named("Turin with Nagoya, Suwon and Lima") == "Turin con Nagoya, Suwon y Lima"
    assert words_of(SPANISH).named("Turin") == "Turin"


def test_a_refusal_is_said_with_its_cure() -> None:
    refused = RuleViolated("S01", "You ask for €12,000.00; one pilot action gets at most €10,000.00.", "Lower it.")
    assert said(refused) == f'<span lang="en">{refused}</span>', "half of it in another language helps nobody"
    refused = RuleViolated("S01", refused.detail, "Lower the resources by €2,000.00.")
    assert said(refused).endswith("recibe como máximo 10.000,00\xa0€. Reduzca los recursos en 2.000,00\xa0€.")


def test_what_nobody_translated_is_marked_as_english_and_whole() -> None:
    assert said("A <b>new</b> sentence.") == '<span lang="en">A &lt;b&gt;new&lt;/b&gt; sentence.</span>'
    assert said("Refused under S01: A new sentence.") == '<span lang="en">Refused under S01: A new sentence.</span>'
    assert words_of(SPANISH).plainly("A new sentence.") == "A new sentence."


def test_a_sum_that_can_mean_two_is_asked_back_in_words() -> None:
    with pytest.raises(Malformed) as asked_back:
        cents_from("10.000")
    assert said(asked_back.value).startswith(
        "«10.000» puede significar 10,00\xa0€ (diez euros) o 10.000,00\xa0€ (diez mil euros)."
    )
    assert words_of(SPANISH).written.readings("1.600") == [
        ("1.600,00\xa0€", "1600.00", "mil seiscientos euros"),
        ("1,60\xa0€", "1.60", "un euro y sesenta céntimos"),
    ]


@pytest.mark.parametrize(
    ("english", "thousandths", "spanish"),
    [
        ("one euro", 1000, "un euro"),
        ("one euro and one cent", 1010, "un euro y un céntimo"),
        ("twenty-one thousand five hundred euros", 21_500_000, "veintiún mil quinientos euros"),
        ("thirty-one euros and five thousandths", 31_005, "treinta y un euros y cinco milésimas"),
        ("one hundred euros and twenty-one thousandths", 100_021, "cien euros y veintiuna milésimas"),
        ("nine hundred and ninety-nine thousand euros", 999_000_000, "novecientos noventa y nueve mil euros"),
    ],
)
def test_sums_in_words(english: str, thousandths: int, spanish: str) -> None:
    assert amount_spoken(english) == thousandths
    assert amount_in_spanish(thousandths) == spanish


def test_what_is_no_sum_in_words_is_none() -> None:
    assert amount_spoken("ten euros and a half") is None
    assert amount_spoken("ten") is None


def test_instants_and_periods_are_written_as_in_spanish() -> None:
    at, spanish = CALENDAR.applications_close, words_of(SPANISH).written
    assert spanish.clock(at) == "vie 20 de marzo de 2026, 17:00, Bruselas"
    assert spanish.brief(at) == "vie 20 mar 2026, 17:00"
    assert spanish.days(CALENDAR.coaching_opens, CALENDAR.coaching_closes) == "12 de enero – 27 de febrero de 2026"
    assert spanish.elsewhere(at, "America/Bogota") == "vie 20 de marzo, 11:00"
    assert spanish.left(at, at.fromisoformat("2026-03-11T14:00+01:00")) == "dentro de 9 días y 3 horas"
    assert spanish.lasting(at, at.fromisoformat("2026-03-20T16:58:30+01:00")) == "1 minuto"
    assert spanish.number(1250) == "1.250"
    assert spanish.rounded("1210/15") == "80,67"
