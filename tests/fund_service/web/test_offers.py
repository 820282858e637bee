"""The offers that were compared for an order: typed in its form, shown to those who look after it, not to the city."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from domain.grant.aggregate import GRANT
from fund_service.web.wishes import deed_address
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.test_doing import BUYER, GRANTED, ORDER, ORDERED, hidden_fields
from tests.fund_service.web.visitor import seen, somebody

PAGE = f"/grants/{GRANTED}"
COMPARED = {
    "offers.0.supplier": "Plan A",
    "offers.0.euros": "1000",
    "offers.1.supplier": "Plan B",
    "offers.1.euros": "1.250,50 €",
    "offers.1.remark": "With a model of the square.",
    "offers.2.supplier": "",
    "choice_reason": "A model is needed.",
}


@pytest.fixture(scope="module")
def fund(turning: Turning, stages: dict[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Return a small fund of the file's own, in which an order was made that follows from two offers."""
    place = copytree(stages[Stage.GRANTED], tmp_path_factory.mktemp("offers") / "fund")
    with turning.opened(place) as opened:
        opened.parts.projector.catch_up()
        who = somebody(opened, BUYER)
        sent = who.send(ORDER, {**hidden_fields(who.see(ORDER)), **ORDERED, **COMPARED})
        assert sent.status_code == 303, seen(sent, sent.status_code).said
        opened.parts.projector.catch_up()
        yield opened


def test_the_form_has_rows_for_three_offers_and_one_more_than_were_filled(fund: Api) -> None:
    assert _rows(somebody(fund, BUYER).see(ORDER).content) == 3
    filled = {f"offers.{at}.supplier": f"Supplier {at}" for at in range(4)}
    assert _rows(somebody(fund, BUYER).see(deed_address("OrderResource", grant_id=GRANTED, **filled)).content) == 5


def _rows(content: str) -> int:
    return next(at for at in range(20) if f'name="offers.{at}.supplier"' not in content)


def test_those_who_look_after_an_order_see_what_was_compared_and_the_city_does_not(fund: Api) -> None:
    for label in (BUYER, "Auditor 1", "Certifier 1", "Secretariat 1"):
        page = somebody(fund, label).see(PAGE)
        assert "Plan A €1,000.00" in page.said, label
        assert "Plan B €1,250.50 With a model of the square. Chosen" in page.said, label
        assert "Why this one: A model is needed." in page.said, label
        assert "Offers for order 2 were compared" in somebody(fund, label).see(f"{PAGE}/timeline").said, label
    for label in ("Officer of Turin", "Officer of Nagoya"):
        shown = somebody(fund, label).see(PAGE).said + somebody(fund, label).see(f"{PAGE}/timeline").said
        assert "Plan B" in shown, label
        assert "Plan A" not in shown, label
        assert "were compared" not in shown, label


def test_the_api_tells_what_was_compared_to_the_same(fund: Api) -> None:
    first, second = fund.get("Auditor 1", PAGE).json()["orders"]
    assert first["offers"] == []
    assert [(one["supplier"], one["cents"], one["chosen"]) for one in second["offers"]] == [
        ("Plan A", 100_000, False),
        ("Plan B", 125_050, True),
    ]
    assert (second["offers"][1]["remark"], second["choice_reason"]) == (
        "With a model of the square.",
        "A model is needed.",
    )
    told = fund.get("Officer of Turin", PAGE).json()["orders"]
    assert [(one["offers"], one["choice_reason"]) for one in told] == [([], ""), ([], "")]


def test_a_sum_with_two_meanings_and_a_dearer_choice_without_a_reason_are_told_in_words(fund: Api) -> None:
    who, before = somebody(fund, BUYER), fund.parts.fund.look(GRANT, GRANTED)
    form = {**hidden_fields(who.see(ORDER)), **ORDERED, **COMPARED}
    asked = seen(who.send(ORDER, {**form, "offers.0.euros": "10.000"}), 422)
    assert "“10.000” can mean €10.00 (ten euros) or €10,000.00 (ten thousand euros)" in asked.said
    assert "#box-offers.0.euros" in asked.links
    refused = seen(who.send(ORDER, {**form, "choice_reason": ""}), 409)
    assert "The chosen offer is €250.50 above the lowest (€1,000.00)" in refused.said
    assert "/rules#D38" in refused.links
    assert 'value="Plan A"' in refused.content
    assert fund.parts.fund.look(GRANT, GRANTED) == before


def test_rows_that_were_left_empty_are_closed_up_and_a_mistake_stands_beside_its_row(fund: Api) -> None:
    who = somebody(fund, BUYER)
    typed = {"offers.0.supplier": " ", "offers.2.remark": "By post.", "offers.11.supplier": "Plan B"}
    wrong = seen(who.send(ORDER, {**hidden_fields(who.see(ORDER)), **ORDERED, **typed}), 422)
    assert "#box-offers.0.supplier" in wrong.links
    assert {f"wrong-offers.{at}.euros" in wrong.content for at in (0, 1)} == {True}
    assert 'id="offers.1.supplier" name="offers.1.supplier" type="text" dir="auto" value="Plan B"' in wrong.content
    assert _rows(wrong.content) == 3
