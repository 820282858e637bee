"""Pages that are open hear when something was recorded that their reader may read: that it was, and nothing more.

What has changed they ask for as every page is asked for. One look at the log serves all pages of this process.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from domain.errors import FundError
from domain.values import BRUSSELS
from fund_service.api.asking import Open
from fund_service.api.bearing import Bearer, Bearing
from fund_service.api.context import Context
from fund_service.api.limits import What
from fund_service.patience import STORE_AWAY
from fund_service.permissions.actors import Actor
from fund_service.permissions.reading_log import may_read
from fund_service.presence import Person
from fund_service.web.pages import Pages

LOOKED_AT: Final = 2000
"""So many events are looked at at once."""
PAUSE: Final = 0.5
"""Seconds between two looks."""
QUIET: Final = 15.0
"""After so many seconds without news the time is told, so that a page knows that it still hears."""

After = Annotated[int, Query(ge=0, le=2**53)]
On = Annotated[str, Query(max_length=500)]


class Ear:
    """One open page: who reads it, up to which position of the log it has heard, and on which form its reader is."""

    def __init__(self, actor: Actor, after: int, form: Person | None) -> None:
        self.actor, self.after, self.form = actor, after, form
        self.others: Sequence[Person] | None = None
        self.news = asyncio.Event()


class Live:
    """All pages that are open now."""

    def __init__(self, context: Context) -> None:
        """Listen to this fund."""
        self._context = context
        self._ears: set[Ear] = set()
        self._looking: asyncio.Task[None] | None = None

    @contextmanager
    def listening(self, actor: Actor, after: int, form: Person | None) -> Iterator[Ear]:
        """Let a page listen until the end of the block."""
        self._ears.add(ear := Ear(actor, after, form))
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="live pages")
        try:
            yield ear
        finally:
            self._ears.discard(ear)

    async def _look(self) -> None:
        """Look at the log again and again, as long as somebody listens."""
        while self._ears and not self._context.ending:
            with suppress(FundError, *STORE_AWAY):  # a page that hears nothing is as it was
                for ear in await run_in_threadpool(self.told, tuple(self._ears)):
                    ear.news.set()
            await asyncio.sleep(PAUSE)
        for ear in self._ears:
            ear.news.set()

    def told(self, ears: Sequence[Ear]) -> list[Ear]:
        """Return those for whom there is something new, and note how far all have heard."""
        heard = self._of_the_log(ears)
        for ear in ears:
            others = self._context.presence.beside(ear.form) if ear.form is not None else ()
            if ear.others is not None and others != ear.others:
                heard.append(ear)
            ear.others = others
        return heard

    def _of_the_log(self, ears: Sequence[Ear]) -> list[Ear]:
        parts = self._context.parts
        seen = parts.projector.seen()
        behind = [ear for ear in ears if ear.after < seen]
        if not behind:
            return []
        world = parts.fund.world()
        recent = parts.log.read(min(ear.after for ear in behind), LOOKED_AT)
        shown = [one for one in recent if one.position <= seen]
        heard = [
            ear for ear in behind if any(ear.after < one.position and may_read(ear.actor, one, world) for one in shown)
        ]
        for ear in behind:
            ear.after = max(ear.after, shown[-1].position if shown else seen)
        return heard


def live_page(pages: Pages) -> None:
    """Enter what open pages listen to."""
    context, live = pages.context, Live(pages.context)

    def listen(request: Request, bearer: Bearer, after: After = 0, on: On = "") -> StreamingResponse:
        actor = context.signed(bearer).actor
        context.limits.check(What.EXPORT, actor.subject)
        form = context.presence.find(actor.subject, on)
        return StreamingResponse(heard(context, live, bearer, after, form), media_type="text/event-stream")

    listen.sight = Open.SIGNED_IN  # type: ignore[attr-defined]
    pages.router.add_api_route("/live", listen, methods=["GET"], include_in_schema=False, response_model=None)


async def heard(context: Context, live: Live, bearer: Bearing, after: int, form: Person | None) -> AsyncIterator[str]:
    """Yield the time again and again, and that there is news; it ends when the session does."""
    actor: Actor | None = await run_in_threadpool(_listener, context, bearer, form)
    if actor is None:
        return
    with live.listening(actor, after, form) as ear:
        news = False
        while not context.ending and await run_in_threadpool(_listener, context, bearer, form) is not None:
            time = context.parts.clock.now().astimezone(BRUSSELS)
            yield f"id: {ear.after}\nevent: {'news' if news else 'quiet'}\ndata: {time:%H:%M}\n\n"
            with suppress(TimeoutError):
                await asyncio.wait_for(ear.news.wait(), QUIET)
            news = ear.news.is_set()
            ear.news.clear()


def _listener(context: Context, bearer: Bearing, form: Person | None) -> Actor | None:
    """Return who listens, who is still at the form; None where the session does not hold any more.

    Who does nothing but listen is idle.
    """
    if form is not None:
        context.presence.stays(form)
    try:
        return context.holder(bearer, used=False).actor
    except FundError:
        return None
