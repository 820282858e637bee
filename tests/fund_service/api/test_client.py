"""The client for scripts against the service itself: it answers, and raises, what `Fund.handle` does."""

import asyncio
import json
import socket
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.client import HTTPMessage
from typing import Any, Final
from uuid import UUID

import pytest

from domain.account.commands import RevokeRole
from domain.errors import (
    Differing,
    DraftChanged,
    FundError,
    Malformed,
    NotFound,
    NotPermitted,
    RuleViolated,
    Unavailable,
    WrongStage,
)
from domain.grant.commands import AcceptGrant
from domain.messages import Command
from domain.organisation.commands import RegisterOrganisation
from domain.partnership.commands import DraftRoadmap
from domain.pilot_action.commands import SaveDraftSection
from domain.values import ProtectedText
from fund_service.api.problems import KINDS, NoSuchMethod, NotSignedIn, problem
from fund_service.api.server import address_of, bound, serving
from fund_service.application import Answer
from fund_service.auth.refusals import TooMany
from fund_service.client import Client, Reply, refusal_of
from tests.fund_service.api.conftest import Api
from tests.fund_service.small_fund import APPLICANTS, action_of, grant_id, id_of, partnership_of

OFFICE, CITY = "Secretariat 1", APPLICANTS[0]
KRAKOW = {"organisation_id": UUID(int=77), "name": "Kraków", "kind": "city", "side": "EU", "country": "PL"}
GRANT = {"grant_id": grant_id(action_of(CITY))}
TYPED = {
    "pilot_action_id": action_of(CITY),
    "section": "resources",
    "base": 1,
    "resources": ({"kind": "study", "quantity": 1, "why": "We need it.", "unit_euros": "10.000"},),
}


@contextmanager
def served(api: Api, port: int = 0) -> Iterator[str]:
    """Serve the API at a port until the end of the block; yields its address."""
    ready: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve(listening: socket.socket) -> None:
        stop = asyncio.Event()
        async with serving(listening, api.client.app):
            ready.set_result((asyncio.get_running_loop(), stop))
            await stop.wait()

    with bound(port) as listening, ThreadPoolExecutor(1) as thread:
        address = address_of(listening)
        running = thread.submit(lambda: asyncio.run(serve(listening)))
        loop, stop = ready.result(60)
        try:
            yield address
        finally:
            loop.call_soon_threadsafe(stop.set)
            running.result(60)


@pytest.fixture(scope="module")
def client(api: Api) -> Iterator[Client]:
    """Return a client of the small fund, which is served at a port of its own."""
    with served(api) as address, closing(Client(address)) as found:
        yield found


def ask(client: Client, api: Api, who: str, command: type[Command], key: str, **named: Any) -> Answer:
    return client.ask(api.token(who), command, key, named)


def test_what_is_asked_here_and_at_the_door_under_one_key_is_one_request(client: Client, api: Api) -> None:
    key = "Kraków/register"
    answer = ask(client, api, OFFICE, RegisterOrganisation, key, **KRAKOW)
    assert answer == Answer(api.parts.log.end(), repeated=False)
    same = RegisterOrganisation.model_validate({"by": id_of(OFFICE), "at": datetime.now(UTC), "key": key, **KRAKOW})
    assert api.parts.fund.handle(same).repeated
    assert ask(client, api, OFFICE, RegisterOrganisation, key, **KRAKOW) == Answer(answer.position, True)
    read = client.read(api.token(OFFICE), f"/organisations/{UUID(int=77)}")
    assert read.said["name"] == "Kraków"


def test_it_says_which_version_it_decides_on(client: Client, api: Api) -> None:
    fields = {"fields": {"stakeholders": "All", "methods": "Some.", "deliverables": "A plan."}}
    named = {"partnership_id": partnership_of(CITY), **fields}
    answer = ask(client, api, f"Officer of {CITY.city}", DraftRoadmap, "another roadmap", **named)
    assert not answer.repeated


REFUSALS: Final[Mapping[str, tuple[str, type[Command], dict[str, Any], type[FundError]]]] = {
    "the stage": (f"Officer of {CITY.city}", AcceptGrant, GRANT, WrongStage),
    "what others have": ("Officer of Dublin", AcceptGrant, GRANT, NotFound),
    "no right": ("Officer of Dublin", RegisterOrganisation, KRAKOW, NotPermitted),
    "what cannot be read": (OFFICE, RegisterOrganisation, {**KRAKOW, "population": "many"}, Malformed),
    "a sum with two meanings": (f"Officer of {CITY.city}", SaveDraftSection, TYPED, Malformed),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_it_raises_what_the_fund_says_no_for(what: str, client: Client, api: Api) -> None:
    who, command, named, error = REFUSALS[what]
    with pytest.raises(FundError) as refused:
        ask(client, api, who, command, f"refused for {what}", **named)
    assert type(refused.value) is error


def test_a_broken_rule_is_raised_under_its_id(client: Client, api: Api) -> None:
    named = {"subject": id_of(OFFICE), "role": "secretariat", "reason": ""}
    with pytest.raises(RuleViolated) as refused:
        ask(client, api, OFFICE, RevokeRole, "without a reason", **named)
    assert refused.value.code == "D18"


def test_who_shows_no_token_that_holds_is_not_signed_in(client: Client) -> None:
    with pytest.raises(NotSignedIn):
        client.ask("fund_nothing", RegisterOrganisation, "nobody", KRAKOW)


def test_a_service_that_was_away_is_asked_again_with_the_same_key(api: Api) -> None:
    named = {**KRAKOW, "organisation_id": UUID(int=78), "name": "Gdynia"}
    with served(api) as address:
        client = Client(address)
        ask(client, api, OFFICE, RegisterOrganisation, "Gdynia", **named)
    with ThreadPoolExecutor(1) as thread, closing(client):
        asking = thread.submit(ask, client, api, OFFICE, RegisterOrganisation, "Gdynia", **named)
        with served(api, int(address.rpartition(":")[2])):
            assert asking.result(60).repeated


def test_where_nobody_answers_it_says_so() -> None:
    with bound(0) as listening:
        address = address_of(listening)
    with pytest.raises(Unavailable, match="does not answer"):
        Client(address, patience=0).read(None, "/calls")


MINE, THEIRS = (ProtectedText(UUID(int=1), text) for text in ("mine", "theirs"))
ERRORS: Final = [
    RuleViolated("S01", "Too much."),
    DraftChanged(
        3, [Differing("Why?", *(ProtectedText(UUID(int=1), text) for text in ("mine", "theirs")))], "Saved.", ""
    ),
    TooMany("Too often.", "", 7),
    *(kind("It is so.") for kind in KINDS if kind not in (RuleViolated, DraftChanged, NoSuchMethod, TooMany)),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_every_refusal_comes_back_as_what_it_was(error: FundError) -> None:
    answer = problem(error, "id of the request")
    headers = HTTPMessage()
    for name, value in answer.headers.items():
        headers[name] = value
    told = refusal_of(Reply(answer.status_code, headers, json.loads(bytes(answer.body))))
    assert (type(told), str(told)) == (type(error), str(error))
    assert getattr(told, "code", None) == getattr(error, "code", None)
    assert getattr(told, "seconds", None) == getattr(error, "seconds", None)
    if isinstance(error, DraftChanged):
        assert isinstance(told, DraftChanged)
        texts = [(one.question, one.mine.text, one.theirs.text) for one in told.differing]
        assert (told.version, texts) == (3, [("Why?", "mine", "theirs")])
