"""Constant JSON and a constant page by FastAPI, on the fund's own server: `python -m tests.benchmarks.constant`."""

import asyncio
from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from fund_service.api.server import address_of, bound, serving

ANSWER: Final[dict[str, Any]] = {
    "id": "a0b2c5d4-0c3f-5a3a-9a39-1f9f1a9f0f11",
    "title": "A thing of which little is told",
    "open": True,
    "figures": dict.fromkeys(("partnerships", "applications", "grants", "cents"), 52),
}
PAGE: Final = """<!doctype html>
<html lang="en"><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1><table>
{% for row in range(480) %}
<tr><th>{{ row }}</th><td>{{ title }}</td><td>{{ row * 100 }}</td><td>Nothing changes here.</td></tr>
{% endfor %}</table></body></html>
"""
"""About 50 kB when it is made."""


async def _serve() -> None:
    app = FastAPI()

    @app.get("/constant")
    async def constant() -> dict[str, Any]:
        return ANSWER

    template = Environment(autoescape=True).from_string(PAGE)

    @app.get("/page")
    async def page() -> HTMLResponse:
        return HTMLResponse(template.render(title=ANSWER["title"]))

    with bound(0) as listening:
        async with serving(listening, app) as running:
            print(address_of(listening), flush=True)
            await running


if __name__ == "__main__":
    asyncio.run(_serve())
