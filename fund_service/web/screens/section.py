"""One section of the application form: its questions, and the resources in kind with what they add up to."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from domain.amounts import cents_from
from domain.call.rules import Question, Section
from domain.errors import DraftChanged, Malformed, NotFound
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.api.asking import Asking
from fund_service.api.resources.partnerships import Roadmap, newest_roadmap
from fund_service.api.resources.pilot_actions import SectionState, section_of
from fund_service.permissions.views import View
from fund_service.web.heard import Heard
from fund_service.web.screens.application import rules_of
from fund_service.web.wishes import Wish, deed_address

_ROW: Final = re.compile(r"resources\.(\d{1,3})\.")


class Answer(NamedTuple):
    """A question with what stands in its box, what is wrong there, and what another officer saved meanwhile."""

    question: Question
    text: str
    wrong: str
    theirs: str | None


class _Row(NamedTuple):
    kind: str = ""
    quantity: str = ""
    unit_euros: str = ""
    why: str = ""


class Line(NamedTuple):
    """One resource as it stands in its boxes, which are called by `at`; its value in cents, None where that cannot be
    read.
    """

    number: int
    at: int
    row: _Row
    wrong: tuple[str, ...]
    cents: int | None


def section_form(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    """Return what the form of a section shows: what was typed, else what was saved last. Raises NotFound."""
    id = wish.names["pilot_action_id"]
    if not asking.sees(View.DRAFT, id):
        raise NotFound(f"There is no pilot action {id}.", "Look at your home.")
    rules = rules_of(asking, id)
    places = [section.id for section in rules.form]
    if wish.names["section"] not in places:
        raise NotFound("The form has no such section.", "Choose one of the sections of the application.")
    at = places.index(wish.names["section"])
    section, pilot = rules.form[at], asking.world.get(PILOT_ACTION, id)
    saved = section_of(section, pilot)
    beside = pilot.partnership_id if any(one.kind == "text" for one in section.questions) else None
    roadmap = newest_roadmap(asking, beside) if beside is not None and asking.sees(View.ROADMAP, beside) else None
    taken = _from_roadmap(section, saved, roadmap)
    typed = dict(wish.pairs) if "seen" in dict(wish.pairs) else None
    changed = heard.error if isinstance(heard.error, DraftChanged) else None
    lines = _lines(saved, typed, heard.mistakes) if saved.resources is not None else []
    line = rules.line(pilot.line)
    return {
        "section": section,
        "number": at + 1,
        "sections": len(places),
        "back": f"/pilot-actions/{id}",
        "following": _section_page(id, rules.form[at + 1]) if at + 1 < len(places) else None,
        "answers": list(_answers(section, {**taken, **saved.answers}, typed, heard.mistakes, changed)),
        "taken": taken if typed is None else {},
        "roadmap": roadmap,
        "lines": lines,
        "has_resources": saved.resources is not None,
        "changed": changed,
        "kinds": rules.resource_kinds,
        "total_cents": sum(one.cents or 0 for one in lines),
        "uncounted": [one.number for one in lines if any(one.row) and one.cents is None],
        "cap_cents": line.cap_cents if line is not None else 0,
        "smallest": _smallest(saved, typed),
        "smallest_wrong": heard.mistakes.get("smallest_useful_euros", ""),
        "seen": f'"{changed.version}"' if changed else typed["seen"] if typed else f'"{saved.version}"',
        "typed_on": typed["seen"] if changed and typed else "",
        "title": section.title,
        "call_id": pilot.call_id,
    }


def _section_page(id: Any, section: Section) -> str:
    return deed_address("SaveDraftSection", pilot_action_id=id, section=section.id)


def _from_roadmap(section: Section, saved: SectionState, roadmap: Roadmap | None) -> dict[str, str]:
    """Return what a section that was never saved begins with: what the roadmap says under the same name."""
    if saved.version or roadmap is None:
        return {}
    said = ((one, roadmap.fields.get(one.id, "")) for one in section.questions if one.kind == "text")
    return {one.id: text for one, text in said if text and len(text) <= one.max_length}


def _answers(
    section: Section,
    saved: Mapping[str, str],
    typed: Mapping[str, str] | None,
    mistakes: Mapping[str, str],
    changed: DraftChanged | None,
) -> Iterator[Answer]:
    theirs = {one.question: one.theirs.text or "" for one in changed.differing} if changed is not None else {}
    for question in section.questions:
        if question.kind == "text":
            name = f"answers.{question.id}"
            text = typed.get(name, "") if typed is not None else saved.get(question.id, "")
            yield Answer(question, text, mistakes.get(name, ""), theirs.get(question.id))


def _lines(saved: SectionState, typed: Mapping[str, str] | None, mistakes: Mapping[str, str]) -> list[Line]:
    if typed is None:
        said = saved.resources or ()
        rows = dict(enumerate(_Row(one.kind, str(one.quantity), in_figures(one.unit_cents), one.why) for one in said))
    else:
        numbers = sorted({int(at[1]) for name in typed if (at := _ROW.match(name))})
        typed_in = {at: _Row(*(typed.get(f"resources.{at}.{name}", "") for name in _Row._fields)) for at in numbers}
        rows = {at: row for at, row in typed_in.items() if any(row)}
    rows[max(rows, default=-1) + 1] = _Row()
    return [_line(number, at, row, mistakes) for number, (at, row) in enumerate(rows.items())]


def _line(number: int, at: int, row: _Row, mistakes: Mapping[str, str]) -> Line:
    wrong = tuple(detail for name, detail in mistakes.items() if name.startswith(f"resources.{number}."))
    return Line(number, at, row, wrong, _value(row.quantity, row.unit_euros))


def _value(quantity: str, unit_euros: str) -> int | None:
    try:
        return int(quantity) * cents_from(unit_euros)
    except (ValueError, Malformed):
        return None


def _smallest(saved: SectionState, typed: Mapping[str, str] | None) -> str:
    if typed is not None:
        return typed.get("smallest_useful_euros", "")
    return in_figures(saved.smallest_useful_cents) if saved.smallest_useful_cents is not None else ""


def in_figures(cents: int) -> str:
    """Return a sum as it can be typed: 1250.00."""
    return f"{cents // 100}.{cents % 100:02}"
