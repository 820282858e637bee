"""Who else is at a form of the same application now, as far as who looks may know them."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from domain.account.aggregate import ACCOUNT
from domain.evaluation.commands import AgreeConsensus, GiveScores, ProposeConsensus
from domain.messages import Command
from domain.pilot_action.commands import SaveDraftSection
from fund_service.api.asking import Asking
from fund_service.permissions.views import View
from fund_service.presence import Person
from fund_service.web.screens.application import rules_of
from fund_service.web.wishes import DO, Wish, wish_at

_TOGETHER: Final[Mapping[type[Command], View]] = {
    SaveDraftSection: View.DRAFT,
    GiveScores: View.EVALUATORS,
    ProposeConsensus: View.EVALUATORS,
    AgreeConsensus: View.EVALUATORS,
}
"""Forms that several people have about one application, and what one must see of it to know who is at them."""


class Beside(NamedTuple):
    """Somebody at another form, or at the same: what they are called, and where they are."""

    who: str
    place: str
    is_here: bool


def beside(asking: Asking, wish: Wish) -> list[Beside]:
    """Note who looks as somebody at this form, and return who else is at one. A person at two is told of twice."""
    if not _knows(asking, wish):
        return []
    presence, id = asking.context.presence, wish.names["pilot_action_id"]
    presence.opened(own := Person(asking.by, id, wish.address))
    return list(_others(asking, wish, own))


def _others(asking: Asking, wish: Wish, own: Person) -> Iterator[Beside]:
    for one in asking.context.presence.beside(own):
        theirs = wish_at(one.address.removeprefix(f"{DO}/"), ())
        if _knows(asking, theirs):
            label = asking.world.get(ACCOUNT, one.subject).label
            yield Beside(label, _place(asking, theirs), theirs.address == wish.address)


def _knows(asking: Asking, wish: Wish) -> bool:
    """Tell whether who looks may know who is at a form."""
    view = _TOGETHER.get(wish.deed.command)
    return view is not None and asking.sees(view, wish.names["pilot_action_id"])


def _place(asking: Asking, wish: Wish) -> str:
    sections = {one.id: one.title for one in rules_of(asking, wish.names["pilot_action_id"]).form}
    return sections.get(wish.names.get("section", ""), wish.title)
