"""Who may read which event of the log: by the thing that it is about, and by what it tells of it.

What an event tells of an application's content, of its outcome before the release, or of how the list came about goes
to nobody whom the views do not show it.
"""

from collections.abc import Callable, Mapping
from typing import Final

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
    QuestionAnswered,
    QuestionAnsweredPrivately,
    QuestionAsked,
    QuestionDeclined,
)
from domain.evaluation.aggregate import EVALUATION
from domain.messages import Recorded, World
from domain.organisation.events import NamedInApplication, ToldOfSeveralApplications
from domain.people import Role
from domain.pilot_action.events import (
    ApplicationSubmitted,
    DraftSectionSaved,
    ExpertNamed,
    RemovalProposed,
    VersionPutForward,
)
from fund_service.permissions.actors import Actor, account_of
from fund_service.permissions.checking import may_see
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
CONTENT: Final = frozenset(kind.TOPIC for kind in (DraftSectionSaved, VersionPutForward, ApplicationSubmitted))
"""Topics that tell of an application's content, its sum among it."""
_STAFF_ONLY: Final = frozenset({ExpertNamed.TOPIC, RemovalProposed.TOPIC})
_OF_APPLICATIONS: Final = frozenset({NamedInApplication.TOPIC, ToldOfSeveralApplications.TOPIC})
_OUTSIDERS: Final = frozenset({Role.APPLICANT, Role.PARTNER, Role.COACH, Role.EVALUATOR})


def may_read(actor: Actor, recorded: Recorded, world: World) -> bool:
    """Tell whether the actor may read an event of the log."""
    account = account_of(actor, world)
    if account is None:
        return False
    kind = recorded.event.TOPIC.partition(".")[0]
    return kind in _BY_KIND and _BY_KIND[kind](actor, account, recorded, world)


def _office(account: Account) -> bool:
    return not account.roles.keys() <= _OUTSIDERS


def _of_call(actor: Actor, account: Account, recorded: Recorded, world: World) -> bool:
    event = recorded.event
    if event.TOPIC in _OF_EVERYBODY:
        return True
    if isinstance(event, QuestionAsked | QuestionAnsweredPrivately | QuestionDeclined):
        asker = event.by if isinstance(event, QuestionAsked) else event.asked_by
        return asker == actor.subject or may_see(View.QUESTIONS, actor, recorded.stream, world)
    return may_see(View.RANKING, actor, recorded.stream, world)


def _of_partnership(actor: Actor, account: Account, recorded: Recorded, world: World) -> bool:
    return may_see(View.PARTNERSHIP, actor, recorded.stream, world)


def _of_pilot_action(actor: Actor, account: Account, recorded: Recorded, world: World) -> bool:
    topic, named = recorded.event.TOPIC, recorded.stream
    if not may_see(View.PILOT_ACTION, actor, named, world):
        return False
    if topic in CONTENT:
        return may_see(View.APPLICATION, actor, named, world)
    if _office(account):
        return True
    hidden = NOT_FOR_APPLICANTS if outcome_is_told(recorded.stream, world) else NOT_BEFORE_RELEASE
    return topic not in hidden and topic not in _STAFF_ONLY


def _of_evaluation(actor: Actor, account: Account, recorded: Recorded, world: World) -> bool:
    evaluation = world.get(EVALUATION, recorded.stream)
    if evaluation.pilot_action_id is None:
        return False
    named = evaluation.pilot_action_id
    if not may_see(View.EVALUATION, actor, named, world):
        return False
    seat = evaluation.seats.get(actor.subject)
    return seat is None or seat.points is not None or recorded.event.by == actor.subject


def _of_grant(actor: Actor, account: Account, recorded: Recorded, world: World) -> bool:
    return may_see(View.GRANT, actor, recorded.stream, world)


def _of_account(actor: Actor, account: Account, recorded: Recorded, world: World) -> bool:
    return may_see(View.ACCOUNT, actor, recorded.stream, world)


def _of_organisation(actor: Actor, account: Account, recorded: Recorded, world: World) -> bool:
    return recorded.event.TOPIC not in _OF_APPLICATIONS or recorded.stream == account.organisation_id


def _of_receipt(actor: Actor, account: Account, recorded: Recorded, world: World) -> bool:
    own = recorded.event.by == actor.subject
    return own or may_see(View.REFUSALS, actor, recorded.event.by, world)


_Reads = Callable[[Actor, Account, Recorded, World], bool]
_BY_KIND: Final[Mapping[str, _Reads]] = {
    "account": _of_account,
    "call": _of_call,
    "evaluation": _of_evaluation,
    "grant": _of_grant,
    "organisation": _of_organisation,
    "partnership": _of_partnership,
    "pilot-action": _of_pilot_action,
    "receipt": _of_receipt,
}
"""By the kind of stream; what stands here for nobody is read by nobody: the slots name who applies."""
