"""An application form as DOCX: blank, or with what a draft says so far. The same data give the same bytes."""

import re
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from domain.call.rules import CallRules, Question
from domain.values import euros
from fund_service.documents.filled import Filled, kind_name, rules_named, total

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NO_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""
_ROWS: Final = 6
"""So many empty lines the table of resources has."""
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The first instant that a ZIP can name: entries bear it, so that the same words make the same file."""


def form_as_docx(rules: CallRules, filled: Filled) -> bytes:
    """Return the form of a call, as far as it is filled in."""
    from docx import Document

    made = Document()
    kind = "Draft application" if filled.is_draft else "Application form"
    made.core_properties.author = "IURC fund"
    made.core_properties.title = f"{kind}: {plain(filled.title or rules.title)}"
    made.core_properties.created = made.core_properties.modified = datetime(1980, 1, 1)  # noqa: DTZ001 - none is meant
    made.core_properties.comments = ""
    made.add_heading(plain(filled.title) if filled.title else f"{kind}: {plain(rules.title)}", 0)
    if filled.title:
        made.add_paragraph(f"{kind}: {plain(rules.title)}")
    for mark in filled.marks:
        made.add_paragraph().add_run(plain(mark)).bold = True
    made.add_paragraph(plain(rules.deadline_wording))
    made.add_paragraph(
        "This document is for your work together. Only what you submit in the service counts: copy your answers there."
    )
    for number, section in enumerate(rules.form, 1):
        made.add_heading(f"{number}. {plain(section.title)}", 1)
        for question in section.questions:
            _question(made, rules, question, filled)
    if rules.declarations:
        made.add_heading("Declarations on honour", 1)
        made.add_paragraph("You give them when you submit.")
        for one in rules.declarations:
            made.add_paragraph(f"☐ {plain(one.text)}")
    made.add_heading("Rules that this form names", 1)
    for clause in rules_named(rules):
        made.add_paragraph(f"{clause.id}: {clause.sentence} ({clause.source})", style="List Bullet")
    return _same_bytes(made)


def plain(text: str) -> str:
    """Return a text without what XML cannot hold; every script and every line end stays."""
    return _NO_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _question(made: "Document", rules: CallRules, question: Question, filled: Filled) -> None:
    made.add_heading(plain(question.label), 2)
    needed = "Needed." if question.required else "If there is something to say."
    limit = f" At most {question.max_length:,} characters, spaces counted." if question.kind == "text" else ""
    made.add_paragraph().add_run(f"{plain(question.help)} {needed}{limit}").italic = True
    if question.kind == "resources":
        _resources(made, rules, filled)
        return
    answer = filled.answers.get(question.id, "")
    box = made.add_table(1, 1, style="Table Grid").cell(0, 0)
    box.text = plain(answer) if answer or filled.is_draft else "\n" * 4
    if filled.is_draft:
        made.add_paragraph(
            f"{len(answer):,} of at most {question.max_length:,} characters" if answer else "No answer yet."
        )
    else:
        made.add_paragraph()


def _resources(made: "Document", rules: CallRules, filled: Filled) -> None:
    cap = rules.lines[0].cap_cents
    kinds = made.add_table(1, 3, style="Table Grid")
    _row(kinds, 0, ("Kind", "Unit", "Usual value of one unit, as an example (D28)"), heading=True)
    for kind in rules.resource_kinds:
        kinds.add_row()
        _row(kinds, -1, (kind.name, kind.unit, euros(kind.usual_unit_cents)))
    made.add_paragraph()
    lines = made.add_table(1, 5, style="Table Grid")
    _row(lines, 0, ("Kind", "Quantity", "Value of one unit", "Value", "Why you need it"), heading=True)
    for one in filled.resources:
        lines.add_row()
        value = euros(one.quantity * one.unit_cents)
        _row(lines, -1, (kind_name(rules, one.kind), str(one.quantity), euros(one.unit_cents), value, one.why))
    for _ in range(0 if filled.is_draft else _ROWS):
        lines.add_row()
    asked = f"Total: {euros(total(filled.resources))} of at most {euros(cap)}." if filled.is_draft else ""
    made.add_paragraph(asked or f"All together at most {euros(cap)}.")


def _row(table: "Table", at: int, words: tuple[str, ...], *, heading: bool = False) -> None:
    row = table.rows[at]
    for cell, word in zip(row.cells, words, strict=True):
        cell.paragraphs[0].add_run(plain(word)).bold = heading
    if heading:
        from docx.oxml import OxmlElement

        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _same_bytes(made: "Document") -> bytes:
    """Return a document whose ZIP tells nothing of when it was made."""
    given, packed = BytesIO(), BytesIO()
    made.save(given)
    with ZipFile(given) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for entry in sorted(source.namelist()):
            about = ZipInfo(entry, _EPOCH)
            about.compress_type = ZIP_DEFLATED
            target.writestr(about, source.read(entry))
    return packed.getvalue()
