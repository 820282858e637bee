"""What stands in the foot of every page: how accessible the service is, and what it knows of people."""

from collections.abc import Mapping
from typing import Any, Final

from domain.rulebook.eu import E17_YEARS
from domain.rulebook.ours.afterwards import RETENTION_YEARS, UNSUCCESSFUL_YEARS
from fund_service.api.asking import Asking, Open
from fund_service.api.bearing import COOKIE, DEPARTURE
from fund_service.auth.departures import LIFETIME
from fund_service.auth.form_drafts import LASTS
from fund_service.auth.sessions import IDLE, LONGEST
from fund_service.web import languages
from fund_service.web.pages import Pages

_MINUTE: Final = 60


def notice_pages(pages: Pages) -> None:
    """Enter the pages. Whom one writes to is a setting; where there is none they say so."""

    @pages.page("/accessibility", "accessibility.html", Open.EVERYBODY)
    def accessibility(asking: Asking) -> Mapping[str, Any]:
        return {"contact": asking.context.parts.settings.contact}

    @pages.page("/privacy", "privacy.html", Open.EVERYBODY)
    def privacy(asking: Asking) -> Mapping[str, Any]:
        return {
            "contact": asking.context.parts.settings.contact,
            "granted_years": RETENTION_YEARS,
            "least_years": E17_YEARS,
            "other_years": UNSUCCESSFUL_YEARS,
            "draft_days": LASTS.days,
            "cookies": {"session": COOKIE, "departure": DEPARTURE, "language": languages.COOKIE},
            "idle_minutes": IDLE.seconds // _MINUTE,
            "session_hours": LONGEST.seconds // _MINUTE // 60,
            "departure_minutes": LIFETIME.seconds // _MINUTE,
        }
