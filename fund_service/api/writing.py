"""Requests that change something, all with the same manners; `deed_routes.py` makes each row of `deeds.py` one.

`Idempotency-Key` makes a repetition harmless, `If-Match` names the version that its author saw where two people may
write, `?dry_run=true` tells what would follow and records nothing.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from inspect import Parameter, Signature
from typing import Annotated, Any, Final
from uuid import UUID, uuid5

from fastapi import Body, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError, create_model
from pydantic.fields import FieldInfo

from domain.errors import Malformed
from domain.evaluation.aggregate import EVALUATION
from domain.ids import evaluation_id
from domain.messages import Aggregate, Command
from domain.receipt import receipt_id
from domain.values import Value
from fund_service.api.bearing import Bearer, Bearing
from fund_service.api.context import POSITION, Context
from fund_service.api.deeds import Deed
from fund_service.api.describing import PREFIX, names_in, parameter
from fund_service.api.mistakes import mistaken_command
from fund_service.api.seeing import hidden
from fund_service.application import Seen, Terms
from fund_service.foreseeing import done, foresee
from fund_service.listing import as_data
from fund_service.permissions.actors import Actor

REPEATED: Final = "Idempotency-Replayed"
_VERSION: Final = re.compile(r'(?:W/)?"(?:v?(\d{1,9})(?:-[0-9a-f]+)?|[0-9a-f]{16})"')
"""An ETag of the fund; it names no version of what its reader is not told one of."""
_ID_OF: Final = {
    "call": "call_id",
    "partnership": "partnership_id",
    "pilot-action": "pilot_action_id",
    "grant": "grant_id",
}

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="A fresh text for each new request; sent again with the same request, that is carried out once.",
    ),
]
DryRun = Annotated[bool, Query(description="Record nothing; tell what would follow, or the refusal.")]


def endpoint(context: Context, deed: Deed) -> Callable[..., Any]:
    """Return what FastAPI calls for a deed, with the parameters that it documents and checks."""

    def ask(request: Request, bearer: Any, key: str, dry_run: bool, **given: Any) -> Response:
        actor = admitted(context, deed, bearer, dry_run=dry_run)
        seen, body = given.pop("if_match", ""), given.pop("body", None)
        named = {**given, **({name: getattr(body, name) for name in body.model_fields_set} if body is not None else {})}
        command, terms = asked(deed, actor, context.arrived(request), key, seen, named)
        with context.only_once(actor, command.key), hidden(context, actor, command, deed.makes):
            return foreseen(context, command, terms) if dry_run else carried_out(context, deed, command, terms)

    ask.__signature__ = signature_of(deed)  # type: ignore[attr-defined]
    ask.__name__ = deed.command.__name__
    ask.__doc__ = deed.command.__doc__
    return ask


def admitted(context: Context, deed: Deed, bearer: Bearing, *, dry_run: bool) -> Actor:
    """Return who asks, as often as they may. Raises NotSignedIn, CrossSite, TooMany, StepUpNeeded."""
    actor, session, _ = context.signed(bearer)
    if deed.limited is not None:
        context.limits.check(deed.limited, actor.subject)
    if deed.steps_up and not dry_run:
        context.check_fresh(session)
    return actor


def foreseen(context: Context, command: Command, terms: Terms) -> Response:
    """Return what would follow from a command; nothing is recorded."""
    return JSONResponse({"recorded": False, **as_data(foresee(context.parts.fund, command, terms))})


def carried_out(context: Context, deed: Deed, command: Command, terms: Terms) -> Response:
    """Carry out a command and return what was recorded, now or before with the same key."""
    answer = done(context.parts.fund, command, terms)
    where = deed.at.format_map(dict(command))
    headers = {POSITION: str(answer.position), "Location": f"{PREFIX}{where}"}
    if answer.repeated:
        headers[REPEATED] = "true"
    return JSONResponse({"recorded": True, **as_data(answer)}, 201 if deed.makes else 200, headers)


def asked(deed: Deed, actor: Actor, at: datetime, key: str, seen: str, named: Mapping[str, Any]) -> tuple[Any, Terms]:
    """Return the command and its terms. Raises Malformed."""
    key = _as_typed(key)
    fields = {"by": actor.subject, "at": at, "key": key, **named}
    if deed.makes is not None and fields.get(deed.makes) is None:
        fields[deed.makes] = uuid5(receipt_id(actor.subject, key), deed.makes)
    if deed.sees is not None:
        fields[deed.sees] = _version(seen)
    try:
        command = deed.command.model_validate(fields)
    except ValidationError as invalid:
        raise mistaken_command(invalid, deed.command) from invalid
    if deed.guards is None:
        return command, Terms(actor.role)
    return command, Terms(actor.role, Seen(deed.guards, stream_of(deed.guards, dict(command)), _version(seen)))


def stream_of(kind: Aggregate[Any], named: Mapping[str, Any]) -> UUID:
    """Return the thing of this kind that the fields of a command name."""
    if kind is EVALUATION:
        return evaluation_id(named["pilot_action_id"])
    stream: UUID = named[_ID_OF[kind.name]]
    return stream


def _as_typed(key: str) -> str:
    """Return a key as its sender typed it: without quotes round it, and in UTF-8 where it is (headers are Latin-1)."""
    with suppress(UnicodeError):
        key = key.encode("latin-1").decode()
    return key.strip('"') or key


def _version(seen: str) -> int:
    """Return the version that an ETag names, 0 for none: that is no version of anything. Raises Malformed."""
    found = _VERSION.fullmatch(seen.strip())
    if found is None:
        raise Malformed("The header If-Match holds no ETag of the fund.", "Send the ETag as you read it.")
    return int(found[1] or 0)


def signature_of(deed: Deed) -> Signature:
    """Return the parameters of a deed: fields in its path, the rest of the command in its body, and the headers."""
    in_path = names_in(deed.path)
    fields = {name: about for name, about in deed.command.model_fields.items() if name not in Command.model_fields}
    parameters = [parameter(name, Annotated[_annotated(fields[name]), Path()]) for name in in_path]
    if deed.uploads:
        return Signature([*parameters, *_COMMON])
    rest = {name: about for name, about in fields.items() if name not in (*in_path, deed.sees)}
    if rest:
        optional = all(name == deed.makes or not about.is_required() for name, about in rest.items())
        body: Any = body_of(deed, rest)
        parameters.append(parameter("body", Annotated[body, Body()], body() if optional else Parameter.empty))
    if deed.decided_on is not None:
        where = f"The ETag of {PREFIX}{deed.decided_on}, which you decide on."
        parameters.append(
            parameter("if_match", Annotated[str, Header(alias="If-Match", max_length=200, description=where)])
        )
    return Signature([*parameters, *_COMMON])


_COMMON: Final = (
    parameter("request", Request),
    parameter("bearer", Bearer),
    parameter("key", Key),
    parameter("dry_run", DryRun, False),
)


def _annotated(about: FieldInfo) -> Any:
    return Annotated[about.annotation, *about.metadata] if about.metadata else about.annotation


def body_of(deed: Deed, fields: Mapping[str, FieldInfo]) -> type[Value]:
    """Return the model of a deed's body."""
    given: dict[str, Any] = {name: (_annotated(about), about) for name, about in fields.items()}
    if deed.makes is not None:
        given[deed.makes] = (
            UUID | None,
            FieldInfo(default=None, description="Its id; a fresh one where you name none."),
        )
    return create_model(f"{deed.command.__name__}Body", __base__=Value, __doc__=deed.command.__doc__, **given)
