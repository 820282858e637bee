"""Search over everything: what somebody may see of it, by the sights of the pages and lists that it leads to.

Names are matched first; what is found is looked at with the eyes of who asks, told as the lists tell it, and matched
once more as it is told: what one may not see, and a name that one may not know, finds nothing.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import islice
from typing import Any, Final, Literal, NamedTuple, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from domain.people import Role
from domain.rulebook import RULES
from domain.values import Value, euros
from fund_service.api.asking import Asking, Open, told_to
from fund_service.api.reading import Answered, Routes, Search
from fund_service.api.resources.messages import own_messages
from fund_service.api.resources.people import own_homes
from fund_service.known_names import Names
from fund_service.matching import Index, Near, Sought
from fund_service.permissions.views import View
from projections import lists
from projections import names as named
from projections.call_questions import published
from projections.coach_worklist import coach_work
from projections.evaluator_worklist import evaluator_work
from projections.registry import accounts, organisations

K = TypeVar("K", bound=Hashable)
R = TypeVar("R", bound=Value)

MOST: Final = 20
"""So many of each kind are shown, the nearest."""
LOOKED_AT: Final = 400
"""So many of each kind are looked at, the nearest."""
_MESSAGES: Final = 2000
"""So many messages are searched, the newest."""
_OUTSIDE: Final = frozenset({Role.APPLICANT, Role.PARTNER, Role.COACH, Role.EVALUATOR})
"""Who has no other role sees what it belongs to, and nothing beside."""

Kind = Literal[
    "call", "partnership", "pilot action", "grant", "order", "place", "account", "message", "question", "rule"
]


class Hit(Value):
    """Something that was found: what it is called, what is to be said of it, and its page.

    `why` says where the words stand; `meant` are the words that were taken for what was typed, none where all stands
    there as typed.
    """

    kind: Kind
    id: str
    title: str
    about: str
    why: str
    meant: tuple[str, ...]
    page: str


class Found(Value):
    """What a search found, kind by kind, the nearest first; of the kinds in `more` there is more than is shown."""

    q: str
    hits: tuple[Hit, ...]
    more: tuple[Kind, ...]


class _Own(NamedTuple):
    """What somebody without an office belongs to."""

    partnerships: frozenset[UUID | None]
    pilot_actions: frozenset[UUID | None]
    grants: frozenset[UUID | None]
    accounts: frozenset[UUID]


def _own(asking: Asking) -> _Own | None:
    """Return what somebody belongs to; None for an office, to which more is open."""
    if not asking.account.roles.keys() <= _OUTSIDE:
        return None
    homes, now = own_homes(asking), asking.now
    coached = {one.id for one in coach_work(asking.connection, asking.by, now)}
    judged = {one.id for one in evaluator_work(asking.connection, asking.by, now)}
    actions = [action for home in homes for action in home.pilot_actions]
    of_coached = named.actions_of(asking.connection, coached)
    return _Own(
        frozenset({home.id for home in homes} | coached),
        frozenset({action.id for action in actions} | judged | of_coached),
        frozenset(action.grant.id for action in actions if action.grant is not None),
        frozenset({asking.by}),
    )


def search_routes(routes: Routes) -> None:
    """Enter the route."""

    @routes.one("/search", Found, Open.SIGNED_IN, name="search")
    def everything(asking: Asking, q: Search = None) -> Answered[Found]:
        """Search everything that you may see: calls, partnerships, places, applications, grants, people, rules.

        Accents, capitals and typing errors are forgiven. Of each kind the nearest 20 are told.
        """
        return search(asking, q or ""), None


def search(asking: Asking, q: str) -> Found:
    """Return what somebody may see of what they look for."""
    sought = Sought(q)
    own, known = _own(asking), asking.context.names.now(asking.connection)
    hits: list[Hit] = []
    more: list[Kind] = []
    for find in _KINDS if sought.words else ():
        found = list(islice(find(asking, sought, own, known), MOST + 1))
        hits += found[:MOST]
        more += [found[0].kind] if len(found) > MOST else []
    return Found(q=q, hits=tuple(hits), more=tuple(more))


def _nearest(index: Index[K], sought: Sought, own: Iterable[Any] | None) -> list[K]:
    """Return what is to be looked at: of what somebody belongs to, or of all."""
    found = index.identified(sought) or index.closest(sought)
    return [one for one in found if own is None or one in own][:LOOKED_AT]


def _told(asking: Asking, rows: Iterable[R], kind: type[R], each: View, order: list[UUID]) -> Iterator[R]:
    """Yield the rows that somebody may see, as they are told, in an order of their ids."""
    known = {row.id: row for row in rows}  # type: ignore[attr-defined]
    for id in order:
        if id in known and asking.sees(each, id):
            yield kind.model_validate(told_to(asking, None, each, known[id]))


def _why(sought: Sought, id: UUID | None, texts: dict[str, str]) -> tuple[str, Near] | None:
    """Return where the words stand, and how near; None where they do not stand in what is told."""
    if id is not None and sought.is_id(id):
        return "number", Near(0, ())
    whole = sought.near(*texts.values())
    if whole is None:
        return None
    alone = ((near, name) for name, text in texts.items() if (near := sought.near(text)) is not None)
    best = min(alone, key=lambda one: one[0].far, default=None)
    return (best[1], best[0]) if best is not None else (" and ".join(texts), whole)


def _hit(kind: Kind, id: object, title: str, about: str, why: tuple[str, Near], page: str) -> Hit:
    return Hit(kind=kind, id=str(id), title=title, about=about, why=why[0], meant=why[1].words, page=page)


def _calls(asking: Asking, sought: Sought, own: _Own | None, known: Names) -> Iterator[Hit]:
    for one in asking.calls:
        if why := _why(sought, one.id, {"title": one.title, "edition": one.edition}):
            yield _hit("call", one.id, one.title, one.stage, why, f"/calls/{one.id}")


def _partnerships(asking: Asking, sought: Sought, own: _Own | None, known: Names) -> Iterator[Hit]:
    order = _nearest(known.partnerships, sought, own and own.partnerships)
    rows = lists.partnerships(asking.connection, ids=order)
    for one in _told(asking, rows, lists.PartnershipRow, View.PARTNERSHIP, order):
        if why := _why(sought, one.id, {"name": one.name}):
            about = "; ".join(part for part in (one.cluster, one.geography, one.stage) if part)
            yield _hit("partnership", one.id, one.name, about, why, f"/partnerships/{one.id}")


def _pilot_actions(asking: Asking, sought: Sought, own: _Own | None, known: Names) -> Iterator[Hit]:
    receipts = named.receipts(asking.connection) if sought.id else {}
    by_receipt = [
        id for id, digest in receipts.items() if sought.is_id(digest) and (not own or id in own.pilot_actions)
    ]
    by_name = _nearest(known.pilot_actions, sought, own and own.pilot_actions)
    order = [*by_receipt[:MOST], *by_name]
    rows = lists.applications(asking.connection, ids=order)
    for one in _told(asking, rows, lists.ApplicationRow, View.PILOT_ACTION, order):
        receipt: tuple[str, Near] | None = ("receipt", Near(0, ())) if one.id in by_receipt else None
        if why := receipt or _why(sought, one.id, {"title": one.title, "partnership": one.partnership}):
            about = "; ".join(part for part in (one.partnership, one.status) if part)
            yield _hit("pilot action", one.id, one.title, about, why, _page_of(asking, one.id))


def _page_of(asking: Asking, pilot_action_id: UUID) -> str:
    """Return the page of a pilot action: its members' own, its evaluators' own, else what happened to it."""
    thing = f"/pilot-actions/{pilot_action_id}"
    if asking.sees(View.DRAFT, pilot_action_id):
        return thing
    judges = Role.EVALUATOR in asking.account.roles and asking.sees(View.EVALUATION, pilot_action_id)
    return f"{thing}/evaluation" if judges else f"{thing}/timeline"


def _grants(asking: Asking, sought: Sought, own: _Own | None, known: Names) -> Iterator[Hit]:
    order = _nearest(known.grants, sought, own and own.grants)
    rows = lists.support(asking.connection, ids=order)
    for one in _told(asking, rows, lists.SupportRow, View.GRANT, order):
        if why := _why(sought, one.id, {"title": one.title, "partnership": one.partnership}):
            about = f"{one.partnership}; {one.stage}, {euros(one.cents)}"
            yield _hit("grant", one.id, one.title, about, why, f"/grants/{one.id}")


def _orders(asking: Asking, sought: Sought, own: _Own | None, known: Names) -> Iterator[Hit]:
    grants = known.orders.closest(sought)
    nearest = [one for one in grants if own is None or one[0] in own.grants][:LOOKED_AT]
    of = list(dict.fromkeys(id for id, _ in nearest))
    rows = lists.support(asking.connection, ids=of)
    told = {one.id: one for one in _told(asking, rows, lists.SupportRow, View.GRANT, of)}
    texts = named.orders(asking.connection, told)
    for id, number in nearest:
        if id in told and (why := _why(sought, None, dict(zip(_OF_ORDER, texts[id, number], strict=True)))):
            title = f"Order {number}, {texts[id, number][1]}"
            about = f"{told[id].title}; {told[id].partnership}"
            yield _hit("order", f"{id}/{number}", title, about, why, f"/grants/{id}#order-{number}")


_OF_ORDER: Final = ("number", "supplier", "kind")


def _places(asking: Asking, sought: Sought, own: _Own | None, known: Names) -> Iterator[Hit]:
    order = _nearest(known.organisations, sought, None)
    places = {one.id: one for one in organisations(asking.connection, order)}
    calls = [one.id for one in asking.calls if one.stage != "cancelled"]
    for one in (places[id] for id in order if id in places):
        why = _why(sought, one.id, {"name": one.name})
        if why and calls:
            page = f"/calls/{calls[-1]}/partnerships?{urlencode({'q': one.name})}"
            yield _hit("place", one.id, one.name, f"{one.kind.capitalize()}, {one.country}", why, page)


def _accounts(asking: Asking, sought: Sought, own: _Own | None, known: Names) -> Iterator[Hit]:
    """Yield accounts: by label and unit, and by the name of who stands behind them for who may know that."""
    people = asking.context.parts.people.names() if own is None else {}
    by_name = [id for id, name in people.items() if sought.near(name)]
    others = known.accounts
    order = list(dict.fromkeys([*by_name, *_nearest(others, sought, own and own.accounts)]))[:LOOKED_AT]
    rows = {one.id: one for one in accounts(asking.connection, order)}
    for one in (rows[id] for id in order if id in rows and asking.sees(View.ACCOUNT, id)):
        name = people.get(one.id, "") if asking.sees(View.PERSON, one.id) else ""
        if why := _why(sought, one.id, {"label": one.label, "name": name, "unit": one.unit}):
            roles = ", ".join(role.replace("_", " ") for role in one.roles)
            about = "; ".join(part for part in (name, one.unit, roles) if part)
            yield _hit("account", one.id, one.label, about, why, f"/accounts/{one.id}")


def _messages(asking: Asking, sought: Sought, own: _Own | None, known: Names) -> Iterator[Hit]:
    for row in islice(own_messages(asking), _MESSAGES):
        if sought.near(row.sentence, row.about) is None:
            continue
        told = told_to(asking, None, None, row)
        if why := _why(sought, None, {"message": told["sentence"], "about": told["about"]}):
            page = f"/messages?{urlencode({'q': told['sentence']})}"
            yield _hit("message", row.id, told["sentence"], told["about"], why, page)


def _questions(asking: Asking, sought: Sought, own: _Own | None, known: Names) -> Iterator[Hit]:
    for call in asking.calls:
        for one in published(asking.connection, call.id):
            if why := _why(sought, None, {"question": one.question, "answer": one.answer}):
                page = f"/questions#question-{one.number}"
                yield _hit("question", f"{call.id}/{one.number}", one.question, one.answer, why, page)


def _rules(asking: Asking, sought: Sought, own: _Own | None, known: Names) -> Iterator[Hit]:
    near = ((one, _why(sought, None, {"clause": one.id, "rule": one.sentence, "source": one.source})) for one in RULES)
    found = [(one, why) for one, why in near if why is not None]
    for one, why in sorted(found, key=lambda pair: pair[1][1].far):
        yield _hit("rule", one.id, f"{one.id}. {one.sentence}", one.source, why, f"/rules#{one.id}")


_KINDS: Final[tuple[Callable[[Asking, Sought, _Own | None, Names], Iterator[Hit]], ...]] = (
    _partnerships,
    _pilot_actions,
    _grants,
    _orders,
    _places,
    _accounts,
    _calls,
    _questions,
    _rules,
    _messages,
)
