"""Deputies as pages show them: who stands in for whom, in which role, until which day, and the pages of the deeds."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from domain.account.commands import ConfirmDeputy, EndDeputy
from fund_service.api.asking import Asking
from fund_service.api.resources.people import DeputyState
from fund_service.web.offers import possible

_MOMENT = timedelta(microseconds=1)


class StandingIn(NamedTuple):
    """A deputyship; `last` lies in its last day, `begun`: it counts now. `ways` are deeds about it with their pages."""

    deputy: DeputyState
    begun: bool
    last: datetime
    ways: list[tuple[str, str]]


def standing_in(asking: Asking, ones: Iterable[DeputyState]) -> Iterator[StandingIn]:
    """Yield deputyships as who asks sees them."""
    now = asking.now
    for one in ones:
        named: dict[str, Any] = {"subject": one.deputy, "represents": one.represents, "role": one.role}
        deeds = (EndDeputy,) if one.confirmed else (ConfirmDeputy, EndDeputy)
        begun = one.confirmed and one.starts <= now
        yield StandingIn(one, begun, one.until - _MOMENT, list(possible(asking, deeds, **named)))
