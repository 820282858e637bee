"""People who ask at the same moment, over a real socket, on both stores: one is served, the others hear why not."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import UUID

import httpx2
import pytest

from domain.call.aggregate import CALL
from domain.call.commands import CloseApplicationWindow, OpenApplicationWindow
from domain.call.events import ApplicationRegistered, AwardListAdopted, AwardListApproved, AwardListReturned
from domain.grant.aggregate import GRANT
from domain.grant.commands import OrderResource
from domain.grant.events import GrantAccepted, GrantDeclined, ResourceOrdered
from domain.ids import grant_id
from domain.messages import Event
from domain.people import ENGINE, Role
from domain.pilot_action.events import ApplicationSubmitted
from domain.receipt import CommandHandled
from domain.slot import SlotTaken, slot_id
from fund_service.api.server import address_of, bound, serving
from fund_service.application import Fund
from fund_service.composition import open_parts
from fund_service.facts import Facts
from fund_service.settings import Settings
from fund_service.store import open_store
from tests import postgres
from tests.fund_service.api.conftest import API, Api, Turning
from tests.fund_service.small_fund import (
    APPLICANTS,
    APPROVERS,
    CALENDAR,
    CALL_ID,
    LINE,
    Applicant,
    SmallFund,
    action_of,
    id_of,
)
from tests.fund_service.staged_fund import copied

AT_ONCE = 50
EACH = 5
TURIN, MALAGA = APPLICANTS[:2]
BUYER, THIRD = "Resource manager 1", "Approver 3"
GRANT_OF_TURIN, GRANT_OF_MALAGA = grant_id(action_of(TURIN)), grant_id(action_of(MALAGA))
EURO = 100
ORDER = {
    "kind": "study",
    "supplier": "Plan B GmbH",
    "period_from": "2026-06-01",
    "period_to": "2026-09-30",
}
IN_FLIGHT, RULE, STAGE = "/problems/in-flight", "/problems/rule", "/problems/stage"


class Chapter(StrEnum):
    """How far the story is told."""

    DRAFTED = "drafted"
    APPROVED_ONCE = "approved once"
    ORDERED = "ordered up to a euro"


class Story(SmallFund):
    """The small fund of two applicants, chapter by chapter, each in the same fund opened anew."""

    def __init__(self) -> None:
        """Begin."""
        super().__init__(cast(Fund, None))

    def tell_chapter(self, chapter: Chapter, fund: Fund) -> None:
        """Tell what leads to here from the chapter before."""
        self.fund = fund
        match chapter:
            case Chapter.DRAFTED:
                self._draft_all()
            case Chapter.APPROVED_ONCE:
                self._judge_all()
            case Chapter.ORDERED:
                self.approve(APPROVERS[1])
                self.release()
                self.accept()
                about = {"grant_id": GRANT_OF_TURIN, "cents": TURIN.requested_cents - EURO}
                self.act(OrderResource, id_of(BUYER), **about, **ORDER)

    def _draft_all(self) -> None:
        self.found()
        self.open_account(THIRD, Role.APPROVER, "Contracting authority")
        self.open_account(BUYER, Role.RESOURCE_MANAGER, BUYER)
        for one in (TURIN, MALAGA):
            self.pair(one)
        self.at = CALENDAR.applications_open + timedelta(days=1)
        self.act(OpenApplicationWindow, ENGINE, call_id=CALL_ID)
        for one in (TURIN, MALAGA):
            self.draft(one)

    def _judge_all(self) -> None:
        for one in (TURIN, MALAGA):
            self.submit(one)
        self.at = CALENDAR.applications_close
        self.act(CloseApplicationWindow, ENGINE, call_id=CALL_ID)
        for one in (TURIN, MALAGA):
            self.judge(one)
        self.propose()
        self.approve(APPROVERS[0])


class Place(NamedTuple):
    """Where a fund lies: its data directory, and its database where it has one."""

    data: Path
    store: str | None

    def set_clock(self, at: datetime) -> None:
        """Let it always be this instant there."""
        with open_store(Settings(data=self.data, store=self.store)) as store:
            Facts(store.engine("facts")).put("clock", at.astimezone(UTC).isoformat())

    def copy(self, to: Path) -> "Place":
        """Copy it while nobody uses it."""
        return Place(copied(self.data, to), self.store and postgres.copied(self.store))


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def chapters(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[Chapter, Place]:
    """Return a fund at the end of each chapter, to be copied only."""
    folder = tmp_path_factory.mktemp("races")
    (folder / "now").mkdir()
    now = Place(folder / "now", request.getfixturevalue("module_database") if request.param == "PostgreSQL" else None)
    story, found = Story(), {}
    for chapter in Chapter:
        with open_parts(Settings(data=now.data, store=now.store)) as parts:
            story.tell_chapter(chapter, parts.fund)
        now.set_clock(story.at)
        found[chapter] = now.copy(folder / chapter.name)
    return found


class Race:
    """A fund at the end of a chapter, where some ask for something at the same moment."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.parts = api.parts
        self.begun = api.parts.log.end()
        self._keys = (f"key {number}" for number in count(1))

    async def run(self, *asked: "Asked") -> list[httpx2.Response]:
        """Send all of it at once, over a socket, and return the answers."""
        with bound(0) as listening:
            async with (
                serving(listening, self.api.client.app),
                httpx2.AsyncClient(base_url=address_of(listening), timeout=60) as client,
            ):
                return await asyncio.gather(*(self._send(client, one) for one in asked))

    async def _send(self, client: httpx2.AsyncClient, one: "Asked") -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.api.token(one.who)}"}
        headers["Idempotency-Key"] = one.key or next(self._keys)
        if one.seen is not None:
            headers["If-Match"] = f'"v{one.seen}"'
        return await client.post(f"{API}{one.path}", json=one.body, headers=headers)

    def told(self) -> "Told":
        """Return what the log tells since the race began."""
        later = self.parts.log.read(self.begun, 1000)
        receipts = [one.event for one in later if isinstance(one.event, CommandHandled)]
        events = [(one.stream, type(one.event)) for one in later if not isinstance(one.event, CommandHandled)]
        return Told(events, Counter(receipt.refused for receipt in receipts))


