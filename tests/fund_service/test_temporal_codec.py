"""What Temporal keeps is sealed, opens with the fund's key alone, and what was recorded before stays readable."""

from pathlib import Path

import pytest
from temporalio.api.failure.v1 import Failure
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError

from domain.errors import Unavailable
from fund_service.data_directory import DataDirectory
from fund_service.keys import KeyVault
from fund_service.settings import Settings
from fund_service.store import Store, open_store
from fund_service.temporal_codec import sealing_converter
from fund_service.temporal_server import temporal_server
from workflows.options import REFUSED

PLANTED = "Aoife Planted"


async def test_a_payload_is_sealed_and_opens_again_also_after_a_restart(store: Store) -> None:
    sealed = await sealing_converter(KeyVault(store.engine("keys"))).encode([PLANTED])
    assert PLANTED.encode() not in sealed[0].SerializeToString()
    assert await sealing_converter(KeyVault(store.engine("keys"))).decode(sealed) == [PLANTED]


async def test_what_was_recorded_before_is_read_as_it_is(sqlite_store: Store) -> None:
    plain = await pydantic_data_converter.encode([PLANTED])
    assert await sealing_converter(KeyVault(sqlite_store.engine("keys"))).decode(plain) == [PLANTED]


async def test_what_another_fund_sealed_does_not_open(sqlite_store: Store, tmp_path: Path) -> None:
    with open_store(Settings(store=f"sqlite:///{tmp_path}/other.db")) as other:
        sealed = await sealing_converter(KeyVault(other.engine("keys"))).encode([PLANTED])
    with pytest.raises(Unavailable, match="does not fit the keys"):
        await sealing_converter(KeyVault(sqlite_store.engine("keys"))).decode(sealed)


async def test_a_failure_shows_its_kind_alone(sqlite_store: Store) -> None:
    converter, failure = sealing_converter(KeyVault(sqlite_store.engine("keys"))), Failure()
    await converter.encode_failure(ApplicationError(PLANTED, type=REFUSED, non_retryable=True), failure)
    assert PLANTED.encode() not in failure.SerializeToString()
    assert failure.application_failure_info.type == REFUSED
    opened = await converter.decode_failure(failure)
    assert isinstance(opened, ApplicationError)
    assert (opened.message, opened.type, opened.non_retryable) == (PLANTED, REFUSED, True)


async def test_the_file_of_the_server_holds_no_word_of_what_a_process_is_told(
    sqlite_store: Store, tmp_path: Path
) -> None:
    directory = DataDirectory(tmp_path / "temporal")
    converter = sealing_converter(KeyVault(sqlite_store.engine("keys")))
    async with temporal_server(directory, None, converter) as (client, _):
        process = await client.start_workflow("Nobody", PLANTED, id="a-known-name", task_queue="nobody")
        await process.signal("domain_event", PLANTED)
    kept = b"".join(file.read_bytes() for file in directory.directory.glob("temporal.db*"))
    assert b"a-known-name" in kept
    assert PLANTED.encode() not in kept
