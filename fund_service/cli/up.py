"""`fund up`: the embedded service."""

from typing import TYPE_CHECKING, Annotated

import typer

from fund_service.cli.options import AsJson, Data, Store
from fund_service.cli.output import note, print_json

if TYPE_CHECKING:
    from fund_service.service import Service

Port = Annotated[
    int | None,
    typer.Option(
        "--port", metavar="PORT", help="The port of the API on 127.0.0.1; 0 takes a free one. Else FUND_PORT, 8080."
    ),
]


def up(data: Data = None, store: Store = None, port: Port = None, as_json: AsJson = False) -> None:
    """Run the whole service until Ctrl-C.

    API, processes and screens in one process, the Temporal server beside it. With --json its addresses are
    printed as one JSON object when it is up.

    \b
    Example:
      fund up --port 0
    """
    from fund_service.cli.running import Stop, run_service
    from fund_service.settings import read_settings

    async def wait(service: "Service", stop: Stop) -> None:
        if as_json:
            print_json(service.addresses)
        note(f"The fund is up.\n{addresses(service)}", to_people=not as_json)
        await stop.wait()

    run_service(read_settings(data=data, store=store, port=port), wait)


def addresses(service: "Service") -> str:
    """Return the lines that tell people where the service answers and how to end it."""
    known = service.addresses
    return f"  API               {known['api']}/readyz\n  Temporal's pages  {known['ui']}\nEnd it with Ctrl-C."
