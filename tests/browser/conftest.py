"""The small fund that people look at in a browser."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.fund_service.staged_fund import Stage, record_stages

expect.set_options(timeout=30_000)  # milliseconds: the machine may do much else


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[Stage, Path]:
    """Return a data directory of a small fund at each stage of its call; a file's own."""
    return record_stages(tmp_path_factory.mktemp("stages"))
