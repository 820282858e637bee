"""A small fund whose log was signed, and the bundle of its call."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fund_service.audit.checkpoints import own_key, sign_now, witness_log
from fund_service.audit.exporting import export
from fund_service.audit.offline.package import Trusted
from fund_service.composition import Parts, open_parts
from fund_service.settings import Settings
from tests.fund_service.small_fund import CALL_ID


@pytest.fixture(scope="session")
def signed_fund(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small fund whose log was signed when it stood half-way, and at its end."""
    place = tmp_path_factory.mktemp("signed") / "fund"
    shutil.copytree(recorded, place)
    with open_parts(Settings(data=place)) as parts:
        sign_now(parts, witness_log(parts), own_key(parts))
        sign_now(parts, witness_log(parts), own_key(parts))
    return place


@pytest.fixture(scope="session")
def parts(signed_fund: Path) -> Iterator[Parts]:
    """Return it open."""
    with open_parts(Settings(data=signed_fund)) as found:
        yield found


@pytest.fixture(scope="session")
def bundle(parts: Parts) -> bytes:
    """Return the bundle of its call."""
    target = io.BytesIO()
    export(parts, CALL_ID, target)
    return target.getvalue()


@pytest.fixture(scope="session")
def trusted(parts: Parts) -> Trusted:
    """Return the key of its log, known from elsewhere."""
    return Trusted([own_key(parts).key])
