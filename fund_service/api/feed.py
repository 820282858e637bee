"""The feed: every event that a reader may see, in the log's order, as CloudEvents 1.0; in pages, or as they come.

Free text of people is masked in it: a resource that the reader may see shows it.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final, Literal

from fastapi import Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from domain.errors import NotPermitted
from domain.messages import Recorded, World, version_of
from domain.values import Instant, Value
from fund_service.api.answering import JSON, as_json, told_past
from fund_service.api.answers import reading_answers, refusals
from fund_service.api.asking import Open, looking
from fund_service.api.bearing import Bearer
from fund_service.api.context import POSITION, AsOf, AtPosition, Context, HeldAt
from fund_service.api.describing import PREFIX
from fund_service.api.limits import What
from fund_service.api.problems import NotSignedIn
from fund_service.api.reading import Routes
from fund_service.api.watching import tell_reading
from fund_service.permissions.actors import Actor
from fund_service.permissions.reading_log import may_read, pilot_action_of
from fund_service.permissions.redaction import redacted
from projections.timeline import sentence

LOOKED_AT: Final = 2000
"""So many events of the log are looked at for one page at most: a page may be short, or empty, and the next goes on."""
POLL_SECONDS: Final = 0.25
QUIET_SECONDS: Final = 15.0
"""After so long without an event a comment is sent, so that what lies between keeps the connection."""

After = Annotated[int, Query(ge=0, le=2**53, description="Events beyond this position.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="So many events at most.")]
LastEventId = Annotated[
    str | None, Header(alias="Last-Event-ID", pattern=r"^\d{1,15}$", description="Go on beyond this position.")
]


class CloudEvent(Value):
    """An event of the log (CloudEvents 1.0): `id` is its position, `subject` its stream, `time` when it was recorded
    (UTC); `data` is what it tells, with the sentence that a person would say, and free text masked. Which place it has
    in its stream is not told: a gap would tell of what one may not read (D17).
    """

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str = f"{PREFIX}/events"
    type: str
    subject: str
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    data: dict[str, Any]


def told(recorded: Recorded, actor: Actor, world: World) -> CloudEvent:
    """Return an event of the log as a CloudEvent, with what the actor may see of it."""
    event = recorded.event
    fields = event.model_dump(mode="json", context={"mask": True})
    about = pilot_action_of(recorded, world)
    return CloudEvent(
        id=str(recorded.position),
        type=f"iurc-fund.{event.TOPIC}.v{version_of(type(event))}",
        subject=str(recorded.stream),
        time=recorded.recorded_at,
        data={
            "sentence": sentence(event),
            "caused_by": str(recorded.caused_by),
            **(fields if about is None else redacted(fields, about, actor, world)),
        },
    )


def feed_routes(routes: Routes) -> None:
    """Enter the routes."""
    context = routes.context

    def events(
        request: Request,
        bearer: Bearer,
        after: After = 0,
        limit: Limit = 100,
        position: AtPosition = None,
        as_of: AsOf = None,
        held_at: HeldAt = None,
    ) -> Response:
        signed, moment = context.signed(bearer), context.parts.moment(as_of, held_at)
        context.limits.check(What.EXPORT, signed.actor.subject)
        context.wait(position)
        with looking(context, request, bearer, signed, {}, Open.SIGNED_IN, "/events", moment) as asking:
            found, seen = _page(asking.context, asking.actor, after, limit)
        headers = {POSITION: str(seen), "Cache-Control": "private, no-store", **told_past(moment)}
        if seen > after:
            following = request.url.include_query_params(after=seen, limit=limit)
            headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
        content = as_json([one.model_dump(mode="json") for one in found])
        return Response(content, headers=headers, media_type=JSON)

    def stream(
        request: Request, bearer: Bearer, after: After = 0, last_event_id: LastEventId = None
    ) -> StreamingResponse:
        actor = context.actor(bearer)
        context.limits.check(What.EXPORT, actor.subject)
        tell_reading(request, actor, None, context.parts.fund.world())
        begin = int(last_event_id) if last_event_id is not None else after
        return StreamingResponse(_following(context, bearer, begin), media_type="text/event-stream")

    routes.router.add_api_route(
        "/events",
        events,
        methods=["GET"],
        operation_id="listEvents",
        summary="List the events that you may see, in the log's order.",
        description="Follow the header Link for more; with the last one you go on later where you were.",
        tags=["events"],
        response_model=None,
        responses=reading_answers(list[CloudEvent], public=False),
    )
    routes.router.add_api_route(
        "/events/stream",
        stream,
        methods=["GET"],
        operation_id="followEvents",
        summary="Follow the events that you may see as they come, as server-sent events.",
        description="Each has its position as id: after a break, Last-Event-ID goes on where it was.",
        tags=["events"],
        response_model=None,
        responses={
            200: {
                "description": "Events without an end.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            **refusals((401, 421, 422, 429, 503)),
        },
    )


def _page(context: Context, actor: Actor, after: int, limit: int) -> tuple[list[CloudEvent], int]:
    """Return the events beyond a position that the actor may see now, and how far was looked."""
    found: list[CloudEvent] = []
    seen, looked = after, 0
    world = context.parts.fund.world()
    while looked < LOOKED_AT and len(found) < limit:
        stretch = context.parts.log.read(seen, min(500, LOOKED_AT - looked))
        if not stretch:
            break
        for recorded in stretch:
            seen, looked = recorded.position, looked + 1
            if may_read(actor, recorded, world):
                found.append(told(recorded, actor, world))
                if len(found) == limit:
                    break
    return found, seen


def _next_page(context: Context, bearer: Any, after: int) -> tuple[list[CloudEvent], int]:
    """Return the next page for who shows this token or cookie. Raises NotSignedIn when it does not hold any more.

    A session that does nothing but listen ends like any idle one.
    """
    return _page(context, context.holder(bearer, used=False).actor, after, 100)


async def _following(context: Context, bearer: Any, after: int) -> AsyncIterator[str]:
    """Yield server-sent events; it ends when the token or session does not hold any more."""
    quiet = 0.0
    while not context.ending:
        try:
            found, seen = await run_in_threadpool(_next_page, context, bearer, after)
        except (NotSignedIn, NotPermitted):
            return
        for one in found:
            yield f"id: {one.id}\nevent: {one.type}\ndata: {one.model_dump_json()}\n\n"
        if seen > after:
            after, quiet = seen, 0.0
            continue
        await asyncio.sleep(POLL_SECONDS)
        quiet += POLL_SECONDS
        if quiet >= QUIET_SECONDS:
            quiet = 0.0
            yield ": nothing new\n\n"
