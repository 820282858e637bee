"""Our defaults on awarding: the order, the envelope, the answer to an offer, the release, the four outcomes."""

from datetime import datetime

from domain.rulebook.rule import Rule
from domain.values import euros, told_apart

D03 = Rule(
    id="D03",
    sentence="A tie is broken by the published order, never by the time of submission.",
    status="D",
    source="our default",
    note="Higher relevance, then higher transferability, then the geography with the fewest awards already above the "
    "line, then a lot drawn with a published seed.",
)

D04 = Rule(
    id="D04",
    sentence="Awards stay within the envelope and follow the rank, and a smaller request never jumps.",
    status="D",
    source="our default",
    note="An envelope per line and optionally per geography; cut-off at the envelope. A partial award needs the "
    "applicant's agreement and is not below the smallest useful part that the application names; refused, the offer "
    "passes to the next in rank. The reserve list is valid for 6 months and promoted in rank order only: one command "
    "per call and calendar day, after all lapses and refusals of that day, offering while funds last.",
)


def part_is_within_the_request(smallest_useful_cents: int, requested_cents: int) -> None:
    """Require a smallest useful part of at least one cent and at most the request, both in euro cents (D04)."""
    D04.require(
        0 < smallest_useful_cents <= requested_cents,
        f"The smallest useful part is {euros(smallest_useful_cents)}; the application asks for "
        f"{euros(requested_cents)}.",
        f"Name a part from {euros(1)} to {euros(requested_cents)}, or none if only the whole is useful.",
    )


def awards_are_within_the_envelope(awarded_cents: int, free_cents: int) -> None:
    """Require awards of at most what is free in the envelope of their line, both in euro cents (D04)."""
    above = euros(awarded_cents - free_cents)
    D04.require(
        awarded_cents <= free_cents,
        f"The awards of {euros(awarded_cents)} are {above} above what is free in the envelope ({euros(free_cents)}).",
        "Send the list back; the next version draws the line anew.",
    )


D11 = Rule(
    id="D11",
    sentence="An offer is accepted in time; otherwise it lapses and the reserve list moves up.",
    status="D",
    source="our default",
    note="15 days; silence after a reminder is a lapse.",
)


def acceptance_is_in_time(at: datetime, accept_by: datetime) -> None:
    """Require an acceptance before the instant at which the offer ends (D11)."""
    ended, arrived = told_apart(accept_by, at)
    D11.require(
        at < accept_by,
        f"The offer ended on {ended}; your acceptance arrived on {arrived}.",
        "The offer passes to the reserve list; ask the secretariat for other sources of financing.",
    )


D17 = Rule(
    id="D17",
    sentence="All outcomes are released in one batch, and none before.",
    status="D",
    source="our default",
)


def outcomes_wait_for_the_release(at: datetime, release: datetime) -> None:
    """Require the instant of the release or a later one (D17)."""
    released, now = told_apart(release, at)
    D17.require(
        at >= release,
        f"All outcomes are released on {released}; now it is {now}.",
        "Wait for the release.",
    )


D23 = Rule(
    id="D23",
    sentence="Inadmissible, ineligible, reserve and not selected are four different outcomes.",
    status="D",
    source="our default",
    note="Inadmissible: late, incomplete. Ineligible: who or what. Reserve: above the thresholds, below the cut-off, "
    "within the edition's reserve places. Not selected: the rest (`rejected` in machine-readable summaries). The door "
    "refuses permission, stage, time, form and cap; what passed the door is judged after closing: inadmissible where "
    "a partner's confirmation was missing at closing, ineligible under S05 and the like.",
)
