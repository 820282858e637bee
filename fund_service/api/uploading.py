"""Requests that bring a file: a form (multipart/form-data), as browsers send it without a script, and curl with -F.

Who may not ask is told so before anything of the file is read. It is then read piece by piece into a file without a
name, counted as it comes, looked at, scanned and kept; everything else is as with every other request.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, BinaryIO, Final, NamedTuple

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from domain.errors import Malformed
from domain.messages import Command
from domain.rulebook.ours.attaching import FILE_BYTES
from fund_service.api.context import Context
from fund_service.api.deeds import Deed
from fund_service.api.describing import names_in
from fund_service.api.problems import NotAForm, TooLarge
from fund_service.api.seeing import hidden
from fund_service.api.writing import admitted, asked, carried_out, foreseen, signature_of
from fund_service.application import Terms
from fund_service.attachments.attachments import given_file
from fund_service.attachments.kinds import TAKEN
from fund_service.permissions.actors import Actor
from fund_service.permissions.checking import check_permission
from fund_service.strict_json import checked_text

FILE: Final = "file"
TITLE: Final = "title"
_TEXTS: Final = 8
"""So many other fields a form has at most."""
_TEXT_BYTES: Final = 10_000
"""So long is each of them at most."""


def other_fields(deed: Deed) -> list[str]:
    """Return what a form may say beside the file and its title: the fields of the command that no path names."""
    known = {*Command.model_fields, *names_in(deed.path), FILE}
    return [name for name in deed.command.model_fields if name not in known]


def form_of(deed: Deed) -> dict[str, Any]:
    """Return what the document says of the form."""
    fields: dict[str, Any] = {
        FILE: {
            "type": "string",
            "contentMediaType": "application/octet-stream",
            "description": f"The file, of at most {FILE_BYTES:,} bytes; its name ends with one of: {TAKEN}.",
        },
        TITLE: {"type": "string", "maxLength": 200, "description": "What it is called; else the file's own name."},
    }
    for name in other_fields(deed):
        made = {"format": "uuid", "description": "Its id; a fresh one where you name none."}
        fields[name] = {"type": "string", **(made if name == deed.makes else {})}
    schema = {"type": "object", "properties": fields, "required": [FILE], "additionalProperties": False}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def uploading(context: Context, deed: Deed) -> Callable[..., Awaitable[Response]]:
    """Return what FastAPI calls for a deed that brings a file."""

    async def ask(request: Request, bearer: Any, key: str, dry_run: bool, **named: Any) -> Response:
        actor = await run_in_threadpool(allowed, context, deed, bearer, key, dry_run, named)
        async with form_with_file(request) as form:
            given = Given(actor, context.arrived(request), key, named, form)
            return await run_in_threadpool(_attached, context, deed, given, dry_run)

    ask.__signature__ = signature_of(deed)  # type: ignore[attr-defined]
    return ask


class Given(NamedTuple):
    """What arrived: from whom and when (UTC), under which key, with which names in the path, and the form."""

    actor: Actor
    at: datetime
    key: str
    named: dict[str, Any]
    form: FormData


def allowed(context: Context, deed: Deed, bearer: Any, key: str, dry_run: bool, named: dict[str, Any]) -> Actor:
    """Return who asks, if they may. Raises what `admitted` raises, NotPermitted, NotFound."""
    actor = admitted(context, deed, bearer, dry_run=dry_run)
    command = deed.command.model_construct(by=actor.subject, key=key, **named)
    with hidden(context, actor, command, deed.makes):
        check_permission(command, context.parts.fund.world(), actor)
    return actor


def _attached(context: Context, deed: Deed, given: Given, dry_run: bool) -> Response:
    """Attach a file, or tell what would follow."""
    command, file, terms = brought(deed, given)
    attachments = context.parts.attachments
    with context.only_once(given.actor, command.key), hidden(context, given.actor, command, deed.makes):
        if dry_run:
            return foreseen(context, attachments.looked_at(command, file, terms), terms)
        return carried_out(context, deed, attachments.keep(command, file, terms), terms)


def brought(deed: Deed, given: Given, beside: Collection[str] = ()) -> tuple[Any, BinaryIO, Terms]:
    """Return the command of a form with a file, that file, and its terms; `beside` are fields that are not its own.

    Raises Malformed, TooLarge.
    """
    file, texts = _fields(deed, given.form, beside)
    title = texts.pop(TITLE, None)
    said = {**given.named, **texts, FILE: given_file(file.file, file.filename or "", title)}
    command, terms = asked(deed, given.actor, given.at, given.key, "", said)
    return command, file.file, terms


@asynccontextmanager
async def form_with_file(request: Request) -> AsyncIterator[FormData]:
    """Read a form, its file into one without a name, which is gone at the end. Raises NotAForm, Malformed."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        raise NotAForm("The body is no form with a file.", "Send it as multipart/form-data, as curl does with -F.")
    parser = MultiPartParser(
        request.headers, request.stream(), max_files=1, max_fields=_TEXTS, max_part_size=_TEXT_BYTES
    )
    try:
        yield await _parsed(parser)
    finally:
        for file in parser._files_to_close_on_error:  # also one that broke off, which the form does not know
            file.close()


async def _parsed(parser: MultiPartParser) -> FormData:
    try:
        return await parser.parse()
    except (MultiPartException, UnicodeError) as unreadable:
        raise Malformed(
            "The form cannot be read.", "Send one file, and beside it only short texts, each part with its name."
        ) from unreadable


def _fields(deed: Deed, form: FormData, beside: Collection[str]) -> tuple[UploadFile, dict[str, str]]:
    """Return the file of a form, and its texts but those that are empty. Raises Malformed, TooLarge."""
    items = [(name, value) for name, value in form.multi_items() if name not in beside]
    known = [FILE, TITLE, *other_fields(deed)]
    names = [name for name, _ in items]
    if len(set(names)) < len(names) or not set(names) <= set(known):
        raise Malformed("The form has a field twice, or one that is not known here.", f"Use: {', '.join(known)}.")
    file = form.get(FILE)
    if not isinstance(file, UploadFile) or not file.filename:
        raise Malformed("The form has no file.", f"Send one in the field “{FILE}”, with its name.")
    if (file.size or 0) > FILE_BYTES:
        raise TooLarge(f"The file has more than {FILE_BYTES:,} bytes.", "Make its pictures smaller, or divide it.")
    return file, {name: checked_text(text) for name, text in items if isinstance(text, str) and text.strip()}
