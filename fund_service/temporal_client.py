"""The line to a Temporal server, and how to wait until there is one."""

import asyncio
import logging

from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from fund_service.addresses import read_addresses
from fund_service.composition import Parts
from fund_service.patience import Absence, pauses
from fund_service.temporal_codec import sealing_converter

_RUNTIME = Runtime(  # its log goes to Python's; by itself it writes to standard output, which belongs to --json
    telemetry=TelemetryConfig(
        logging=LoggingConfig(
            filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"),
            forwarding=LogForwardingConfig(logger=logging.getLogger("temporalio.core")),
        )
    )
)


async def connect(address: str, namespace: str, converter: DataConverter) -> Client:
    """Return a client of a server that answers. Raises RuntimeError (the SDK's connection errors) when none does."""
    client = await Client.connect(address, namespace=namespace, data_converter=converter, runtime=_RUNTIME)
    await client.count_workflows()
    return client


def temporal_address(parts: Parts) -> str | None:
    """Return HOST:PORT of the fund's Temporal server: as set, else as `fund temporal` or `fund up` noted it here."""
    return parts.settings.temporal_address or read_addresses(parts.directory).get("temporal")


async def connected(parts: Parts, who: str) -> Client:
    """Return a client of the fund's Temporal server, as soon as it answers; `who` waits for it."""
    temporal, converter = Absence("Temporal", who), sealing_converter(parts.vault)
    for pause in pauses():
        address = temporal_address(parts)
        if address is None:
            temporal.begins("start `fund temporal` here, or set FUND_TEMPORAL_ADDRESS")
        else:
            try:
                client = await connect(address, parts.settings.temporal_namespace, converter)
            except RuntimeError as away:
                temporal.begins(f"{address}: {away}")
            else:
                temporal.ends()
                return client
        await asyncio.sleep(pause)
    raise AssertionError("pauses never end")
