"""Every question with its view, and how a deed is tried over HTTP."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, cast

from fastapi import APIRouter

from domain.messages import Command
from fund_service.api.app import QUESTIONS
from fund_service.api.asking import Open
from fund_service.api.context import Context
from fund_service.api.deeds import Deed
from fund_service.api.describing import names_in
from fund_service.api.reading import Routes
from fund_service.permissions.views import View
from tests.fund_service.api.conftest import Api

ASKS_BACK: Final = frozenset({"/log/receipt-proof"})
"""What is open to everybody and needs more in its query than a path says."""


@cache
def sights() -> Mapping[str, View | Open]:
    """Return the view that one needs for each question, by its path."""
    router = APIRouter()
    for enter in QUESTIONS:
        enter(Routes(router, cast(Context, None)))
    found = {route.path: getattr(route.endpoint, "sight", None) for route in router.routes}  # type: ignore[attr-defined]
    assert all(sight is not None for path, sight in found.items() if not path.startswith("/events")), found
    return {path: sight for path, sight in found.items() if not path.startswith("/events")}


def tried(api: Api, deed: Deed, command: Command, who: str | None) -> Any:
    """Try a command as somebody; nothing is recorded."""
    if deed.uploads:
        given = command.model_dump(mode="json")
        return api.send_file(
            who, f"{deed.path.format_map(given)}?dry_run=true", "plan.txt", b"Our plan.", {"title": "Plan"}
        )
    given = command.model_dump(mode="json", context={"reveal": True}, exclude_none=True)
    apart = {*Command.model_fields, *names_in(deed.path), *([deed.sees] if deed.sees else [])}
    body = {name: value for name, value in given.items() if name not in apart}
    send = api.post if deed.method == "POST" else api.put
    has_body = type(command).model_fields.keys() - apart
    return send(who, f"{deed.path.format_map(given)}?dry_run=true", body if has_body else None, If_Match='"v1"')
