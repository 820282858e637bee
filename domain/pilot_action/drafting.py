"""What the fund decides about the draft of a pilot action: proposed, and saved section by section."""

from collections.abc import Iterator

from domain.call.aggregate import CALL, published
from domain.call.rules import Section
from domain.errors import Differing, DraftChanged, Malformed, WrongStage
from domain.messages import Change, Decision, World
from domain.partnership.standing import standing
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction
from domain.pilot_action.case import case_of, still_open
from domain.pilot_action.commands import ProposePilotAction, SaveDraftSection
from domain.pilot_action.events import DraftSectionSaved, PilotActionProposed, ResourceLine
from domain.rulebook.ours.applying import request_arrived_in_time
from domain.rulebook.ours.resources import kind_is_listed
from domain.values import ProtectedText, euros


def propose_pilot_action(command: ProposePilotAction, world: World) -> Decision:
    """Propose a pilot action for a support line of the partnership's call."""
    if world.find(PILOT_ACTION, command.pilot_action_id):
        raise WrongStage("This pilot action is proposed already.")
    partnership = standing(world, command.partnership_id)
    if partnership.call_id is None or partnership.coordinator_id is None:
        raise WrongStage("This partnership was never formed.")
    rules = published(world.get(CALL, partnership.call_id))
    if rules.line(command.line) is None:
        known = ", ".join(line.id for line in rules.lines)
        raise Malformed(f"The call has no support line {command.line!r}.", f"Choose one of: {known}.")
    request_arrived_in_time(command.at, rules.calendar.applications_close)
    event = PilotActionProposed(
        **command.stamp(),
        title=command.title,
        call_id=partnership.call_id,
        line=command.line,
        partnership_id=command.partnership_id,
        coordinator_id=partnership.coordinator_id,
        geography=partnership.geography,
        cluster=partnership.cluster,
    )
    return [Change(command.pilot_action_id, event)]


def save_draft_section(command: SaveDraftSection, world: World) -> Decision:
    """Save one section of the draft; it may be incomplete, but it fits the form (D19).

    Raises DraftChanged with both texts when the section is not at the version that the writer saw.
    """
    pilot, rules, *_ = case_of(world, command.pilot_action_id)
    still_open(pilot)
    request_arrived_in_time(command.at, rules.calendar.applications_close)
    section = next((section for section in rules.form if section.id == command.section), None)
    if section is None:
        known = ", ".join(section.id for section in rules.form)
        raise Malformed(f"The form has no section {command.section!r}.", f"Choose one of: {known}.")
    _fits(command, section)
    for line in command.resources or ():
        kind_is_listed(line.kind, [kind.id for kind in rules.resource_kinds])
    answers = {
        name: ProtectedText(subject=command.by, text=text if text.strip() else "")  # an empty one survives its key
        for name, text in command.answers.items()
    }
    resources = None if command.resources is None else tuple(_resources(command))
    version = pilot.sections.get(section.id, 0)
    if command.base != version:
        raise DraftChanged(
            version,
            (*_differing_answers(answers, pilot), *_differing_resources(resources, pilot, section)),
            f"The section “{section.title}” is at version {version}; you changed version {command.base}.",
            "Compare the two texts, merge them, and save the result on the section's present version.",
        )
    event = DraftSectionSaved(
        **command.stamp(),
        section=section.id,
        version=version + 1,
        answers=answers,
        resources=resources,
        smallest_useful_cents=command.smallest_useful_cents,
    )
    return [Change(command.pilot_action_id, event)]


def _resources(command: SaveDraftSection) -> Iterator[ResourceLine]:
    for line in command.resources or ():
        why = ProtectedText(subject=command.by, text=line.why)
        yield ResourceLine(kind=line.kind, quantity=line.quantity, unit_cents=line.unit_cents, why=why)


def _differing_answers(answers: dict[str, ProtectedText], pilot: PilotAction) -> Iterator[Differing]:
    for name, mine in answers.items():
        theirs = pilot.answers.get(name, ProtectedText(subject=mine.subject, text=""))
        if mine.text != theirs.text:
            yield Differing(name, mine, theirs)


def _differing_resources(
    resources: tuple[ResourceLine, ...] | None, pilot: PilotAction, section: Section
) -> Iterator[Differing]:
    if resources is None:
        return
    mine, theirs = _listed(resources), _listed(pilot.resources)
    if mine != theirs:
        (asks,) = (question.id for question in section.questions if question.kind == "resources")
        first = (*resources, *pilot.resources)[0].why.subject
        last = (*pilot.resources, *resources)[0].why.subject
        yield Differing(asks, ProtectedText(subject=first, text=mine), ProtectedText(subject=last, text=theirs))


def _listed(resources: tuple[ResourceLine, ...]) -> str:
    """Return resources in words, one on a line."""
    return "\n".join(
        f"{line.quantity} × {line.kind} at {euros(line.unit_cents)}: {line.why.text or ''}" for line in resources
    )


def _fits(command: SaveDraftSection, section: Section) -> None:
    texts = {question.id: question for question in section.questions if question.kind == "text"}
    for name, text in command.answers.items():
        if name not in texts:
            cure = f"It asks: {', '.join(texts)}." if texts else "It asks for no text: leave the answers out."
            raise Malformed(f"The section {section.id!r} has no question {name!r}.", cure)
        longest = texts[name].max_length
        if len(text) > longest:
            raise Malformed(
                f"The answer to {name!r} has {len(text)} characters; {longest} are allowed.",
                f"Shorten it by {len(text) - longest}.",
            )
    if command.smallest_useful_cents is not None and command.resources is None:
        raise Malformed("The smallest useful part is named without resources.", "Name it with the resources.")
    if command.resources is not None and all(question.kind != "resources" for question in section.questions):
        raise Malformed(f"The section {section.id!r} does not ask for resources.", "Name them where the form asks.")