class Asked(NamedTuple):
    """One request: who asks for what, by which key (a fresh one where none is named), on which version."""

    who: str
    path: str
    body: Any
    key: str | None = None
    seen: int | None = None


class Told(NamedTuple):
    """What the log tells: its events by stream, in its order, and how many requests were refused for what."""

    events: Sequence[tuple[UUID, type[Event]]]
    receipts: Mapping[str | None, int]


Begin = Callable[[Chapter], Race]


@pytest.fixture
def at(chapters: Mapping[Chapter, Place], turning: Turning, tmp_path: Path) -> Iterator[Begin]:
    """Return what opens a copy of the fund at the end of a chapter."""
    with ExitStack() as closing:
        yield lambda chapter: Race(closing.enter_context(turning.opened(*chapters[chapter].copy(tmp_path / "fund"))))


def _submission(race: Race, one: Applicant, key: str | None = None) -> Asked:
    body = SmallFund(race.parts.fund).submission(one)
    return Asked(f"Officer of {one.city}", f"/pilot-actions/{action_of(one)}/submissions", body, key)


def _submitted_once(one: Applicant) -> list[tuple[UUID, type[Event]]]:
    place = slot_id(CALL_ID, LINE, id_of(one.city))
    return [(action_of(one), ApplicationSubmitted), (place, SlotTaken), (CALL_ID, ApplicationRegistered)]


def _kinds(answers: Sequence[httpx2.Response]) -> Counter[tuple[int, str | None]]:
    """Return how many were answered how: the status, and the kind of a refusal or that it is a repetition."""
    return Counter(
        (answer.status_code, answer.headers.get("Idempotency-Replayed") or answer.json().get("type"))
        for answer in answers
    )


async def test_a_submission_sent_often_at_once_with_one_key_is_recorded_once(at: Begin) -> None:
    race = at(Chapter.DRAFTED)
    told = _kinds(await race.run(*[_submission(race, TURIN, "one key")] * AT_ONCE))
    assert told[200, None] == 1, told
    assert told.keys() <= {(200, None), (200, "true"), (409, IN_FLIGHT)}
    assert _kinds(await race.run(_submission(race, TURIN, "one key"))) == {(200, "true"): 1}
    assert race.told() == (_submitted_once(TURIN), {None: 1})


async def test_a_submission_sent_often_at_once_with_many_keys_is_recorded_once(at: Begin) -> None:
    race = at(Chapter.DRAFTED)
    assert _kinds(await race.run(*[_submission(race, MALAGA)] * AT_ONCE)) == {(200, None): 1, (409, STAGE): AT_ONCE - 1}
    assert race.told() == (_submitted_once(MALAGA), {None: 1, "stage": AT_ONCE - 1})


async def test_an_award_list_is_adopted_or_sent_back(at: Begin) -> None:
    race = at(Chapter.APPROVED_ONCE)
    call = race.parts.fund.look(CALL, CALL_ID)
    assert call is not None
    path, digest = f"/calls/{CALL_ID}/lines/{LINE}/award-list", call.list_of(LINE).digest
    approves = Asked(APPROVERS[1], f"{path}/approvals", {"digest": digest})
    returns = Asked(THIRD, f"{path}/return", {"digest": digest, "remarks": "The minutes are missing."})
    assert _kinds(await race.run(*[approves, returns] * EACH)) == {(200, None): 1, (409, STAGE): 2 * EACH - 1}
    events, receipts = race.told()
    assert [kind for _, kind in events] in ([AwardListApproved, AwardListAdopted], [AwardListReturned])
    assert {stream for stream, _ in events} == {CALL_ID}
    assert receipts == {None: 1, "stage": 2 * EACH - 1}


async def test_an_offer_is_accepted_or_declined(at: Begin) -> None:
    race, path = at(Chapter.ORDERED), f"/grants/{GRANT_OF_MALAGA}"
    accepts = Asked("Officer of Málaga", f"{path}/acceptance", None)
    declines = Asked("Officer of Málaga", f"{path}/refusal", {"reason": "The city's share was not voted."})
    assert _kinds(await race.run(*[accepts, declines] * EACH)) == {(200, None): 1, (409, STAGE): 2 * EACH - 1}
    events, receipts = race.told()
    assert {(GRANT_OF_MALAGA, GrantAccepted), (GRANT_OF_MALAGA, GrantDeclined)} & set(events)
    assert receipts == {None: 1, "stage": 2 * EACH - 1}


async def test_the_last_euro_is_ordered_once(at: Begin) -> None:
    race = at(Chapter.ORDERED)
    order = Asked(BUYER, f"/grants/{GRANT_OF_TURIN}/orders", {**ORDER, "cents": EURO})
    version = race.parts.fund.world().version(GRANT, GRANT_OF_TURIN)
    answers = await race.run(*[order._replace(seen=version)] * 2 * EACH)
    assert _kinds(answers) == {(200, None): 1, (409, RULE): 2 * EACH - 1}
    assert race.told() == ([(GRANT_OF_TURIN, ResourceOrdered)], {None: 1, "D12": 2 * EACH - 1})
