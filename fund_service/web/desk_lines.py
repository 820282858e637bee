"""The lines of a desk in which a word stands, or by a field: of all of them no more is read than that takes."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fund_service.listing import Place, folded, in_order, known_field
from projections.desk_view import DeskLine
from projections.desk_waits import Group, Waits
from projections.lists import Paged
from projections.read_model import Row


def sought(lines: Waits[DeskLine], q: str, sort: str) -> Paged[DeskLine]:
    """Return the lines in whose names or words `q` stands, by a field, downwards by -field. Raises Malformed.

    By what is the same of a whole group of deeds they are sorted without being read.
    """
    field = known_field(sort.removeprefix("-"), DeskLine) if sort else ""
    if not (q or sort):
        return lines
    if not q and field in _OF_GROUP:
        return lines.by_groups(in_order(lines.deeds.groups, _OF_GROUP[field], sort))
    rows = lines.deeds.some(0, lines.count())
    if q:
        part = folded(q)
        rows = [row for row in rows if part in _text(row)]
    return lines.these(in_order(rows, lambda row: _place(row, field), sort) if sort else rows)


def _text(row: Row) -> str:
    """Return what is read of a line on the page: whose matter it is, and who is to do what."""
    group: Group | None = row["of"]
    words = (row["partnership"] or "", row["title"] or "", *((group.party, group.words) if group else ()))
    return folded("\0".join(words))


def _place(row: Row, field: str) -> Place | None:
    if field in _OF_GROUP:
        return _OF_GROUP[field](row["of"]) if row["of"] is not None else None
    return _OF_ROW[field](row)


def _by_text(text: Any) -> Place:
    return 0, folded(str(text or ""))


_OF_GROUP: Final[Mapping[str, Callable[[Group], Place | None]]] = {
    "party": lambda group: _by_text(group.party),
    "waits_for": lambda group: _by_text(group.words),
    "due": lambda group: (group.due.timestamp(), "") if group.due is not None else None,
}
_OF_ROW: Final[Mapping[str, Callable[[Row], Place | None]]] = {
    "id": lambda row: _by_text(row["id"]),
    "title": lambda row: _by_text(row["title"]),
    "partnership": lambda row: _by_text(row["partnership"]),
    "since": lambda row: (row["since"].timestamp(), "") if row["of"] is not None else None,
    "late": lambda row: (row["of"] is not None and row["of"].late, ""),
}
