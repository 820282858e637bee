"""Every question × everybody × own and others' (P13): each answer is as the tables of permissions say."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from fastapi import APIRouter

from domain.ids import grant_id
from domain.people import Role
from fund_service.api.app import QUESTIONS
from fund_service.api.context import Context
from fund_service.api.deeds import DEEDS
from fund_service.api.reading import Open, Routes
from fund_service.permissions.actors import Actor
from fund_service.permissions.checking import may_see
from fund_service.permissions.deeds import PERMISSIONS
from fund_service.permissions.views import View
from tests.fund_service.api.conftest import Api
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, LINE, action_of, id_of, partnership_of

TURIN, DUBLIN = APPLICANTS[0], APPLICANTS[-1]
PEOPLE: Final = {
    "Secretariat 1": Role.SECRETARIAT,
    "Officer of Turin": Role.APPLICANT,
    "Officer of Nagoya": Role.PARTNER,
    "Officer of Dublin": Role.APPLICANT,
    "Evaluator 1": Role.EVALUATOR,
    "Approver 1": Role.APPROVER,
}
OFFICE, TURINS, COMMITTEE, AUTHORITY = (
    {"Secretariat 1"},
    {"Officer of Turin", "Officer of Nagoya"},
    {"Evaluator 1"},
    {"Approver 1"},
)
WHO_SEES_TURINS: Final[Mapping[View, set[str]]] = {
    View.PARTNERSHIP: OFFICE | TURINS | AUTHORITY,
    View.PILOT_ACTION: OFFICE | TURINS | COMMITTEE | AUTHORITY,
    View.DRAFT: TURINS,
    View.APPLICATION: OFFICE | TURINS | COMMITTEE | AUTHORITY,
    View.EVALUATION: OFFICE | COMMITTEE | AUTHORITY,
    View.GRANT: OFFICE | TURINS | AUTHORITY,
    View.RANKING: OFFICE | AUTHORITY,
    View.DASHBOARD: OFFICE | AUTHORITY,
    View.DESK: OFFICE,
    View.QUESTIONS: OFFICE,
    View.MESSAGES: OFFICE,
    View.ACCOUNT: OFFICE | {"Officer of Turin"},
    View.PERSON: OFFICE | {"Officer of Turin"},
    View.REFUSALS: OFFICE,
}
"""Who sees what is Turin's in the small fund, after the release: written by hand, not from the table."""


class _Asked(dict[str, Any]):
    """Fields of a path by their names; any other is some text."""

    def __missing__(self, name: str) -> str:
        return "1"


def things(one: Any) -> _Asked:
    """Return the ids of what belongs to an applicant."""
    action = action_of(one)
    return _Asked(
        partnership_id=partnership_of(one),
        pilot_action_id=action,
        grant_id=grant_id(action),
        call_id=CALL_ID,
        subject=id_of(f"Officer of {one.city}"),
        organisation_id=id_of(one.city),
        line=LINE,
        section="resources",
        rule_id="S01",
    )


def sights(api: Api) -> dict[str, View | Open]:
    """Return the view that one needs for each question, by its path."""
    router = APIRouter()
    for enter in QUESTIONS:
        enter(Routes(router, Context(api.parts)))
    found = {route.path: getattr(route.endpoint, "sight", None) for route in router.routes}  # type: ignore[attr-defined]
    return {path: sight for path, sight in found.items() if not path.startswith("/events")}


def test_every_question_says_who_may_ask_it(api: Api) -> None:
    assert all(sight is not None for sight in sights(api).values())


@pytest.mark.parametrize("view", View)
def test_who_sees_what_is_turins_is_as_written_by_hand(api: Api, view: View) -> None:
    named = things(TURIN)
    ids = {View.PARTNERSHIP: "partnership_id", View.GRANT: "grant_id", View.MESSAGES: "partnership_id"} | dict.fromkeys(
        (View.RANKING, View.DASHBOARD, View.DESK, View.QUESTIONS), "call_id"
    )
    ids |= dict.fromkeys((View.ACCOUNT, View.PERSON, View.REFUSALS), "subject")
    id: UUID = named[ids.get(view, "pilot_action_id")]
    world = api.parts.fund.world()
    assert {who for who in PEOPLE if may_see(view, Actor(id_of(who)), id, world)} == WHO_SEES_TURINS[view]
    assert not may_see(view, Actor(uuid4()), id, world)


def test_every_question_is_answered_to_whom_the_table_names_and_to_nobody_else(api: Api) -> None:
    world, asked = api.parts.fund.world(), 0
    for path, sight in sights(api).items():
        for one in (TURIN, DUBLIN):
            named = things(one)
            address = path.format_map(named)
            for who in (*PEOPLE, None):
                answer = api.get(who, address)
                told = f"{who} {address}: {answer.status_code} {answer.text[:200]}"
                asked += 1
                if sight is Open.EVERYBODY:
                    assert answer.status_code == 200, told
                elif who is None:
                    assert answer.status_code == 401, told
                elif isinstance(sight, View):
                    id = named[re.findall(r"\{(\w+)\}", path)[0]]
                    sees = may_see(sight, Actor(id_of(who)), id, world)
                    assert answer.status_code in ((200, 404) if sees else (404,)), told
                    assert sees or f"There is no {sight} {id}." in answer.text, told
                else:
                    assert answer.status_code in (200, 404), told
    assert asked > 300


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.command.__name__)
def test_nobody_without_one_of_its_roles_is_allowed_a_deed_and_others_things_are_not_there(api: Api, deed: Any) -> None:
    headers = {"If_Match": '"v1"'}
    end = api.parts.log.end()
    for who, role in PEOPLE.items():
        if role in PERMISSIONS[deed.command].roles:
            continue
        send = api.post if deed.method == "POST" else api.put
        answer = send(who, f"{deed.path.format_map(things(TURIN))}?dry_run=true", {}, **headers)
        assert answer.status_code in (403, 404, 422), f"{who}: {answer.text}"
    nobody = (api.post if deed.method == "POST" else api.put)(None, deed.path.format_map(things(TURIN)), {}, **headers)
    assert nobody.status_code == 401, nobody.text
    assert api.parts.log.end() == end
