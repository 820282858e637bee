"""`fund serve`, `work`, `relay`, `project`, `temporal`: each part of the service as a process of its own."""

import os
from typing import TYPE_CHECKING

from fund_service.cli.options import AsJson, Data, Store
from fund_service.cli.output import note, print_json
from fund_service.cli.up import Port

if TYPE_CHECKING:
    from pathlib import Path

    from fund_service.cli.running import Stop
    from fund_service.service import Running


def serve(data: Data = None, store: Store = None, port: Port = None, as_json: AsJson = False) -> None:
    """Run the API alone, until Ctrl-C.

    It may run several times, each on a port of its own.

    \b
    Example:
      fund serve --port 0
    """
    _run("serve", data, store, port, as_json)


def work(data: Data = None, store: Store = None, as_json: AsJson = False) -> None:
    """Run the processes alone, until Ctrl-C.

    They may run several times. While Temporal is away they wait.

    \b
    Example:
      fund work
    """
    _run("work", data, store, None, as_json)


def relay(data: Data = None, store: Store = None, as_json: AsJson = False) -> None:
    """Tell the processes what happens, until Ctrl-C.

    Once for a fund. While Temporal is away it waits.

    \b
    Example:
      fund relay
    """
    _run("relay", data, store, None, as_json)


def project(data: Data = None, store: Store = None, as_json: AsJson = False) -> None:
    """Keep the screens at the log's end, until Ctrl-C.

    Once for a fund.

    \b
    Example:
      fund project
    """
    _run("project", data, store, None, as_json)


def temporal(data: Data = None, store: Store = None, as_json: AsJson = False) -> None:
    """Run the embedded Temporal server alone, until Ctrl-C.

    The other parts find it by the data directory.

    \b
    Example:
      fund temporal
    """
    _run("temporal", data, store, None, as_json)


def _run(name: str, data: "Path | None", store: str | None, port: int | None, as_json: bool) -> None:
    from fund_service.cli.running import run_alone
    from fund_service.service import SINGLE
    from fund_service.settings import read_settings

    async def wait(running: "Running", stop: "Stop") -> None:
        if as_json:
            print_json({"part": name, "process": os.getpid(), **running.addresses})
        places = "".join(f"\n  {what:<9} {where}" for what, where in running.addresses.items())
        note(f"`fund {name}` is ready.{places}\nEnd it with Ctrl-C.", to_people=not as_json)
        await stop.wait()

    run_alone(read_settings(data=data, store=store, port=port), SINGLE[name], wait)
