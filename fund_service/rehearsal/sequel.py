"""What visitors of a demonstration meet after the rehearsal: one person of each role, at the end of its call."""

from collections.abc import Iterator
from typing import Final

from domain.people import Role
from fund_service.demonstration import Guise
from fund_service.rehearsal.cast import fictitious
from fund_service.rehearsal.stage import Stage
from fund_service.rehearsal.visiting import Programme

_ABOUT: Final = {
    Role.APPLICANT: "Leads the partnership, writes its application, accepts what is offered and reports on it.",
    Role.PARTNER: "Agrees to the roadmap, and confirms its part in each version of the application.",
    Role.COACH: "Helps partnerships with their roadmaps in the months of coaching, and never sees a score.",
    Role.EVALUATOR: "Declares to have no conflict of interest, then reads and scores.",
    Role.SECRETARIAT: "Runs the call: questions, corrections, evaluators, the award list.",
    Role.APPROVER: "Approves the award list, or sends it back with remarks; two persons are needed.",
    Role.RESOURCE_MANAGER: "Orders the resources that were granted, and records what is delivered.",
    Role.CERTIFIER: "Certifies what a city acknowledged, and never what was ordered by the same person.",
    Role.AUDITOR: "Reads the whole history, and changes nothing.",
}


def programme_of(stage: Stage) -> Programme:
    """Return what visitors meet after the rehearsal that was played on this stage."""
    return Programme(tuple(_guises(stage)), (), (), lambda errand: stage)


def _guises(stage: Stage) -> Iterator[Guise]:
    members = stage.plans[0].pairing.members
    for role, place in ((Role.APPLICANT, members[0]), (Role.PARTNER, members[1])):
        label = fictitious(f"Officer of {place.name}")
        yield Guise(stage.cast.officer(place.name), role, label, _ABOUT[role])
    secretariat = fictitious("Secretariat 1")
    yield Guise(stage.cast.secretariat[0], Role.SECRETARIAT, secretariat, _ABOUT[Role.SECRETARIAT])
    for role in _ABOUT:
        for person in stage.cast.of(role)[:1]:
            yield Guise(person.subject, role, person.label, _ABOUT[role])
