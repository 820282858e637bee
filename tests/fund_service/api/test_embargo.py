"""Before the release nobody outside the procedure can tell one outcome from another, by no byte that HTTP tells (D17).

Two funds whose applications were submitted alike are judged otherwise: another one wins, another one is taken out, to
another one the fund's question stays without an answer, and one list is sent back first. Whoever is no part of the
procedure asks everything in both.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

import fund_service.application
from domain.call.aggregate import CALL
from domain.call.commands import ConfirmCorrection, ProposeAwardList, ProposeCorrection, ReturnAwardList
from domain.errors import WrongStage
from domain.partnership.commands import RecordMemorandum
from domain.people import ENGINE, Role
from domain.pilot_action.commands import (
    AnswerClarification,
    AskClarification,
    CheckEligibility,
    ConfirmRemoval,
    ProposeRemoval,
    WithdrawApplication,
)
from domain.pilot_action.events import RemovalCause
from fund_service.api.deeds import DEEDS
from fund_service.api.describing import PREFIX
from fund_service.composition import open_parts
from fund_service.permissions.actors import Actor
from fund_service.permissions.deeds import PERMISSIONS
from fund_service.settings import Settings
from tests.fund_service.api.asking import tried
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.api.described import COMMITTED
from tests.fund_service.api.standing import asked, things
from tests.fund_service.small_fund import (
    APPLICANTS,
    APPROVERS,
    CALENDAR,
    CALL_ID,
    LINE,
    OFFICE,
    Applicant,
    action_of,
    id_of,
    officers,
    partnership_of,
)
from tests.fund_service.staged_fund import Stage, StagedFund, copied

TURIN, MALAGA, HAMBURG, DUBLIN = APPLICANTS
READERS: Final[Mapping[str, Applicant]] = {
    "Officer of Turin": TURIN,
    "Officer of Nagoya": TURIN,
    "Officer of Málaga": MALAGA,
    "Officer of Suwon": MALAGA,
    "Coach 1": TURIN,
}
"""Who asks, and about what: what wins in one fund was taken out in the other."""
OUTSIDE: Final = {Role.APPLICANT, Role.PARTNER, Role.COACH}
NOT_ASKED: Final = {
    "/api/v1/events/stream": "it has no end; the pages tell the same",
    "/api/v1/session/provider/return": "it tells nothing, and belongs to no fund",
}
DOCUMENT: Final = json.loads(COMMITTED.read_text(encoding="utf-8"))


class Fates(NamedTuple):
    """How the applications fare: which wins, which is taken out and why, which leaves a question without an answer."""

    wins: Applicant
    out: Applicant
    cause: RemovalCause
    silent: Applicant
    sent_back: bool


ONE: Final = Fates(TURIN, MALAGA, RemovalCause.INADMISSIBLE, HAMBURG, sent_back=False)
OTHER: Final = Fates(MALAGA, TURIN, RemovalCause.INELIGIBLE, DUBLIN, sent_back=True)


class Judged(StagedFund):
    """Goes on from the closing until everything is decided, and nothing is released."""

    def decide(self, fates: Fates) -> None:
        """Let the applications fare so; then something happens that all, or the applicants, may read."""
        self.number, self.at = 2000, CALENDAR.applications_close
        for one in (HAMBURG, DUBLIN):
            self.clarify(one, answers=one is not fates.silent)
        for one in APPLICANTS:
            if one is not fates.silent:
                points = 5 if one is fates.wins else 2
                self.judge(one._replace(scores=dict.fromkeys(("quality", "partnership"), (points,) * 3)))
        self.at = CALENDAR.clarifications_due
        self.act(CheckEligibility, ENGINE, pilot_action_id=action_of(fates.silent))
        self.take_out(fates)
        self.propose()
        if fates.sent_back:
            self.send_back()
        for name in APPROVERS:
            self.approve(name)
        self.number, self.at = 5000, CALENDAR.approval_due
        self.correct()
        for one in (TURIN, MALAGA):
            about = {"partnership_id": partnership_of(one), "reference": "Shelf 3"}
            self.act(RecordMemorandum, officers(one)[0], **about)
            with pytest.raises(WrongStage):
                self.act(WithdrawApplication, officers(one)[0], pilot_action_id=action_of(one), reason="We are tired.")

    def correct(self) -> None:
        """Correct a text of the call."""
        rules = self.fund.rules(CALL_ID).model_copy(update={"summary": "Support in kind, never money."})
        self.act(ProposeCorrection, OFFICE, call_id=CALL_ID, rules=rules, reason="A word was missing.")
        self.act(ConfirmCorrection, id_of("Secretariat 2"), call_id=CALL_ID, correction=1)

    def clarify(self, one: Applicant, *, answers: bool) -> None:
        """Ask an applicant about a clerical error."""
        about = {"pilot_action_id": action_of(one)}
        self.act(AskClarification, OFFICE, **about, question="Which street is it?")
        if answers:
            self.act(AnswerClarification, officers(one)[0], **about, answer="Via Po.")

    def take_out(self, fates: Fates) -> None:
        """Let two officers take an application out."""
        about = {"pilot_action_id": action_of(fates.out)}
        why = {"cause": fates.cause, "rule": "S01", "reason": "It asks twice for the same."}
        self.act(ProposeRemoval, OFFICE, **about, **why)
        self.act(ConfirmRemoval, id_of("Secretariat 2"), **about)

    def send_back(self) -> None:
        """Let an approver send the list back, and propose it again."""
        place = {"call_id": CALL_ID, "line": LINE}
        call = self.fund.look(CALL, CALL_ID)
        assert call is not None
        self.act(ReturnAwardList, id_of(APPROVERS[0]), **place, digest=call.list_of(LINE).digest, remarks="Again.")
        self.act(ProposeAwardList, OFFICE, **place)


class AtOneInstant(datetime):
    """The clock on the wall, standing still: so nothing that was recorded is told apart by when."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return datetime(2026, 3, 30, tzinfo=tz)


