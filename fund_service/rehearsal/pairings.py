"""The real, public pairings of earlier phases that a rehearsal plays with; data/README.md says where they come from.

A larger rehearsal adds invented pairings after them, which are marked.
"""

import csv
from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import chain, count, groupby, islice
from typing import Final

from domain.organisation.events import OrganisationKind, Side
from domain.people import Geography
from domain.values import Value

SHIPPED: Final = 52
"""So many pairings come with the service."""

LARGEST: Final = 6000
"""The largest rehearsal, in pairings: a hundred times the expected call."""


_CLUSTERS: Final = ("Mobility and Transport", "Urban Innovation", "Circular Economy", "Climate Adaptation")


class Place(Value):
    """A city, area or region of a pairing. No real place is ever called ineligible on this population (S23)."""

    name: str
    kind: OrganisationKind
    side: Side
    country: str
    population: int | None


class Pairing(Value):
    """Places that were paired in an earlier phase; the coordinator is the first of the members."""

    number: int
    members: tuple[Place, ...]
    coordinator: Place
    geography: Geography
    cluster: str
    topic: str
    phase: str
    source: str
    generated: bool = False

    @property
    def name(self) -> str:
        """The pairing as people say it: Málaga with Vitoria-Gasteiz and Christchurch."""
        *more, last = [member.name for member in self.members if member != self.coordinator]
        others = f"{', '.join(more)} and {last}" if more else last
        return f"{self.coordinator.name} with {others}"


def pairings(limit: int = SHIPPED) -> tuple[Pairing, ...]:
    """Return the first `limit` pairings, in the order of their numbers: the real ones, then invented ones."""
    shipped = files(__package__).joinpath("data/partnerships.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(shipped.splitlines())
    real = (_pairing(list(members)) for _, members in groupby(rows, lambda row: row["partnership"]))
    return tuple(islice(chain(real, _invented()), limit))


def positions() -> Mapping[str, tuple[float, float]]:
    """Return where each place of the shipped pairings lies, by its name: latitude and longitude in degrees.

    They are GeoNames' (CC BY 4.0); a region bears its capital's.
    """
    shipped = files(__package__).joinpath("data/partnerships.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(shipped.splitlines())
    return {row["name"]: (float(row["latitude"]), float(row["longitude"])) for row in rows if row["latitude"]}


def _invented() -> Iterator[Pairing]:
    for number in count(SHIPPED + 1):
        coordinator, partner = _invented_place(f"Home {number}", "EU"), _invented_place(f"Away {number}", "non-EU")
        yield Pairing(
            number=number,
            members=(coordinator, partner),
            coordinator=coordinator,
            geography=tuple(Geography)[number % len(Geography)],
            cluster=_CLUSTERS[number % len(_CLUSTERS)],
            topic="an invented topic",
            phase="invented",
            source="invented for this rehearsal",
            generated=True,
        )


def _invented_place(name: str, side: Side) -> Place:
    return Place(name=f"{name} (invented)", kind=OrganisationKind.CITY, side=side, country="ZZ", population=None)


def _pairing(rows: list[dict[str, str]]) -> Pairing:
    rows.sort(key=lambda row: row["role"] != "coordinator")
    first, members = rows[0], tuple(_place(row) for row in rows)
    return Pairing(
        number=int(first["partnership"]),
        members=members,
        coordinator=members[0],
        geography=Geography(first["geography"]),
        cluster=first["cluster"],
        topic=first["topic"],
        phase=first["phase"],
        source=first["source"],
    )


def _place(row: dict[str, str]) -> Place:
    side: Side = "EU" if row["side"] == "EU" else "non-EU"
    return Place(
        name=row["name"],
        kind=OrganisationKind(row["kind"]),
        side=side,
        country=row["country"],
        population=int(row["population"]) if row["population"] else None,
    )
