"""The small fund, recorded once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from fund_service.auth import passwords
from tests.fund_service.small_fund import record


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
