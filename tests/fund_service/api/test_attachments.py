"""Files over HTTP: attached to a draft that is still open, seen by whom each stage lets see them, and never altered."""

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.call.commands import CloseApplicationWindow, OpenApplicationWindow
from domain.evaluation.commands import AssignEvaluator, DeclareNoConflict
from domain.people import ENGINE
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.commands import CheckEligibility, ConfirmParticipation, PutForwardVersion, SubmitApplication
from domain.rulebook.ours.attaching import FILE_BYTES, FILES
from fund_service.api.app import make_app
from fund_service.api.arriving import FORM_BYTES, Arriving, Size
from fund_service.api.bearing import COOKIE, CSRF
from fund_service.auth.sessions import csrf_of
from fund_service.clock import RehearsalClock
from fund_service.composition import open_parts
from fund_service.settings import Settings
from tests.fund_service.api.browser import signed_in
from tests.fund_service.api.conftest import API, Api, api_of, named
from tests.fund_service.attachments.contents_of_files import DOCX, HOSTILE, PDF, WHOLE
from tests.fund_service.attachments.simulated_clamd import simulated_clamd
from tests.fund_service.small_fund import (
    APPLICANTS,
    CALENDAR,
    CALL_ID,
    OFFICE,
    RULES,
    SmallFund,
    action_of,
    id_of,
    officers,
)

TURIN, MALAGA = APPLICANTS[:2]
ACTION = action_of(TURIN)
FILES_OF_TURIN = f"/pilot-actions/{ACTION}/attachments"
PROOFS = f"/pilot-actions/{ACTION}/members/{id_of(TURIN.partner)}/proofs"
LEAD, PARTNER, OTHER, SECRETARIAT = "Officer of Turin", "Officer of Nagoya", "Officer of Málaga", "Secretariat 1"


@pytest.fixture(scope="module")
def drafting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Record a fund in which two applications are submitted and may still change; its clock stands still."""
    place = tmp_path_factory.mktemp("drafting")
    with open_parts(Settings(data=place)) as parts:
        RehearsalClock(parts.facts).move(CALENDAR.applications_open)
    with open_parts(Settings(data=place)) as parts:
        story = SmallFund(parts.fund)
        story.found()
        for one in (TURIN, MALAGA):
            story.pair(one)
        story.at = CALENDAR.applications_open
        story.act(OpenApplicationWindow, ENGINE, call_id=CALL_ID)
        for one in (TURIN, MALAGA):
            story.apply(one)
        RehearsalClock(parts.facts).move(story.at)
    return place


@pytest.fixture(scope="module")
def opened(drafting: Path) -> Iterator[Api]:
    """Return the API of that fund, without a scanner."""
    with api_of(drafting) as api:
        yield api


def attach(api: Api, content: bytes, name: str = "Plan.pdf", who: str | None = LEAD, **fields: str) -> Any:
    """Attach a file to Turin's draft."""
    return api.send_file(who, FILES_OF_TURIN, name, content, fields)


def pdf(text: str) -> bytes:
    """Return another PDF."""
    return PDF.replace(b"<<>>", f"<</Title ({text})>>".encode())


def kept(api: Api) -> list[Path]:
    """Return the files in the content store."""
    return [path for path in (api.parts.settings.data / "attachments").rglob("*") if path.is_file()]


def detach(api: Api, answer: Any) -> None:
    """Take a file off the draft again."""
    where = answer.headers["Location"].removeprefix(API)
    assert api.post(LEAD, f"{where}/detachment").status_code == 200


def test_a_file_is_attached_listed_and_given_out_as_it_came(opened: Api) -> None:
    answer = attach(opened, PDF, "../secret/Plan für Málaga.pdf", section="risks")
    assert (answer.status_code, answer.json()["events"][0]["topic"]) == (201, "pilot-action.file-attached")
    where = answer.headers["Location"].removeprefix(API)
    (row,) = opened.get(LEAD, FILES_OF_TURIN).json()
    digest = hashlib.sha256(PDF).hexdigest()
    assert (row["title"], row["digest"], row["size"]) == ("Plan für Málaga", digest, len(PDF))
    assert (row["scan"], row["section"], row["draft"], row["versions"]) == ("not_scanned", "risks", True, [])
    got = opened.get(LEAD, where)
    assert (got.status_code, got.content, got.headers["ETag"]) == (200, PDF, f'"{digest}"')
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["Content-Disposition"] == (
        "attachment; filename=\"Plan f_r M_laga.pdf\"; filename*=UTF-8''Plan%20f%C3%BCr%20M%C3%A1laga.pdf"
    )
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert opened.get(LEAD, where, If_None_Match=f'"{digest}"').status_code == 304
    detach(opened, answer)
    assert opened.get(LEAD, where).status_code == 404


