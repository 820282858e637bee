"""Lines about who was refused, and about what is read under watch: ids and kinds, never a name, a text or a token.

They go to the standard logger `fund.access`, as warnings, so that they are told where nobody configured anything.
"""

import logging
import traceback
from contextvars import ContextVar
from typing import Final
from uuid import UUID

from fastapi import Request

from domain.errors import FundError
from domain.messages import World
from domain.people import Role
from fund_service.api.problems import kind_of
from fund_service.past.moments import Moment
from fund_service.permissions.actors import Actor, account_of
from fund_service.permissions.views import allowed_until

_LOG: Final = logging.getLogger("fund.access")
_REFUSED: Final = frozenset({401, 403, 404})


class Asker:
    """Who asks in a request, as far as it is known yet."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.subject: UUID | None = None


_ASKER: Final[ContextVar[Asker]] = ContextVar("asker")


def begin() -> None:
    """Begin a request in which nobody is known yet."""
    _ASKER.set(Asker())


def known(subject: UUID) -> None:
    """Note who asks in this request."""
    asker = _ASKER.get(None)
    if asker is not None:
        asker.subject = subject


def tell_refusal(request: Request, error: FundError) -> None:
    """Tell that somebody was refused: not signed in, not permitted, or what is not there for that one."""
    kind, asker = kind_of(error), _ASKER.get(None)
    if kind.status in _REFUSED:
        subject = asker.subject if asker is not None else None
        _LOG.warning("refused %s status=%d kind=%s", _line(request, subject), kind.status, kind.name)


def tell_fault(request: str, error: BaseException) -> None:
    """Tell where something failed that is our fault; not what it says: that may be what somebody wrote."""
    causes = [error]
    while (before := causes[-1].__cause__ or causes[-1].__context__) is not None and before not in causes:
        causes.append(before)
    for cause in causes:
        frames = traceback.extract_tb(cause.__traceback__)
        where = "".join(f"\n  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
        _LOG.error("fault request=%s error=%s%s", request, type(cause).__qualname__, where)


def tell_reading(
    request: Request, actor: Actor, named: UUID | None, world: World, moment: Moment | None = None
) -> None:
    """Tell what an auditor reads, of whichever moment, and what somebody reads of a draft by way of exception (D18)."""
    account = account_of(actor, world)
    if account is not None and Role.AUDITOR in account.roles:
        past = f" as_of={moment.position}" if moment is not None else ""
        _LOG.warning("read %s as=auditor about=%s%s", _line(request, actor.subject), named or "-", past)
    if named is not None and actor.by_exception and actor.now is not None:
        until = allowed_until(actor.subject, named, world)
        if until is not None and actor.now() < until:
            _LOG.warning("read %s as=exception about=%s", _line(request, actor.subject), named)


def _line(request: Request, subject: UUID | None) -> str:
    route = getattr(request.scope.get("route"), "path", "-")
    return f"request={request.state.request} method={request.method} route={route} subject={subject or '-'}"
