"""The money of a call, counted once more: an aggregate's own sums prove nothing about it."""

from collections import Counter
from typing import Any, get_args
from uuid import UUID

from domain.call.aggregate import CALL, SumState
from domain.call.events import (
    AwardListAdopted,
    AwardListApproved,
    AwardListProposed,
    CallPublished,
    ReserveReviewed,
    SumFreed,
    SumReturned,
)
from domain.grant.aggregate import GRANT, Stage
from domain.grant.events import (
    AcceptanceReminded,
    AcknowledgementReminded,
    DeliveryAcknowledged,
    DeliveryRefused,
    DeliveryReminded,
    DeliveryReversed,
    GrantAccepted,
    GrantClosed,
    GrantDeclined,
    GrantEvent,
    GrantLapsed,
    GrantOffered,
    InvoiceRecorded,
    OffersCompared,
    OrderCancelled,
    PartOffered,
    ReportReminded,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
    ReversalDismissed,
    ReversalProposed,
)
from domain.messages import Change
from tests.given import CALL_ID, LINE, Story

SUM_OF = {
    Stage.OFFERED: SumState.OFFERED,
    Stage.ACCEPTED: SumState.COMMITTED,
    Stage.DECLINED: SumState.FREED,
    Stage.LAPSED: SumState.FREED,
    Stage.CLOSED: SumState.RETURNED,
}


_MOVE_NO_MONEY = (
    OffersCompared,
    PartOffered,
    AcceptanceReminded,
    DeliveryReminded,
    AcknowledgementReminded,
    ReportReminded,
)
_KINDS = {*get_args(GrantEvent), ReserveReviewed, SumFreed, SumReturned} - set(_MOVE_NO_MONEY)
EVERY_ENTRY = frozenset(
    {kind.__name__ for kind in _KINDS} | {"a replacement", "borne outside", "a reversal that keeps less", "a promotion"}
)
"""What the seeds of the simulation must meet, or the laws would hold of nothing."""


