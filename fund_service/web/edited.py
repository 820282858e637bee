"""The text of an edition on a page: typed, brought as a file, or with other dates, and read as an edition file is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from domain.call.rules import Calendar, CallRules
from domain.errors import Malformed
from fund_service.api.uploading import FILE, form_with_file
from fund_service.editions.comparing import text_of_edition
from fund_service.editions.loader import read_edition
from fund_service.plain_words import in_plain_words
from fund_service.strict_json import checked_text
from fund_service.text_file import decoded
from fund_service.web.forms import fields_of

CALLED: Final = "The edition"
_WITH_FILE: Final = "multipart/form-data"


async def sent(request: Request) -> dict[str, str]:
    """Return the fields of a form; of one that brings a file its text stands as what was typed. Raises Malformed."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != _WITH_FILE:
        return await fields_of(request)
    async with form_with_file(request) as form:
        fields = {name: checked_text(value) for name, value in form.multi_items() if isinstance(value, str)}
        return {**fields, **await _brought(form.get(FILE))}


async def _brought(file: object) -> dict[str, str]:
    """Return the text of a file, or what is wrong with it."""
    if not isinstance(file, UploadFile) or not file.filename:
        return {"wrong": "You chose no file. Choose the file of an edition, as YAML, and bring it again."}
    try:
        return {"text": checked_text(decoded(await file.read(), "The file"))}
    except Malformed as not_text:
        return {"wrong": str(not_text)}


def edition_of(fields: Mapping[str, str]) -> CallRules:
    """Return what the text of a form says. Raises Malformed."""
    return read_edition(text_of(fields), CALLED)


def text_of(fields: Mapping[str, str]) -> str:
    """Return the text as a form leaves it: typed or brought, or with the dates beside it. Raises Malformed."""
    if wrong := fields.get("wrong"):
        raise Malformed(wrong)
    text = fields.get("text", "").replace("\r\n", "\n")
    return text_of_edition(_dated(read_edition(text, CALLED), fields)) if fields.get("dates") else text


def _dated(rules: CallRules, fields: Mapping[str, str]) -> CallRules:
    """Return rules with the dates that a form gives, in the zone of the call. Raises Malformed."""
    points: dict[str, datetime] = {}
    for name, at in rules.calendar.points():
        typed = fields.get(f"calendar.{name}", "")
        try:
            points[name] = datetime.fromisoformat(typed).replace(tzinfo=rules.time_zone) if typed else at
        except ValueError as unreadable:
            raise Malformed(
                f"The date “{typed}” of {name} cannot be read.", "Write it as 2028-03-17T17:00."
            ) from unreadable
    try:
        return CallRules.model_validate({**dict(rules), "calendar": Calendar(**points)})
    except ValidationError as invalid:
        told = in_plain_words(invalid.errors(include_url=False)[0], CallRules)
        raise Malformed(f"With these dates, {told}.", "Mend the dates and look again.") from invalid


def dates_of(rules: CallRules) -> list[tuple[str, str]]:
    """Return each date of an edition as it stands in its box, in the zone of the call."""
    zone = rules.time_zone
    return [(name, at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")) for name, at in rules.calendar.points()]
