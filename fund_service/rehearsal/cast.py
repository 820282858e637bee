"""The cast of a rehearsal: invented people by office, and the ids of everything, all from the seed.

Ids are uuid5 of the seed and a business key, so that the same seed tells the same story.
"""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.people import Role, Strand


class Office(NamedTuple):
    """One kind of invented person: how many, in which units in turn, for which strands in turn."""

    name: str
    role: Role
    number: int
    units: Sequence[str]
    strands: Sequence[Strand | None]
    clusters: tuple[str, ...] = ()
    leads: int = 0
    """So many of them, the last ones, manage the cluster that they belong to."""


OFFICES: tuple[Office, ...] = (
    Office("Coach", Role.COACH, 6, ("Coaching team",), (Strand.AA, Strand.LAC)),
    Office(
        "Evaluator",
        Role.EVALUATOR,
        15,
        ("Evaluation unit A", "Evaluation unit B", "External experts"),
        (Strand.AA, None, Strand.LAC),
        ("Circular Economy", "Mobility and Transport", "Climate Adaptation", "Urban Innovation"),
        leads=4,
    ),
    Office("Approver", Role.APPROVER, 3, ("Contracting authority",), (None,)),
    Office("Resource manager", Role.RESOURCE_MANAGER, 2, ("Programme office",), (Strand.AA, Strand.LAC)),
    Office("Certifier", Role.CERTIFIER, 2, ("Programme finance",), (None,)),
    Office("Auditor", Role.AUDITOR, 1, ("Audit",), (None,)),
)


class Person(NamedTuple):
    """One invented person of an office."""

    subject: UUID
    label: str
    role: Role
    unit: str
    strand: Strand | None
    clusters: tuple[str, ...]
    manages: tuple[str, ...]


class Cast:
    """Everybody who acts in a rehearsal, and the ids of what they act on."""

    def __init__(self, seed: str) -> None:
        """Invent the cast of a seed."""
        self.seed = seed
        self._namespace = uuid5(NAMESPACE_URL, f"iurc-fund/rehearsal/{seed}")
        self.secretariat = (self.id("Secretariat/1"), self.id("Secretariat/2"))
        self.people = tuple(self._people())

    def id(self, key: str) -> UUID:
        """Return the id of a business key."""
        return uuid5(self._namespace, key)

    def chance(self, key: str) -> random.Random:
        """Return the dice for one question, the same for the same seed and key whatever else was asked."""
        return random.Random(f"{self.seed}/{key}")

    def officer(self, place: str) -> UUID:
        """Return the officer who acts for a city or region."""
        return self.id(f"officer/{place}")

    def organisation(self, place: str) -> UUID:
        """Return the id of a city or region."""
        return self.id(f"organisation/{place}")

    def of(self, role: Role, strand: Strand | None = None) -> tuple[Person, ...]:
        """Return the people of an office who serve a strand, or all of them."""
        return tuple(p for p in self.people if p.role is role and (strand is None or p.strand in (None, strand)))

    def _people(self) -> Iterator[Person]:
        for office in OFFICES:
            for number in range(1, office.number + 1):
                clusters = office.clusters[number % len(office.clusters) :][:1] if office.clusters else ()
                yield Person(
                    subject=self.id(f"{office.name}/{number}"),
                    label=fictitious(f"{office.name} {number}"),
                    role=office.role,
                    unit=office.units[number % len(office.units)],
                    strand=office.strands[number % len(office.strands)],
                    clusters=clusters,
                    manages=clusters if number > office.number - office.leads else (),
                )


def fictitious(what: str) -> str:
    """Mark what is invented."""
    return f"{what}, fictitious"