@pytest.mark.parametrize("kind", WHOLE)
def test_every_kind_that_is_taken_is_taken(opened: Api, kind: Any) -> None:
    endings = {"jpeg": "jpg", "text": "txt"}
    answer = attach(opened, WHOLE[kind], f"Plan.{endings.get(kind, kind)}")
    assert answer.status_code == 201, answer.text
    detach(opened, answer)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_file_is_refused_and_nothing_is_kept(opened: Api, hostile: str) -> None:
    before, end = kept(opened), opened.parts.log.end()
    name, content = HOSTILE[hostile]
    answer = attach(opened, content, name)
    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/kind-refused"), answer.text
    assert (kept(opened), opened.parts.log.end()) == (before, end)


def test_a_file_is_of_the_size_that_the_rule_allows(opened: Api) -> None:
    largest = PDF[:-6] + b"%" + b"x" * (FILE_BYTES - len(PDF) - 2) + b"\n" + PDF[-6:]
    assert len(largest) == FILE_BYTES
    answer = attach(opened, largest)
    assert answer.status_code == 201, answer.text
    detach(opened, answer)
    assert attach(opened, largest + b"\n").status_code == 413
    assert attach(opened, bytes(FORM_BYTES)).status_code == 413
    empty = attach(opened, b"")
    assert (empty.status_code, empty.json()["rule"]["id"]) == (409, "D30")


def test_the_same_content_is_kept_once_for_whoever_attaches_it(opened: Api) -> None:
    first = attach(opened, pdf("shared"))
    number = len(kept(opened))
    again = attach(opened, pdf("shared"))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/stage")
    others = opened.send_file(OTHER, f"/pilot-actions/{action_of(MALAGA)}/attachments", "Plan.pdf", pdf("shared"))
    assert others.status_code == 201, others.text
    assert len(kept(opened)) == number
    detach(opened, first)


def test_a_form_sent_again_with_its_key_is_carried_out_once_and_heals_a_lost_content(opened: Api) -> None:
    sent = {"Idempotency_Key": "the plan"}
    first = opened.send_file(LEAD, FILES_OF_TURIN, "Plan.pdf", pdf("once"), **sent)
    end = opened.parts.log.end()
    again = opened.send_file(LEAD, FILES_OF_TURIN, "Plan.pdf", pdf("once"), **sent)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.headers["Location"] == first.headers["Location"]
    assert opened.parts.log.end() == end
    other = opened.send_file(LEAD, FILES_OF_TURIN, "Plan.pdf", pdf("other"), **sent)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    detach(opened, first)


def test_a_dry_run_keeps_and_records_nothing(opened: Api) -> None:
    before, end = kept(opened), opened.parts.log.end()
    answer = opened.send_file(LEAD, f"{FILES_OF_TURIN}?dry_run=true", "Plan.pdf", pdf("dry"))
    assert (answer.status_code, answer.json()["recorded"]) == (200, False)
    refused = opened.send_file(LEAD, f"{FILES_OF_TURIN}?dry_run=true", "Plan.pdf", DOCX)
    assert refused.status_code == 415
    assert (kept(opened), opened.parts.log.end()) == (before, end)


def test_no_more_files_are_attached_than_the_rule_allows(opened: Api) -> None:
    answers = [attach(opened, pdf(f"one of {FILES}: {number}")) for number in range(FILES)]
    assert {answer.status_code for answer in answers} == {201}
    before = kept(opened)
    answer = attach(opened, pdf("one too many"))
    assert (answer.status_code, answer.json()["rule"]["id"]) == (409, "D30")
    assert kept(opened) == before
    for attached in answers:
        detach(opened, attached)


