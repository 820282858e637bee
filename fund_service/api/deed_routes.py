"""Each row of `deeds.py` as a route: with a JSON body (writing.py), or with a form and a file (uploading.py)."""

from typing import Literal

from fastapi import APIRouter

from fund_service.api.answers import writing_answers
from fund_service.api.context import Context
from fund_service.api.deeds import DEEDS, Deed
from fund_service.api.describing import operation_name, tag_of, told_by
from fund_service.api.uploading import form_of, uploading
from fund_service.api.writing import endpoint
from fund_service.foreseeing import Done, Foreseen
from fund_service.permissions.deeds import PERMISSIONS


class DoneAnswer(Done):
    """What was recorded."""

    recorded: Literal[True]


class ForeseenAnswer(Foreseen):
    """What would follow; nothing is recorded."""

    recorded: Literal[False]


def deed_routes(routes: APIRouter, context: Context) -> None:
    """Enter a route for each deed."""
    for deed in DEEDS:
        summary, rest = told_by(deed.command.__doc__)
        routes.add_api_route(
            deed.path,
            uploading(context, deed) if deed.uploads else endpoint(context, deed),
            methods=[deed.method],
            operation_id=operation_name(deed.command),
            summary=summary,
            description=f"{rest}\n\nOnly {PERMISSIONS[deed.command].says} may ask for it.{_proof(deed)}".strip(),
            status_code=201 if deed.makes else 200,
            responses=writing_answers(DoneAnswer, ForeseenAnswer, 201 if deed.makes else 200),
            tags=[tag_of(deed.path)],
            response_model=None,
            openapi_extra={"requestBody": form_of(deed)} if deed.uploads else None,
        )


def _proof(deed: Deed) -> str:
    return " In a session it needs a fresh proof of who asks." if deed.steps_up else ""
