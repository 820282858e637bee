"""The answer to a question about a clerical error, with the question before one's eyes."""

from collections.abc import Mapping
from typing import Any

from fund_service.api.asking import Asking
from fund_service.api.resources.pilot_actions import clarification_of
from fund_service.web.boxes import Typed
from fund_service.web.heard import Heard
from fund_service.web.wishes import Wish


def clarifying_form(asking: Asking, wish: Wish, heard: Heard) -> Mapping[str, Any]:
    """Return what the form shows: its box, and to who may read it what was asked."""
    return {
        "boxes": Typed(wish.pairs, heard.mistakes, {}).boxes(wish.fields),
        "clarification": clarification_of(asking, wish.names["pilot_action_id"]),
    }
