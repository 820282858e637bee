"""`fund witness`: a witness of logs, which needs nothing of a fund and belongs on another machine."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fund_service.cli.options import AsJson, path

if TYPE_CHECKING:
    from fund_service.cli.running import Stop
    from fund_service.service import Running

_Folder = Annotated[
    Path,
    typer.Option("--data", metavar="DIR", parser=path, help="The witness's own directory, in which nothing else is."),
]


def serve(
    data: _Folder,
    log: Annotated[
        list[str], typer.Option("--log", metavar="KEY", help="The key of a log that it signs for: NAME+ID+BASE64.")
    ],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Its name, when it is made: such as its address.")
    ] = None,
    port: Annotated[
        int, typer.Option("--port", metavar="PORT", min=0, max=65535, help="The port on 127.0.0.1; 0: a free one.")
    ] = 8081,
    as_json: AsJson = False,
) -> None:
    """Sign that logs had only grown, until Ctrl-C; refuse a checkpoint that does not follow the last one.

    It prints its key: auditors need it, and the fund, in FUND_CHECKPOINTS. A proxy in front gives it TLS. Never restore
    its directory from a backup: it would have forgotten what it signed. Make a new one, with a new key.

    \b
    Example:
      fund witness serve --data witness --name witness.example.org --log iurc-fund/0123…+89ab…+AbCd…
    """
    from fund_service.audit.witness import Witness
    from fund_service.audit.witness_service import log_key, prepared, witnessing
    from fund_service.cli.output import note, print_json
    from fund_service.cli.running import run_apart
    from fund_service.service import Running

    logs = [log_key(one) for one in log]
    signer = prepared(data, name)
    witness = Witness(data, signer, logs)

    @asynccontextmanager
    async def starting() -> "AsyncIterator[Running]":
        async with witnessing(witness, port) as (address, task):
            yield Running({"api": address}, (task,))

    async def wait(running: "Running", stop: "Stop") -> None:
        address = running.addresses["api"]
        if as_json:
            print_json({"part": "witness", "process": os.getpid(), "api": address, "key": str(signer.key)})
        told = f"The witness answers at {address}\n  its key  {signer.key}\nEnd it with Ctrl-C."
        note(told, to_people=not as_json)
        await stop.wait()

    run_apart(starting(), wait)


def key(data: _Folder, as_json: AsJson = False) -> None:
    """Print the key by which a witness's signatures are verified.

    \b
    Example:
      fund witness key --data witness
    """
    from fund_service.audit.witness_service import key_of_witness
    from fund_service.cli.output import print_json

    found = str(key_of_witness(data).key)
    if as_json:
        print_json({"key": found})
    else:
        print(found)