@pytest.mark.parametrize(
    ("fields", "name", "status"),
    [
        ({"title": "a\u202egnp.exe"}, "Plan.pdf", 422),
        ({}, "Plan\u202efdp.pdf", 422),
        ({"title": "x" * 201}, "Plan.pdf", 422),
        ({}, ".pdf", 422),
        ({"section": "appendix"}, "Plan.pdf", 422),
        ({"attachment_id": "no id"}, "Plan.pdf", 422),
        ({"digest": "0" * 64}, "Plan.pdf", 422),
        ({"scan": "clean"}, "Plan.pdf", 422),
        ({"by": str(UUID(int=1))}, "Plan.pdf", 422),
        ({"title": "x" * 10_001}, "Plan.pdf", 422),
    ],
)
def test_a_form_says_what_it_may_say(opened: Api, fields: dict[str, str], name: str, status: int) -> None:
    answer = opened.send_file(LEAD, FILES_OF_TURIN, name, PDF, fields)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), answer.text


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"file": {"digest": "0"}}', 415),
        ("application/pdf", PDF, 415),
        ("multipart/form-data", b"", 422),
        ("multipart/form-data; boundary=", b"x", 422),
        ("multipart/form-data; boundary=a; charset=punycode", b"--a\r\nno head\r\n--a--", 422),
        ("multipart/form-data; boundary=a", b"--b\r\n\r\nx\r\n--b--\r\n", 422),
        (
            "multipart/form-data; boundary=a",
            b'--a\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--a--',
            422,
        ),
        (
            "multipart/form-data; boundary=a",
            b'--a\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + PDF,
            422,
        ),
        (
            "multipart/form-data; boundary=a",
            2 * (b'--a\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\nx\r\n') + b"--a--",
            422,
        ),
    ],
)
def test_a_body_that_is_no_such_form_is_refused(opened: Api, kind: str, body: bytes, status: int) -> None:
    answer = opened.post(LEAD, FILES_OF_TURIN, body, Content_Type=kind)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), answer.text


def test_a_file_without_a_key_is_refused(opened: Api) -> None:
    headers = {"Authorization": f"Bearer {opened.token(LEAD)}"}
    answer = opened.client.post(f"{API}{FILES_OF_TURIN}", headers=headers, files={"file": ("a.pdf", PDF)})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/key-missing")


def test_who_may_not_is_told_before_the_file_is_read(opened: Api) -> None:
    for who, status in ((None, 401), (OTHER, 404), (PARTNER, 403), (SECRETARIAT, 403)):
        assert attach(opened, b"no PDF", who=who).status_code == status
    assert opened.send_file(LEAD, PROOFS, "Letter.pdf", b"no PDF").status_code == 403
    assert opened.send_file(LEAD, f"/pilot-actions/{uuid4()}/attachments", "a.pdf", PDF).status_code == 404


def test_a_browser_sends_a_file_by_its_session_and_only_from_a_page_of_the_fund(opened: Api) -> None:
    secret = signed_in(opened, LEAD).secret
    assert secret is not None
    sent = {"Cookie": f"{COOKIE}={secret}", "Sec-Fetch-Site": "same-origin", CSRF: csrf_of(secret)}

    def send(**other: str) -> Any:
        headers = {**sent, "Idempotency-Key": str(uuid4()), **named(other)}
        files = {"file": ("Plan.pdf", pdf("by session"))}
        return opened.client.post(f"{API}{FILES_OF_TURIN}", headers=headers, files=files)

    end = opened.parts.log.end()
    for forged in ({"Fund_CSRF": "0"}, {"Sec_Fetch_Site": "cross-site"}):
        answer = send(**forged)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/cross-site"), answer.text
    assert send(Host="elsewhere.example").status_code == 421
    assert opened.parts.log.end() == end
    answer = send()
    assert answer.status_code == 201, answer.text
    where = answer.headers["Location"]
    got = opened.client.get(where, headers=sent)
    assert (got.status_code, got.content) == (200, pdf("by session"))
    assert "Cookie" in got.headers["Vary"]
    detach(opened, answer)


