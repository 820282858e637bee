"""The results of a call in public: who gets support, for what and how much; none before the release (D17, E18).

What is in reserve, not selected, refused or withdrawn is told to its own members alone. The form has no answer that is
written for the public, so that of the application the title alone is told.
"""

from uuid import UUID

from sqlalchemy import Connection, select

from domain.values import Cents, Value
from projections.dashboard_tables import APPLICATIONS, GRANTS, LINES, PARTNERSHIPS
from projections.read_model import fetch

PUBLISHED = ("offered", "accepted", "closed")
"""The states of support that is published: what was declined or lapsed is none (E18)."""


class ResultRow(Value):
    """A pilot action with support in kind, in integer euro cents; `state` is offered, accepted or closed."""

    id: UUID
    call_id: UUID
    line: str
    title: str
    partnership: str
    coordinator: str
    members: tuple[str, ...]
    geography: str
    cluster: str
    cents: Cents
    state: str


def results(connection: Connection, call_id: UUID | None = None) -> list[ResultRow]:
    """Return the pilot actions with support of the lines that are released, of one call or of all, by coordinator."""
    query = (
        select(
            APPLICATIONS.c.id,
            GRANTS.c.call_id,
            GRANTS.c.line,
            APPLICATIONS.c.title,
            PARTNERSHIPS.c.name.label("partnership"),
            *(PARTNERSHIPS.c[name] for name in ("coordinator", "members", "geography", "cluster")),
            GRANTS.c.cents,
            GRANTS.c.state,
        )
        .join(APPLICATIONS, APPLICATIONS.c.id == GRANTS.c.pilot_action_id)
        .join(PARTNERSHIPS, PARTNERSHIPS.c.id == APPLICATIONS.c.partnership_id)
        .join(LINES, (LINES.c.call_id == GRANTS.c.call_id) & (LINES.c.line == GRANTS.c.line))
        .where(LINES.c.released, GRANTS.c.state.in_(PUBLISHED))
        .order_by(PARTNERSHIPS.c.coordinator, APPLICATIONS.c.position)
    )
    if call_id is not None:
        query = query.where(GRANTS.c.call_id == call_id)
    return [ResultRow(**row) for row in fetch(connection, query)]
