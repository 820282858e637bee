"""The words of the pages in a language, as `locale/` holds them.

Code and domain speak English alone. What templates say goes through gettext; what code and domain say is looked up here
when a page shows it, by `say`: a text as it stands, or a sentence with parts by its pattern in braces, such as
“Version {number} is submitted.”, whose parts are said in their turn. What has no translation is shown in English, and
marked as such; never half of it.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup

from domain.errors import FundError
from fund_service.web.languages import ENGLISH, Language
from fund_service.web.written import Written

_PART: Final = re.compile(r"\{(\w+)\}")
_SAID: Final = frozenset({"detail", "cure", "says", "ties", "waits", "why", "words"})
"""Parts that are words of the code themselves, and never names."""
_DEEPEST: Final = 4
_SENTENCES: Final = re.compile(r"(?<=[.?!:]) (?=[“A-Z0-9])")


class Pattern(NamedTuple):
    """A sentence with parts: how it is recognised in English, and how it is said."""

    english: re.Pattern[str]
    said: str


class Words:
    """What pages say in a language other than English."""

    def __init__(self, catalog: Catalog, language: Language) -> None:
        """Take the words of a catalogue."""
        self.translations = _compiled(catalog)
        self.written = Written(language.code, self.translations)
        singular = {str(one.id): str(one.string) for one in catalog if isinstance(one.id, str) and one.id}
        self._known = {english: said for english, said in singular.items() if said}
        patterns = sorted(filter(_PART.search, self._known), key=lambda one: -len(_PART.sub("", one)))
        self._patterns = [Pattern(_recognised(one), self._known[one]) for one in patterns]
        self._found = lru_cache(maxsize=4096)(self._find)

    def say(self, told: object) -> Markup | str:
        """Return a text that code or domain tells, in this language; in English, and marked so, where it has none."""
        found = self.found(told)
        return found if found is not None else Markup('<span lang="en">{}</span>').format(str(told))

    def plainly(self, told: object) -> str:
        """Return the same where no element can stand, as in an attribute, a title or a choice."""
        found = self.found(told)
        return found if found is not None else str(told)

    def named(self, name: str) -> str:
        """Return the name of a partnership, or of its other members: with the words of this language between places."""
        first, joined, others = name.rpartition(" with ")
        together = f" {self._known.get('and', 'and')} ".join(others.split(" and "))
        return f"{first} {self._known.get('with', 'with')} {together}" if joined else together

    def found(self, told: object) -> str | None:
        """Return a text in this language; None where it has none."""
        if isinstance(told, FundError):
            parts = [self._found(part, 0) for part in (told.detail, told.cure) if part]
            return " ".join(filter(None, parts)) if all(parts) else None
        return self._found(str(told), 0) if told else ""

    def _find(self, text: str, depth: int) -> str | None:
        """Return how a text is said: as it stands, as a pattern, or sentence by sentence."""
        if (figure := self.written.again(text)) is not None:
            return figure
        if not re.search(r"[^\W\d_]", text):
            return text
        spellings = list(_spelled(text))
        for english, restore in spellings:
            if said := self._known.get(english):
                return restore(said)
        if depth > _DEEPEST:
            return None
        for english, restore in spellings:
            if said := self._matched(english, depth):
                return restore(said)
        return self._by_sentence(text, depth)

    def _matched(self, text: str, depth: int) -> str | None:
        for pattern in self._patterns:
            if match := pattern.english.fullmatch(text):
                parts = {name: self._part(name, part, depth) for name, part in match.groupdict().items()}
                if None not in parts.values():
                    return pattern.said.format_map(parts)
        return None

    def _part(self, name: str, text: str, depth: int) -> str | None:
        """Return a part of a sentence: said, else as it is, for a name has no other form."""
        if name == "points":
            return self.written.points(text)
        said = self._found(text, depth + 1)
        return said if said is not None else self._listed(name, text, depth)

    def _listed(self, name: str, text: str, depth: int) -> str | None:
        """Return a list of names or words; None where one of them should be said, and is not."""
        for mark, joined in ((", ", ", "), (" and ", f" {self._known.get('and', 'and')} ")):
            pieces = text.split(mark)
            if len(pieces) > 1:
                said = [self._part(name, piece, depth + 1) for piece in pieces]
                if None in said:
                    return None
                if name == "listed" or said != pieces:
                    return joined.join(filter(None, said))
        return None if name in _SAID else text

    def _by_sentence(self, text: str, depth: int) -> str | None:
        sentences = _SENTENCES.split(text)
        if len(sentences) == 1:
            return None
        said = [self._found(one, depth + 1) for one in sentences]
        return " ".join(filter(None, said)) if all(said) else None


def _spelled(text: str) -> Iterator[tuple[str, "_Restore"]]:
    """Yield a text as the catalogue may hold it: with another first letter, without its full stop."""
    first = text[:1]
    for stop in ("", ".") if text.endswith(".") else ("",):
        whole = text.removesuffix(stop) if stop else text
        yield whole, _Restore(stop, None)
        if first.isupper():
            yield first.lower() + whole[1:], _Restore(stop, True)
        elif first.islower():
            yield first.upper() + whole[1:], _Restore(stop, False)


class _Restore(NamedTuple):
    """How what was found is spelled as the text was."""

    stop: str
    upper: bool | None

    def __call__(self, said: str) -> str:
        if self.upper is not None:
            said = (said[:1].upper() if self.upper else said[:1].lower()) + said[1:]
        return f"{said}{self.stop}"


def _recognised(sentence: str) -> re.Pattern[str]:
    """Return what recognises a sentence with parts; a part that comes twice is the same twice."""
    made, seen = "", set[str]()
    for at, piece in enumerate(_PART.split(sentence)):
        if at % 2 == 0:
            made += re.escape(piece)
        elif piece in seen:
            made += f"(?P={piece})"
        else:
            seen.add(piece)
            made += f"(?P<{piece}>.+?)"
    return re.compile(made, re.DOTALL)


def _compiled(catalog: Catalog) -> GNUTranslations:
    binary = BytesIO()
    write_mo(binary, catalog)
    binary.seek(0)
    return GNUTranslations(binary)


@cache
def words_of(language: Language) -> Words:
    """Return the words of a language other than English."""
    file = files("fund_service.web").joinpath("locale", language.code, "LC_MESSAGES", "fund.po")
    with file.open("rb") as stored:
        return Words(read_po(stored, language.code), language)


def gettext_of(translations: NullTranslations) -> dict[str, Callable[..., Markup]]:
    """Return what templates look words up by; what they ask for has no parts that are not named.

    Jinja's own asks three functions for each text, and looks in each for parts: a page has a hundred texts, most of
    them without.
    """

    @lru_cache(maxsize=4096)
    def whole(text: str) -> Markup:
        return Markup(translations.gettext(text)) % {}

    def gettext(text: str, **parts: object) -> Markup:
        return Markup(translations.gettext(text)) % parts if parts else whole(text)

    def ngettext(one: str, many: str, num: int, **parts: object) -> Markup:
        return Markup(translations.ngettext(one, many, num)) % {"num": num, **parts}

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}


class InEnglish:
    """What pages say in English: all of it as it is."""

    def __init__(self) -> None:
        """Take no words."""
        self.translations = NullTranslations()
        self.written = Written(ENGLISH.code, self.translations)

    def say(self, told: object) -> str:
        """Return what code or domain tells."""
        return str(told) if told is not None else ""

    plainly = say

    def named(self, name: str) -> str:
        """Return the name of a partnership."""
        return name


ENGLISH_WORDS: Final = InEnglish()
