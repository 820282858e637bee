"""The document of the API (OpenAPI 3.1), and a page that shows it and loads nothing."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from domain.errors import NotFound
from fund_service.api.answering import JSON
from fund_service.api.answers import SCHEMAS
from fund_service.api.bearing import tell_of_sessions
from fund_service.api.describing import operation_name
from fund_service.api.examples import OF_ACTS, bodies, example_of
from fund_service.api.problems import KINDS, MEDIA_TYPE, Problem

_ABOUT: Final = """Everything that a person or a script does to the fund.

Send a token as `Authorization: Bearer …`, or sign in, by name and password or at the identity provider: a
cookie then carries your session, and what changes something by it bears the header `Fund-CSRF` that `GET /session`
tells. Each request that changes something in the fund takes an
`Idempotency-Key`: sent again with the same key it is carried out once. `?dry_run=true` tells what would follow and
records nothing. Where two people may write, `If-Match` takes the ETag of what you read. Every answer bears
`Fund-Position`; a question that sends it back waits until it can be seen. With `as_of` every question is answered as
of a moment of the past, with `held_at` by what held at an instant; the answer's `Fund-As-Of` says of when it is. Sums
are integer euro cents, instants are UTC.
"""
_TAGS: Final = {
    "calls": "Calls with their rules, corrections, award lists, dashboards and desks.",
    "rules": "The rules of the fund, each with its source.",
    "permissions": "Who may do and see what.",
    "organisations": "Cities, areas, regions and agencies.",
    "accounts": "Who acts: accounts and their roles.",
    "people": "The people behind the accounts: names and how to reach them.",
    "partnerships": "Partnerships, their members, roadmaps and coaching.",
    "pairings": "The pairings of cities and regions that the programme published.",
    "partnership-mergers": "Two partnerships that become one.",
    "group-coaching-sessions": "Sessions for several partnerships.",
    "log": "The signed log in public: its checkpoint and keys, receipts proven.",
    "pilot-actions": "Pilot actions: drafts, versions, applications, evaluations.",
    "grants": "Support in kind: offers, orders, deliveries, reports.",
    "invitations": "How the holder of an account gets a login.",
    "tokens": "Tokens for scripts.",
    "session": "Your session: who you are, until when.",
    "sessions": "Where you are signed in.",
    "me": "Who you are, and what waits for you.",
    "messages": "What you were told, and when.",
    "refusals": "What was refused, and why.",
    "search": "Everything that you may see, by words.",
    "working-papers": "What auditors note and find, what is answered, what follows.",
    "audit": "What changed between two moments.",
    "events": "The feed of what happened.",
    "health": "Whether the service is well.",
}
_COMMON: Final = {
    "Idempotency-Key": "IdempotencyKey",
    "If-Match": "IfMatch",
    "If-None-Match": "IfNoneMatch",
    "Fund-Position": "FundPosition",
    "dry_run": "DryRun",
    "as_of": "AsOf",
    "held_at": "HeldAt",
    "q": "Search",
    "cursor": "Cursor",
}
"""The parameters that every request of a kind takes, and what they are called where they are described once."""

_STYLE: Final = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; color: #26324b; }
h1, h2, h3 { line-height: 1.2; } a { color: #004494; } code { font-size: .95em; overflow-wrap: anywhere; }
ul { padding-left: 0; list-style: none; }
li { margin: .25rem 0; } .method { display: inline-block; font-weight: 700; min-width: 3.5rem; }
summary { cursor: pointer; padding: .25rem 0; } table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #cfdaf5; padding: .25rem .5rem; text-align: left; vertical-align: top; }
"""
_PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def document(app: FastAPI) -> dict[str, Any]:
    """Return the document of all routes."""
    found = get_openapi(
        title="IURC fund",
        version="1",
        summary="The competitive fund of the IURC programme.",
        description=_ABOUT,
        routes=app.routes,
        tags=[{"name": name, "description": about} for name, about in _TAGS.items()],
        servers=[{"url": "/", "description": "This service."}],
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        contact={"name": "The secretariat of the fund"},
    )
    tell_of_sessions(found)
    _exemplify(found)
    _share(found)
    _leave_out_what_nothing_names(found)
    return found


def _exemplify(found: dict[str, Any]) -> None:
    """Give every parameter and every body an example."""
    given = {**OF_ACTS, **{operation_name(command): body for command, body in bodies().items()}}
    for operation in _operations(found):
        fields = _fields_answered(found, operation)
        for parameter in operation.get("parameters", ()):
            if parameter["in"] != "header":
                parameter["example"] = example_of(parameter["name"], parameter["schema"], fields)
        if operation["operationId"] in given:
            operation["requestBody"]["content"][JSON]["examples"] = {
                "example": {"summary": operation["summary"], "value": given[operation["operationId"]]}
            }


def _fields_answered(found: Mapping[str, Any], operation: Mapping[str, Any]) -> list[str]:
    """Return the names of the fields that the rows of an answer have, none where it is no list."""
    content = operation["responses"].get("200", {}).get("content", {}).get(JSON, {})
    items = content.get("schema", {}).get("items")
    return list(_referred(found, items)["properties"]) if items is not None else []


