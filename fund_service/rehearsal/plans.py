"""What each partnership of a rehearsal will do: invented from the seed, so that every outcome occurs.

Real pairings do what real ones do: apply or not, win or not, decline, withdraw. What no real place should be shown
doing (missing the deadline, a partner who never confirms, not being admitted, leaving an offer unanswered) is played by
generated places, which are marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from domain.organisation.events import OrganisationKind, Side
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
    REWRITES = "rewrites"
    TAKES_WITHDRAWAL_BACK = "takes_withdrawal_back"
    NOT_CONFIRMED_ANEW = "not_confirmed_anew"
    CLARIFIES = "clarifies"
    LEAVES_QUESTION_OPEN = "leaves_question_open"
    SCORED_APART = "scored_apart"
    EVALUATOR_LATE = "evaluator_late"
    EVALUATORS_IN_CONFLICT = "evaluators_in_conflict"
    TOO_FEW_EVALUATORS = "too_few_evaluators"
    REPORTS_LATE = "reports_late"
    ENTITY_OF_ANOTHER = "entity_of_another"
    CONFIRMS_BY_LETTER = "confirms_by_letter"
    MEMBER_LEAVES = "member_leaves"
    MERGES = "merges"


class CoachingFate(StrEnum):
    """How far a partnership's coaching goes."""

    COMPLETED = "completed"
    UNFINISHED = "unfinished"
    NOT_WANTED = "not_wanted"
    DECLINED = "declined"
    MISSES_A_SESSION = "misses_a_session"


@dataclass(frozen=True, slots=True)
class Plan:
    """One partnership's part in the rehearsal.

    A `player` is invented to play one awkward case. `quality` is the mean that its scores scatter around, 0 to 5.
    """

    pairing: Pairing
    player: bool
    fate: Fate
    coaching: CoachingFate
    quality: float
    requested_cents: int
    smallest_useful_cents: int | None = None

    @property
    def key(self) -> str:
        """The business key of the partnership."""
        return f"{'player' if self.player else 'pairing'}/{self.pairing.number}"

    @property
    def generated(self) -> bool:
        """Whether its places are invented."""
        return self.pairing.generated

    @property
    def applies(self) -> bool:
        """Whether it drafts an application."""
        return self.fate not in (Fate.STAYS_AWAY, Fate.MERGES)


def plans(cast: Cast, pairings: Sequence[Pairing]) -> tuple[Plan, ...]:
    """Return the part of every partnership: the pairings, then the players of awkward cases."""
    leading: set[str] = set()
    real = []
    for pairing in pairings:
        plan = _real(cast, pairing, pairing.coordinator.name in leading)
        real.append(plan)
        if plan.fate not in (Fate.STAYS_AWAY, Fate.ROADMAP_NOT_AGREED):
            leading.add(pairing.coordinator.name)
    return (*real, *(_generated(number, player) for number, player in enumerate(_PLAYERS, 1)))


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
    coaching = dice.choices(_COACHING, weights=(85, 8, 7))[0]
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


_COACHING = (CoachingFate.COMPLETED, CoachingFate.UNFINISHED, CoachingFate.NOT_WANTED)


class _Player(NamedTuple):
    """An invented partnership that plays one awkward case; the names of its places are marked as invented."""

    fate: Fate
    home: str
    abroad: tuple[str, ...]
    geography: Geography
    kind: OrganisationKind = OrganisationKind.CITY
    coaching: CoachingFate = CoachingFate.COMPLETED
    quality: float = 4.0


