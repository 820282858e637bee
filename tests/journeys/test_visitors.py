"""Visitors of `fund demo`: they are somebody by one click, move the clock, and others act meanwhile by the script."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.journeys.demo import FEW, Rehearsed, demo, interrupt, read_until

API = "/api/v1"
PAGE = {"Accept": "text/html"}
DATA = {"Accept": "application/json"}


class Visiting:
    """Somebody at the pages of a running demonstration; as nobody at first."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client
        self._secret = ""

    def said(self, path: str) -> str:
        """Return the words of a page."""
        answer = self._client.get(path, headers=self._signed())
        assert answer.status_code == 200, answer.text
        return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())

    def be(self, label: str) -> None:
        """Click on somebody on the start page."""
        page = self._client.get("/demo").text
        (subject,) = re.findall(
            rf'<h3><bdi>{re.escape(label)}</bdi></h3>.*?name="subject" value="([^"]+)"', page, re.DOTALL
        )[:1]
        answer = self._client.post("/demo/sign-in", data={"subject": subject}, headers=self._signed())
        assert answer.status_code == 303
        self._secret = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
        self._client.cookies.clear()

    def leave(self) -> None:
        """Be nobody again."""
        self._secret = ""

    def read(self, path: str) -> Any:
        """Return what the API answers to whom one is."""
        return self._client.get(f"{API}{path}", headers={**self._signed(), **DATA}).json()

    def do(self, words: str) -> None:
        """Do what waits for whom one is, by the words with which it is told."""
        (waiting,) = [one for one in self.read("/me/next") if words in one["deed"]]
        csrf, path = self.read("/session")["csrf"], waiting["path"]
        body = {name: value for name, value in waiting["known"].items() if value not in path}
        headers = {**self._signed(), **DATA, "Fund-CSRF": csrf, "Idempotency-Key": path}
        answer = self._client.post(path, json=body, headers=headers)
        assert answer.status_code in (200, 201), answer.text

    def move(self, by: str = "point") -> str:
        """Move the clock, follow it until it stands, and return the words of the start page then."""
        answer = self._client.post("/demo/clock", data={"by": by, "next": "/demo"}, headers=self._signed())
        assert answer.status_code == 303, answer.text
        while "The clock is moving" in self.said(answer.headers["Location"]):
            pass
        return self.said("/demo")

    def _signed(self) -> dict[str, str]:
        return {"Cookie": f"__Host-fund={self._secret}"} if self._secret else {}


@pytest.fixture(scope="module")
def place(undisturbed: Rehearsed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a place of this file's own, in which the call was rehearsed."""
    return shutil.copytree(undisturbed.place, tmp_path_factory.mktemp("visited") / "fund")


@pytest.fixture(scope="module")
def visiting(place: Path) -> Iterator[Visiting]:
    """Return a visitor of the running demonstration."""
    with demo(place, *FEW) as process:
        assert "/demo\n" in read_until(process, "Ctrl-C")
        address = json.loads((place / "ports.json").read_text())["api"]
        with httpx2.Client(base_url=address, headers=PAGE, timeout=60) as client:
            yield Visiting(client)
        assert interrupt(process) == 0


def test_a_visitor_plays_any_part_while_others_play_theirs(visiting: Visiting) -> None:
    said = visiting.said("/demo")
    for role in ("Applicant", "Partner", "Secretariat", "Evaluator", "Approver", "Resource manager", "Certifier"):
        assert f"{role} " in said
    assert "Yours Confirm your part in version 1." in said
    assert "Yours Answer a question about the call." in said

    # the partner abroad confirms, before the script has it do so
    visiting.be("Officer of Puerto Ficticio (invented), fictitious")
    visiting.do("Confirm your part in version 1.")

    # whom the visitor was is left to the visitor, and the others go on
    visiting.be("Officer of Lindenau-am-See (invented), fictitious")
    said = visiting.move()
    assert "1 Call question answered" in said
    assert "Pilot action submission reminded" in said
    assert "draft section saved" not in said
    assert "reminders; " in said

    # of whom the visitor was no more, others take care: every application is in at closing
    visiting.leave()
    said = visiting.move()
    assert "draft section saved" in said
    assert "6 Evaluation opened" in visiting.move()
    for point in ("clarifications due", "scores reminder", "scores due", "consensus due"):
        assert f"To the next point: {point}" in visiting.said("/demo")
        visiting.move()

    # whom the visitor is approves with the proof that the click was, and another approves beside
    visiting.be("Approver 1, fictitious")
    said = visiting.move()
    assert "1 Call award list proposed" in said
    assert "1 Call award list approved" in said
    visiting.do("pprove the award list")
    assert "1 Call outcomes released" in visiting.move()
