"""Who acts: subjects, roles, and the two subjects that are not people."""

from enum import StrEnum
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

ENGINE: Final[UUID] = uuid5(NAMESPACE_URL, "iurc-fund/engine")
"""The processes themselves act as this subject."""

OPERATOR: Final[UUID] = uuid5(NAMESPACE_URL, "iurc-fund/operator")
"""Whoever has the machine itself: records the first secretariat, nothing else."""


class Role(StrEnum):
    """What a subject may do; facts about a subject (unit, cluster, past deeds) are not roles (design decision 15)."""

    APPLICANT = "applicant"
    PARTNER = "partner"
    COACH = "coach"
    EVALUATOR = "evaluator"
    SECRETARIAT = "secretariat"
    APPROVER = "approver"
    RESOURCE_MANAGER = "resource_manager"
    CERTIFIER = "certifier"
    AUDITOR = "auditor"
    ENGINE = "engine"
    OPERATOR = "operator"


class Blindness(StrEnum):
    """Who does not learn whose name in the evaluation; each hides what the one before it hides (D27)."""

    OPEN = "open"
    EVALUATORS_HIDDEN = "evaluators_hidden"
    APPLICANTS_HIDDEN_TOO = "applicants_hidden_too"


ACTS_FOR_A_CITY: Final = frozenset({Role.APPLICANT, Role.PARTNER})
"""The roles of those who act for a city or region."""

NEEDS_SECOND_PERSON: Final = frozenset({Role.APPROVER, Role.CERTIFIER, Role.AUDITOR})
"""Roles that one officer of the secretariat proposes and another confirms (D18)."""


HAS_DEPUTIES: Final = frozenset({Role.SECRETARIAT, Role.APPROVER, Role.RESOURCE_MANAGER, Role.CERTIFIER})
"""The roles that a deputy may hold for dates (D33). Evaluators are replaced, coaches assigned anew, cities have several
officers; an auditor decides nothing that could wait.
"""

_CHECKS: Final = {
    Role.APPROVER: frozenset({Role.EVALUATOR, Role.SECRETARIAT}),
    Role.CERTIFIER: frozenset({Role.RESOURCE_MANAGER, Role.APPROVER}),
    Role.AUDITOR: HAS_DEPUTIES,
}


def one_checks_the_other(one: Role, other: Role) -> bool:
    """Tell whether the holder of one of two roles decides on, or looks into, what the other's did (D05)."""
    return other in _CHECKS.get(one, ()) or one in _CHECKS.get(other, ())


class Strand(StrEnum):
    """The two contractors' strands that scope secretariat, coach and resource manager (D22)."""

    AA = "AA"
    LAC = "LAC"


class Geography(StrEnum):
    """The geography of a partnership (S20)."""

    ASIA = "Asia"
    AUSTRALASIA = "Australasia"
    LATIN_AMERICA = "Latin America"

    @property
    def strand(self) -> Strand:
        """The contractor's strand that serves this geography."""
        return Strand.LAC if self is Geography.LATIN_AMERICA else Strand.AA
