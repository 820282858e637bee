"""The small fund, recorded once, also at each stage of its call; an application that serves one after the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from fund_service.auth import passwords
from tests.fund_service.api.conftest import Turning
from tests.fund_service.small_fund import record
from tests.fund_service.staged_fund import Stage, log_end, record_stages


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Make hashes of passwords at the least cost: by the same library, as quickly as it can."""
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=256, parallelism=1),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: cheap)
        yield


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory with the small fund. Commands read it; none changes its log."""
    return record(tmp_path_factory.mktemp("small fund"))


@pytest.fixture(scope="session")
def turning() -> Iterator[Turning]:
    """Return an application for one fund after the other."""
    made = Turning()
    yield made
    made.end()


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Stage, Path]]:
    """Return a data directory of a small fund at each stage of its call, to be read only: who records, copies it."""
    found = record_stages(tmp_path_factory.mktemp("stages"))
    ends = {stage: log_end(place) for stage, place in found.items()}
    yield found
    assert {stage: log_end(place) for stage, place in found.items()} == ends, "A test recorded in what all tests read."
