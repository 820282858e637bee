"""Our defaults on resources: the commitment and what is ordered, delivered and changed within it."""

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from domain.rulebook.rule import Rule
from domain.values import day_in_words, euros

D12 = Rule(
    id="D12",
    sentence="Orders stay within the commitment, and only certified deliveries count as disbursed.",
    status="D",
    source="our default",
    note="Integer cents, no floats. The commitment is at most the request and the cap. Each order has supplier, "
    "category, period, evidence; a delivery is acknowledged by the receiving city and certified by an officer. "
    '"Disbursed" is the value of certified deliveries, never a payment to a city. An invoice above its order is a '
    "fact: the fund bears up to what remains, the rest is recorded as borne outside. What is unspent is released at "
    "closure.",
)


def amount_is_positive(cents: int) -> None:
    """Require more than nothing, in euro cents (D12)."""
    D12.require(
        cents > 0,
        f"The amount is {euros(cents)}; it must be more than {euros(0)}.",
        f"Enter at least {euros(1)}.",
    )


def order_is_within_commitment(order_cents: int, left_cents: int) -> None:
    """Require an order of at most what is left of the commitment, both in euro cents (D12)."""
    above = euros(order_cents - left_cents)
    D12.require(
        order_cents <= left_cents,
        f"This order of {euros(order_cents)} is {above} above what is left ({euros(left_cents)}).",
        f"Lower it by {above}, or cancel another order.",
    )


def order_falls_into_implementation(period_from: date, period_to: date, ends: date) -> None:
    """Require a period that does not end before it starts, nor after the last day of implementation (D12)."""
    D12.require(
        period_from <= period_to,
        f"The period starts on {day_in_words(period_from)} and ends before that, on {day_in_words(period_to)}.",
        f"Let the period end on {day_in_words(period_from)} or later.",
    )
    D12.require(
        period_to <= ends,
        f"The period ends on {day_in_words(period_to)}; the implementation ends on {day_in_words(ends)}.",
        f"Let the period end on {day_in_words(ends)} or earlier.",
    )


def evidence_is_named(evidence: str) -> None:
    """Require evidence that is more than spaces (D12)."""
    D12.require(
        bool(evidence.strip()),
        "No evidence is named.",
        "Name the document that proves it, such as an offer, a contract or a delivery note.",
    )


def delivery_is_within_order(delivered_cents: int, ordered_cents: int) -> None:
    """Require a delivery of at most the value of its order, both in euro cents (D12)."""
    above = euros(delivered_cents - ordered_cents)
    D12.require(
        delivered_cents <= ordered_cents,
        f"This delivery of {euros(delivered_cents)} is {above} above its order ({euros(ordered_cents)}).",
        f"Enter at most {euros(ordered_cents)}, then record the supplier's invoice with the other {above}.",
    )


def delivery_was_acknowledged(acknowledged: bool) -> None:
    """Require the receiving city's word before an officer certifies (D12)."""
    D12.require(
        acknowledged,
        "The receiving city has not acknowledged this delivery.",
        "Ask the city to acknowledge it first.",
    )


def supplier_called(name: str) -> str:
    """Return a supplier's name as it is compared with another, without case and the spaces around it."""
    return name.strip().casefold()


def failed_supplier_is_replaced_by_another(supplier: str, failed: str) -> None:
    """Require another supplier than the one that failed, whatever the case and the spaces around its name (D12)."""
    D12.require(
        supplier_called(supplier) != supplier_called(failed),
        f"{supplier.strip()} is the supplier that failed.",
        "Name the supplier that delivers instead.",
    )


D13 = Rule(
    id="D13",
    sentence="A resource is of a kind that the call lists.",
    status="D",
    source="our default",
    note="Expert days, travel, event or workshop logistics, translation, communication, studies, prototype or licence.",
)


def kind_is_listed(kind: str, kinds: Collection[str]) -> None:
    """Require a kind of resource that the call lists (D13)."""
    D13.require(
        kind in kinds,
        f"“{kind}” is not a kind of resource in this call.",
        f"Choose one of: {', '.join(sorted(kinds))}.",
    )


D14 = Rule(
    id="D14",
    sentence="A large change of a grant needs an amendment, which never raises it above the cap.",
    status="D",
    source="our default",
    note="Needed for a shift of more than 20 % between resource kinds, a change of partner, an extension of more than "
    "one month, a change of scope. After 30 June 2027 there are no visits.",
)

