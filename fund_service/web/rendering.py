"""Templates, and how sums, instants and words are written in them, in the language of who reads."""

import re
from collections.abc import Mapping
from functools import cache, partial
from typing import Any, Final

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from fund_service.web.assets import address
from fund_service.web.boxes import label_of
from fund_service.web.languages import ENGLISH, LANGUAGES, Language
from fund_service.web.past import in_the_past, moment_of_forms
from fund_service.web.wishes import deed_address
from fund_service.web.words import ENGLISH_WORDS, InEnglish, Words, gettext_of, words_of

POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Pages load scripts, styles and pictures from here alone, and run nothing that stands in them."""

_SUM: Final = re.compile(r"€[0-9,]+\.[0-9]{2}")


def page(template: str, variables: Mapping[str, Any], status: int = 200) -> Response:
    """Return a page, in the language of its frame."""
    language: Language = variables["frame"].language
    back = variables["frame"].back
    moment = back.moment if back is not None else None
    content = _templates(language, past=moment is not None).get_template(template).render(variables)
    if moment is not None:
        content = in_the_past(content, moment)
    headers = {
        "Content-Security-Policy": POLICY,
        "Cache-Control": "private, no-store",
        "Content-Language": language.code,
        "Vary": "Accept-Language, Cookie",
    }
    return HTMLResponse(content, status, headers)


@cache
def _templates(language: Language, *, past: bool) -> Environment:
    return templates(ENGLISH_WORDS if language == ENGLISH else words_of(language), past=past)


def templates(words: Words | InEnglish, *, past: bool = False) -> Environment:
    """Return the templates as they are shown with these words; those of the past show nothing to be done."""
    made = Environment(
        loader=PackageLoader("fund_service.web"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.newstyle_gettext = True  # type: ignore[attr-defined]
    made.globals |= gettext_of(words.translations)
    written = words.written
    made.filters |= {
        "euros": written.euros,
        "ahead": written.ahead,
        "brief": written.brief,
        "deadline": written.deadline,
        "due": written.due,
        "brussels": written.brussels,
        "clock": written.clock,
        "country": written.country,
        "date": written.date,
        "day": written.day,
        "days": written.days,
        "elsewhere": written.elsewhere,
        "lasting": written.lasting,
        "left": written.left,
        "number": written.number,
        "points": written.points,
        "readings": written.readings,
        "rounded": written.rounded,
        "say": words.say,
        "plainly": words.plainly,
        "named": words.named,
        "sentence": sentence,
        "figure": partial(figure, words),
        "figures": partial(figures, words),
        "zip": zip,
    }
    made.globals |= {"asset": address, "deed": deed_address, "languages": LANGUAGES, "label_of": label_of}
    made.globals |= {"past": past, "moment_of_forms": moment_of_forms}
    return made


def figure(words: Words | InEnglish, text: str) -> Markup | str:
    """Return a value: figures as this language writes them, anything else as it is said."""
    return words.written.figure(text) or words.say(text)


def figures(words: Words | InEnglish, text: str) -> str:
    """Return how something is computed, with its sums as this language writes them."""
    return _SUM.sub(lambda found: words.plainly(found[0]), text)


def sentence(words: str | Markup) -> str:
    """Return words with a large letter first, wherever their first letter is."""
    text = str(words)
    at = text.index(">") + 1 if isinstance(words, Markup) and text.startswith("<") else 0
    return type(words)(f"{text[:at]}{text[at : at + 1].upper()}{text[at + 1 :]}")
