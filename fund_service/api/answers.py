"""What the document says of the answers: every status of every route, with its headers."""

from collections.abc import Mapping
from typing import Any, Final, get_origin

from fund_service.api.problems import KINDS, MEDIA_TYPE, Problem
from fund_service.workbook import MEDIA_TYPE as MEDIA_TYPE_OF_XLSX

SCHEMAS: Final = "#/components/schemas/{model}"
"""Where the document describes a model. A refusal refers to it: as a model, each route would build it anew."""

Answers = dict[int | str, dict[str, Any]]

_WRITING: Final = (400, 401, 403, 404, 408, 409, 412, 413, 415, 421, 422, 428, 429, 503)
_READING: Final = (401, 403, 404, 406, 421, 422, 429, 503)
_DOWNLOADING: Final = (401, 403, 404, 421, 422, 429, 503)
_ACTING: Final = (401, 403, 404, 408, 409, 413, 415, 421, 422, 429, 503)
_RETURNING: Final = (401, 403, 404, 409, 421, 422, 429, 503)
_PUBLIC: Final = (401, 403, 404, 406, 421, 422, 429, 503)


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


_REQUEST: Final = {"X-Request-ID": _header("The id of the request, for a report.")}
_AGAIN: Final = {"Retry-After": _header("So many seconds one should wait.")}
_POSITION: Final = {"Fund-Position": _header("The position of the log as of which this holds.")}
_PAST: Final = {"Fund-As-Of": _header("Of an answer of the past: its position, what the fund's clock showed then.")}
_TAG: Final = {"ETag": _header("Send it as If-None-Match, and as If-Match with what you decide on it.")}


_TABLES: Final = {
    "text/csv": {"schema": {"type": "string"}},
    MEDIA_TYPE_OF_XLSX: {"schema": {"type": "string", "format": "binary"}},
}


def writing_answers(done: Any, foreseen: Any, status: int) -> Answers:
    """Return the answers to a request that changes something."""
    headers = {**_REQUEST, **_POSITION, "Location": _header("Where the effect can be read.")}
    repeated = {"Idempotency-Replayed": _header("“true” where the key was known: the answer is that of then.")}
    return {
        200: {"description": "A dry run: nothing is recorded.", "model": foreseen, "headers": _REQUEST},
        status: {
            "description": "It is recorded; in a dry run nothing is.",
            "model": done if status != 200 else done | foreseen,
            "headers": {**headers, **repeated},
        },
        **refusals(_WRITING),
    }


def acting_answers(model: Any, status: int) -> Answers:
    """Return the answers to a request about who somebody is; without a model it has no body."""
    headers = {**_REQUEST, "Set-Cookie": _header("The session that the browser carries from now on, or drops.")}
    done: dict[str, Any] = {"description": "It is done.", "headers": headers}
    return {status: done if model is None else {**done, "model": model}, **refusals(_ACTING)}


def returning_answers() -> Answers:
    """Return the answers to who comes back from the identity provider."""
    headers = {"Location": _header("The page that was wanted."), "Set-Cookie": _header("The session.")}
    return {303: {"description": "You are signed in.", "headers": {**_REQUEST, **headers}}, **refusals(_RETURNING)}


def reading_answers(model: Any, *, public: bool) -> Answers:
    """Return the answers to a question; a list is given as CSV and XLSX too."""
    answer = {"description": "The answer.", "model": model, "headers": {**_REQUEST, **_POSITION, **_PAST, **_TAG}}
    return {
        200: {**answer, "content": _TABLES} if get_origin(model) is list else answer,
        304: {"description": "Nothing changed since.", "headers": {**_REQUEST, **_POSITION, **_PAST, **_TAG}},
        **refusals(_PUBLIC if public else _READING),
    }


def downloads() -> Answers:
    """Return the answers to a question for a file."""
    saved = {"Content-Disposition": _header("The name under which it is saved; it is never shown in the browser.")}
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    headers = {**_REQUEST, **_POSITION, **_PAST, **_TAG}
    return {
        200: {"description": "The file, of its own media type.", "content": content, "headers": {**headers, **saved}},
        304: {"description": "You have it already.", "headers": headers},
        **refusals(_DOWNLOADING),
    }


def refusals(statuses: tuple[int, ...]) -> Answers:
    """Return what the document says of these refusals."""
    return {status: _refusal(status) for status in statuses}


def _refusal(status: int) -> dict[str, Any]:
    titles = [kind.title for kind in KINDS.values() if kind.status == status]
    headers: Mapping[str, Any] = {**_REQUEST, **(_AGAIN if status in (409, 429, 503) else {})}
    return {
        "description": "; or ".join([titles[0], *(f"{title[0].lower()}{title[1:]}" for title in titles[1:])]) + ".",
        "content": {MEDIA_TYPE: {"schema": {"$ref": SCHEMAS.format(model=Problem.__name__)}}},
        "headers": headers,
    }
