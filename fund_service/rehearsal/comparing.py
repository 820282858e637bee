"""Offers of suppliers that are compared before an order: some are, and once the dearer one is chosen (D38)."""

from typing import Any, Final

from domain.grant.commands import OrderResource
from domain.grant.events import OffersCompared
from fund_service.rehearsal.cases import Area, Case, refused

CASES: Final[tuple[Case, ...]] = (
    Case(
        "dearer-offer",
        Area.RESOURCES,
        "Of several offers the dearer one is chosen, for a reason that everybody can read later.",
        OffersCompared,
        lambda recorded: getattr(recorded.event, "cents", 0) > getattr(recorded.event, "lowest_cents", 0),
    ),
    refused("dearer-without-reason", Area.RESOURCES, "Nobody chooses it without a reason.", "D38", OrderResource),
)
_OTHERS: Final = ("Offering Supplier 1, fictitious", "Offering Supplier 2, fictitious")
_WHY: Final = "Fictitious: the cheaper one could begin only after the pilot has ended."


def compared(number: int, place: int, supplier: str, cents: int) -> dict[str, Any]:
    """Return which offers an order of this number names, of the grant at this place among those that run: those of
    every other grant for its first order, where its own is the lowest; those of the first grant for its third too,
    where it is not.
    """
    if number == 1 and place % 2 == 0:
        return {"offers": _offers(supplier, cents, cents + 25_00, cents + 140_00)}
    if number == 3 and place == 0:
        return {"offers": _offers(supplier, cents, cents + 60_00, cents - 1_00), "choice_reason": _WHY}
    return {}


def _offers(supplier: str, cents: int, *others: int) -> tuple[dict[str, Any], ...]:
    own = {"supplier": supplier, "cents": cents, "remark": "Fictitious: valid for 60 days."}
    return (*({"supplier": name, "cents": sum} for name, sum in zip(_OTHERS, others, strict=True)), own)
