"""The small fund that people look at in a browser."""

from pathlib import Path

import pytest

from tests.fund_service.staged_fund import Stage, record_stages


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[Stage, Path]:
    """Return a data directory of a small fund at each stage of its call; a file's own."""
    return record_stages(tmp_path_factory.mktemp("stages"))
