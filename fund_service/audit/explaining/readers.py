"""Who is told: what of a thing, which events, by which names. It asks the tables of permissions and decides nothing."""

from typing import NamedTuple, Protocol
from uuid import UUID

from domain.account.aggregate import ACCOUNT
from domain.messages import Recorded, World
from fund_service.permissions.actors import Actor
from fund_service.permissions.checking import may_see
from fund_service.permissions.reading_log import entry_of, may_hear, pilot_action_of
from fund_service.permissions.redaction import SOME_APPLICANT
from fund_service.permissions.views import View, outcome_is_told
from projections.timeline import NAMES_OF_NOBODY, UNKNOWN


class Reader(Protocol):
    """Who an explanation is for."""

    def sees(self, view: View, id: UUID) -> bool:
        """Tell whether the reader may see this of the thing with this id."""

    def hears(self, recorded: Recorded) -> bool:
        """Tell whether the reader may be told an event, in words."""

    def knows_outcome(self, pilot_action_id: UUID, call_id: UUID) -> bool:
        """Tell whether the reader may know the outcome of an application."""

    def named(self, subject: UUID, recorded: Recorded | None = None) -> tuple[UUID | None, str]:
        """Return a subject, here of an event, and its label, as far as the reader may know them."""


class Everything(NamedTuple):
    """Whoever has the machine itself, who can read the log."""

    world: World

    def sees(self, view: View, id: UUID) -> bool:
        """Tell that it may be seen."""
        return True

    def hears(self, recorded: Recorded) -> bool:
        """Tell that it may be heard."""
        return True

    def knows_outcome(self, pilot_action_id: UUID, call_id: UUID) -> bool:
        """Tell that it may be known."""
        return True

    def named(self, subject: UUID, recorded: Recorded | None = None) -> tuple[UUID | None, str]:
        """Return the subject with its label."""
        return subject, label_of(subject, self.world)


class OneActor(NamedTuple):
    """Somebody who asks, in the world as it is now."""

    actor: Actor
    world: World

    def sees(self, view: View, id: UUID) -> bool:
        """Tell whether the actor may see this of the thing with this id."""
        return may_see(view, self.actor, id, self.world)

    def hears(self, recorded: Recorded) -> bool:
        """Tell whether the actor may be told an event, in words."""
        return may_hear(self.actor, entry_of(recorded), self.world)

    def knows_outcome(self, pilot_action_id: UUID, call_id: UUID) -> bool:
        """Tell whether the outcome is released, or the actor may see the ranking (D17)."""
        return outcome_is_told(pilot_action_id, self.world) or self.sees(View.RANKING, call_id)

    def named(self, subject: UUID, recorded: Recorded | None = None) -> tuple[UUID | None, str]:
        """Return the subject with its label, but nobody who acts for an applicant that is hidden from the actor."""
        about = pilot_action_of(recorded, self.world) if recorded is not None else None
        account = self.world.find(ACCOUNT, subject)
        applies = account is not None and account.organisation_id is not None
        if about is not None and applies and not self.sees(View.APPLICANTS, about):
            return None, SOME_APPLICANT
        return subject, label_of(subject, self.world)


def label_of(subject: UUID, world: World) -> str:
    """Return the label of a subject."""
    account = world.find(ACCOUNT, subject)
    return NAMES_OF_NOBODY.get(subject) or (account.label if account is not None else UNKNOWN)
