"""A language that is none: every text as it is, two fifths longer and between marks, so that one sees which is not."""

import re
from html.parser import HTMLParser
from typing import Final

from babel.messages.catalog import Catalog

from fund_service.web.languages import SPANISH
from fund_service.web.words import Words
from tests.fund_service.web.reading_pages import VOID
from tests.fund_service.web.translated import written

_MARKS: Final = "⟦⟧"
_ATTRIBUTES: Final = ("alt", "aria-label", "placeholder", "title")
_TYPED: Final = ("bdi", "code", "option", "script", "style", "svg", "textarea", "time", "title")
"""Elements whose words people typed, or that hold none."""
_SAME: Final = re.compile(
    r"Pilot Fund|\b[CDE]\b|SHA-256|CSV|PDF|IURC|[A-Z]\d\d|AA|LAC|"
    r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|lun|mar|mié|jue|vie|sáb|dom|de)\b|"
    r"\b(?:ene|feb|abr|may|jun|jul|ago|sept|oct|nov|dic)[a-z]*\b|\bmarzo\b"
)
"""What is the same in every language, and the names of days and months."""


def pretended() -> Words:
    """Return the words of a language that is none, in Spanish dates."""
    made, spanish = Catalog("es"), written("es")
    made.mime_headers = spanish.mime_headers
    for one in spanish:
        if one.id:
            date = isinstance(one.id, str) and re.fullmatch(r"(?:EEE )?d MMM.*", one.id)
            longer = tuple(map(_longer, one.id)) if isinstance(one.id, tuple) else _longer(one.id)
            made.add(one.id, one.string if date else longer)
    return Words(made, SPANISH)


def _longer(text: str) -> str:
    return f"{_MARKS[0]}{text}{' ~~~~' * (len(text) * 2 // 25)}{_MARKS[1]}"


class Unsaid(HTMLParser):
    """The words of a page that stand outside the marks, and that nobody typed."""

    def __init__(self, content: str) -> None:
        """Read a page."""
        super().__init__()
        self.found: list[str] = []
        self._exempt: list[bool] = []
        self._depth = 0
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element exempts, and the words in its attributes."""
        given = dict(attrs)
        self.found += [f'{name}="{given[name]}"' for name in _ATTRIBUTES if _words(_outside(given.get(name) or "")[0])]
        if tag not in VOID:
            typed = tag in _TYPED or given.get("dir") == "auto" or (tag != "html" and "lang" in given)
            self._exempt.append(typed or bool(self._exempt and self._exempt[-1]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass over what closes itself."""

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self._exempt.pop()

    def handle_data(self, data: str) -> None:
        """Note the words outside the marks."""
        outside, self._depth = _outside(data, self._depth)
        if self._exempt[-1:] != [True] and _words(outside):
            self.found.append(" ".join(outside.split()))


def _outside(text: str, depth: int = 0) -> tuple[str, int]:
    kept = ""
    for sign in text:
        depth += (sign == _MARKS[0]) - (sign == _MARKS[1])
        kept += sign if depth == 0 and sign not in _MARKS else " "
    return kept, depth


def _words(text: str) -> bool:
    return re.search(r"[^\W\d_]", _SAME.sub("", text)) is not None