def test_content_that_is_lost_or_altered_is_not_given_out(opened: Api) -> None:
    answer = attach(opened, pdf("precious"))
    where = answer.headers["Location"].removeprefix(API)
    digest = hashlib.sha256(pdf("precious")).hexdigest()
    place = opened.parts.settings.data / "attachments" / digest[:2] / digest[2:]
    place.write_bytes(pdf("preciouS"))
    altered = opened.get(LEAD, where)
    assert (altered.status_code, "altered" in altered.json()["detail"]) == (503, True)
    place.unlink()
    assert (opened.get(LEAD, where).status_code, "missing" in opened.get(LEAD, where).json()["detail"]) == (503, True)
    detach(opened, answer)


def test_what_the_scanner_says_is_recorded_or_refuses_the_file(drafting: Path, opened: Api) -> None:
    with simulated_clamd() as (address, clamd), api_of(drafting, clamd=address) as api:
        clean = attach(api, pdf("clean"))
        assert api.get(LEAD, FILES_OF_TURIN).json()[0]["scan"] == "clean"
        detach(api, clean)
        before, end = kept(api), api.parts.log.end()
        infected = attach(api, pdf("EICAR"))
        assert (infected.status_code, infected.json()["type"]) == (422, "/problems/infected")
        asked = len(clamd.asked)
        assert attach(api, pdf("EICAR"), who=OTHER).status_code == 404
        assert len(clamd.asked) == asked
    with api_of(drafting, clamd=address) as api:  # it is gone
        away = attach(api, pdf("away"))
        assert (away.status_code, away.headers["Retry-After"]) == (503, "1")
        assert (kept(api), api.parts.log.end()) == (before, end)


def test_each_stage_lets_see_a_file_whom_the_tables_name(opened: Api) -> None:
    story = SmallFund(opened.parts.fund)
    story.number, story.at = 1000, CALENDAR.applications_open
    plan = attach(opened, pdf("plan"), title="The plan").headers["Location"].removeprefix(API)
    letter = opened.send_file(SECRETARIAT, PROOFS, "Letter.pdf", pdf("letter"))
    assert letter.status_code == 201, letter.text
    proof = letter.headers["Location"].removeprefix(API)

    def seen(path: str) -> set[str]:
        people = (LEAD, PARTNER, OTHER, SECRETARIAT, "Evaluator 1", "Evaluator 2", "Approver 1")
        found = {who: opened.get(who, path).status_code for who in people}
        listed = {who: opened.get(who, FILES_OF_TURIN) for who in people}
        for who, answer in listed.items():
            inside = answer.status_code == 200 and path.rpartition("/")[2] in answer.text
            assert inside == (found[who] == 200), who
        assert set(found.values()) <= {200, 404}
        return {who for who, status in found.items() if status == 200}

    assert seen(plan) == {LEAD, PARTNER}
    assert seen(proof) == {LEAD, PARTNER, SECRETARIAT}
    about = {"pilot_action_id": ACTION}
    story.act(PutForwardVersion, officers(TURIN)[0], **about)
    current = opened.parts.fund.world().get(PILOT_ACTION, ACTION).current
    assert current is not None
    story.act(ConfirmParticipation, officers(TURIN)[1], **about, digest=current.digest, organisation_id=id_of("Nagoya"))
    declared = [declaration.id for declaration in RULES.declarations]
    story.act(SubmitApplication, officers(TURIN)[0], **about, digest=current.digest, declarations=declared)
    late = attach(opened, pdf("late")).headers["Location"].removeprefix(API)
    assert opened.post(LEAD, f"{plan}/detachment").status_code == 200
    position = str(opened.parts.log.end())
    receipt = opened.get(LEAD, f"/pilot-actions/{ACTION}/receipt", Fund_Position=position).json()
    assert [(one["title"], one["digest"]) for one in receipt["files"]] == [
        ("The plan", hashlib.sha256(pdf("plan")).hexdigest())
    ]
    assert opened.get(LEAD, f"/pilot-actions/{ACTION}/versions/2").json()["files"] == receipt["files"]
    assert opened.get(LEAD, f"/pilot-actions/{ACTION}/versions/1").json()["files"] == []
    assert seen(plan) == {LEAD, PARTNER}
    story.at = CALENDAR.applications_close
    story.act(CloseApplicationWindow, ENGINE, call_id=CALL_ID)
    story.at = CALENDAR.eligibility_checked
    story.act(CheckEligibility, ENGINE, **about)
    for name in ("Evaluator 1", "Evaluator 2"):
        story.act(AssignEvaluator, OFFICE, **about, evaluator=id_of(name))
    assert seen(plan) == {LEAD, PARTNER, SECRETARIAT, "Approver 1"}
    story.act(DeclareNoConflict, id_of("Evaluator 1"), **about)
    assert seen(plan) == {LEAD, PARTNER, SECRETARIAT, "Approver 1", "Evaluator 1"}
    assert seen(proof) == {LEAD, PARTNER, SECRETARIAT, "Approver 1"}
    assert seen(late) == {LEAD, PARTNER}