class Books:
    """The money of a call counted once more from its events, in the plainest way, and checked at every entry."""

    def __init__(self) -> None:
        """Begin with an empty page."""
        self.met: Counter[str] = Counter()
        self.envelope = self.cap = self.taken = self.reviews = 0
        self.reserve: list[UUID] = []
        self.approvers: set[UUID] = set()
        self.offered: dict[UUID, GrantOffered] = {}
        self.committed: dict[UUID, int] = {}
        self.state: dict[UUID, SumState] = {}
        self.ordered: dict[tuple[UUID, int], ResourceOrdered] = {}
        self.kept: dict[tuple[UUID, int], int] = {}
        self.cancelled: set[tuple[UUID, int]] = set()
        self.failed: set[tuple[UUID, int]] = set()
        self.borne: dict[tuple[UUID, int], int] = {}
        self.wrong: dict[tuple[UUID, int], UUID] = {}
        self.handled: set[tuple[UUID, int, UUID]] = set()
        self.delivered: dict[tuple[UUID, int], int] = {}
        self.acknowledged: set[tuple[UUID, int]] = set()
        self.disbursed: dict[tuple[UUID, int], int] = {}

    def enter(self, change: Change) -> None:
        """Take in one event, and check everything."""
        grant, event = change
        self.met[type(event).__name__] += 1
        match event:
            case CallPublished():
                self.envelope, self.cap = event.rules.lines[0].envelope_cents, event.rules.lines[0].cap_cents
            case AwardListProposed():
                self.reserve = [award.grant_id for award in event.reserve]
            case AwardListApproved():
                self.approvers.add(event.by)
            case AwardListAdopted():
                assert len(self.approvers) == 2
                self.taken += event.reserved_cents
            case ReserveReviewed():
                self.reviews += 1
                self.met["a promotion"] += len(event.promoted)
                for award in event.promoted:
                    assert award.grant_id == self.reserve.pop(0), "somebody jumped"
                    self.taken += award.cents
            case SumFreed():
                self.taken -= event.cents
            case SumReturned():
                self.taken -= event.returned_cents
            case GrantOffered():
                assert grant not in self.offered
                self.offered[grant] = event
                self.state[grant] = SumState.OFFERED
            case GrantAccepted():
                assert event.effective_at < self.offered[grant].accept_by
                assert event.cents == self.offered[grant].cents
                self.committed[grant] = event.cents
                self.state[grant] = SumState.COMMITTED
            case GrantDeclined():
                self.state[grant] = SumState.FREED
            case GrantLapsed():
                assert event.effective_at >= self.offered[grant].accept_by
                self.state[grant] = SumState.FREED
            case GrantClosed():
                assert all((grant, number) in self.disbursed for number in self.orders(grant))
                assert not any(one == grant for one, _ in self.wrong), "a reversal waits for its second person"
                assert event.spent_cents == self.spent(grant)
                assert event.spent_cents + event.returned_cents == self.committed[grant]
                self.state[grant] = SumState.RETURNED
            case _:
                self._enter_order(grant, event)
        self._check()

    def _enter_order(self, grant: UUID, event: Any) -> None:
        order = (grant, getattr(event, "order", 0))
        match event:
            case ResourceOrdered():
                assert order not in self.ordered
                assert event.cents > 0
                assert self.state[grant] is SumState.COMMITTED
                if event.replaces is not None:
                    self.met["a replacement"] += 1
                    assert (grant, event.replaces) in self.failed, "it did not fail, or is replaced already"
                    assert event.supplier != self.ordered[grant, event.replaces].supplier
                    self.failed.remove((grant, event.replaces))
                self.ordered[order], self.kept[order] = event, event.cents
            case OrderCancelled():
                assert order not in self.delivered
                assert event.freed_cents == self.takes(order)
                self.cancelled.add(order)
                if event.cause == "supplier_failed":
                    self.failed.add(order)
            case ResourceDelivered():
                assert order not in self.delivered
                assert 0 < event.cents <= self.kept[order]
                self.delivered[order] = event.cents
            case InvoiceRecorded():
                assert order in self.delivered
                assert order not in {*self.borne, *self.disbursed}
                assert event.borne_cents + event.borne_outside_cents == event.cents
                assert event.borne_outside_cents == max(0, event.cents - self.kept[order] - self.left(grant))
                self.borne[order] = event.borne_cents
                self.met["borne outside"] += event.borne_outside_cents > 0
            case DeliveryAcknowledged():
                assert order in self.delivered
                self.acknowledged.add(order)
            case DeliveryRefused():
                assert order not in self.acknowledged
                assert event.cents == self._take_back(order)
            case ResourceDisbursed():
                assert order in self.acknowledged, "nobody acknowledged it"
                assert order not in self.disbursed, "disbursed twice"
                assert event.cents == self.borne.get(order, self.delivered[order])
                assert event.cents + event.released_cents == self.takes(order)
                assert event.by not in {self.ordered[order].by, *self.approvers}, "has a tie"
                assert (*order, event.by) not in self.handled, "has a tie"
                self.disbursed[order] = event.cents
            case ReversalProposed():
                assert order in self.delivered
                self.wrong[order] = event.by
            case ReversalDismissed():
                assert event.by != self.wrong.pop(order), "no second person"
            case DeliveryReversed():
                assert event.by != self.wrong.pop(order) == event.proposed_by, "no second person"
                assert event.disbursed_cents == self.disbursed.get(order, 0)
                assert event.kept_cents <= self.kept[order]
                assert event.delivered_cents == self._take_back(order)
                self.met["a reversal that keeps less"] += event.kept_cents < self.kept[order]
                self.kept[order] = event.kept_cents
            case _:
                return
        assert order not in self.cancelled or isinstance(event, OrderCancelled), "it is cancelled"
        assert order not in self.wrong or isinstance(event, ReversalProposed), "it waits for a second person"
        if not isinstance(event, ResourceOrdered | ResourceDisbursed | ReversalDismissed | DeliveryReversed):
            self.handled.add((*order, event.by))

    def _take_back(self, order: tuple[UUID, int]) -> int:
        """Forget a delivery and return its value."""
        self.acknowledged.discard(order)
        self.borne.pop(order, None)
        self.disbursed.pop(order, None)
        return self.delivered.pop(order)

    def takes(self, order: tuple[UUID, int]) -> int:
        """What an order takes: nothing when cancelled, what was certified, or its value or a higher invoice."""
        if order in self.cancelled:
            return 0
        return self.disbursed.get(order, max(self.kept[order], self.borne.get(order, 0)))

    def orders(self, grant: UUID) -> list[int]:
        """The numbers of a grant's orders that were not cancelled."""
        return [number for one, number in self.ordered if one == grant and (one, number) not in self.cancelled]

    def counting(self, grant: UUID) -> int:
        """What orders take from the commitment."""
        return sum(self.takes((grant, number)) for number in self.orders(grant))

    def spent(self, grant: UUID) -> int:
        """What was disbursed."""
        return sum(cents for (one, _), cents in self.disbursed.items() if one == grant)

    def left(self, grant: UUID) -> int:
        """What can still be ordered."""
        return self.committed.get(grant, 0) - self.counting(grant)

    def _check(self) -> None:
        assert 0 <= self.taken <= self.envelope, "more is taken than the envelope holds"
        for grant, committed in self.committed.items():
            assert 0 <= self.spent(grant) <= self.counting(grant) <= committed <= self.cap

    def agree_with(self, story: Story) -> None:
        """Check that the call's ledger and the grants say the same as these books."""
        call = story.get(CALL, CALL_ID)
        assert call.taken_cents(LINE) == self.taken
        in_the_call = {grant: entry.state for grant, entry in call.ledger.items()}
        assert in_the_call == {**dict.fromkeys(in_the_call, SumState.RESERVED), **self.state}
        for grant, state in self.state.items():
            own = story.get(GRANT, grant)
            assert SUM_OF[own.stage] is state
            assert (own.ordered_cents, own.disbursed_cents) == (self.counting(grant), self.spent(grant))
            assert call.ledger[grant].spent_cents == (own.disbursed_cents if state is SumState.RETURNED else 0)
