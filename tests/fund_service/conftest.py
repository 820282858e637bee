"""The small fund, recorded once."""

from pathlib import Path

import pytest

from tests.fund_service.small_fund import record


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory with the small fund. Commands read it; none changes its log."""
    return record(tmp_path_factory.mktemp("small fund"))
