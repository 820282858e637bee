"""What the pages about an application that is judged share: who applies, what it says, who sits on its committee."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

from domain.call.aggregate import CALL, announced
from domain.call.rules import CallRules
from domain.evaluation.aggregate import EVALUATION, Evaluation, Seat
from domain.evaluation.events import NoConflictDeclared
from domain.ids import evaluation_id
from domain.partnership.aggregate import PARTNERSHIP
from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.api.asking import Asking
from fund_service.api.describing import PREFIX
from fund_service.api.resources.evaluations import CommentState, EvaluationState, comments_now, evaluators_now
from fund_service.api.resources.pilot_actions import Content, content_of, title_of
from fund_service.permissions.views import View

WORKLIST: Final = "/me/evaluations"
POINTS: Final[Mapping[int, str]] = {
    5: "Excellent: it answers the criterion whole, and whatever is missing is small.",
    4: "Very good: it answers the criterion well, with a few things missing.",
    3: "Good: it answers the criterion, with several things missing.",
    2: "Fair: it goes in the right direction, with serious gaps.",
    1: "Poor: it hardly answers the criterion.",
    0: "It does not answer the criterion, or cannot be judged for what is missing.",
}
"""What the points mean, as an example of ours (D28): the rules of a call name none."""

Comments = list[tuple[str, list[CommentState]]]
"""What was written, by the name of the criterion."""


class Applicants(NamedTuple):
    """Who applies, where the call does not hide it: the partnership, and its members, who leads first."""

    partnership: str
    members: tuple[str, ...]


class Judged(NamedTuple):
    """An application that is judged. `applicants` is None where the call hides them."""

    id: UUID
    title: str
    applicants: Applicants | None
    rules: CallRules

    @property
    def files_at(self) -> str:
        """The address of its files in the API."""
        return f"{PREFIX}/pilot-actions/{self.id}/attachments"

    @property
    def called(self) -> str:
        """What it is called: by who applies, else by its title."""
        return self.applicants.partnership if self.applicants else self.title


class Given(NamedTuple):
    """What one evaluator gave for a criterion, and why; `above`: so many before it gave the same points."""

    who: str
    points: int
    why: str
    above: int


def judged(asking: Asking, id: UUID) -> Judged:
    """Return an application as who asks may know it; nothing of what it says."""
    pilot = asking.world.get(PILOT_ACTION, id)
    rules = announced(asking.world.get(CALL, pilot.call_id or id))
    return Judged(id, title_of(asking, id), _applicants(asking, id), rules)


def _applicants(asking: Asking, id: UUID) -> Applicants | None:
    if not asking.sees(View.APPLICANTS, id):
        return None
    partnership = asking.world.get(PARTNERSHIP, asking.world.get(PILOT_ACTION, id).partnership_id or id)
    first = sorted(partnership.members, key=lambda one: one.organisation_id != partnership.coordinator_id)
    return Applicants(partnership.name, tuple(one.name for one in first))


def application(asking: Asking, about: Judged) -> Content | None:
    """Return what an application says, to who may see it; None to others, and where nothing is submitted."""
    pilot = asking.world.get(PILOT_ACTION, about.id)
    if pilot.submitted is None or not asking.sees(View.APPLICATION, about.id):
        return None
    return content_of(asking, about.id, pilot.submitted)


def evaluation_of(asking: Asking, id: UUID) -> Evaluation:
    """Return the evaluation of an application; an empty one where there is none."""
    return asking.world.find(EVALUATION, evaluation_id(id)) or Evaluation()


def own_seat(asking: Asking, id: UUID) -> Seat | None:
    """Return the seat of who asks on the committee of an application."""
    return evaluation_of(asking, id).seats.get(asking.by)


def declared_at(asking: Asking, id: UUID) -> datetime | None:
    """Return when (UTC) who asks declared to have no conflict of interest."""
    events = (one.event for one in asking.context.parts.log.history(evaluation_id(id)))
    own = [event for event in events if isinstance(event, NoConflictDeclared) and event.evaluator == asking.by]
    return own[-1].effective_at if own else None


def given_for(state: EvaluationState, called: Mapping[UUID, str], criterion: str) -> tuple[Given, ...]:
    """Return what was given for a criterion, as far as who asks is told."""
    told = [(one.evaluator, one.scores[criterion]) for one in state.seats if one.scores and criterion in one.scores]
    before = [score.points for _, score in told]
    return tuple(
        Given(called[who], score.points, score.justification, before[:at].count(score.points))
        for at, (who, score) in enumerate(told)
    )


def commented(asking: Asking, id: UUID) -> Comments:
    """Return what the evaluators wrote, by the name of the criterion, to who may read it; nothing to others."""
    found = comments_now(asking, id) if asking.sees(View.COMMENTS, id) else ()
    return [(name, list(rows)) for name, rows in groupby(found, key=lambda one: one.name)]


def labels(asking: Asking, id: UUID) -> dict[UUID, str]:
    """Return what those who evaluate an application are called, for who may know them."""
    return {one.id: one.label for one in evaluators_now(asking, id)}
