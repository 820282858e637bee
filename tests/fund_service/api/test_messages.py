"""Messages: everybody reads what they were told, the secretariat what anybody was told about a partnership."""

from typing import Any

from tests.fund_service.api.conftest import Api
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, action_of, partnership_of

TURIN, MALAGA = APPLICANTS[:2]
OFFICER, SECRETARIAT = "Officer of Turin", "Secretariat 1"


def _messages(api: Api, who: str, path: str = "/messages?limit=1000") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = api.get(who, path).json()
    return rows


def test_an_officer_reads_what_its_city_and_everybody_was_told_the_newest_first(api: Api) -> None:
    rows = _messages(api, OFFICER)
    assert [row["position"] for row in rows] == sorted((row["position"] for row in rows), reverse=True)
    assert {row["to"] for row in rows} == {OFFICER, "Turin", "everybody"}
    assert {row["pilot_action_id"] for row in rows} == {None, str(action_of(TURIN))}
    outcomes = [row for row in rows if row["topic"] == "call.outcomes-released"]
    assert [(row["about"], row["sentence"].partition(".")[0]) for row in outcomes] == [
        (TURIN.title, "The outcome is released: award")
    ]


def test_messages_are_filtered_as_every_list(api: Api) -> None:
    rows = _messages(api, OFFICER, "/messages?topic=call.published")
    assert [(row["to"], row["call_id"]) for row in rows] == [("everybody", str(CALL_ID))]


def test_an_evaluator_is_told_of_what_it_evaluates_and_of_no_outcome(api: Api) -> None:
    rows = _messages(api, "Evaluator 1")
    assert "evaluation.evaluator-assigned" in {row["topic"] for row in rows}
    assert "call.outcomes-released" not in {row["topic"] for row in rows}


def test_the_secretariat_reads_what_was_told_about_a_partnership_and_its_members_do_not(api: Api) -> None:
    path = f"/partnerships/{partnership_of(MALAGA)}/messages?limit=1000"
    rows = _messages(api, SECRETARIAT, path)
    assert {row["partnership_id"] for row in rows} == {str(partnership_of(MALAGA))}
    assert {"Málaga", "Suwon", "Evaluator 1"} <= {row["to"] for row in rows}
    for who in ("Officer of Málaga", OFFICER, "Approver 1"):
        assert api.get(who, path).status_code == 404