async def told(app: Any, path: str, api: Api, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Send a request piece by piece, the last piece never, and return what comes back."""
    headers = {"authorization": f"Bearer {api.token(LEAD)}", "idempotency-key": str(uuid4())}
    headers["host"] = "testserver"
    headers["content-type"] = "multipart/form-data; boundary=a"
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": f"{API}{path}", "raw_path": b"", "query_string": b""}
    scope |= {"headers": pairs, "http_version": "1.1", "scheme": "http", "server": ("testserver", 80), "client": None}
    back: list[dict[str, Any]] = []
    coming = iter(messages)

    async def receive() -> dict[str, Any]:
        message = next(coming, None)
        if message is None:
            await asyncio.Event().wait()
        assert message is not None
        return message

    async def send(message: Any) -> None:
        back.append(message)

    await app(scope, receive, send)
    return back


BEGUN = {
    "type": "http.request",
    "body": b'--a\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-',
    "more_body": True,
}


async def test_a_file_that_comes_too_slowly_or_not_whole_is_not_taken(opened: Api) -> None:
    end, before = opened.parts.log.end(), kept(opened)
    app: Any = make_app(opened.parts, list)
    app.user_middleware[0].kwargs["form"] = Size(1000, 0.05)
    assert app.user_middleware[0].cls is Arriving
    slow = await told(app, FILES_OF_TURIN, opened, [BEGUN])
    assert slow[0]["status"] == 408
    much = await told(app, FILES_OF_TURIN, opened, [BEGUN, {**BEGUN, "body": b"x" * 1000}])
    assert much[0]["status"] == 413
    await told(app, FILES_OF_TURIN, opened, [BEGUN, {"type": "http.disconnect"}])
    assert (opened.parts.log.end(), kept(opened)) == (end, before)


def test_a_grant_has_documents_that_its_city_attaches_to_the_report(api: Api) -> None:
    from domain.ids import grant_id

    path = f"/grants/{grant_id(ACTION)}"
    answer = api.send_file(LEAD, f"{path}/final-report/attachments", "Photo.jpg", WHOLE["jpeg"])  # type: ignore[index]
    assert answer.status_code == 201, answer.text
    where = answer.headers["Location"].removeprefix(API)
    assert api.get("Approver 1", where).content == WHOLE["jpeg"]  # type: ignore[index]
    assert api.get(OTHER, where).status_code == 404
    assert [row["title"] for row in api.get(LEAD, f"{path}/attachments").json()] == ["Photo"]
    assert api.send_file(LEAD, f"{path}/orders/1/evidence", "Note.pdf", PDF).status_code == 403


def test_the_feed_tells_of_a_file_to_whom_it_shows_the_draft_and_hides_its_title(opened: Api) -> None:
    topics = {"iurc-fund.pilot-action.file-attached.v1", "iurc-fund.pilot-action.proof-attached.v1"}
    for who, number in ((LEAD, 2), (OTHER, 0)):
        found = [one for one in opened.get(who, "/events?limit=1000").json() if one["type"] in topics]
        of_turin = [one for one in found if one["subject"] == str(ACTION)]
        assert len({one["type"] for one in of_turin}) == number
        assert all(one["data"]["file"]["title"] == "[protected]" for one in of_turin)
