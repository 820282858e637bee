"""What holds whatever happens: a fold takes every event, and no sequence of requests breaks the ledger.

The money is counted once more here, straight from the events (`Books`): an aggregate's own sums prove nothing about it.
"""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from domain.call.aggregate import CALL, SumState
from domain.call.commands import ReviewReserve
from domain.call.events import (
    AwardListAdopted,
    AwardListApproved,
    AwardListProposed,
    CallPublished,
    ReserveReviewed,
    SumFreed,
    SumReturned,
)
from domain.errors import NotFound, Refused
from domain.grant.aggregate import GRANT, Stage
from domain.grant.commands import (
    AcceptGrant,
    AcknowledgeDelivery,
    CancelOrder,
    CertifyDelivery,
    CloseGrant,
    ConfirmReversal,
    DeclineGrant,
    DismissReversal,
    FileFinalReport,
    LapseGrant,
    OfferGrant,
    OrderResource,
    ProposeReversal,
    RecordDelivery,
    RecordInvoice,
    RecordReportOverdue,
    RefuseDelivery,
    RemindOrder,
    RemindReport,
)
from domain.grant.events import (
    DeliveryAcknowledged,
    DeliveryRefused,
    DeliveryReversed,
    GrantAccepted,
    GrantClosed,
    GrantDeclined,
    GrantLapsed,
    GrantOffered,
    InvoiceRecorded,
    OrderCancelled,
    ResourceDelivered,
    ResourceDisbursed,
    ResourceOrdered,
    ReversalDismissed,
    ReversalProposed,
)
from domain.messages import Change, Command
from tests.given import (
    ANNA,
    CALL_ID,
    CORA,
    DAY,
    HAMBURG,
    LINE,
    RELEASE,
    RITA,
    TICK,
    Pair,
    Story,
    ask,
    until,
)
from tests.given import given as given_that

# --- no sequence of requests breaks the ledger


class Books:
    """The money of a call counted once more from its events, in the plainest way, and checked at every entry."""

    def __init__(self) -> None:
        """Begin with an empty page."""
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

    def next_order(self, grant: UUID, kind: type[Command]) -> int:
        """The first order for which this step is the next one; 1 when there is none."""
        if kind in REVERSAL:
            waiting = self.delivered if kind is ProposeReversal else self.wrong
            return next((number for one, number in waiting if one == grant), 1)
        done: Any = {RecordDelivery: self.delivered, AcknowledgeDelivery: self.acknowledged}.get(kind, self.disbursed)
        return next((number for number in self.orders(grant) if (grant, number) not in done), 1)

    def next_step(self, grant: UUID) -> type[Command] | None:
        """What usually comes next for a grant; None stands for an answer to the offer."""
        match self.state.get(grant):
            case None:
                return OfferGrant if grant not in self.reserve else ReviewReserve
            case SumState.OFFERED:
                return None
            case SumState.COMMITTED if any(one == grant for one, _ in self.wrong):
                return ConfirmReversal
            case SumState.COMMITTED:
                steps = zip(DELIVERY, (self.delivered, self.acknowledged, self.disbursed), strict=True)
                open_steps = [kind for kind, done in steps if any((grant, n) not in done for n in self.orders(grant))]
                return [*open_steps, OrderResource if self.left(grant) else CloseGrant][0]
            case _:
                return ReviewReserve

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


SUM_OF = {
    Stage.OFFERED: SumState.OFFERED,
    Stage.ACCEPTED: SumState.COMMITTED,
    Stage.DECLINED: SumState.FREED,
    Stage.LAPSED: SumState.FREED,
    Stage.CLOSED: SumState.RETURNED,
}
AWARDED = HAMBURG._replace(cents=600_000), Pair("Lisbon", "Lima", 1_000_000, place=2)
WAITING = (
    Pair("Oslo", "Osaka", 400_000, place=3),
    Pair("Turin", "Taipei", 200_001, place=4),  # with Oslo one cent more than Hamburg leaves
    Pair("Porto", "Perth", 1, place=5),  # would fit, but never jumps
)
BEGINNING = until("released", *AWARDED, *WAITING, envelope=1_600_000)
DELIVERY = (RecordDelivery, AcknowledgeDelivery, CertifyDelivery)
REVERSAL = (ProposeReversal, ConfirmReversal, DismissReversal)
ON_ORDERS = (*DELIVERY, CancelOrder, RecordInvoice, RefuseDelivery, RemindOrder, *REVERSAL)
ANSWERS = (AcceptGrant, DeclineGrant, LapseGrant)
REPORT = (RemindReport, RecordReportOverdue, FileFinalReport)
EVERY_KIND = (OfferGrant, *ANSWERS, OrderResource, *ON_ORDERS, *REPORT, CloseGrant, ReviewReserve)