def _share(found: dict[str, Any]) -> None:
    """Tell each refusal and each common parameter once, and refer to it: they are the same for every request."""
    answers: dict[str, Any] = {}
    parameters: dict[str, Any] = {}
    for operation in _operations(found):
        for status, answer in operation["responses"].items():
            if MEDIA_TYPE in answer.get("content", {}):
                answers[f"Refused{status}"] = answer
                operation["responses"][status] = {"$ref": f"#/components/responses/Refused{status}"}
        for number, parameter in enumerate(operation.get("parameters", ())):
            if parameter["name"] in _COMMON:
                name = _COMMON[parameter["name"]]
                parameters[name] = parameter
                operation["parameters"][number] = {"$ref": f"#/components/parameters/{name}"}
    schema = Problem.model_json_schema(ref_template=SCHEMAS)
    found["components"]["schemas"] |= {**schema.pop("$defs", {}), Problem.__name__: schema}
    found["components"] |= {"responses": answers, "parameters": parameters}


def _leave_out_what_nothing_names(found: dict[str, Any]) -> None:
    """Leave out the form of what is only answered, made for a request that nobody sends: nothing refers to it."""
    told, schemas = json.dumps(found), found["components"]["schemas"]
    for name in [name for name in schemas if f'"#/components/schemas/{name}"' not in told]:
        del schemas[name]


def document_routes(app: FastAPI, prefix: str, *, shown: bool) -> None:
    """Enter a page for each kind of refusal and, if it is shown, the document with its page."""
    made: dict[str, Any] = {}

    def known() -> dict[str, Any]:
        if not made:
            made.update(document(app))
        return made

    app.openapi = known  # type: ignore[method-assign]

    if shown:

        @app.get(f"{prefix}/openapi.json", include_in_schema=False)
        def openapi() -> Response:
            return JSONResponse(known())

        @app.get(f"{prefix}/docs", include_in_schema=False)
        def docs() -> Response:
            return _page("API of the IURC fund", prefix, _operations_shown(known()))

    @app.get(f"{prefix}/docs.css", include_in_schema=False)
    def style() -> Response:
        return PlainTextResponse(_STYLE, media_type="text/css")

    @app.get("/problems/{name}", include_in_schema=False)
    def problem_page(name: str) -> Response:
        kind = next((kind for kind in KINDS.values() if kind.name == name), None)
        if kind is None:
            raise NotFound("There is no such kind of refusal.", "See the documentation of the API.")
        told = f"<p>{html.escape(kind.help)}</p><p>The status is {kind.status}.</p>"
        return _page(kind.title, prefix, [told, f'<p><a href="{prefix}/docs">All requests</a></p>' if shown else ""])


def _page(title: str, prefix: str, parts: Any) -> Response:
    shown = html.escape(title)
    head = f'<meta charset="utf-8"><title>{shown}</title><link rel="stylesheet" href="{prefix}/docs.css">'
    body = f"<main><h1>{shown}</h1>{''.join(parts)}</main>"
    headers = {"Content-Security-Policy": _PAGE_POLICY}
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head>{head}<meta name="viewport" content="width=device-width"></head>'
        f"<body>{body}</body></html>",
        headers=headers,
    )


def _operations(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path in found["paths"].values():
        yield from path.values()


def _operations_shown(found: Mapping[str, Any]) -> Iterator[str]:
    for paragraph in found["info"]["description"].strip().split("\n\n"):
        yield f"<p>{_with_code(paragraph)}</p>"
    for tag in found["tags"]:
        yield f"<h2>{html.escape(tag['description'])}</h2><ul>"
        for path, methods in found["paths"].items():
            for method, operation in methods.items():
                if tag["name"] in operation.get("tags", ()):
                    yield _operation_shown(found, path, method, operation)
        yield "</ul>"


def _with_code(text: str) -> str:
    """Return a text in which what stands between backticks is code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _referred(found: Mapping[str, Any], one: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what something refers to, or itself."""
    reference = one.get("$ref")
    if reference is None:
        return one
    _, _, kind, name = reference.split("/")
    told: Mapping[str, Any] = found["components"][kind][name]
    return told


def _operation_shown(found: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{html.escape(one['name'])}</code></td><td>{html.escape(one['in'])}</td>"
        f"<td>{html.escape(one.get('description', ''))}</td></tr>"
        for one in (_referred(found, one) for one in operation.get("parameters", ()))
    )
    answers = "".join(
        f"<tr><td>{status}</td><td colspan=2>{html.escape(answer['description'])}</td></tr>"
        for status, answer in sorted(operation["responses"].items())
        for answer in [_referred(found, answer)]
    )
    about = _with_code(operation.get("description", ""))
    return (
        f'<li><details id="{operation["operationId"]}"><summary><span class="method">{method.upper()}</span> '
        f"<code>{html.escape(path)}</code> – {html.escape(operation.get('summary', ''))}</summary><p>{about}</p>"
        f"<table><tbody>{rows}{answers}</tbody></table></details></li>"
    )
