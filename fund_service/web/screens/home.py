"""What waits for me, and how the partnerships of my city stand."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fund_service.api.describing import PREFIX
from fund_service.api.reading import Asking, Open, told_to
from fund_service.api.resources.people import own_homes
from fund_service.api.resources.screens import NextState, own_next
from fund_service.web.begun import begun
from fund_service.web.forms import HOME
from fund_service.web.pages import Pages
from fund_service.web.together import groups
from fund_service.web.wishes import wish_at


def home_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page(HOME, "home.html", Open.SIGNED_IN)
    def home(asking: Asking) -> Mapping[str, Any]:
        waiting = [(one, told_to(asking, None, None, one)["partnership"], page_of(one)) for one in own_next(asking)]
        together = groups(page for _, _, page in waiting if page is not None)
        views = asking.context.parts.saved_views.of(asking.by)
        shown = {"waiting": waiting, "homes": own_homes(asking), "begun": list(begun(asking))}
        return {"roles": sorted(asking.account.roles), "together": together, "views": views, **shown}


def page_of(one: NextState) -> str | None:
    """Return the page of a deed that waits, with what the fund knows of it; None where its path is not known whole."""
    if "{" in one.path:
        return None
    wish = wish_at(one.path.removeprefix(f"{PREFIX}/"), ())
    rest = {name: value for name, value in one.known.items() if name not in wish.names}
    return f"{wish.address}{'?' + urlencode(rest) if rest else ''}"
