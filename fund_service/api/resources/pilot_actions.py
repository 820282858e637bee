"""Pilot actions: drafts, versions, receipts. Who may not see the content of an application sees where it stands."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from domain.call.aggregate import CALL, announced
from domain.call.rules import Section
from domain.errors import NotFound
from domain.files import FileKind
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction, Stage
from domain.pilot_action.events import (
    ClarificationAnswered,
    ClarificationAsked,
    ResourceLine,
    VersionPutForward,
)
from domain.values import Cents, Digest, Instant, Value
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Answered, Routes
from fund_service.api.resources.people import own_homes
from fund_service.api.resources.screens import OfBy, OfCall, OfFigure, OfGroup, counted_by
from fund_service.permissions.views import View, is_decided_on, outcome_is_told
from projections import lists
from projections.applicant_rows import ReceiptRow
from projections.lists import ApplicationRow

_OUTCOMES = frozenset({Stage.INADMISSIBLE, Stage.INELIGIBLE, Stage.ELIGIBLE})


class VersionState(Value):
    """A version that was put forward: the digest that names its content, and who confirmed it by word or by letter.

    `declined_by` were asked, did not confirm, and said why; they still may.
    The sums are a part of the content: None for whom that is not shown.
    """

    number: int
    digest: Digest
    requested_cents: Cents | None
    smallest_useful_cents: Cents | None
    confirmed_by: tuple[UUID, ...]
    declined_by: tuple[UUID, ...]
    submitted: bool


class ClarificationState(Value):
    """What the secretariat asked about an obvious clerical error, and what was answered, null before that (E09)."""

    question: str
    due: Instant
    answer: str | None


class PilotActionState(Value):
    """A pilot action as it is now. What became of its application is told once the outcomes are released (D17).

    `version` counts everything that was recorded about it, for whoever writes on it: after closing the offices of the
    procedure alone read it. Null: it would tell that something was decided. `clarification` is for its members, the
    secretariat and those who read the application after closing.
    """

    id: UUID
    version: int | None
    title: str
    call_id: UUID | None
    line: str
    partnership_id: UUID | None
    stage: str
    versions: tuple[VersionState, ...]
    clarification_due: Instant | None
    clarification: ClarificationState | None


class Resource(Value):
    """One resource in kind: so many units of a kind at a unit value in euro cents, and why."""

    kind: str
    quantity: int
    unit_cents: Cents
    why: str


class SectionState(Value):
    """One section of the draft: its answers by question, and the resources where it asks for them."""

    id: str
    version: int
    title: str
    answers: dict[str, str]
    resources: tuple[Resource, ...] | None
    smallest_useful_cents: Cents | None


class FileState(Value):
    """A file that a version contains: the SHA-256 of its content, its size in bytes, its kind and title."""

    id: UUID
    digest: str
    size: int
    kind: FileKind
    title: str


class Content(Value):
    """The content of one version: what a digest names."""

    number: int
    digest: Digest
    requested_cents: Cents
    smallest_useful_cents: Cents | None
    answers: dict[str, str]
    resources: tuple[Resource, ...]
    files: tuple[FileState, ...]


class ReceiptState(ReceiptRow):
    """The receipt of what was submitted last, with the files that the submitted version contains."""

    files: tuple[FileState, ...]


def pilot_action_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.listing("/pilot-actions", ApplicationRow, Open.SIGNED_IN, name="listPilotActions", each=View.PILOT_ACTION)
    def pilot_actions(
        asking: Asking, call: OfCall = None, figure: OfFigure = None, by: OfBy = None, group: OfGroup = ""
    ) -> Iterable[ApplicationRow]:
        """List the pilot actions that you may see, with where their applications stand, oldest first."""
        counts = counted_by(asking, call, figure, by, group)
        rows = lists.applications(asking.connection, call)
        return rows if figure is None else replace(rows, counts=counts)

    @routes.one("/pilot-actions/{pilot_action_id}", PilotActionState, View.PILOT_ACTION, name="readPilotAction")
    def pilot_action(asking: Asking, pilot_action_id: UUID) -> Answered[PilotActionState]:
        """Read a pilot action as it is now."""
        return _state(asking, pilot_action_id, asking.world.get(PILOT_ACTION, pilot_action_id))

    @routes.listing(
        "/pilot-actions/{pilot_action_id}/draft/sections", SectionState, View.DRAFT, name="listDraftSections"
    )
    def sections(asking: Asking, pilot_action_id: UUID) -> Iterable[SectionState]:
        """List the sections of the draft, in the form's order, with what was saved last."""
        return sections_of(asking, asking.world.get(PILOT_ACTION, pilot_action_id))

    @routes.one(
        "/pilot-actions/{pilot_action_id}/draft/sections/{section}", SectionState, View.DRAFT, name="readDraftSection"
    )
    def section(asking: Asking, pilot_action_id: UUID, section: str) -> Answered[SectionState]:
        """Read one section of the draft; its ETag is what you send as If-Match when you save it."""
        for found in sections_of(asking, asking.world.get(PILOT_ACTION, pilot_action_id)):
            if found.id == section:
                return found, found.version
        raise NotFound("The form has no such section.", "List the sections of the draft.")

    @routes.one("/pilot-actions/{pilot_action_id}/versions/{number}", Content, View.APPLICATION, name="readVersion")
    def version(asking: Asking, pilot_action_id: UUID, number: int) -> Answered[Content]:
        """Read the content of a version: its members any, others the submitted one that counts, after closing."""
        return content_of(asking, pilot_action_id, number), None

    @routes.one("/pilot-actions/{pilot_action_id}/receipt", ReceiptState, View.DRAFT, name="readReceipt")
    def receipt(asking: Asking, pilot_action_id: UUID) -> Answered[ReceiptState]:
        """Read the receipt of what was submitted last: its version, digest, files, arrival and position in the log."""
        return receipt_of(asking, pilot_action_id), None


