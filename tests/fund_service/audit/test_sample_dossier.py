"""The dossier of a sample: for each item what happened, the exact records and the files, the same bytes for ever."""

import csv
import io
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from typing import Any
from zipfile import ZipFile

import pytest

from domain.audit.populations import Item, PopulationOf, Stratum
from domain.audit.sampling import Method, draw
from domain.ids import grant_id
from fund_service.audit.records import record_of
from tests.fund_service.api.conftest import Api, api_of
from tests.fund_service.small_fund import CALL_ID, action_of
from tests.fund_service.staged_fund import TURIN, Stage

AUDITOR, BUYER, SAMPLE = "Auditor 1", "Resource manager 1", f"/calls/{CALL_ID}/audit/sample"
PERIOD = {"period_from": "2026-06-01", "period_to": "2026-06-30"}
OFFER = b"Three offers for the trees."


@pytest.fixture(scope="module")
def fund(stages: dict[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Return a fund in which an order has its offers attached."""
    place = copytree(stages[Stage.GRANTED], tmp_path_factory.mktemp("dossier") / "fund")
    with api_of(place) as api:
        path = f"/grants/{grant_id(action_of(TURIN))}/orders/1/evidence"
        sent = api.send_file(BUYER, path, "offers.txt", OFFER, {"title": "Offers"})
        assert sent.status_code == 201, sent.text
        api.parts.projector.wait_for(int(sent.headers["Fund-Position"]), 20)
        yield api


def given(api: Api, query: str, who: str = AUDITOR) -> bytes:
    answer = api.get(who, f"{SAMPLE}/dossier?{query}")
    assert answer.status_code == 200, answer.text
    content: bytes = answer.content
    return content


def files(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_an_order_has_its_way_in_words_its_records_and_its_offers(fund: Api) -> None:
    found = files(given(fund, "of=orders&size=1&seed=x"))
    told = found["items/0001/events.txt"].decode()
    assert "grant.resource-ordered" in told
    assert "Officer of Turin" in told  # who accepted the offer
    assert "grant.evidence-attached" in told
    [kept] = rows(found["items/0001/files.csv"])
    assert found[kept["name"]] == OFFER
    assert (kept["sha256"], kept["attached_to"], kept["state"]) == (sha256(OFFER).hexdigest(), "order 1", "checked")
    stored = {one.id: record_of(one) for one in fund.parts.log.headers()}
    lines = found["items/0001/records.jsonl"].splitlines()
    assert lines
    assert all(line == stored[json.loads(line)["position"]] for line in lines)
    assert len(lines) == told.count(", recorded ")


def test_an_order_that_follows_from_offers_says_which_and_why(stages: dict[Stage, Path], tmp_path: Path) -> None:
    with api_of(copytree(stages[Stage.GRANTED], tmp_path / "fund")) as api:
        offers = [{"supplier": "Blu", "cents": 900}, {"supplier": "Verde", "cents": 1_000, "remark": "With a model."}]
        wanted = {"kind": "study", "supplier": "Verde", "cents": 1_000, **PERIOD}
        path = f"/grants/{grant_id(action_of(TURIN))}/orders"
        told = {"offers": offers, "choice_reason": "A model is needed."}
        seen = api.get(BUYER, path.removesuffix("/orders")).headers["ETag"]
        sent = api.post(BUYER, path, {**wanted, **told}, If_Match=seen)
        assert sent.status_code == 200, sent.text
        api.parts.projector.wait_for(int(sent.headers["Fund-Position"]), 20)
        found = files(given(api, "of=orders&size=2&seed=x"))
        [folder] = [one["folder"] for one in rows(found["sample.csv"]) if one["id"].endswith("/2")]
        words = found[f"{folder}events.txt"].decode()
        assert "Offers for order 2 were compared: number 2 was chosen at €10.00; the lowest was €9.00." in words
        for said in ('offers.1.supplier: "Blu"', 'offers.2.remark: "With a model."', '"A model is needed."'):
            assert said in words, said


def test_an_application_has_its_way_from_the_declaration_to_the_notice_and_no_draft(fund: Api) -> None:
    found = files(given(fund, "of=applications&size=4&seed=x"))
    [folder] = [one["folder"] for one in rows(found["sample.csv"]) if one["id"] == str(action_of(TURIN))]
    topics = [json.loads(line)["topic"] for line in found[f"{folder}records.jsonl"].splitlines()]
    for topic in (
        "pilot-action.application-submitted",
        "evaluation.no-conflict-declared",
        "evaluation.scores-given",
        "evaluation.completed",
        "call.award-list-approved",
        "call.outcomes-released",
        "grant.offered",
    ):
        assert topic in topics, topic
    assert "pilot-action.draft-section-saved" not in topics
    assert "justification" in found[f"{folder}events.txt"].decode()


def test_anybody_draws_the_same_from_what_the_dossier_holds(fund: Api) -> None:
    found = files(given(fund, "of=applications&size=2&seed=Brussels"))
    population = tuple(
        Item(one["id"], int(one["cents"]), None, {by: one[by] for by in Stratum}, ())
        for one in rows(found["population.csv"])
    )
    again = [item.id for item, _, _ in draw(population, Method.RANDOM, 2, "Brussels", Stratum.OUTCOME)]
    assert [one["id"] for one in rows(found["sample.csv"])] == again
    readme = found["README.txt"].decode()
    assert "seed “Brussels”" in readme
    assert f"--of {PopulationOf.APPLICATIONS} --method random --size 2 --seed Brussels" in readme


def test_the_same_sample_and_position_give_the_same_bytes_however_long_the_log_has_grown(fund: Api) -> None:
    at = fund.parts.log.end()
    first = given(fund, f"of=orders&size=1&seed=x&at={at}")
    asked = fund.post("Officer of Turin", f"/calls/{CALL_ID}/questions", {"question": "May we?"})
    later = fund.post("Officer of Turin", f"/grants/{grant_id(action_of(TURIN))}/orders/1/acknowledgement")
    assert {asked.status_code, later.status_code} <= {200, 409}
    fund.parts.projector.wait_for(fund.parts.log.end(), 20)
    assert fund.parts.log.end() > at
    assert given(fund, f"of=orders&size=1&seed=x&at={at}") == first


def test_a_file_that_was_altered_is_told_and_not_given_out(fund: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    contents: Any = fund.parts.attachments.contents
    monkeypatch.setattr(type(contents), "find", lambda self, digest: b"forged")
    found = files(given(fund, "of=orders&size=1&seed=x"))
    [kept] = rows(found["items/0001/files.csv"])
    assert "was altered in the store" in kept["state"]
    assert not any(name.startswith("files/") for name in found)


def test_nobody_but_an_auditor_gets_it_and_what_cannot_be_drawn_is_refused(fund: Api) -> None:
    for who in ("Secretariat 1", "Approver 1", "Officer of Turin"):
        assert fund.get(who, f"{SAMPLE}/dossier?size=1&seed=x").status_code == 404
    assert fund.get(AUDITOR, f"{SAMPLE}/dossier").status_code == 404
    assert "Draw at most" in fund.get(AUDITOR, f"{SAMPLE}/dossier?size=99&seed=x").text
