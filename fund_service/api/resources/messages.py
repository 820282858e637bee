"""Messages: what was told to whom, for whoever was told, and for the offices by partnership."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Routes
from fund_service.permissions.reading_log import CONTENT
from fund_service.permissions.views import View
from projections.messages import MessageRow, audiences_of, messages


def message_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.listing("/messages", MessageRow, Open.SIGNED_IN, name="listMessages")
    def mine(asking: Asking) -> Iterable[MessageRow]:
        """List what you were told, the newest first: you alone, your city or region, your office, or everybody.

        What belongs to an application that you may not see any more is not told any more either.
        """
        return own_messages(asking)

    @routes.listing(
        "/partnerships/{partnership_id}/messages", MessageRow, View.MESSAGES, name="listPartnershipMessages"
    )
    def of_partnership(asking: Asking, partnership_id: UUID) -> Iterable[MessageRow]:
        """List what was told to anybody about a partnership and its pilot actions, the newest first."""
        return messages_about(asking, partnership_id)


def own_messages(asking: Asking) -> Iterator[MessageRow]:
    """Yield what somebody was told and may still know, the newest first."""
    account = asking.account
    audiences = audiences_of(asking.by, account.organisation_id, account.roles)
    return _seen(asking, messages(asking.connection, audiences))


def messages_about(asking: Asking, partnership_id: UUID) -> Iterator[MessageRow]:
    """Yield what anybody was told about a partnership, the newest first, as far as an office may read it."""
    for row in messages(asking.connection, partnership_id=partnership_id):
        if row.topic not in CONTENT or (row.pilot_action_id and asking.sees(View.APPLICATION, row.pilot_action_id)):
            yield row


def _seen(asking: Asking, rows: Iterable[MessageRow]) -> Iterator[MessageRow]:
    """Yield the rows about what the reader may see now."""
    known: dict[tuple[View, UUID], bool] = {}
    for row in rows:
        if row.pilot_action_id is not None:
            about = (View.PILOT_ACTION, row.pilot_action_id)
        elif row.partnership_id is not None:
            about = (View.PARTNERSHIP, row.partnership_id)
        else:
            yield row
            continue
        if about not in known:
            known[about] = asking.sees(*about)
        if known[about]:
            yield row
