"""The equal-treatment ledger of a call, with the notices that its applicants are told."""

from collections.abc import Iterator
from typing import Final

from domain.audit.history import History
from domain.audit.treatment import TreatmentRow, treatment
from domain.messages import Event
from projections.telling import TOLD, Whom

_APPLICANTS: Final = frozenset({Whom.COORDINATOR, Whom.MEMBERS, Whom.PARTNERS, Whom.NAMED_ORGANISATIONS})
NOTICES: Final[frozenset[type[Event]]] = frozenset(kind for kind, whom in TOLD.items() if _APPLICANTS & set(whom))
"""What applicants are told of their own matter; what everybody is told, all are told at one instant."""


def treatment_rows(history: History) -> Iterator[TreatmentRow]:
    """Yield a row for every partnership of a call."""
    return treatment(history, NOTICES)
