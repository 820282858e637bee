"""What pages say, with its translations: `python -m tests.fund_service.web.translated` writes the catalogues anew from
the code, and lists what lacks a translation.

A catalogue has no places of the code in it and is sorted, so that two people's changes to it can be merged.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from fund_service.web.languages import ENGLISH, LANGUAGES
from tests.fund_service.web.spoken import ROOT, spoken

WEB: Final = ROOT / "fund_service" / "web"
_KEYWORDS: Final = {"_": None, "gettext": None, "_gettext": None, "ngettext": (1, 2), "_ngettext": (1, 2)}
_JINJA: Final = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
_HEADER: Final = r"""msgid ""
msgstr ""
"Language: {code}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""

Text = str | tuple[str, ...]


def catalogue_of(code: str) -> Path:
    """Return where the catalogue of a language is."""
    return WEB / "locale" / code / "LC_MESSAGES" / "fund.po"


def told() -> dict[Text, None]:
    """Return all that pages say: of templates and of what writes sums and instants, then of code and domain."""
    return dict.fromkeys((*_through_gettext(), *spoken()))


def _through_gettext() -> Iterator[Text]:
    files = [("jinja2.ext:babel_extract", path) for path in sorted((WEB / "templates").glob("*.html"))]
    for method, path in (*files, ("python", WEB / "written.py")):
        for _, text, _, _ in extract_from_file(method, path, keywords=_KEYWORDS, options=_JINJA):
            yield tuple(text) if isinstance(text, list | tuple) else text


def written(code: str) -> Catalog:
    """Return a catalogue as it is kept."""
    with catalogue_of(code).open("rb") as file:
        return read_po(file, code)


def renewed(code: str) -> Catalog:
    """Return a catalogue of today's texts, each with the translation that it has."""
    before, now = written(code), Catalog(code)
    now.mime_headers = before.mime_headers  # how many forms a number has
    for text in told():
        had = before.get(text[0] if isinstance(text, tuple) else text)
        same = had is not None and isinstance(had.id, str) == isinstance(text, str)
        now.add(text, had.string if had is not None and same else None)
    return now


def as_text(catalogue: Catalog, code: str) -> str:
    """Return a catalogue as it is kept: sorted, one line for each text."""
    made = BytesIO()
    write_po(made, catalogue, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    return _HEADER.format(code=code) + made.getvalue().decode()


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the texts that lack a translation, or have one that nobody has looked at."""
    every = (one for one in catalogue if one.id)
    return [str(one.id) for one in every if one.fuzzy or not all(_strings(one.string))]


def _strings(string: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string or "",)


if __name__ == "__main__":
    lacking = []
    for language in LANGUAGES:
        if language != ENGLISH:
            catalogue = renewed(language.code)
            catalogue_of(language.code).write_text(as_text(catalogue, language.code), encoding="utf-8")
            lacking += [f"{language.code}: {text}" for text in untranslated(catalogue)]
    sys.stdout.write("".join(f"{line}\n" for line in lacking))
    sys.exit(1 if lacking else 0)