D20 = Rule(
    id="D20",
    sentence="An order in another currency records the original amount, the rate, its source and its date.",
    status="D",
    source="our default",
    note="The value in euro includes tax that cannot be recovered. It is the original amount divided by the rate, in "
    "units of the currency for one euro, half a cent rounded up. A rate is at most 62 days old when the order is made.",
)


def currency_is_known(currency: str, known: Collection[str]) -> None:
    """Require a currency of ISO 4217 other than the euro (D20)."""
    D20.require(
        currency in known,
        f"“{currency}” is not a currency of ISO 4217 other than the euro.",
        "Enter its three capital letters, such as USD; an order in euro has no rate.",
    )


def rate_is_exact(units_per_euro: str) -> None:
    """Require a decimal above zero: digits, and at most nine after a point (D20)."""
    D20.require(
        re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", units_per_euro) is not None and Decimal(units_per_euro) > 0,
        f"“{units_per_euro}” is no rate.",
        "Enter how many units one euro is worth, as a decimal with a point, such as 1.0823.",
    )


def rate_source_is_named(source: str) -> None:
    """Require a source that is more than spaces (D20)."""
    D20.require(bool(source.strip()), "The source of the rate is not named.", "Name it, such as InforEuro.")


def rate_is_recent(rate_on: date, ordered_on: date, days: int) -> None:
    """Require a rate of the day of the order, or of at most `days` days before (D20)."""
    oldest = ordered_on - timedelta(days=days)
    D20.require(
        oldest <= rate_on <= ordered_on,
        f"The rate is of {day_in_words(rate_on)}; the order is made on {day_in_words(ordered_on)}.",
        f"Take a rate from {day_in_words(oldest)} to {day_in_words(ordered_on)}.",
    )


def value_follows_from_the_rate(cents: int, converted_cents: int, original: str, units_per_euro: str) -> None:
    """Require the value in euro cents that follows from the original sum, in words, and the rate (D20)."""
    D20.require(
        cents == converted_cents,
        f"{original} at {units_per_euro} for one euro is {euros(converted_cents)}; the order says {euros(cents)}.",
        f"Enter {euros(converted_cents)}, or mend the amount or the rate.",
    )


MOST_OFFERS: Final = 10
"""So many offers at most stand beside an order (D38)."""

D38 = Rule(
    id="D38",
    sentence="An order that names the offers compared is one of them, and says why where it is not the lowest.",
    status="D",
    source="our default",
    note="Each offer has a supplier, who offers once, and a value in euro with tax that cannot be recovered; at most "
    "ten. Whether offers are compared at all is no rule of the programme: an auditor's question lists the orders "
    "without.",
)


def offers_are_few(offers: int) -> None:
    """Require at most ten offers (D38)."""
    D38.require(
        offers <= MOST_OFFERS,
        f"There are {offers} offers; at most {MOST_OFFERS} stand beside an order.",
        f"Name the {MOST_OFFERS} that were nearest to being chosen.",
    )


def supplier_offers_once(suppliers: Sequence[str]) -> None:
    """Require suppliers of whom none is named twice, whatever the case and the spaces around the name (D38)."""
    seen: set[str] = set()
    for supplier in suppliers:
        D38.require(
            supplier_called(supplier) not in seen,
            f"{supplier.strip()} stands twice among the offers.",
            "Keep the last offer of each supplier.",
        )
        seen.add(supplier_called(supplier))


def order_is_among_its_offers(supplier: str, cents: int, offered_cents: int | None) -> None:
    """Require that the order's supplier offered its value, both in euro cents; None: it offered nothing (D38)."""
    D38.require(
        offered_cents is not None,
        f"{supplier.strip()} gets the order and is not among the offers.",
        "Add its offer, or order from one of those who offered.",
    )
    D38.require(
        offered_cents == cents,
        f"{supplier.strip()} offers {euros(offered_cents or 0)}; the order says {euros(cents)}.",
        "Enter the same value in both.",
    )


def dearer_choice_has_a_reason(cents: int, lowest_cents: int, reason: str) -> None:
    """Require a reason where the chosen offer is above the lowest, both in euro cents (D38)."""
    above, lowest = euros(cents - lowest_cents), euros(lowest_cents)
    D38.require(
        cents <= lowest_cents or bool(reason.strip()),
        f"The chosen offer is {above} above the lowest ({lowest}), and no reason is given.",
        "Say why it is chosen all the same, in a sentence that others understand later.",
    )


def choice_has_offers(reason: str) -> None:
    """Require that nobody gives a reason of a choice where no offers are named (D38)."""
    D38.require(
        not reason.strip(),
        "A reason of the choice is given, and no offer that there was to choose from.",
        "Name the offers that were compared, or leave the reason out.",
    )
