"""What waits for me, and how the partnerships of my city stand."""

from collections.abc import Mapping
from typing import Any

from fund_service.api.reading import Asking, Open, told_to
from fund_service.api.resources.people import own_homes
from fund_service.api.resources.screens import own_next
from fund_service.web.forms import HOME
from fund_service.web.pages import Pages


def home_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page(HOME, "home.html", Open.SIGNED_IN)
    def home(asking: Asking) -> Mapping[str, Any]:
        waiting = [(one, told_to(asking, None, None, one)["partnership"]) for one in own_next(asking)]
        return {"roles": sorted(asking.account.roles), "waiting": waiting, "homes": own_homes(asking)}
