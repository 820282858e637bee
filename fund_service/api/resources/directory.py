"""The people behind the accounts: oneself, and others for those who may see them."""

from datetime import UTC, datetime
from uuid import UUID

from domain.errors import NotFound
from fund_service.api.acting import Asked
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Answered, Routes
from fund_service.auth.people import Person, Profile
from fund_service.permissions.actors import Actor, account_of
from fund_service.permissions.views import View
from fund_service.privacy.exporting import Export, export


def directory_routes(routes: Routes) -> None:
    """Enter the routes; one's own comes first, since “me” is no id."""

    @routes.one("/people/me", Person, Open.SIGNED_IN, name="readMyProfile")
    def own(asking: Asking) -> Answered[Person]:
        """Read what you wrote about yourself."""
        return _person(asking, asking.by), None

    @routes.one("/people/me/export", Export, Open.SIGNED_IN, name="exportMyData")
    def everything(asking: Asking) -> Answered[Export]:
        """Read everything that the fund holds about you, as one document."""
        return export(asking.context.parts, asking.by, datetime.now(UTC)), None

    @routes.one("/people/{subject}", Person, View.PERSON, name="readPerson")
    def person(asking: Asking, subject: UUID) -> Answered[Person]:
        """Read who stands behind an account, and how to reach them."""
        return _person(asking, subject), None


def _person(asking: Asking, subject: UUID) -> Person:
    found = asking.context.parts.people.find(subject)
    if found is None:
        raise NotFound("Nothing is written about this person.", "They write it themselves: PUT /api/v1/people/me.")
    return found


def write_my_profile(asked: Asked, body: Profile) -> Person:
    """Write your name, and how you are reached, in place of what stands there.

    It is kept in the directory, apart from the log, and goes with `fund privacy erase`.
    """
    if account_of(Actor(asked.subject), asked.parts.fund.world()) is None:
        raise NotFound("You have no account any more.", "Ask the secretariat.")
    return asked.parts.people.put(asked.subject, body, asked.now)
