"""Sums in words: read where the domain says them in English, and said in Spanish."""

import re
from typing import Final

from domain.amounts import number_in_words

_SPOKEN: Final = re.compile(r"(?P<euros>[a-z -]+) euros?(?: and (?P<part>[a-z -]+) (?P<unit>cents?|thousandths))?")
_ENGLISH: Final = {number_in_words(number): number for number in (*range(101), 1000)} | {
    "hundred": 100,
    "thousand": 1000,
}
_ONES: Final = (
    *("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"),
    *("trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno"),
    *(
        "veintidós",
        "veintitrés",
        "veinticuatro",
        "veinticinco",
        "veintiséis",
        "veintisiete",
        "veintiocho",
        "veintinueve",
    ),
)
_TENS: Final = ("treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_HUNDREDS: Final = (
    *("ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos"),
    *("seiscientos", "setecientos", "ochocientos", "novecientos"),
)


def amount_spoken(text: str) -> int | None:
    """Return what a sum in English words is in thousandths of a euro; None where it is none."""
    found = _SPOKEN.fullmatch(text)
    if found is None:
        return None
    euros, part = _number(found["euros"]), _number(found["part"] or "zero")
    if euros is None or part is None:
        return None
    return euros * 1000 + (part if found["unit"] == "thousandths" else part * 10)


def _number(words: str) -> int | None:
    """Return what English words count to: one thousand two hundred and fifty → 1250."""
    whole = part = 0
    for word in words.replace(" and ", " ").split(" "):
        value = _ENGLISH.get(word)
        if value is None:
            return None
        if value == 1000:
            whole, part = whole + part * 1000, 0
        elif value == 100:
            part *= 100
        else:
            part += value
    return whole + part


def amount_in_spanish(thousandths: int) -> str:
    """Return a sum in Spanish words: 1250050 thousandths → mil doscientos cincuenta euros y cinco céntimos."""
    euros, rest = divmod(thousandths, 1000)
    told = _counted(euros, "euro", "euros")
    if not rest:
        return told
    part = _counted(rest // 10, "céntimo", "céntimos") if rest % 10 == 0 else _counted(rest, "milésima", "milésimas")
    return f"{told} y {part}"


def _counted(number: int, one: str, many: str) -> str:
    if number == 1:
        return f"{'una' if one.endswith('a') else 'un'} {one}"
    words = number_in_spanish(number)
    if one.endswith("a"):
        words = re.sub("uno$", "una", words).replace("cientos", "cientas").replace("quinientos", "quinientas")
    return f"{_before_a_noun(words) if not one.endswith('a') else words} {many}"


def _before_a_noun(words: str) -> str:
    return re.sub("uno$", "ún" if words.endswith("veintiuno") else "un", words)


def number_in_spanish(number: int) -> str:
    """Return a number from 0 to 999,999 in Spanish words: 1250 → mil doscientos cincuenta."""
    if number < 30:
        return _ONES[number]
    if number < 100:
        tens, rest = _TENS[number // 10 - 3], number % 10
        return f"{tens} y {_ONES[rest]}" if rest else tens
    if number == 100:
        return "cien"
    if number < 1000:
        hundreds, rest = _HUNDREDS[number // 100 - 1], number % 100
        return f"{hundreds} {number_in_spanish(rest)}" if rest else hundreds
    thousands, rest = divmod(number, 1000)
    told = "mil" if thousands == 1 else f"{_before_a_noun(number_in_spanish(thousands))} mil"
    return f"{told} {number_in_spanish(rest)}" if rest else told
