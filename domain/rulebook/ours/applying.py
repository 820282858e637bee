"""Our defaults on applying: the deadline, the submitted version, one place for each entity, the partners, the form."""

from collections.abc import Sequence
from datetime import datetime

from domain.rulebook.rule import Rule
from domain.values import told_apart

D07 = Rule(
    id="D07",
    sentence="A request counts when the server received it complete before the closing instant.",
    status="D",
    source="our default",
    note="A deadline is stored as instant, Europe/Brussels and wording; 17:00 rather than midnight. The client's "
    "clock and the time of commit do not count; the closing instant itself is too late; grace 0. It is extended only "
    "before the deadline, with reasons, announced to all, by two persons; there is a rule for technical outages.",
)


def request_arrived_in_time(at: datetime, closes: datetime) -> None:
    """Require an arrival before the closing instant, which itself is too late (D07)."""
    closed, arrived = told_apart(closes, at)
    D07.require(
        at < closes,
        f"The call closed on {closed}; your request arrived on {arrived}.",
        "What arrived before the closing instant still counts; if the service was down, tell the secretariat.",
    )


def deadline_is_extended_before_it(at: datetime, closes: datetime) -> None:
    """Require an extension before the deadline in force, which itself is too late (D07)."""
    closed, arrived = told_apart(closes, at)
    D07.require(
        at < closes,
        f"The deadline of {closed} has passed; your request arrived on {arrived}.",
        "A deadline is extended only before it.",
    )


D08 = Rule(
    id="D08",
    sentence="A submission is an unchangeable version with a digest, and the last valid one counts.",
    status="D",
    source="our default",
    note="One may submit again until the deadline; all versions are kept. A withdrawal can be taken back until the "
    "deadline.",
)


def withdrawal_arrived_in_time(at: datetime, closes: datetime) -> None:
    """Require a withdrawal before the closing instant, which itself is too late (D08)."""
    closed, arrived = told_apart(closes, at)
    D08.require(
        at < closes,
        f"The call closed on {closed}; your withdrawal arrived on {arrived}.",
        "Ask the secretariat to take the application out; after the outcomes, decline the offer.",
    )


D09 = Rule(
    id="D09",
    sentence="An admitted entity coordinates one active application per line and call.",
    status="D",
    source="our default",
    note="The slot of the coordinating entity alone is taken; a city, its metropolitan area and its agency are one "
    "entity when the secretariat says so. A city with several partnerships records its internal choice. The same "
    "partner abroad may be a member of several and is told so before it confirms. One pilot has one cap, however many "
    "cities propose it; similar pilots are flagged, not rejected automatically.",
)


def entity_has_no_other_application(name: str, taken: bool) -> None:
    """Require a coordinator whose slot in this line and call is free (D09)."""
    D09.require(
        not taken,
        f"{name} already coordinates another application in this line of the call.",
        "Choose one of the two, and withdraw the other.",
    )


def application_is_the_chosen_one(name: str, chosen: str, other: bool) -> None:
    """Require that the city did not choose another application, that of the partnership `chosen` (D09, S22)."""
    D09.require(
        not other,
        f"{name} chose the application of the partnership “{chosen}” for this line of the call.",
        "Submit that one, or let the city change its choice while none is submitted.",
    )


def entity_holds_one_place(holders: Sequence[str]) -> None:
    """Require that at most one of the organisations that become one entity holds a place in a line (D09)."""
    D09.require(
        len(holders) <= 1,
        f"{' and '.join(holders)} each have an application in the same line of this call.",
        "Let all but one withdraw, then link them.",
    )


D10 = Rule(
    id="D10",
    sentence="Every partner confirms the current version, and a material change asks again.",
    status="D",
    source="our default",
    note="A partner abroad confirms inside the system, or by a scanned letter that one officer records and another "
    "verifies by the deadline. One may submit before the partner confirms and is told what is missing; missing at "
    "closing, the application is inadmissible. A confirmation, a roadmap agreement, an approval names the digest of "
    "its version.",
)


def agreement_names_the_current_version(named: str, current: str) -> None:
    """Require an agreement to the digest of the current version (D10)."""
    D10.require(
        named == current,
        f"The digest of your version begins with {named[:12]}, that of the current version with {current[:12]}.",
        "Read the current version, then agree to it.",
    )


def partners_have_confirmed(missing: Sequence[str]) -> None:
    """Require that no member's confirmation is missing (D10)."""
    D10.require(
        not missing,
        f"Not all members have confirmed the current version; missing: {', '.join(missing)}.",
        "Ask the missing members to confirm before the call closes.",
    )


D19 = Rule(
    id="D19",
    sentence="The application form is complete.",
    status="D",
    source="our default",
    note="Sections of the edition, each question with help, limit, required or not: need and joint action; each "
    "member's part; stakeholders; transferability and sustainability; deliverables and dates; resources asked for "
    "(kind, quantity, unit value, why); other contributions; risks; declarations (E02, E03, E12); support and "
    "sign-off by the city's authorised person.",
)


def form_is_complete(missing: Sequence[str]) -> None:
    """Require that nothing is missing in the form (D19)."""
    D19.require(
        not missing,
        f"The form is not complete; missing: {', '.join(missing)}.",
        "Complete the missing parts, then submit.",
    )


D26 = Rule(
    id="D26",
    sentence="The members have agreed the roadmap before the application is submitted.",
    status="D",
    source="our default",
)


def roadmap_is_agreed(agreed: bool) -> None:
    """Require an agreed roadmap (D26)."""
    D26.require(
        agreed,
        "Not all members have agreed the roadmap.",
        "Let every member agree its current version, then submit.",
    )


D27 = Rule(
    id="D27",
    sentence="Before closing only the secretariat sees the number of applications, and nobody their content.",
    status="D",
    source="our default",
    note="Approvers see evaluators by name, and applicants by the call's blind mode.",
)
