"""Templates, and how sums, instants and lists are written in them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from domain.amounts import readings
from domain.values import BRUSSELS, euros, in_brussels
from fund_service.web.assets import address
from fund_service.web.wishes import deed_address
from projections.call_ranking import rounded

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Pages run no script, and load styles and pictures from here alone."""


def page(template: str, variables: Mapping[str, Any], status: int = 200) -> Response:
    """Return a page."""
    content = _templates().get_template(template).render(variables)
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store"}
    return HTMLResponse(content, status, headers)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("fund_service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "euros": euros,
        "ahead": ahead,
        "brief": brief,
        "brussels": in_brussels,
        "clock": clock,
        "date": date,
        "day": day,
        "days": days,
        "elsewhere": elsewhere,
        "left": left,
        "readings": sums_meant,
        "rounded": rounded,
        "zip": zip,
    }
    made.globals |= {"asset": address, "deed": deed_address}
    return made


def clock(at: datetime) -> str:
    """Return an instant to the minute in which it lies: Fri 20 March 2026, 17:00 Brussels."""
    return in_brussels(at.replace(second=0, microsecond=0))


def brief(at: datetime) -> str:
    """Return an instant in Brussels for a table, whose heading says so: Fri 20 Mar 2026, 17:00."""
    local = at.astimezone(BRUSSELS)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def date(at: datetime) -> str:
    """Return the day of an instant in Brussels for a table: 20 Mar 2026."""
    local = at.astimezone(BRUSSELS)
    return f"{local.day} {local:%b %Y}"


def ahead(at: datetime, now: datetime) -> str:
    """Return an instant to come as shortly as it is clear in Brussels: 17:00, Fri 20 March, 17:00, or with its year."""
    local, today = at.astimezone(BRUSSELS), now.astimezone(BRUSSELS)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    year = f" {local:%Y}" if local.year != today.year else ""
    return f"{local:%a} {local.day} {local:%B}{year}, {local:%H:%M}"


def day(at: datetime) -> str:
    """Return the day of an instant in Brussels: 20 March 2026. Of midnight, the day that it ends."""
    local = (at - timedelta(microseconds=1)).astimezone(BRUSSELS)
    return f"{local.day} {local:%B %Y}"


def days(begins: datetime, ends: datetime) -> str:
    """Return a stretch of days in Brussels: 12 January – 27 February 2026; one day where it begins and ends there."""
    first, last = day(begins), day(ends)
    if first == last:
        return last
    return f"{first.removesuffix(last[-5:])} – {last}"


def elsewhere(at: datetime, zone: str) -> str:
    """Return an instant as the clocks of a zone show it: Sat 21 March, 01:00."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%B, %H:%M}"


def sums_meant(text: str) -> list[tuple[str, str, str]]:
    """Return the sums that a text can mean where it can mean two: as read, as typed, in words."""
    return [(euros(cents), f"{cents // 100}.{cents % 100:02}", words) for cents, words in readings(text)]


def left(until: datetime, now: datetime) -> str:
    """Return how long it is until an instant: in 9 days and 3 hours; by the minute in the last day."""
    minutes = int((until - now).total_seconds() // 60)
    days, rest = divmod(max(minutes, 0), 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "day"), (hours, "hour")] if days else [(hours, "hour"), (minutes, "minute")]
    told = " and ".join(f"{count} {word if count == 1 else word + 's'}" for count, word in parts if count)
    return f"in {told}" if told else "within a minute"