def receipt_of(asking: Asking, id: UUID) -> ReceiptState:
    """Return the receipt of what one's own city or region submitted last. Raises NotFound."""
    for home in own_homes(asking):
        for action in home.pilot_actions:
            if action.id == id and action.receipt is not None:
                files = _files(asking.world.get(PILOT_ACTION, id), action.receipt.version)
                return ReceiptState(**dict(action.receipt), files=files)
    raise NotFound("Nothing was submitted yet.", "Submit the version that all members confirmed.")


def _state(asking: Asking, id: UUID, pilot: PilotAction) -> Answered[PilotActionState]:
    version = _version(asking, id)
    versions = tuple(
        VersionState(
            number=one.number,
            digest=one.digest,
            requested_cents=one.requested_cents,
            smallest_useful_cents=one.smallest_useful_cents,
            confirmed_by=tuple(sorted(one.confirmed_by)),
            declined_by=tuple(sorted(one.declined)),
            submitted=one.number == pilot.submitted,
        )
        for one in pilot.versions
    )
    state = PilotActionState(
        id=id,
        version=version,
        title=title_of(asking, id),
        call_id=pilot.call_id,
        line=pilot.line,
        partnership_id=pilot.partnership_id,
        stage=_stage(asking, id, pilot),
        versions=versions,
        clarification_due=pilot.clarification.due if pilot.clarification else None,
        clarification=clarification_of(asking, id),
    )
    return state, version


def clarification_of(asking: Asking, id: UUID) -> ClarificationState | None:
    """Return what was asked about a clerical error and answered, to who may read that; evaluators need neither."""
    clarification = asking.world.get(PILOT_ACTION, id).clarification
    if clarification is None or not asking.sees(View.PROOF, id):
        return None
    log = asking.context.parts.log
    asked = next(log.newest(id, ClarificationAsked))
    answered = next(log.newest(id, ClarificationAnswered), None) if clarification.answered else None
    return ClarificationState(
        question=asked.question.shown,
        due=clarification.due,
        answer=answered.answer.shown if answered is not None else None,
    )


def _version(asking: Asking, id: UUID) -> int | None:
    """Return its version; after closing to the offices of the procedure alone (D17)."""
    told = asking.sees(View.PROCEDURE, id) or not is_decided_on(id, asking.world)
    return asking.world.version(PILOT_ACTION, id) if told else None


def title_of(asking: Asking, id: UUID) -> str:
    """Return what a pilot action is called."""
    return (asking.world.find(PILOT_ACTION, id) or PilotAction()).title


def _stage(asking: Asking, id: UUID, pilot: PilotAction) -> str:
    """Return where the application stands; without the outcome to whom it is not told before the release (D17)."""
    told = pilot.stage not in _OUTCOMES or asking.sees(View.PROCEDURE, id) or outcome_is_told(id, asking.world)
    return pilot.stage if told else Stage.SUBMITTED


def sections_of(asking: Asking, pilot: PilotAction) -> list[SectionState]:
    """Return the sections of a draft in the form's order, with what was saved last."""
    form = announced(asking.world.get(CALL, pilot.call_id)).form if pilot.call_id else ()
    return [section_of(section, pilot) for section in form]


def section_of(section: Section, pilot: PilotAction) -> SectionState:
    """Return one section of a draft with what was saved last."""
    return SectionState(
        id=section.id,
        version=pilot.sections.get(section.id, 0),
        title=section.title,
        answers={
            question.id: pilot.answers[question.id].text or ""
            for question in section.questions
            if question.id in pilot.answers
        },
        resources=_resources(pilot.resources) if any(q.kind == "resources" for q in section.questions) else None,
        smallest_useful_cents=pilot.smallest_useful_cents,
    )


def content_of(asking: Asking, id: UUID, number: int) -> Content:
    """Return the content of a version, as far as who asks sees it. Raises NotFound."""
    pilot = asking.world.get(PILOT_ACTION, id)
    own = asking.sees(View.DRAFT, id)
    for event in asking.context.parts.log.newest(id, VersionPutForward) if own or number == pilot.submitted else ():
        if event.version == number:
            return _content(event, _files(pilot, number))
    raise NotFound("There is no such version.", "Read the pilot action; it names the versions.")


def _content(event: VersionPutForward, files: tuple[FileState, ...]) -> Content:
    return Content(
        number=event.version,
        digest=event.digest,
        requested_cents=event.requested_cents,
        smallest_useful_cents=event.smallest_useful_cents,
        answers={name: answer.shown for name, answer in event.answers.items()},
        resources=_resources(event.resources),
        files=files,
    )


def _files(pilot: PilotAction, number: int) -> tuple[FileState, ...]:
    version = pilot.version(number)
    return tuple(
        FileState(
            id=one.id,
            digest=one.file.digest,
            size=one.file.size,
            kind=one.file.kind,
            title=one.file.title.shown,
        )
        for one in (version.files if version else ())
    )


def _resources(lines: Iterable[ResourceLine]) -> tuple[Resource, ...]:
    return tuple(
        Resource(kind=line.kind, quantity=line.quantity, unit_cents=line.unit_cents, why=line.why.shown)
        for line in lines
    )
