"""Who applies to which side call, for how much and with which points, and the stage on which a side call is played."""

from dataclasses import replace
from typing import Final, NamedTuple

from domain.organisation.events import OrganisationKind
from domain.people import Geography
from fund_service.editions.loader import edition
from fund_service.rehearsal.pairings import Pairing
from fund_service.rehearsal.plans import CoachingFate, Fate, Plan, invented
from fund_service.rehearsal.stage import Stage

EDITION: Final = "iurc-2026"
"""Side calls have the rules of the shipped edition, whatever call is rehearsed beside them."""


class Applicant(NamedTuple):
    """An invented partnership. `points` are what each evaluator gives, by the order of the edition's criteria."""

    home: str
    abroad: str
    points: tuple[int, ...]
    cents: int = 700_000
    smallest: int | None = None
    geography: Geography = Geography.ASIA


class SideCall(NamedTuple):
    """One side call with its envelope in cents."""

    key: str
    title: str
    envelope_cents: int
    applicants: tuple[Applicant, ...]


WEAK = Applicant("Ödholm", "Kawabara", (3, 3, 3, 3, 3))
STOPPED = Applicant("Montefinto", "Villa Fingida", (4, 4, 4, 4, 4), geography=Geography.LATIN_AMERICA)
MORE_RELEVANT = Applicant("Sankt Erfund", "Haneulsan", (5, 4, 4, 4, 4))
BETTER_MADE = Applicant("Grünwerda", "Nusa Karang", (4, 5, 4, 4, 4))
REFUSES_A_PART = Applicant("Porto Vago", "Mitsukawa", (4, 4, 5, 4, 4), 800_000, 300_000)
AGREES_TO_A_PART = Applicant("Lagunova", "Bukit Khayal", (4, 4, 4, 5, 4), 900_000, 300_000)
DRAWN = tuple(
    Applicant(home, abroad, (4, 4, 4, 4, 4), 450_000, geography=Geography.LATIN_AMERICA)
    for home, abroad in (("Castelmiro", "Puerto Quimera"), ("Vierzeen", "San Ficticio"))
)

UNSPENT = SideCall("unspent", "nobody above the thresholds", 1_000_000, (WEAK,))
CANCELLED = SideCall("cancelled", "cancelled while applications come in", 1_000_000, (STOPPED,))
AWARDS = SideCall(
    "awards",
    "ties, parts and a departure",
    2_250_000,
    (MORE_RELEVANT, BETTER_MADE, REFUSES_A_PART, AGREES_TO_A_PART, *DRAWN),
)
KIND: Final = OrganisationKind.CITY
SIDE_CALLS: Final = (UNSPENT, CANCELLED, AWARDS)


def side_stage(main: Stage, side: SideCall) -> Stage:
    """Return the stage of a side call: its own plans and rules, the main call's fund, cast and calendar."""
    rules = edition(EDITION)
    line = rules.lines[0].model_copy(update={"envelope_cents": side.envelope_cents})
    changes = {
        "edition": f"side-{side.key}",
        "title": f"Side call, fictitious: {side.title}",
        "lines": (line,),
        "calendar": main.calendar,
        "zone": main.rules.zone,
        "holidays": main.rules.holidays,
        "request_seconds": main.rules.request_seconds,
    }
    first = 100 * (SIDE_CALLS.index(side) + 1)
    played = tuple(_plan(number, applicant) for number, applicant in enumerate(side.applicants, first))
    return replace(main, plans=played, rules=rules.model_copy(update=changes), call_key=f"side call/{side.key}")


def _plan(number: int, applicant: Applicant) -> Plan:
    members = invented(applicant.home, KIND, "EU"), invented(applicant.abroad, KIND, "non-EU")
    pairing = Pairing(
        number=number,
        members=members,
        coordinator=members[0],
        geography=applicant.geography,
        cluster="Urban Innovation",
        topic="an invented topic",
        phase="invented",
        source="invented for this rehearsal",
    )
    fate, coaching = Fate.ORDINARY, CoachingFate.NOT_WANTED
    return Plan(pairing, True, fate, coaching, 0.0, applicant.cents, smallest_useful_cents=applicant.smallest)


def side_plan(stage: Stage, applicant: Applicant) -> Plan:
    return next(plan for plan in stage.plans if plan.pairing.coordinator.name.startswith(applicant.home))
