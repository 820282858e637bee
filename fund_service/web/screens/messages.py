"""What was told to whom: to me, and to anybody about a partnership."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain.partnership.aggregate import PARTNERSHIP
from fund_service.api.asking import Asking, Open
from fund_service.api.resources.messages import messages_about, own_messages
from fund_service.permissions.views import View
from fund_service.web.lists import Listed, shown
from fund_service.web.pages import Pages
from projections.messages import MessageRow


def message_pages(pages: Pages) -> None:
    """Enter the pages."""

    @pages.page("/messages", "messages.html", Open.SIGNED_IN)
    def mine(asking: Asking, wanted: Listed) -> Mapping[str, Any]:
        found = shown(asking, own_messages(asking), MessageRow, None, wanted)
        return {"list": found, "partnership": None, "source": "/messages"}

    @pages.page("/partnerships/{partnership_id}/messages", "messages.html", View.MESSAGES)
    def about(asking: Asking, partnership_id: UUID, wanted: Listed) -> Mapping[str, Any]:
        found = shown(asking, messages_about(asking, partnership_id), MessageRow, None, wanted)
        name = asking.world.get(PARTNERSHIP, partnership_id).name
        return {"list": found, "partnership": name, "source": f"/partnerships/{partnership_id}/messages"}
