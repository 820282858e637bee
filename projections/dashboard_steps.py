"""The dashboard as people read it: how many came how far and what fell away, and the money in parts that add up."""

from collections.abc import Iterator

from domain.values import Cents, Value
from projections.dashboard_view import Figures


class Fell(Value):
    """How many went no further than a step, by the name of the figure that counts them."""

    figure: str
    count: int


class Step(Value):
    """One step on the way from partnerships to closed grants; `sealed` where it may not be told yet (D17)."""

    figure: str
    count: int
    sealed: bool
    fell: tuple[Fell, ...]


class Part(Value):
    """A part of the envelope, in integer euro cents; all parts together are the whole of it."""

    name: str
    cents: Cents


def steps(row: Figures) -> Iterator[Step]:
    """Yield the steps in their order."""
    yield _step("partnerships", row.partnerships + row.generated)
    yield _step("drafted", row.drafted)
    yield _step("submitted", row.submitted, unsubmitted=row.drafted - row.submitted)
    fell = {"withdrawn": row.withdrawn, "inadmissible": row.inadmissible, "ineligible": row.ineligible}
    yield _step("eligible", row.eligible, sealed=row.sealed, **fell)
    yield _step("evaluated", row.evaluated, sealed=row.sealed)
    yield _step("awarded", row.awarded, reserve=row.reserve, rejected=row.rejected)
    yield _step("accepted", row.accepted, declined=row.declined, lapsed=row.lapsed)
    yield _step("closed", row.closed, running=row.accepted - row.closed)


def _step(figure: str, count: int, *, sealed: bool = False, **fell: int) -> Step:
    told = tuple(Fell(figure=name, count=number) for name, number in fell.items() if number)
    return Step(figure=figure, count=count, sealed=sealed, fell=told)


def parts(row: Figures) -> list[Part]:
    """Return the parts of the envelope; what is committed beyond it takes nothing from the others."""
    cents = {
        "certified": row.disbursed_cents,
        "delivered": row.delivered_cents - row.disbursed_cents,
        "ordered": row.ordered_cents - row.delivered_cents,
        "left": row.committed_cents - row.ordered_cents - row.unspent_cents,
        "returned": row.unspent_cents,
        "free": row.envelope_cents - row.committed_cents,
    }
    return [Part(name=name, cents=max(0, sum)) for name, sum in cents.items()]
