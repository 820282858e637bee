"""The sums that events alone add up to, deed by deed."""

import pytest

from domain.audit.outcomes import outcomes_of
from domain.audit.totals import GrantSums, grant_sums, requested
from domain.call.events import Outcome, OutcomesReleased
from domain.grant.events import (
    DeliveryAcknowledged,
    DeliveryRefused,
    DeliveryReversed,
    GrantAccepted,
    GrantClosed,
    GrantDeclined,
    GrantLapsed,
    InvoiceRecorded,
    OrderCancelled,
    ResourceDelivered,
    ResourceDisbursed,
)
from domain.messages import Event
from domain.people import ENGINE
from domain.pilot_action.events import (
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    RemovalConfirmed,
)
from tests.domain.audit.planted import ACTION, CALL, GRANT, LINE, SAM, Planted, text


def granted() -> Planted:
    call = Planted().begin()
    del call.log[3]  # the evaluation: nothing here needs it
    call.plant(GRANT, GrantAccepted, cents=1_000_000, call_id=CALL)
    return call


def sums(call: Planted) -> tuple[int, int, int, int, int]:
    found = grant_sums(call.history())[GRANT]
    return found.committed, found.ordered, found.delivered, found.disbursed, found.left


def delivered(call: Planted, cents: int) -> None:
    call.plant(GRANT, ResourceDelivered, order=1, cents=cents, evidence="A note", acknowledge_by=call.at)


def invoiced(call: Planted, borne: int) -> None:
    paper = {"cents": borne + 5, "evidence": "Invoice", "borne_cents": borne, "borne_outside_cents": 5}
    call.plant(GRANT, InvoiceRecorded, order=1, **paper)


def test_what_orders_take_follows_delivery_invoice_and_certificate_and_is_released() -> None:
    call = granted()
    assert sums(call) == (1_000_000, 0, 0, 0, 1_000_000)
    call.order(1, 100_000)
    assert sums(call) == (1_000_000, 100_000, 0, 0, 900_000)
    delivered(call, 90_000)
    assert sums(call) == (1_000_000, 100_000, 90_000, 0, 900_000)
    invoiced(call, 110_000)
    assert sums(call) == (1_000_000, 110_000, 110_000, 0, 890_000)
    call.plant(GRANT, DeliveryRefused, order=1, cents=110_000, reason=text())
    assert sums(call) == (1_000_000, 100_000, 0, 0, 900_000)
    delivered(call, 80_000)
    call.plant(GRANT, DeliveryAcknowledged, order=1)
    call.plant(GRANT, ResourceDisbursed, order=1, cents=80_000, released_cents=20_000)
    assert sums(call) == (1_000_000, 80_000, 80_000, 80_000, 920_000)
    back = {"delivered_cents": 80_000, "disbursed_cents": 80_000, "kept_cents": 95_000}
    call.plant(GRANT, DeliveryReversed, order=1, proposed_by=SAM, **back)
    assert sums(call) == (1_000_000, 95_000, 0, 0, 905_000)
    call.plant(GRANT, OrderCancelled, order=1, cause="not_needed", freed_cents=95_000, reason=text())
    assert sums(call) == (1_000_000, 0, 0, 0, 1_000_000)


def test_what_is_closed_returned_declined_or_lapsed_leaves_nothing_to_order() -> None:
    call = granted()
    call.plant(GRANT, GrantClosed, by=ENGINE, call_id=CALL, spent_cents=600_000, returned_cents=400_000)
    found = grant_sums(call.history())[GRANT]
    assert (found.left, found.returned, found.committed) == (0, 400_000, 1_000_000)
    for ended in (GrantDeclined, GrantLapsed):
        offered = Planted().begin()
        why = {"reason": text()} if ended is GrantDeclined else {}
        assert grant_sums(offered.history())[GRANT].left == 1_000_000
        offered.plant(GRANT, ended, call_id=CALL, line=LINE, **why)
        assert grant_sums(offered.history())[GRANT] == GrantSums(offered=1_000_000)


def test_a_request_is_what_was_asked_for_last() -> None:
    call = Planted().begin()
    asked = {"digest": "", "declarations": (), "correction": 0}
    for version, cents in ((1, 700_000), (2, 650_000)):
        call.plant(ACTION, ApplicationSubmitted, version=version, requested_cents=cents, **asked)
    assert requested(call.history()) == {ACTION: 650_000}


_OUT = {"correction": 0, "findings": ()}


@pytest.mark.parametrize(
    ("kind", "fields", "outcome"),
    [
        (ApplicationWithdrawn, {"reason": text()}, "withdrawn"),
        (ApplicationFoundInadmissible, _OUT, "inadmissible"),
        (ApplicationFoundIneligible, _OUT, "ineligible"),
        (
            RemovalConfirmed,
            {"proposed_by": SAM, "cause": "inadmissible", "rule": "D10", "reason": text()},
            "inadmissible",
        ),
    ],
)
def test_an_outcome_is_what_was_found_last(kind: type[Event], fields: dict[str, object], outcome: str) -> None:
    call = Planted().begin()
    asked = {"digest": "", "declarations": (), "correction": 0, "version": 1, "requested_cents": 1}
    del call.log[4]  # the offer
    call.plant(ACTION, ApplicationSubmitted, **asked)
    assert outcomes_of(call.history()) == {ACTION: "open"}
    call.plant(ACTION, kind, **fields)
    assert outcomes_of(call.history()) == {ACTION: outcome}


def test_an_outcome_that_is_released_stands_until_support_is_offered() -> None:
    call = Planted().begin()
    offer = call.log.pop()
    reserve = Outcome(pilot_action_id=ACTION, outcome="reserve", reason="Rank 2.")
    call.plant(CALL, OutcomesReleased, by=ENGINE, line=LINE, version=1, awards=(), outcomes=(reserve,))
    assert outcomes_of(call.history()) == {ACTION: "reserve"}
    call.log.append(offer._replace(position=99))
    assert outcomes_of(call.history()) == {ACTION: "award"}
