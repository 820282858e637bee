"""The FastAPI application: health for people and supervisors."""

from collections.abc import Callable

from fastapi import FastAPI, Response
from pydantic import BaseModel


class Part(BaseModel):
    """One part of the service: whether it is well, and, where it follows the log, how many positions it is behind.

    `parked` counts the processes that the relay tells nothing more, since Temporal would not take what it had to say.
    """

    name: str
    well: bool
    lag: int | None = None
    parked: int | None = None


class Readiness(BaseModel):
    """Whether the service can be used."""

    ready: bool
    parts: list[Part]


def make_app(parts: Callable[[], list[Part]]) -> FastAPI:
    """Return the application; `parts` tells how the parts are now."""
    app = FastAPI(title="IURC fund", openapi_url=None)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """Tell that the process lives."""
        return {"status": "alive"}

    @app.get("/readyz")
    def readyz(response: Response) -> Readiness:
        """Tell whether every part is well: 200 or 503."""
        state = parts()
        ready = all(part.well for part in state)
        response.status_code = 200 if ready else 503
        return Readiness(ready=ready, parts=state)

    return app