class Deed(NamedTuple):
    """Somebody asks for something: what comes next for this pair, or anything, often right at a limit."""

    pair: Pair
    kind: type[Command] | None
    answer: type[Command]
    quarters: int
    more_cents: int
    later: timedelta
    number: int | None
    by: UUID

    def command(self, books: Books) -> Command:
        """Return the request as things stand."""
        grant, kind = self.pair.grant, self.kind or books.next_step(self.pair.grant) or self.answer
        number = self.number if self.number is not None else books.next_order(grant, kind)
        changes: dict[str, Any] = {"order": number} if kind in ON_ORDERS else {}
        if kind in ANSWERS and grant in books.offered:
            changes = {"at": books.offered[grant].accept_by + self.later}
        elif kind is OrderResource:
            failed = next((n for one, n in books.failed if one == grant), None)
            instead = {"supplier": "Plan C GmbH", "replaces": failed} if failed and self.number is None else {}
            changes = {"cents": self._part(books.left(grant)), **instead}
        elif kind is RecordDelivery and (grant, number) in books.ordered:
            changes["cents"] = self._part(books.kept[grant, number])
        elif kind is RecordInvoice and (grant, number) in books.ordered:
            changes["cents"] = self._part(books.kept[grant, number] + books.left(grant))
        elif kind is CancelOrder:
            changes["cause"] = "supplier_failed" if self.quarters == 4 else "not_needed"
        elif kind in (CertifyDelivery, RecordInvoice, *REVERSAL[1:]):
            changes["by"] = self.by
        elif kind is ReviewReserve:
            day = RELEASE + books.reviews * DAY
            changes = {"day": day.date(), "at": day + DAY}
        return ask(kind, self.pair, **changes)

    def _part(self, cents: int) -> int:
        return cents * self.quarters // 4 + self.more_cents


CHOICES: dict[str, list[Any]] = {
    "pair": [*AWARDED * 4, *WAITING],
    "kind": [*[None] * 2 * len(EVERY_KIND), *EVERY_KIND, FileFinalReport, FileFinalReport],
    "answer": [AcceptGrant, AcceptGrant, AcceptGrant, DeclineGrant, LapseGrant],
    "quarters": [4, 4, 4, 4, 2, 1, 0],
    "more_cents": [0, 0, 0, 0, 0, 1, -1],
    "later": [-DAY, -TICK, timedelta(0)],
    "number": [None, None, None, None, None, 0, 1, 2],
    "by": [CORA, CORA, CORA, CORA, RITA, ANNA],
}
"""What a deed is made of: the usual often, the unusual sometimes."""
DEEDS = st.builds(Deed, **{name: st.sampled_from(values) for name, values in CHOICES.items()})


class AfterTheRelease(RuleBasedStateMachine):
    """Everybody asks for anything; what is refused changes nothing."""

    def __init__(self) -> None:
        """Begin with the released outcomes."""
        super().__init__()
        self.story, self.books = BEGINNING, Books()
        for change in BEGINNING.log:
            self.books.enter(change)

    @rule(deed=DEEDS)
    def somebody_asks(self, deed: Deed) -> None:
        """Enter every event that follows from a request."""
        try:
            changes = self.story.decide(deed.command(self.books))
        except (Refused, NotFound):
            return
        for change in changes:
            self.books.enter(change)
        self.story = self.story.after(*changes)
        self.books.agree_with(self.story)

    def teardown(self) -> None:
        """No request, refused or not, changed a state behind the log's back."""
        told_again = given_that(*self.story.log)
        streams = {CALL_ID: CALL, **dict.fromkeys(self.books.state, GRANT)}
        assert all(told_again.get(kind, stream) == self.story.get(kind, stream) for stream, kind in streams.items())


TestTheLedgerHoldsWhateverIsAsked = AfterTheRelease.TestCase
