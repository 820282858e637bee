"""What people may ask for after the release of the outcomes: what comes next, or anything, often right at a limit."""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from domain.call.aggregate import SumState
from domain.call.commands import ReviewReserve
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
from domain.messages import Command
from tests.domain.books import Books
from tests.given import ANNA, CORA, DAY, HAMBURG, RELEASE, RITA, TICK, Pair, ask, until

AWARDED = HAMBURG._replace(cents=600_000), Pair("Lisbon", "Lima", 1_000_000, place=2)
WAITING = (
    Pair("Oslo", "Osaka", 400_000, place=3),
    Pair("Turin", "Taipei", 200_001, place=4),  # with Oslo one cent more than Hamburg leaves
    Pair("Porto", "Perth", 1, place=5),  # would fit, but never jumps
)
BEGINNING = until("released", *AWARDED, *WAITING, envelope=1_600_000)
DELIVERY = (RecordDelivery, AcknowledgeDelivery, CertifyDelivery)
SECOND_PERSON = (ConfirmReversal, DismissReversal)
TWISTS = (CancelOrder, RecordInvoice, RefuseDelivery, ProposeReversal)
"""What may happen to an order beside its usual way."""
ON_ORDERS = (*DELIVERY, *TWISTS, *SECOND_PERSON, RemindOrder)
ANSWERS = (AcceptGrant, DeclineGrant, LapseGrant)
REPORT = (RemindReport, RecordReportOverdue, FileFinalReport)
EVERY_KIND = (OfferGrant, *ANSWERS, OrderResource, *ON_ORDERS, *REPORT, CloseGrant, ReviewReserve)


def ready(books: Books, kind: type[Command]) -> set[tuple[UUID, int]]:
    """Return the orders, of any grant, for which this step may come next."""
    ordered, delivered = set(books.ordered) - books.cancelled, set(books.delivered)
    if kind in (RecordDelivery, CancelOrder):
        return ordered - delivered
    if kind in (AcknowledgeDelivery, RefuseDelivery):
        return delivered - books.acknowledged
    if kind is CertifyDelivery:
        return delivered - set(books.disbursed)
    if kind is RecordInvoice:
        return delivered - {*books.borne, *books.disbursed}
    if kind is ProposeReversal:
        return delivered
    return set(books.wrong) if kind in SECOND_PERSON else ordered


def next_order(books: Books, grant: UUID, kind: type[Command]) -> int:
    """Return the first order for which this step may come next; 1 when there is none."""
    return min((number for one, number in ready(books, kind) if one == grant), default=1)


def next_step(books: Books, grant: UUID, twist: type[Command]) -> type[Command] | None:
    """Return what usually comes next for a grant, or a twist where there is room for it.

    None stands for the word of an applicant or of a second person.
    """
    state = books.state.get(grant)
    if state is None and grant not in books.reserve:
        return OfferGrant
    if state is SumState.OFFERED or any(one == grant for one, _ in books.wrong):
        return None
    if state is SumState.COMMITTED:
        steps = (kind for kind in (twist, *DELIVERY) if any(one == grant for one, _ in ready(books, kind)))
        return next(steps, OrderResource if books.left(grant) else CloseGrant)
    return ReviewReserve


class Deed(NamedTuple):
    """Somebody asks for something: what comes next for this pair, or anything, often right at a limit."""

    pair: Pair
    kind: type[Command] | None
    answer: type[Command]
    second: type[Command]
    twist: type[Command]
    quarters: int
    more_cents: int
    later: timedelta
    number: int | None
    by: UUID

    def command(self, books: Books) -> Command:
        """Return the request as things stand."""
        grant = self.pair.grant
        usual = self.answer if books.state.get(grant) is SumState.OFFERED else self.second
        kind = self.kind or next_step(books, grant, self.twist) or usual
        number = self.number if self.number is not None else next_order(books, grant, kind)
        changes: dict[str, Any] = {"order": number} if kind in ON_ORDERS else {}
        if kind in ANSWERS and grant in books.offered:
            changes = {"at": books.offered[grant].accept_by + self.later}
        elif kind is OrderResource:
            failed = next((n for one, n in books.failed if one == grant), None)
            instead = {"supplier": "Plan C GmbH", "replaces": failed} if failed and self.number is None else {}
            changes = {"cents": self._part(books.left(grant)), **instead}
        elif kind is RecordDelivery and (grant, number) in books.ordered:
            changes["cents"] = self._part(books.kept[grant, number])
        elif kind is CancelOrder:
            changes["cause"] = "supplier_failed" if self.quarters > 1 else "not_needed"
        elif kind in (CertifyDelivery, RecordInvoice, *SECOND_PERSON):
            changes["by"] = self.by
            if kind is RecordInvoice and (grant, number) in books.ordered:
                changes["cents"] = self._part(2 * (books.kept[grant, number] + books.left(grant)))
        elif kind is ReviewReserve:
            day = RELEASE + books.reviews * DAY
            changes = {"day": day.date(), "at": day + DAY}
        return ask(kind, self.pair, **changes)

    def _part(self, cents: int) -> int:
        return cents * self.quarters // 4 + self.more_cents


CHOICES: dict[str, list[Any]] = {
    "pair": [*AWARDED * 6, *WAITING],
    "kind": [*[None] * 3 * len(EVERY_KIND), *EVERY_KIND],
    "answer": [*[AcceptGrant] * 8, DeclineGrant, LapseGrant, LapseGrant],
    "second": [ConfirmReversal, ConfirmReversal, DismissReversal],
    "twist": [*DELIVERY * 4, *TWISTS * 2, ProposeReversal, *[OrderResource, FileFinalReport, CloseGrant] * 2],
    "quarters": [4, 4, 4, 2, 2, 1, 0],
    "more_cents": [0, 0, 0, 0, 1, -1],
    "later": [-DAY, -TICK, timedelta(0)],
    "number": [*[None] * 12, 0, 1, 2],
    "by": [CORA, CORA, CORA, RITA, ANNA],
}
"""What a deed is made of: the usual often, the unusual sometimes."""
