"""The self-check: can we apply? A few plain questions, and what each rule says to the answers, without an account."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from domain.call.aggregate import announced
from domain.errors import Malformed
from domain.pilot_action.self_check import SHOWN_LATER, Verdict
from domain.rulebook import rule
from fund_service.api.asking import Asking, Open
from fund_service.api.resources.calls import published_call
from fund_service.api.resources.self_check import ALONE, Telling, checked
from fund_service.web.countries import CHOICES
from fund_service.web.pages import Pages

_BOXES: Final = 4
"""So many partners can be named at least; each that is named makes room for one more."""


def self_check_page(pages: Pages) -> None:
    """Enter the page; its answers stand in its address alone, and nothing of them is kept."""

    @pages.page("/calls/{call_id}/check", "self_check.html", Open.EVERYBODY)
    def check(asking: Asking, call_id: UUID, told: Telling) -> Mapping[str, Any]:
        row, call = published_call(asking, call_id)
        rules, wrong = announced(call), None
        try:
            case = told.case()
        except Malformed as unclear:
            case, wrong = told._replace(euros="").case(), unclear
        said = checked(asking, call_id, case) if told.anything else ()
        return {
            "call": row,
            "rules": rules,
            "told": told,
            "wrong": wrong,
            "said": [(verdict, [one for one in said if one.verdict is verdict]) for verdict in _ORDER],
            "alone": ALONE,
            "countries": CHOICES,
            "boxes": range(max(_BOXES, len(told.partners) + 1)),
            "later": [(rule(id), words) for id, words in SHOWN_LATER.items()],
        }


_ORDER: Final = (Verdict.NOT_MET, Verdict.OPEN, Verdict.MET)
