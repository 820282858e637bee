"""The document of the API as deploy/openapi.json keeps it; `python -m tests.fund_service.api.described` writes it."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from fund_service.api.app import make_app
from fund_service.composition import open_parts
from fund_service.settings import Settings

COMMITTED: Final = Path(__file__).parents[3] / "deploy" / "openapi.json"


def described() -> dict[str, Any]:
    """Return the document of today's routes."""
    with TemporaryDirectory() as folder, open_parts(Settings(data=Path(folder))) as parts:
        return make_app(parts, list).openapi()


def as_text(document: dict[str, Any]) -> str:
    """Return the document as it is kept."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    COMMITTED.write_text(as_text(described()), encoding="utf-8")
