"""Everybody × own, assigned and others' things × every stage (P13): each answer is as the tables of permissions say,
and they are as `standing.py` says by hand. `make soak` asks every cell over HTTP, `make test` a part of them in turn.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection

from domain.account.aggregate import ACCOUNT
from domain.errors import NotFound, NotPermitted
from domain.grant.aggregate import GRANT
from domain.messages import Command
from fund_service.api.asking import Open
from fund_service.api.deeds import DEEDS
from fund_service.application import WorldNow
from fund_service.permissions.actors import Actor
from fund_service.permissions.alike import ALIKE, Sights
from fund_service.permissions.checking import check_permission, may_see, may_see_all
from fund_service.permissions.views import View
from projections import lists
from projections.database import one_moment
from projections.lists import Kin
from projections.ties import ties
from tests.fund_service.api.asking import ASKS_BACK, sights, tried
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.api.standing import DOES, SEES, STANDING, asked, cells, things, who_may, who_sees
from tests.fund_service.small_fund import CALL_ID, id_of
from tests.fund_service.staged_fund import Stage

ID_OF_VIEW: Final = {
    View.PARTNERSHIP: "partnership_id",
    View.ROADMAP: "partnership_id",
    View.MESSAGES: "partnership_id",
    View.GRANT: "grant_id",
    View.PAPER: "paper_id",
    **dict.fromkeys((View.RANKING, View.DASHBOARD, View.DESK, View.QUESTIONS), "call_id"),
    **dict.fromkeys((View.AUDIT, View.FINDINGS, View.TABLES, View.BUNDLE), "call_id"),
    **dict.fromkeys((View.ACCOUNT, View.PERSON, View.REFUSALS), "subject"),
}
"""What each view is of, where it is not of a pilot action."""
TURNS: Final = 8
"""`make test` asks every so many-th cell over HTTP, another one at each stage."""


@pytest.fixture(scope="module", params=list(Stage), ids=lambda stage: stage.name.lower())
def at(request: pytest.FixtureRequest, stages: dict[Stage, Path], turning: Turning) -> Iterator[tuple[Stage, Api]]:
    """Return each stage with the API of a fund that is there; nothing is recorded in it."""
    with turning.opened(stages[request.param]) as api:
        yield request.param, api


def turn(cell: int, stage: Stage, *, every: bool) -> bool:
    """Tell whether a cell is asked at a stage."""
    return every or cell % TURNS == list(Stage).index(stage) % TURNS


def test_every_view_and_every_deed_stands_in_what_is_written_by_hand() -> None:
    assert SEES.keys() == set(View)
    assert DOES.keys() == {deed.command for deed in DEEDS}


def test_at_every_stage_the_tables_let_everybody_see_what_is_written_by_hand(at: tuple[Stage, Api]) -> None:
    stage, api = at
    world, wrong = api.parts.fund.world(), []
    for view in View:
        for who, one, how in cells():
            id: UUID = things(one)[ID_OF_VIEW.get(view, "pilot_action_id")]
            if view is View.GRANT and world.find(GRANT, id) is None:
                continue
            due = how in who_sees(view, stage)
            if may_see(view, Actor(id_of(who)), id, world) is not due:
                wrong.append(f"{who} as {how}: {view}, {'not seen' if due else 'seen'}")
        assert not may_see(view, Actor(uuid4()), id, world)
    assert wrong == []


def test_who_sees_all_of_a_call_sees_each_thing_in_it_at_every_stage(at: tuple[Stage, Api]) -> None:
    _, api = at
    world, seen = api.parts.fund.world(), set()
    for view in (View.PARTNERSHIP, View.PILOT_ACTION, View.GRANT):
        for who, one, _how in cells():
            id: UUID = things(one)[ID_OF_VIEW.get(view, "pilot_action_id")]
            if may_see_all(view, Actor(id_of(who)), CALL_ID, world):
                seen.add(who)
                there = view is not View.GRANT or world.find(GRANT, id) is not None
                assert may_see(view, Actor(id_of(who)), id, world) or not there, (who, view)
    assert "Secretariat 1" in seen  # who does not work for one strand alone
    assert not {"Secretariat LAC", "Coach 1", "Officer of Turin", "Evaluator 1"} & seen
    assert not may_see_all(View.PARTNERSHIP, Actor(uuid4()), CALL_ID, world)


def test_of_many_things_one_is_told_at_once_what_one_is_told_of_each_at_every_stage(at: tuple[Stage, Api]) -> None:
    _, api = at
    api.parts.projector.catch_up()
    world, shared = api.parts.fund.world(), 0
    with one_moment(api.parts.views) as connection:
        for who in STANDING:
            account = world.find(ACCOUNT, id_of(who))
            own = account.organisation_id if account is not None else None
            sights = Sights(Actor(id_of(who)), world, lambda who=who, own=own: ties(connection, id_of(who), own))  # type: ignore[misc]
            for view, id, kin in _alike(connection):
                assert sights.sees(view, id, kin) is may_see(view, Actor(id_of(who)), id, world), (who, view, id)
            shared += sum(map(len, sights.asked.values()))
    assert shared > len(STANDING)


def _alike(connection: Connection) -> Iterator[tuple[View, UUID, Kin]]:
    """Yield every thing in the lists, with each view of it that is asked for once of those alike."""
    for row, kin in lists.partnerships(connection, CALL_ID).with_kin():
        yield View.PARTNERSHIP, row.id, kin
    for application, kin in lists.applications(connection, CALL_ID).with_kin():
        for view in ALIKE - {View.PARTNERSHIP, View.GRANT}:
            yield view, application.id, kin
    for support, kin in lists.support(connection, CALL_ID).with_kin():
        yield View.GRANT, support.id, kin


def test_at_every_stage_the_tables_let_everybody_ask_for_what_is_written_by_hand(at: tuple[Stage, Api]) -> None:
    stage, api = at
    world, wrong = api.parts.fund.world(), []
    for command in DOES:
        for who, one, how in cells():
            due = how in who_may(command, one, stage)
            if _may(asked(command, one, who), world) is not due:
                wrong.append(f"{who} as {how}: {command.__name__}, {'denied' if due else 'allowed'}")
    assert wrong == []


def test_at_every_stage_questions_are_answered_as_the_tables_say(at: tuple[Stage, Api]) -> None:
    assert _questions(*at, every=False) > 80


def test_at_every_stage_deeds_are_let_through_as_the_tables_say(at: tuple[Stage, Api]) -> None:
    assert _deeds(*at, every=False) > 200


@pytest.mark.soak
def test_every_cell_is_as_the_tables_say(at: tuple[Stage, Api]) -> None:
    assert _questions(*at, every=True) > 700
    assert _deeds(*at, every=True) > 1700


def _questions(stage: Stage, api: Api, *, every: bool) -> int:
    """Ask every question as everybody, with names in the path; return how many were asked."""
    world, count = api.parts.fund.world(), 0
    for path, sight in sights().items():
        for cell, (who, one, _) in enumerate(cells()):
            if not turn(count + cell, stage, every=every):
                continue
            named = things(one)
            answer = api.get(who, path.format_map(named))
            told = f"{stage}, {who}, {path}: {answer.status_code} {answer.text[:200]}"
            if isinstance(sight, View):
                id = named[re.findall(r"\{(\w+)\}", path)[0]]
                sees = may_see(sight, Actor(id_of(who)), id, world)
                assert answer.status_code in ((200, 404) if sees else (404,)), told
                assert sees or f"There is no {sight} {id}." in answer.text, told
            else:
                others = {404} if sight is Open.SIGNED_IN else {422} if path in ASKS_BACK else set()
                assert answer.status_code in {200, *others}, told
        count += len(STANDING) * 2 + 1
        if sight is not Open.EVERYBODY and stage is Stage.OPEN:
            assert api.get(None, path.format_map(things(one))).status_code == 401, path
    return count if every else count // TURNS


def _deeds(stage: Stage, api: Api, *, every: bool) -> int:
    """Try every deed as everybody, without recording anything; return how many were tried."""
    world, count, end = api.parts.fund.world(), 0, api.parts.log.end()
    for deed in DEEDS:
        for who, one, _ in cells():
            count += 1
            if not turn(count, stage, every=every):
                continue
            command = asked(deed.command, one, who)
            answer = tried(api, deed, command, who)
            told = f"{stage}, {who}, {deed.command.__name__}: {answer.status_code} {answer.text[:200]}"
            assert answer.status_code in (200, 403, 404, 409, 412), told
            if _may(command, world):
                assert answer.status_code != 403, told
            else:
                assert answer.status_code in (403, 404), told
        if stage is Stage.OPEN:
            assert tried(api, deed, asked(deed.command, one, who), None).status_code == 401, deed.command.__name__
    assert api.parts.log.end() == end
    return count if every else count // TURNS


def _may(command: Command, world: WorldNow) -> bool:
    try:
        check_permission(command, world)
    except (NotPermitted, NotFound):
        return False
    return True
