"""Is all well? The store, the screens, the service and Temporal, each with what was seen."""

from typing import TYPE_CHECKING

import typer

from fund_service.cli.options import AsJson, Data, Store

if TYPE_CHECKING:
    from fund_service.cli.checks import Check


def doctor(data: Data = None, store: Store = None, as_json: AsJson = False) -> None:
    """Check store, log, keys, screens, service and Temporal. Ends with 0 when all is well, with 7 when not; a service
    that does not run is no fault.

    \b
    Example:
      fund doctor --json
    """
    from fund_service.cli.checks import checks
    from fund_service.cli.output import print_json
    from fund_service.listing import as_data

    seen = checks(data, store)
    well = all(check.well for check in seen)
    if as_json:
        print_json({"well": well, "checks": [as_data(check) for check in seen]})
    else:
        _print_checks(seen)
        print("All is well." if well else "Not all is well.")
    if not well:
        raise typer.Exit(7)


def _print_checks(seen: "list[Check]") -> None:
    from fund_service.cli.output import console, table
    from fund_service.cli.wording import clean

    shown = table("What", "State", "Seen")
    for check in seen:
        shown.add_row(check.id, "well" if check.well else "NOT WELL", clean(check.seen))
    console().print(shown)
