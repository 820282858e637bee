"""Scenes before coaching: offices, publication, cities and regions, partnerships and their roadmaps."""

from collections.abc import Iterator

from domain.account.commands import ConfirmRole, GrantRole, OpenAccount, RecordClusterLead, RecordFirstSecretariat
from domain.call.commands import PublishCall
from domain.organisation.commands import AdmitOrganisation, RegisterOrganisation
from domain.partnership.commands import AgreeRoadmap, ConfirmMembership, DraftRoadmap, FormPartnership
from domain.people import NEEDS_SECOND_PERSON, OPERATOR, Role
from fund_service.rehearsal.cast import fictitious
from fund_service.rehearsal.pairings import Place
from fund_service.rehearsal.plans import Fate, Plan
from fund_service.rehearsal.stage import Stage

SECRETARIAT_UNIT = "Secretariat"


def open_offices(stage: Stage) -> None:
    """Record the secretariat and give everybody in the offices an account and a role."""
    first, second = stage.cast.secretariat
    label = fictitious("Secretariat 1")
    stage.act(RecordFirstSecretariat, OPERATOR, "first", subject=first, label=label, unit=SECRETARIAT_UNIT)
    label = fictitious("Secretariat 2")
    stage.act(OpenAccount, first, "secretariat/2", subject=second, label=label, unit=SECRETARIAT_UNIT)
    stage.act(GrantRole, first, "secretariat/2/role", subject=second, role=Role.SECRETARIAT)
    for person in stage.cast.people:
        account = {"label": person.label, "unit": person.unit, "clusters": person.clusters}
        stage.act(OpenAccount, first, f"{person.label}/account", subject=person.subject, **account)
        role = {"subject": person.subject, "role": person.role}
        stage.act(GrantRole, first, f"{person.label}/role", **role, strand=person.strand)
        for cluster in person.manages:
            managed = {"subject": person.subject, "cluster": cluster}
            stage.act(RecordClusterLead, first, f"{person.label}/manages/{cluster}", **managed)
        if person.role in NEEDS_SECOND_PERSON:
            stage.act(ConfirmRole, second, f"{person.label}/role", **role)


def publish(stage: Stage) -> None:
    """Publish the call with the edition's rules."""
    stage.act(PublishCall, stage.cast.secretariat[0], stage.call_key, call_id=stage.call_id, rules=stage.rules)


def _places(stage: Stage) -> Iterator[tuple[Place, Plan]]:
    """Yield every city and region once, with the first plan that names it."""
    seen: set[str] = set()
    for plan in stage.plans:
        for place in plan.pairing.members:
            if place.name not in seen:
                seen.add(place.name)
                yield place, plan


def register_places(stage: Stage) -> None:
    """Register and admit the cities and regions, and give each an officer."""
    secretary = stage.cast.secretariat[0]
    for place, plan in _places(stage):
        organisation = stage.cast.organisation(place.name)
        described = place.model_dump() | {"organisation_id": organisation, "generated": plan.generated}
        stage.act(RegisterOrganisation, secretary, f"{place.name}/register", **described)
        if place.side == "EU" and plan.fate is not Fate.NOT_ADMITTED:
            admitted = {"strand": plan.pairing.geography.strand, "source": fictitious("The list of those admitted")}
            stage.act(AdmitOrganisation, secretary, f"{place.name}/admit", organisation_id=organisation, **admitted)
        officer = stage.cast.officer(place.name)
        account = {"label": fictitious(f"Officer of {place.name}"), "unit": place.name, "organisation_id": organisation}
        stage.act(OpenAccount, secretary, f"{place.name}/officer", subject=officer, **account)
        role = Role.APPLICANT if place.side == "EU" else Role.PARTNER
        stage.act(GrantRole, secretary, f"{place.name}/officer/role", subject=officer, role=role)


def form_partnerships(stage: Stage) -> None:
    """Form every partnership."""
    for plan in stage.plans:
        pairing = plan.pairing
        stage.act(
            FormPartnership,
            stage.cast.secretariat[0],
            f"{plan.key}/form",
            partnership_id=stage.partnership_id(plan),
            call_id=stage.call_id,
            name=pairing.name,
            coordinator_id=stage.cast.organisation(pairing.coordinator.name),
            member_ids=tuple(stage.cast.organisation(member.name) for member in pairing.members),
            geography=pairing.geography,
            cluster=pairing.cluster,
            topic=pairing.topic,
            generated=plan.generated,
            source=f"{pairing.phase}: {pairing.source}",
        )


def confirm_memberships(stage: Stage) -> None:
    """Let every member other than the coordinator confirm that it takes part."""
    for plan in stage.plans:
        for member in plan.pairing.members[1:]:
            named = {
                "partnership_id": stage.partnership_id(plan),
                "organisation_id": stage.cast.organisation(member.name),
            }
            officer = stage.cast.officer(member.name)
            stage.act(ConfirmMembership, officer, f"{plan.key}/{member.name}/membership", **named)


def draft_roadmaps(stage: Stage) -> None:
    """Let every partnership write its roadmap."""
    for plan in stage.plans:
        topic = plan.pairing.topic or "a joint topic"
        fields = {
            "objectives": f"Fictitious: learn from each other about {topic} and prepare one joint pilot action.",
            "stakeholders": "Fictitious: the city's offices, a university, a business network and residents.",
            "methods": "Fictitious: monthly working sessions online and one joint workshop.",
            "deliverables": "Fictitious: a tested prototype, a short report and a guide for other cities.",
        }
        partnership = stage.partnership_id(plan)
        stage.act(DraftRoadmap, stage.officer(plan), f"{plan.key}/roadmap/1", partnership_id=partnership, fields=fields)


def agree_roadmaps(stage: Stage) -> None:
    """Let every member agree to the roadmap, but for the partnership whose partner does not."""
    for plan in stage.plans:
        digest = stage.partnership(plan).roadmap_digest
        members = plan.pairing.members
        for member in members[:1] if plan.fate is Fate.ROADMAP_NOT_AGREED else members:
            named = {
                "partnership_id": stage.partnership_id(plan),
                "organisation_id": stage.cast.organisation(member.name),
            }
            officer = stage.cast.officer(member.name)
            stage.act(AgreeRoadmap, officer, f"{plan.key}/{member.name}/roadmap/1", **named, digest=digest)
