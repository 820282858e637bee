"""FastAPI that returns constant JSON on the server that the fund uses: `python -m tests.benchmarks.constant`."""

import asyncio
from typing import Any, Final

from fastapi import FastAPI

from fund_service.api.server import address_of, bound, serving

ANSWER: Final[dict[str, Any]] = {
    "id": "a0b2c5d4-0c3f-5a3a-9a39-1f9f1a9f0f11",
    "title": "A thing of which little is told",
    "open": True,
    "figures": dict.fromkeys(("partnerships", "applications", "grants", "cents"), 52),
}


async def _serve() -> None:
    app = FastAPI()

    @app.get("/constant")
    async def constant() -> dict[str, Any]:
        return ANSWER

    with bound(0) as listening:
        async with serving(listening, app) as running:
            print(address_of(listening), flush=True)
            await running


if __name__ == "__main__":
    asyncio.run(_serve())
