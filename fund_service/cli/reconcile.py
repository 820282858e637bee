"""`fund reconcile`: finds the processes that do not go on, and drives them again."""

from typing import TYPE_CHECKING, Annotated

import typer

from fund_service.cli.options import AsJson, Data, Store

if TYPE_CHECKING:
    from fund_service.composition import Parts
    from fund_service.reconciliation import Stuck


def reconcile(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what was found.")] = False,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Find processes that do not go on, and drive them again.

    They are open in the log. A live fund does this by itself every quarter of an hour; the relay must run.

    \b
    Example:
      fund reconcile --dry-run
    """
    import asyncio

    from fund_service.cli.opening import opened
    from fund_service.cli.output import print_json
    from fund_service.listing import as_data

    with opened(data, store) as parts:
        found = asyncio.run(_reconcile(parts, dry_run))
    if as_json:
        print_json([{**as_data(one), "driven": one.driven and not dry_run} for one in found])
        return
    for one in found:
        print(f"{one.id} {one.trouble}{_done(one, dry_run)}.")
    print(f"Processes that do not go on: {len(found)}.")


def _done(one: "Stuck", dry_run: bool) -> str:
    if not one.driven:
        return "; look at it in Temporal's pages"
    return "" if dry_run else "; it is driven again"


async def _reconcile(parts: "Parts", dry_run: bool) -> "list[Stuck]":
    from temporalio.service import RPCError

    from domain.errors import Unavailable
    from fund_service.reconciliation import find_stuck, reconcile
    from fund_service.temporal_client import connect, temporal_address
    from fund_service.temporal_codec import sealing_converter

    try:
        address, converter = temporal_address(parts) or "127.0.0.1:0", sealing_converter(parts.vault)
        client = await connect(address, parts.settings.temporal_namespace, converter)
        return await (find_stuck if dry_run else reconcile)(parts, client)
    except (RPCError, RuntimeError) as away:
        raise Unavailable("Temporal does not answer.", "Start `fund up`, or `fund temporal`, first.") from away
