"""Ids that follow from other ids stay what they are: the log is full of them."""

from uuid import UUID

import pytest

from domain.ids import call_id, evaluation_id, grant_id
from domain.people import ENGINE, OPERATOR
from domain.receipt import receipt_id
from domain.slot import slot_id

ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("id", "recorded"),
    [
        (ENGINE, "367e870f-93bc-5089-bcb9-5f61abb72775"),
        (OPERATOR, "f1ca6c88-425e-5f6d-bfec-60e95e6c4ee4"),
        (call_id("iurc-2026"), "17169030-ae7f-55e7-960c-15c1db719524"),
        (evaluation_id(ONE), "54674256-cee0-5181-a1fd-780354ad4abc"),
        (grant_id(ONE), "a4a7644f-d4a6-5724-8d92-5e7a8618955a"),
        (slot_id(ONE, "pilot_action", OTHER), "6bd10a07-9172-5a56-b9eb-c9e9e1622e3b"),
        (receipt_id(ONE, "key"), "7b060354-7bdc-5542-8126-8b29bc73a047"),
    ],
    ids=["engine", "operator", "call", "evaluation", "grant", "slot", "receipt"],
)
def test_an_id_that_follows_is_for_ever_the_one_that_was_recorded(id: UUID, recorded: str) -> None:
    assert str(id) == recorded
