"""What each partnership of a rehearsal will do: invented from the seed, so that every outcome occurs.

Real pairings do what real ones do: apply or not, win or not, decline, withdraw. What no real place should be shown
doing (missing the deadline, a partner who never confirms, not being admitted, leaving an offer unanswered) is played by
generated places, which are marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.organisation.events import OrganisationKind
from domain.people import Geography
from fund_service.rehearsal.cast import Cast
from fund_service.rehearsal.pairings import Pairing, Place

FIRST = 1
CAP_PLAYER = 2
LAST_INSTANT = 5
WITHDRAWS = 6
DECLINES = 3
UNAGREED = 9


class Fate(StrEnum):
    """The one unusual thing that a partnership does, if any."""

    ORDINARY = "ordinary"
    STAYS_AWAY = "stays_away"
    SECOND_OF_ITS_CITY = "second_of_its_city"
    ROADMAP_NOT_AGREED = "roadmap_not_agreed"
    WITHDRAWS = "withdraws"
    DECLINES = "declines"
    NOT_ADMITTED = "not_admitted"
    PARTNER_SILENT = "partner_silent"
    TOO_LATE = "too_late"
    OFFER_UNANSWERED = "offer_unanswered"


class CoachingFate(StrEnum):
    """How far a partnership's coaching goes."""

    COMPLETED = "completed"
    UNFINISHED = "unfinished"
    NOT_WANTED = "not_wanted"


@dataclass(frozen=True, slots=True)
class Plan:
    """One partnership's part in the rehearsal. `quality` is the mean that its scores scatter around, 0 to 5."""

    pairing: Pairing
    generated: bool
    fate: Fate
    coaching: CoachingFate
    quality: float
    requested_cents: int

    @property
    def key(self) -> str:
        """The business key of the partnership."""
        return f"{'generated' if self.generated else 'pairing'}/{self.pairing.number}"

    @property
    def applies(self) -> bool:
        """Whether it drafts an application."""
        return self.fate is not Fate.STAYS_AWAY


def plans(cast: Cast, pairings: Sequence[Pairing]) -> tuple[Plan, ...]:
    """Return the part of every partnership: the real pairings, then the generated ones."""
    leading: set[str] = set()
    real = []
    for pairing in pairings:
        plan = _real(cast, pairing, pairing.coordinator.name in leading)
        real.append(plan)
        if plan.fate not in (Fate.STAYS_AWAY, Fate.ROADMAP_NOT_AGREED):
            leading.add(pairing.coordinator.name)
    return (*real, *(_generated(cast, number, fate) for number, fate in enumerate(_GENERATED_FATES, 1)))


def _real(cast: Cast, pairing: Pairing, second: bool) -> Plan:
    dice = cast.chance(f"plan/{pairing.number}")
    fate = Fate.STAYS_AWAY if dice.random() < 0.12 else Fate.ORDINARY
    if second:
        fate = Fate.SECOND_OF_ITS_CITY
    elif pairing.number in _FIXED:
        fate = _FIXED[pairing.number]
    quality = dice.triangular(2.2, 4.9, 3.9)
    if pairing.number in (FIRST, CAP_PLAYER, DECLINES):
        quality = 4.5
    coaching = dice.choices(tuple(CoachingFate), weights=(85, 8, 7))[0]
    requested = 1_000_000 - 50 * dice.randrange(4_000) if pairing.number != CAP_PLAYER else 1_000_000
    return Plan(pairing, False, fate, coaching, quality, requested)


_FIXED = {
    FIRST: Fate.ORDINARY,
    CAP_PLAYER: Fate.ORDINARY,
    DECLINES: Fate.DECLINES,
    LAST_INSTANT: Fate.ORDINARY,
    WITHDRAWS: Fate.WITHDRAWS,
    UNAGREED: Fate.ROADMAP_NOT_AGREED,
}
_GENERATED_FATES = (Fate.NOT_ADMITTED, Fate.PARTNER_SILENT, Fate.TOO_LATE, Fate.OFFER_UNANSWERED)
_INVENTED = (
    ("Norhaven", "Costa Imaginaria", Geography.LATIN_AMERICA),
    ("Vallombra", "Pulau Contoh", Geography.ASIA),
    ("Estermark", "Port Fiction", Geography.AUSTRALASIA),
    ("Lindenau-am-See", "Mizunomachi", Geography.ASIA),
)


def _generated(cast: Cast, number: int, fate: Fate) -> Plan:
    home, abroad, geography = _INVENTED[number - 1]
    coordinator = Place(name=f"{home} (invented)", kind=OrganisationKind.CITY, side="EU", country="ZZ", population=None)
    partner = Place(
        name=f"{abroad} (invented)", kind=OrganisationKind.CITY, side="non-EU", country="ZZ", population=None
    )
    pairing = Pairing(
        number=number,
        members=(coordinator, partner),
        coordinator=coordinator,
        geography=geography,
        cluster="Urban Innovation",
        topic="an invented topic",
        phase="invented",
        source="invented for this rehearsal",
    )
    return Plan(pairing, True, fate, CoachingFate.COMPLETED, 4.7, 880_000)
