"""Each sum is explained down to the events that moved it, and is what was recorded."""

from pathlib import Path

from domain.ids import grant_id
from fund_service.audit.explaining.statements import Explanation
from fund_service.audit.explaining.sums import explain_grant, explain_line
from tests.fund_service.api.conftest import Turning
from tests.fund_service.audit.recorded import everything
from tests.fund_service.small_fund import CALL_ID, LINE, action_of
from tests.fund_service.staged_fund import MALAGA, TURIN, Stage
from tests.fund_service.web.visitor import somebody

GRANT = grant_id(action_of(TURIN))


def values(explanation: Explanation) -> dict[str, str]:
    """Return the value of each statement by what it says."""
    return {one.what: one.value for one in explanation.statements}


def test_each_sum_of_a_grant_adds_up_from_its_events(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.GRANTED]) as opened:
        found = explain_grant(everything(opened.parts), GRANT)
    assert values(found) == {
        "Requested": "€10,000.00",
        "Offered": "€10,000.00",
        "Committed": "€10,000.00",
        "Ordered": "€1,000.00",
        "Delivered": "€0.00",
        "Certified and disbursed": "€0.00",
        "Returned to the envelope": "€0.00",
        "Left to order": "€9,000.00",
    }
    assert found.same
    left = found.statements[-1]
    assert left.how == "€10,000.00 − €1,000.00"
    assert sum(int(part.exact) for part in left.parts) == int(left.exact)
    assert all(part.events for part in left.parts)
    committed = found.statements[2]
    assert [one.recorded for one in committed.compared] == ["€10,000.00", "€10,000.00"], "of the grant, of the call"


def test_each_sum_of_a_line_adds_up_from_its_events(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.GRANTED]) as opened:
        found = explain_line(everything(opened.parts), CALL_ID, LINE)
    assert values(found) == {
        "Envelope": "€24,000.00",
        "Taken by grants": "€19,412.50",
        "Committed": "€10,000.00",
        "Spent by closed grants": "€0.00",
        "Left of the envelope": "€4,587.50",
    }
    assert found.same
    assert all(one.rule is not None and one.rule.correction == 0 for one in found.statements)


def test_who_sees_a_grant_sees_its_sums_with_its_events_as_links(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        for label in ("Auditor 1", "Officer of Turin", "Secretariat 1"):
            who = somebody(opened, label)
            assert f"/grants/{GRANT}/sums" in who.see(f"/grants/{GRANT}").links
            page = who.see(f"/grants/{GRANT}/sums")
            assert "Left to order €9,000.00" in page.said
            cited = [link for link in page.links if link.startswith("/events/")]
            assert cited
            assert all("Event" in who.see(link).said for link in cited)
            assert opened.get(label, f"/grants/{GRANT}/sums/explanation").json()["same"] is True
        somebody(opened, "Officer of Málaga").see(f"/grants/{GRANT}/sums", 404)
        assert opened.get("Officer of Málaga", f"/grants/{GRANT}/sums/explanation").status_code == 404
        somebody(opened, "Officer of Turin").see(f"/calls/{CALL_ID}/lines/{LINE}/sums", 404)


def test_an_event_is_cited_to_whom_may_read_it_alone(turning: Turning, stages: dict[Stage, Path]) -> None:
    with turning.opened(stages[Stage.GRANTED]) as opened:
        record = everything(opened.parts)
        ranked = next(one for one in record.of(CALL_ID) if one.event.TOPIC == "call.ranking-established")
        opened.parts.projector.catch_up()
        assert "The applications were ranked" in somebody(opened, "Auditor 1").see(f"/events/{ranked.position}").said
        somebody(opened, "Officer of Turin").see(f"/events/{ranked.position}", 404)
        for position in (0, -1, 10**9):
            somebody(opened, "Auditor 1").see(f"/events/{position}", 404)


def test_what_was_asked_for_is_told_to_whom_may_see_the_application(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    with turning.opened(stages[Stage.GRANTED]) as opened:
        address = f"/grants/{grant_id(action_of(MALAGA))}/sums/explanation"
        for label, told in (("Secretariat 1", True), ("Certifier 1", False)):
            statements = opened.get(label, address).json()["statements"]
            assert ("Requested" in [one["what"] for one in statements]) is told, label
