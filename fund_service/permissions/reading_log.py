"""Who may read which event of the log: by the thing that it is about, and by what it tells of it.

The feed and every timeline ask here. What an event tells of an application's content, of its outcome before the
release, or of how the list came about goes to nobody whom the views do not show it.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from uuid import UUID

from domain.account.aggregate import Account
from domain.call.events import (
    ApplicationWindowClosed,
    ApplicationWindowOpened,
    CallCancelled,
    CallCorrected,
    CallPublished,
    CallSettled,
    CoachingWindowClosed,
    CoachingWindowOpened,
    OutcomesReleased,
    QuestionAnswered,
    QuestionAnsweredPrivately,
    QuestionAsked,
    QuestionDeclined,
)
from domain.catalogue import COMMANDS
from domain.evaluation.aggregate import EVALUATION
from domain.grant.aggregate import GRANT
from domain.grant.events import OffersCompared
from domain.messages import Event, Recorded, World
from domain.organisation.events import NamedInApplication, ToldOfSeveralApplications
from domain.people import Role
from domain.pilot_action.events import (
    ApplicationSubmitted,
    DraftSectionSaved,
    ExpertNamed,
    FileAttached,
    FileDetached,
    ProofAttached,
    RemovalProposed,
    VersionPutForward,
)
from domain.receipt import CommandHandled
from domain.working_paper.events import FindingAnswered, FindingFollowedUp, FindingIssued, WorkingPaperClosed
from fund_service.permissions.actors import Actor, account_of
from fund_service.permissions.checking import may_see
from fund_service.permissions.deeds import PERMISSIONS
from fund_service.permissions.views import View, outcome_is_told
from projections.timeline import NOT_BEFORE_RELEASE, NOT_FOR_APPLICANTS

_OF_EVERYBODY: Final = frozenset(
    kind.TOPIC
    for kind in (
        CallPublished,
        CallCorrected,
        QuestionAnswered,
        CoachingWindowOpened,
        CoachingWindowClosed,
        ApplicationWindowOpened,
        ApplicationWindowClosed,
        CallCancelled,
        CallSettled,
    )
)
CONTENT: Final = frozenset(
    kind.TOPIC for kind in (DraftSectionSaved, FileAttached, FileDetached, VersionPutForward, ApplicationSubmitted)
)
"""Topics that tell of an application's content, its sum among it."""
_OF_QUESTIONS: Final = frozenset(kind.TOPIC for kind in (QuestionAsked, QuestionAnsweredPrivately, QuestionDeclined))
_STAFF_ONLY: Final = frozenset({ExpertNamed.TOPIC, RemovalProposed.TOPIC})
_OF_APPLICATIONS: Final = frozenset({NamedInApplication.TOPIC, ToldOfSeveralApplications.TOPIC})
_OF_FINDINGS: Final = frozenset(
    kind.TOPIC for kind in (FindingIssued, FindingAnswered, FindingFollowedUp, WorkingPaperClosed)
)
_OF_SUPPLIERS: Final = frozenset({OffersCompared.TOPIC})
"""What suppliers offered, those without the order among them, is no business of those who receive it."""
_IN_WORDS: Final = frozenset({OutcomesReleased.TOPIC})
"""What everybody may hear in words who sees the thing, though not what else the event tells."""


class Entry(NamedTuple):
    """An event as far as it matters who reads it: its kind, its stream, who did it. Of the answer to a request also the
    request's name, and the thing that it was about; of a question about a call, who asked it.
    """

    topic: str
    stream: UUID
    by: UUID
    command: str | None = None
    about: UUID | None = None
    asked_by: UUID | None = None


def may_read(actor: Actor, recorded: Recorded, world: World) -> bool:
    """Tell whether the actor may read an event of the log."""
    return _may(actor, entry_of(recorded), world)


def entry_of(recorded: Recorded) -> Entry:
    """Return an event of the log as far as it matters who reads it."""
    event = recorded.event
    command, about = (event.command, event.about) if isinstance(event, CommandHandled) else (None, None)
    return Entry(event.TOPIC, recorded.stream, event.by, command, about, _asker(event))


def _asker(event: Event) -> UUID | None:
    if isinstance(event, QuestionAsked):
        return event.by
    return event.asked_by if isinstance(event, QuestionAnsweredPrivately | QuestionDeclined) else None


def may_hear(actor: Actor, entry: Entry, world: World) -> bool:
    """Tell whether the actor may read, in the timeline of a thing that it sees, the sentence of an event."""
    return entry.topic in _IN_WORDS or _may(actor, entry, world)


