"""Reads a workbook back (ECMA-376), cell by cell: a text as a text, a number as it is written."""

import io
import re
import zipfile
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element, fromstring

_NAMES: Final = {
    "s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
_ESCAPED: Final = re.compile(r"_x([0-9A-F]{4})_")

Cell = str | Decimal | bool | None


def sheets_of(workbook: bytes) -> dict[str, list[list[Cell]]]:
    """Return the rows of every sheet by its name; a cell is its text, its number, yes or no, or None."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        named = fromstring(parts.read("xl/workbook.xml")).findall("s:sheets/s:sheet", _NAMES)
        return {
            sheet.attrib["name"]: _rows(fromstring(parts.read(f"xl/worksheets/sheet{number}.xml")))
            for number, sheet in enumerate(named, 1)
        }


def sheet_parts(workbook: bytes) -> str:
    """Return the sheets of a workbook as they are written."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/"))


def _rows(sheet: Element) -> list[list[Cell]]:
    found: list[list[Cell]] = []
    for row in sheet.findall("s:sheetData/s:row", _NAMES):
        cells: dict[int, Cell] = {_place(one.attrib["r"]): _cell(one) for one in row.findall("s:c", _NAMES)}
        found.append([cells.get(place) for place in range(max(cells, default=-1) + 1)])
    width = max(map(len, found), default=0)
    return [row + [None] * (width - len(row)) for row in found]


def _place(reference: str) -> int:
    letters = "".join(sign for sign in reference if sign.isalpha())
    place = 0
    for letter in letters:
        place = 26 * place + ord(letter) - ord("A") + 1
    return place - 1


def _cell(cell: Element) -> Cell:
    kind = cell.attrib.get("t", "n")
    if kind == "inlineStr":
        text = "".join(part.text or "" for part in cell.findall(".//s:t", _NAMES))
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    value = cell.find("s:v", _NAMES)
    if value is None or value.text is None:
        return None
    assert kind in ("n", "b"), f"a cell of kind {kind}"
    return value.text == "1" if kind == "b" else Decimal(value.text)
