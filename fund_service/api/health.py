"""For people and supervisors: whether the process lives, and whether every part is well."""

from collections.abc import Callable

from fastapi import APIRouter, Response
from pydantic import BaseModel

from fund_service.health import Part


class Readiness(BaseModel):
    """Whether the service can be used."""

    ready: bool
    parts: list[Part]


def health_routes(parts: Callable[[], list[Part]]) -> APIRouter:
    """Return the routes; `parts` tells how the parts are now."""
    routes = APIRouter(tags=["health"])

    @routes.get("/healthz", operation_id="isAlive", summary="Tell that the process lives.")
    def healthz() -> dict[str, str]:
        """Ask the process alone; no part of it is looked at."""
        return {"status": "alive"}

    @routes.get("/readyz", operation_id="isReady", summary="Tell whether every part is well: 200 or 503.")
    def readyz(response: Response) -> Readiness:
        """Ask the store, the screens and the relay how they are; a supervisor sends nobody here until they are well."""
        state = parts()
        ready = all(part.well for part in state)
        response.status_code = 200 if ready else 503
        return Readiness(ready=ready, parts=state)

    return routes