def pilot_action_of(recorded: Recorded, world: World) -> UUID | None:
    """Return the pilot action that an event is about, or None."""
    kind = recorded.event.TOPIC.partition(".")[0]
    if kind == "evaluation":
        return world.get(EVALUATION, recorded.stream).pilot_action_id
    return recorded.stream if kind == "pilot-action" else None


def _may(actor: Actor, entry: Entry, world: World) -> bool:
    account = account_of(actor, world)
    if account is None:
        return False
    kind = entry.topic.partition(".")[0]
    return kind in _BY_KIND and _BY_KIND[kind](actor, account, entry, world)


def _of_call(actor: Actor, account: Account, entry: Entry, world: World) -> bool:
    if entry.topic in _OF_EVERYBODY:
        return True
    if entry.topic in _OF_QUESTIONS:
        return entry.asked_by == actor.subject or may_see(View.QUESTIONS, actor, entry.stream, world)
    return all(may_see(view, actor, entry.stream, world) for view in (View.RANKING, View.DASHBOARD))


def _of_partnership(actor: Actor, account: Account, entry: Entry, world: World) -> bool:
    return may_see(View.PARTNERSHIP, actor, entry.stream, world)


def _of_pilot_action(actor: Actor, account: Account, entry: Entry, world: World) -> bool:
    topic, named = entry.topic, entry.stream
    if not may_see(View.PILOT_ACTION, actor, named, world):
        return False
    if topic in CONTENT:
        return may_see(View.APPLICATION, actor, named, world)
    if topic == ProofAttached.TOPIC:
        return may_see(View.PROOF, actor, named, world)
    if may_see(View.PROCEDURE, actor, named, world):
        return True
    hidden = NOT_FOR_APPLICANTS if outcome_is_told(named, world) else NOT_BEFORE_RELEASE
    return topic not in hidden and topic not in _STAFF_ONLY


def _of_evaluation(actor: Actor, account: Account, entry: Entry, world: World) -> bool:
    evaluation = world.get(EVALUATION, entry.stream)
    if evaluation.pilot_action_id is None:
        return False
    named = evaluation.pilot_action_id
    if not may_see(View.EVALUATION, actor, named, world):
        return False
    seat = evaluation.seats.get(actor.subject)
    return seat is None or seat.points is not None or entry.by == actor.subject


def _of_grant(actor: Actor, account: Account, entry: Entry, world: World) -> bool:
    if not may_see(View.GRANT, actor, entry.stream, world):
        return False
    action = world.get(GRANT, entry.stream).pilot_action_id if entry.topic in _OF_SUPPLIERS else None
    return action is None or may_see(View.PROCEDURE, actor, action, world)


def _of_account(actor: Actor, account: Account, entry: Entry, world: World) -> bool:
    return may_see(View.ACCOUNT, actor, entry.stream, world)


def _of_organisation(actor: Actor, account: Account, entry: Entry, world: World) -> bool:
    return entry.topic not in _OF_APPLICATIONS or entry.stream == account.organisation_id


def _of_receipt(actor: Actor, account: Account, entry: Entry, world: World) -> bool:
    if entry.by != actor.subject:
        return may_see(View.REFUSALS, actor, entry.by, world)
    command = COMMANDS.get(entry.command or "")
    if command is None or entry.about is None or Role.EVALUATOR not in PERMISSIONS[command].roles:
        return True
    return may_see(View.PILOT_ACTION, actor, entry.about, world)


def _of_working_paper(actor: Actor, account: Account, entry: Entry, world: World) -> bool:
    """Tell whether who asks is an auditor, or hears of a finding as the secretariat does (D34)."""
    if Role.AUDITOR in account.roles:
        return True
    return entry.topic in _OF_FINDINGS and may_see(View.PAPER, actor, entry.stream, world)


_Reads = Callable[[Actor, Account, Entry, World], bool]
_BY_KIND: Final[Mapping[str, _Reads]] = {
    "account": _of_account,
    "call": _of_call,
    "evaluation": _of_evaluation,
    "grant": _of_grant,
    "organisation": _of_organisation,
    "partnership": _of_partnership,
    "pilot-action": _of_pilot_action,
    "receipt": _of_receipt,
    "working-paper": _of_working_paper,
}
"""By the kind of stream; what stands here for nobody is read by nobody: the slots name who applies."""
