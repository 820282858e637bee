"""The pairings that the programme published: which cities and regions work together, and about what."""

from collections.abc import Iterable

from domain.people import Geography
from domain.values import Value
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Routes
from fund_service.rehearsal.pairings import pairings


class PairingRow(Value):
    """A published pairing of an earlier phase; `source` is where it was published."""

    number: int
    name: str
    coordinator: str
    members: tuple[str, ...]
    geography: Geography
    cluster: str
    topic: str
    phase: str
    source: str


def published_pairings() -> list[PairingRow]:
    """Return every pairing that the programme published."""
    own = set(PairingRow.model_fields) - {"coordinator", "members"}
    return [
        PairingRow(
            **{name: getattr(one, name) for name in own},
            coordinator=one.coordinator.name,
            members=tuple(member.name for member in one.members),
        )
        for one in pairings()
    ]


def pairing_routes(routes: Routes) -> None:
    """Enter the route."""

    @routes.listing("/pairings", PairingRow, Open.EVERYBODY, name="listPairings")
    def listed(asking: Asking) -> Iterable[PairingRow]:
        """List the pairings of cities and regions that the programme published, in the order of their numbers."""
        return published_pairings()
