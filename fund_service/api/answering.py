"""How an answer goes out: JSON, CSV or XLSX, in pages, with an ETag; 304 for who has it already."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from fastapi import Request, Response

from domain.errors import Malformed
from domain.values import Value
from fund_service.api.context import PAST, POSITION
from fund_service.api.problems import NotOffered
from fund_service.columns import columns_of
from fund_service.listing import Data, anywhere, as_csv, field_names, known_field
from fund_service.past.moments import Moment
from fund_service.workbook import MEDIA_TYPE, as_xlsx

JSON: Final = "application/json"
CSV: Final = "text/csv"
XLSX: Final = MEDIA_TYPE
VARY: Final = "Accept, Authorization, Cookie"
"""What an answer depends on beside its address."""


class Page(NamedTuple):
    """Which rows of a list are wanted, and what of them."""

    sort: str | None
    q: str | None
    fields: str | None
    limit: int
    cursor: str | None


def listed(
    request: Request,
    found: Sequence[Data],
    kind: type[Value],
    page: Page,
    wanted: str,
    if_none_match: str | None,
    position: int,
    past: Mapping[str, str] | None = None,
) -> Response:
    """Return the page of the rows that is wanted, in the kind that is wanted. Raises Malformed."""
    if page.q is not None:
        found = list(filter(anywhere(page.q), found))
    names = _names(page.fields, kind)
    begin = _place(page.cursor)
    rows = [{name: data[name] for name in names} for data in found[begin : begin + page.limit]]
    headers = {"Total-Count": str(len(found)), **(past or {})}
    if begin + page.limit < len(found):
        following = request.url.include_query_params(cursor=_cursor(begin + page.limit))
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    if wanted == JSON:
        return tagged(as_json(rows), wanted, if_none_match, position, None, headers)
    called, ending = request.url.path.rpartition("/")[2], "csv" if wanted == CSV else "xlsx"
    headers["Content-Disposition"] = f'attachment; filename="{called}.{ending}"'
    if wanted == CSV:
        content = as_csv(rows, names).encode()
    else:
        columns = {column.name: column for column in columns_of(kind)}
        content = as_xlsx(rows, [columns[name] for name in names], called)
    return tagged(content, wanted, if_none_match, position, None, headers)


def tagged(
    content: bytes,
    media_type: str,
    if_none_match: str | None,
    position: int,
    version: int | None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the content with its ETag, or 304 for who has it already."""
    digest = hashlib.sha256(content).hexdigest()[:16]
    tag = f'"{digest}"' if version is None else f'"v{version}-{digest}"'
    told = {"ETag": tag, POSITION: str(position), "Vary": VARY, "Cache-Control": "private, no-cache"}
    if if_none_match is not None and tag in (one.strip().removeprefix("W/") for one in if_none_match.split(",")):
        return Response(status_code=304, headers={**told, **(headers or {})})
    return Response(content, headers={**told, **(headers or {})}, media_type=media_type)


def told_past(moment: Moment | None) -> dict[str, str]:
    """Return the header that says of which moment of the past an answer is; none for an answer of now."""
    if moment is None:
        return {}
    held = f"; held-at={moment.held_at.isoformat()}" if moment.held_at is not None else ""
    return {PAST: f"{moment.position}; at={moment.at.isoformat()}{held}"}


def kind_wanted(accept: str | None) -> str:
    """Return the kind of answer that is wanted most of those that are offered. Raises NotOffered."""
    if accept is None:
        return JSON
    best, most = None, 0.0
    for part in accept.split(","):
        kind, *options = (text.strip().lower() for text in part.split(";"))
        weight = next((_weight(option[2:]) for option in options if option.startswith("q=")), 1.0)
        offered = _OFFERED.get(kind)
        if offered is not None and weight > most:
            best, most = offered, weight
    if best is None:
        raise NotOffered("None of the kinds that you accept is offered.", f"Accept {JSON}, {CSV} or {XLSX}.")
    return best


_OFFERED: Final[Mapping[str, str]] = {
    **dict.fromkeys((CSV, "text/*"), CSV),
    **dict.fromkeys((JSON, "application/*", "*/*"), JSON),
    XLSX: XLSX,
}


def _weight(text: str) -> float:
    return float(text) if re.fullmatch(r"[01](\.\d{1,3})?", text) else 0.0


def _names(fields: str | None, kind: type[Value]) -> list[str]:
    if fields is None:
        return field_names(kind)
    return [known_field(name.strip(), kind) for name in fields.split(",")]


def _cursor(begin: int) -> str:
    return base64.urlsafe_b64encode(f"after {begin}".encode()).decode()


def _place(cursor: str | None) -> int:
    """Return where a page begins. Raises Malformed."""
    if cursor is None:
        return 0
    with suppress(ValueError, UnicodeDecodeError):
        found = re.fullmatch(r"after (\d{1,9})", base64.b64decode(cursor, b"-_", validate=True).decode())
        if found:
            return int(found[1])
    raise Malformed("This cursor is not one of ours.", "Begin at the first page, and follow the header Link.")


def as_json(data: Any) -> bytes:
    """Return data as JSON in UTF-8."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
