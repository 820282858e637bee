"""What a person belongs to: the partnerships of its city or region, those it coaches, the applications it judges."""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, union

from projections import coach_worklist, evaluator_worklist
from projections.applicant_tables import MEMBERSHIPS

_SEATS, _EVALUATIONS = evaluator_worklist.SEATS, evaluator_worklist.EVALUATIONS
_COACHED = coach_worklist.PARTNERSHIPS
_TIES: Final = union(
    select(MEMBERSHIPS.c.partnership_id.label("id")).where(MEMBERSHIPS.c.organisation_id == bindparam("organisation")),
    select(_COACHED.c.id).where(_COACHED.c.coach == bindparam("subject")),
    select(_EVALUATIONS.c.pilot_action_id)
    .join(_SEATS, _SEATS.c.evaluation_id == _EVALUATIONS.c.id)
    .where(_SEATS.c.evaluator == bindparam("subject")),
)


def ties(connection: Connection, subject: UUID, organisation_id: UUID | None) -> frozenset[str]:
    """Return the ids of the partnerships and pilot actions that a subject belongs to, or did, as texts."""
    asked = {"subject": subject, "organisation": organisation_id}
    return frozenset(map(str, connection.scalars(_TIES, asked)))