_PLAYERS: tuple[_Player, ...] = (
    _Player(Fate.NOT_ADMITTED, "Norhaven", ("Costa Imaginaria",), Geography.LATIN_AMERICA),
    _Player(Fate.PARTNER_SILENT, "Vallombra", ("Pulau Contoh",), Geography.ASIA),
    _Player(Fate.TOO_LATE, "Estermark", ("Port Fiction",), Geography.AUSTRALASIA),
    _Player(Fate.OFFER_UNANSWERED, "Lindenau-am-See", ("Mizunomachi",), Geography.ASIA, quality=5.0),
    _Player(Fate.REWRITES, "Fjordholm", ("Kota Rekaan",), Geography.ASIA, quality=2.4),
    _Player(Fate.TAKES_WITHDRAWAL_BACK, "Monteluce", ("Puerto Ficticio",), Geography.LATIN_AMERICA, quality=2.4),
    _Player(Fate.NOT_CONFIRMED_ANEW, "Brückenau-West", ("Kawanoshima",), Geography.ASIA, quality=2.4),
    _Player(Fate.CLARIFIES, "Saint-Aubry", ("Lake Pretend",), Geography.AUSTRALASIA, quality=2.4),
    _Player(Fate.LEAVES_QUESTION_OPEN, "Veldermonde", ("Villa Supuesta",), Geography.LATIN_AMERICA, quality=2.4),
    _Player(Fate.SCORED_APART, "Quellmark", ("Bahia Inventada",), Geography.LATIN_AMERICA, quality=3.1),
    _Player(Fate.EVALUATOR_LATE, "Ostervik", ("Kota Contoh",), Geography.ASIA, quality=3.1),
    _Player(Fate.EVALUATORS_IN_CONFLICT, "Montesombra", ("Sonomachi",), Geography.ASIA, quality=3.1),
    _Player(Fate.TOO_FEW_EVALUATORS, "Brunnhaven", ("Cape Figment",), Geography.AUSTRALASIA, quality=3.1),
    _Player(Fate.REPORTS_LATE, "Brackwater", ("Nuevo Remanso",), Geography.LATIN_AMERICA, quality=4.9),
    # Pulau Contoh is a partner here too: it confirms this application, and not the other
    _Player(Fate.ORDINARY, "Brenndal", ("Pulau Contoh",), Geography.ASIA, coaching=CoachingFate.DECLINED, quality=2.6),
    # a city that coordinates two partnerships and chooses the first
    _Player(Fate.ORDINARY, "Marewald", ("Villa Ficticia",), Geography.LATIN_AMERICA, quality=2.6),
    _Player(Fate.SECOND_OF_ITS_CITY, "Marewald", ("Puerto Ensayo",), Geography.LATIN_AMERICA),
    # a city and its region, which are one entity
    _Player(Fate.CONFIRMS_BY_LETTER, "Solhavn", ("Ciudad Modelo",), Geography.LATIN_AMERICA, quality=2.6),
    _Player(
        Fate.ENTITY_OF_ANOTHER,
        "Region of Solhavn",
        ("Provincia Ejemplo",),
        Geography.LATIN_AMERICA,
        OrganisationKind.REGION,
        CoachingFate.MISSES_A_SESSION,
    ),
    _Player(
        Fate.MEMBER_LEAVES,
        "Kaldbrook",
        ("Sample Bay", "Taman Rekaan"),
        Geography.ASIA,
        coaching=CoachingFate.UNFINISHED,
        quality=2.6,
    ),
    _Player(Fate.MERGES, "Ostermoor", ("Pueblo Muestra",), Geography.LATIN_AMERICA),
    _Player(Fate.MERGES, "Valdisole Nuova", ("Cidade Exemplo",), Geography.LATIN_AMERICA),
)


def invented(name: str, kind: OrganisationKind, side: Side) -> Place:
    """Return a place that exists nowhere, and is marked so."""
    return Place(name=f"{name} (invented)", kind=kind, side=side, country="ZZ", population=None)


def _generated(number: int, player: _Player) -> Plan:
    coordinator = invented(player.home, player.kind, "EU")
    partners = (invented(name, OrganisationKind.CITY, "non-EU") for name in player.abroad)
    pairing = Pairing(
        number=number,
        members=(coordinator, *partners),
        coordinator=coordinator,
        geography=player.geography,
        cluster="Urban Innovation",
        topic="an invented topic",
        phase="invented",
        source="invented for this rehearsal",
        generated=True,
    )
    return Plan(pairing, True, player.fate, player.coaching, player.quality, 880_000)
