"""What visitors of a demonstration meet after the rehearsal: the next edition's call, open for applications, and one
person of each role in it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from typing import Final
from uuid import UUID

from domain.people import Role
from domain.values import in_brussels
from fund_service.demonstration import Errand, Guise, Point
from fund_service.rehearsal import judging
from fund_service.rehearsal.cast import fictitious
from fund_service.rehearsal.conductor import Conductor
from fund_service.rehearsal.improvising import Improvised
from fund_service.rehearsal.plans import Plan
from fund_service.rehearsal.rehearse import play
from fund_service.rehearsal.sequel_plans import DRAFTS, SUBMITS, WAITS, plan_of, sequel_stage
from fund_service.rehearsal.sequel_script import ANSWERS, RESOURCES, others, story_so_far
from fund_service.rehearsal.stage import Stage
from fund_service.rehearsal.visiting import Programme

_STOPS: Final = frozenset({ANSWERS, RESOURCES})
"""In these phases what others do is a point too: between the calendar's lie months."""


async def open_next_call(conductor: Conductor, main: Stage) -> Programme:
    """Play the next edition's call until visitors come, and return what they meet; what was played is not repeated."""
    stage = sequel_stage(main)
    for scene in story_so_far(stage):
        if scene.at >= conductor.now:
            await conductor.move(scene.at)
            await play(scene, stage)
            await conductor.quiet()
    scenes = tuple(others(stage))
    points = sorted({*_calendar(stage), *(Point(one.at, one.title) for one in scenes if one.phase in _STOPS)})

    def stage_for(errand: Errand) -> Stage:
        shared = {one.name: getattr(stage, one.name) for one in fields(Stage)}
        return Improvised(**shared, spared=errand.spared)

    return Programme(tuple(_guises(stage)), points, scenes, stage_for)


def _calendar(stage: Stage) -> Iterator[Point]:
    for name, at in stage.calendar.points():
        yield Point(at, name.replace("_", " "))


def _guises(stage: Stage) -> Iterator[Guise]:
    """Yield one person of each role, and two applicants."""
    dates, cast = stage.calendar, stage.cast
    drafts, submits, waits = (plan_of(stage, home) for home in (DRAFTS, SUBMITS, WAITS))
    judged, answered = in_brussels(dates.eligibility_checked), in_brussels(dates.outcomes_released)
    strand = drafts.pairing.geography.strand
    yield _officer(
        stage, drafts, 0, Role.APPLICANT, "Leads a partnership; half of its application was written when you came."
    )
    yield _officer(
        stage,
        submits,
        0,
        Role.APPLICANT,
        "Leads a partnership; its application was submitted when you came, and can be changed.",
    )
    yield _officer(
        stage, waits, -1, Role.PARTNER, "Confirms its part in each version that the city which leads puts forward."
    )
    second = "Runs the call: questions, corrections, evaluators, the award list. A second officer acts by the script."
    yield Guise(cast.secretariat[0], Role.SECRETARIAT, fictitious("Secretariat 1"), second)
    people = {person.subject: person for person in cast.people}
    evaluator = people[_busiest(stage)]
    about = f"Applications come from {judged} on: declare to have no conflict, read, score."
    yield Guise(evaluator.subject, Role.EVALUATOR, evaluator.label, about)
    told = {
        Role.APPROVER: "Approves the award list, or sends it back, when the scores are in. Two persons are needed.",
        Role.RESOURCE_MANAGER: f"Orders what was granted, from {answered} on, and records deliveries.",
        Role.CERTIFIER: "Certifies what a city acknowledged, and nothing that the same person ordered.",
        Role.COACH: "The months of coaching are over: see whom you coached. A coach sees no scores.",
        Role.AUDITOR: "Reads the whole history of this call and of the one before, and changes nothing.",
    }
    for role, about in told.items():
        person = cast.of(role, strand)[0]
        yield Guise(person.subject, role, person.label, about)


def _officer(stage: Stage, plan: Plan, place: int, role: Role, about: str) -> Guise:
    member = plan.pairing.members[place].name
    return Guise(stage.cast.officer(member), role, fictitious(f"Officer of {member}"), about)


def _busiest(stage: Stage) -> UUID:
    """Return the evaluator who judges the most applications."""
    seats = Counter(who for plan in stage.plans for who in judging.committee(stage, plan))
    return seats.most_common(1)[0][0]
