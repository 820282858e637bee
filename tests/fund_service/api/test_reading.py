"""Questions: filtered, sorted, cut, paged, as JSON, CSV or XLSX; 304 while nothing changed; nothing of others."""

import csv
import io
import re
from decimal import Decimal

import pytest

from domain.ids import evaluation_id
from fund_service.workbook import MEDIA_TYPE
from tests.fund_service.api.conftest import Api
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, LINE, NOTE, action_of, id_of, partnership_of
from tests.spreadsheets import sheets_of

OFFICE = "Secretariat 1"
TURIN, MALAGA = APPLICANTS[:2]


def test_a_list_is_filtered_searched_sorted_and_cut(api: Api) -> None:
    rows = api.get(OFFICE, "/partnerships?geography=asia&sort=-name&fields=name,geography").json()
    assert rows == [
        {"name": "Turin with Nagoya", "geography": "Asia"},
        {"name": "Málaga with Suwon", "geography": "Asia"},
    ]
    assert [row["name"] for row in api.get(OFFICE, "/partnerships?q=malaga").json()] == ["Málaga with Suwon"]


def test_pages_lead_to_each_other_and_miss_nothing(api: Api) -> None:
    whole = api.get(OFFICE, "/organisations").json()
    found, path = [], "/organisations?limit=3"
    while path:
        page = api.get(OFFICE, path)
        assert page.headers["Total-Count"] == str(len(whole))
        found += page.json()
        link = re.fullmatch(r'<(.*)>; rel="next"', page.headers.get("Link", ""))
        path = link[1].removeprefix("/api/v1") if link else ""
    assert found == whole


def test_a_list_comes_as_csv_without_formulas(api: Api) -> None:
    answer = api.get(OFFICE, "/pilot-actions?fields=id,title", Accept="text/csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["title"] for row in rows][:2] == ["Cool schoolyards", "'=Shade for the old harbour"]


@pytest.mark.parametrize("asked", [{"Accept": MEDIA_TYPE}, {}])
def test_a_list_comes_as_a_workbook_whose_sums_are_in_euro(api: Api, asked: dict[str, str]) -> None:
    answer = api.get(OFFICE, f"/pilot-actions?fields=title,requested_cents{'' if asked else '&format=xlsx'}", **asked)
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    assert answer.headers["Content-Disposition"] == 'attachment; filename="pilot-actions.xlsx"'
    heading, *rows = sheets_of(answer.content)["pilot-actions"]
    assert heading == ["title", "requested_euro"]
    assert rows[:2] == [["Cool schoolyards", 10_000], ["=Shade for the old harbour", Decimal("9412.5")]]
    again = api.get(
        OFFICE, "/pilot-actions?fields=title,requested_cents&format=xlsx", If_None_Match=answer.headers["ETag"]
    )
    assert again.status_code == 304


def test_an_answer_that_one_has_is_not_sent_again(api: Api) -> None:
    first = api.get(OFFICE, f"/calls/{CALL_ID}")
    again = api.get(OFFICE, f"/calls/{CALL_ID}", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/partnerships?sort=nothing", 422),
        ("/partnerships?fields=nothing", 422),
        ("/partnerships?cursor=nothing", 422),
        ("/partnerships?limit=0", 422),
        ("/partnerships?geographie=Asia", 422),
        ("/me?anything=1", 422),
        ("/partnerships/not-an-id", 422),
        ("/nothing", 404),
        (f"/pilot-actions/{CALL_ID}", 404),
        ("/rules/S99", 404),
    ],
)
def test_what_cannot_be_answered_is_told_in_one_sentence(api: Api, path: str, status: int) -> None:
    answer = api.get(OFFICE, path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["detail"].endswith(".")


def test_a_kind_that_is_not_offered_and_a_method_that_is_not_taken(api: Api) -> None:
    assert api.get(OFFICE, "/partnerships", Accept="image/png").status_code == 406
    answer = api.client.delete("/api/v1/organisations", headers={"Authorization": f"Bearer {api.token(OFFICE)}"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")


def test_a_position_that_the_log_does_not_have_is_refused(api: Api) -> None:
    assert api.get(OFFICE, "/partnerships", Fund_Position=str(10**9)).status_code == 422


def test_a_call_is_public_and_everything_else_needs_a_token(api: Api) -> None:
    assert api.get(None, f"/calls/{CALL_ID}").json()["rules"]["lines"][0]["id"] == LINE
    assert api.get(None, "/rules/S01").json()["source"]
    for path in ("/me", "/partnerships", "/events", f"/calls/{CALL_ID}/dashboard"):
        refused = api.get(None, path)
        assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    unknown = api.client.get("/api/v1/me", headers={"Authorization": "Bearer fund_unknown"})
    assert unknown.status_code == 401


def test_a_member_reads_its_own_partnership_draft_and_receipt_alone(api: Api) -> None:
    officer, path = "Officer of Málaga", f"/pilot-actions/{action_of(MALAGA)}"
    assert [row["name"] for row in api.get(officer, "/partnerships").json()] == ["Málaga with Suwon"]
    assert api.get(officer, f"{path}/draft/sections/resources").json()["resources"][0]["unit_cents"] == 941_250
    assert api.get(officer, f"{path}/versions/1").json()["requested_cents"] == 941_250
    assert api.get(officer, f"{path}/receipt").json()["version"] == 1
    for other in ("", "/draft/sections", "/versions/1", "/receipt", "/timeline"):
        assert api.get(officer, f"/pilot-actions/{action_of(TURIN)}{other}").status_code == 404
    assert api.get(officer, f"/partnerships/{partnership_of(TURIN)}").status_code == 404


def test_an_evaluator_reads_what_it_evaluates_and_no_draft(api: Api) -> None:
    path = f"/pilot-actions/{action_of(TURIN)}"
    evaluation = api.get("Evaluator 1", f"{path}/evaluation").json()
    assert evaluation["id"] == str(evaluation_id(action_of(TURIN)))
    assert all(seat["scores"] for seat in evaluation["seats"])
    assert api.get("Evaluator 1", f"{path}/versions/1").status_code == 200
    assert api.get("Evaluator 1", f"{path}/draft/sections").status_code == 404
    assert api.get("Officer of Turin", f"{path}/evaluation").status_code == 404


def test_the_feed_gives_each_reader_what_it_may_see_and_no_free_text(api: Api) -> None:
    def feed(who: str) -> list[dict[str, object]]:
        found, path = [], "/events?limit=1000"
        while True:
            page = api.get(who, path)
            found += page.json()
            if not page.json():
                return found
            path = page.headers["Link"].split(">")[0].removeprefix("</api/v1")

    own, all_of_it = feed("Officer of Málaga"), feed(OFFICE)
    assert {event["id"] for event in own} < {event["id"] for event in all_of_it}
    assert str(action_of(TURIN)) not in str([event["subject"] for event in own])
    assert NOTE not in str(all_of_it)
    assert all(event["specversion"] == "1.0" for event in own)
    evaluation = str(evaluation_id(action_of(MALAGA)))
    assert evaluation not in {event["subject"] for event in own}
    assert str(id_of("Evaluator 1")) not in str(own)


def test_what_waits_is_told_with_the_request_that_does_it(api: Api) -> None:
    rows = api.get("Officer of Málaga", "/me/next").json()
    assert [(row["method"], row["path"]) for row in rows] == [
        ("POST", row["path"]) for row in rows if row["path"].startswith("/api/v1/grants/")
    ]
    assert rows