class Two(NamedTuple):
    """Both funds, and a token of each reader, which holds in both."""

    places: tuple[Path, Path]
    tokens: Mapping[str, str]


@pytest.fixture(scope="module")
def two(stages: Mapping[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> Two:
    """Return two funds that differ in their hidden outcomes alone, right before the release."""
    folder = tmp_path_factory.mktemp("embargo")
    same = copied(stages[Stage.CLOSED], folder / "same")
    with open_parts(Settings(data=same)) as parts:
        parts.facts.settle("id", "one and the same")  # by which each fund calls its log
        now = datetime.now(UTC)
        tokens = {who: parts.tokens.create(Actor(id_of(who)), who, now, timedelta(hours=1))[1] for who in READERS}
    places = []
    for number, fates in enumerate((ONE, OTHER)):
        places.append(copied(same, folder / str(number)))
        with open_parts(Settings(data=places[-1])) as parts, pytest.MonkeyPatch.context() as patched:
            patched.setattr(fund_service.application, "datetime", AtOneInstant)
            story = Judged(parts.fund)
            story.decide(fates)
            parts.projector.catch_up()
            parts.facts.put("clock", story.at.isoformat())
    return Two((places[0], places[1]), tokens)


def said(answer: Any) -> tuple[int, dict[str, str], bytes]:
    """Return an answer but for the id of its request, which is random, and for positions of the log."""
    headers = {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "fund-position")}
    body = _MADE_AT.sub(b"", _POSITION.sub(b"", answer.content))
    if body != answer.content:
        del headers["content-length"]
        headers.pop("etag", None)
    if "link" in headers:
        headers["link"] = re.sub(r"after=\d+", "", headers["link"])
    return answer.status_code, headers, body.replace(answer.headers["X-Request-ID"].encode(), b"")


_MADE_AT: Final = re.compile(rb'"made_at":"[^"]+"')
_POSITION: Final = re.compile(rb'"position":\d+|"id":"\d+(-\d+)?"|(?<=\r\n)\d+(-\d+,\d+|(?=,))')


def questions(api: Api, who: str | None) -> Iterator[tuple[str, Any]]:
    """Ask everything that can be read, about the own thing; a list as CSV too.

    What others own is there for nobody (test_matrix.py); lists are searched and sorted by what is told (listing.py).
    """
    answered = 0
    for path, methods in DOCUMENT["paths"].items():
        if "get" not in methods or path in NOT_ASKED or not path.startswith(PREFIX):
            continue
        address = path.removeprefix(PREFIX).format_map(things(READERS.get(who or "", TURIN)))
        answer = api.get(who, address)
        yield address, said(answer)
        answered += answer.status_code == 200
        in_json = answer.headers.get("Content-Type") == "application/json"
        if answer.status_code == 200 and in_json and isinstance(answer.json(), list):
            yield f"{address} as CSV", said(api.get(who, address, Accept="text/csv"))
    assert answered >= (30 if who is not None else 5)


def trials(api: Api, who: str | None) -> Iterator[tuple[str, Any]]:
    """Try everything that such readers may ask for, about the own thing; nothing is recorded."""
    for deed in DEEDS:
        if who is not None and PERMISSIONS[deed.command].roles & OUTSIDE:
            command = asked(deed.command, READERS[who], who)
            yield f"{deed.method} {deed.path}", said(tried(api, deed, command, who))


def answers(two: Two, turning: Turning, number: int, readers: Iterable[str | None]) -> dict[str, Any]:
    """Return by request what these readers are answered in one of the funds."""
    with turning.opened(two.places[number]) as api:
        api.hold(two.tokens)
        return {
            f"{who}: {what}": told for who in readers for ask in (questions, trials) for what, told in ask(api, who)
        }


def _where(one: str, other: str) -> str:
    """Return where two texts begin to differ."""
    place = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"…{one[max(0, place - 60) : place + 60]}… but …{other[max(0, place - 60) : place + 60]}…"


def test_the_two_funds_differ_in_what_was_decided(two: Two, turning: Turning) -> None:
    found = []
    for place in two.places:
        with turning.opened(place) as api:
            rows = api.get("Auditor 1", f"/calls/{CALL_ID}/lines/{LINE}/ranking/rows").json()
            stages = [api.get("Auditor 1", f"/pilot-actions/{action_of(one)}").json()["stage"] for one in APPLICANTS]
            found.append(([(row["title"], row["outcome"]) for row in rows], stages))
    winner = [("Cool schoolyards", "award"), ("Quiet deliveries", "not_selected")]
    assert found[0] == (winner, ["eligible", "inadmissible", "inadmissible", "eligible"])
    other = [("=Shade for the old harbour", "award"), ("Repair cafés [on wheels]", "not_selected")]
    assert found[1] == (other, ["ineligible", "eligible", "eligible", "inadmissible"])


@pytest.mark.parametrize(
    "readers",
    [
        pytest.param((None, "Officer of Turin", "Officer of Suwon", "Coach 1"), id="of each kind"),
        pytest.param((None, *READERS), id="all", marks=pytest.mark.soak),
    ],
)
def test_whoever_is_no_part_of_the_procedure_is_answered_alike_to_the_byte(
    two: Two, turning: Turning, readers: tuple[str | None, ...]
) -> None:
    one, other = (answers(two, turning, number, readers) for number in (0, 1))
    assert one.keys() == other.keys()
    assert [f"{what}: {_where(str(one[what]), str(other[what]))}" for what in one if one[what] != other[what]] == []
