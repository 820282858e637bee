"""Who follows an officer that left reads what is open, what was signed before and whom to ask."""

from pathlib import Path

from fund_service.web.screens.handover import HANDOVER
from tests.fund_service.api.conftest import Turning
from tests.fund_service.small_fund import APPLICANTS, action_of, id_of, partnership_of
from tests.fund_service.staged_fund import Stage, copied
from tests.fund_service.web.visitor import somebody

FOLLOWS = "New officer of Nagoya"
LEFT = "Officer of Nagoya"


def test_who_follows_is_led_to_what_is_open_and_to_what_stays_signed_by_who_left(
    turning: Turning, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    with turning.opened(copied(stages[Stage.GRANTED], tmp_path / "fund")) as opened:
        account = {"label": FOLLOWS, "unit": "Nagoya", "organisation_id": str(id_of("Nagoya"))}
        place = f"/accounts/{id_of(FOLLOWS)}/authority"
        for who, path, body in (
            ("Secretariat 1", "/accounts", {"subject": str(id_of(FOLLOWS)), **account}),
            (FOLLOWS, place, {"reference": "Letter of the mayor, scanned as 2026-117"}),
            ("Secretariat 1", f"{place}/acceptance", None),
            ("Secretariat 2", f"{place}/confirmation", None),
        ):
            assert opened.post(who, path, body).status_code < 300
        opened.parts.projector.catch_up()
        follows = somebody(opened, FOLLOWS)
        assert HANDOVER in follows.see("/home").links
        page = follows.see(HANDOVER)
        assert f"You follow {LEFT}. What they signed stays theirs" in page.said
        signed = page.said.partition("Signed before you")[2]
        assert LEFT in signed
        assert "Officer of Turin" not in signed.partition("Whom you can ask")[0]
        assert f"/partnerships/{partnership_of(APPLICANTS[0])}/timeline" in page.links
        assert HANDOVER not in somebody(opened, "Officer of Turin").see("/home").links
        somebody(opened, "Evaluator 1").see(HANDOVER, 404)


def test_an_officer_whose_colleagues_all_stay_sees_what_is_open_and_their_own_drafts(
    turning: Turning, stages: dict[Stage, Path]
) -> None:
    with turning.opened(stages[Stage.OPEN]) as opened:
        opened.parts.projector.catch_up()
        for one in APPLICANTS:
            page = somebody(opened, f"Officer of {one.city}").see(HANDOVER)
            assert "Nobody who acted before you has left." in page.said
            assert "Signed before you Nothing." in page.said
            others = {f"/pilot-actions/{action_of(other)}" for other in APPLICANTS if other is not one}
            assert not others & set(page.links)
