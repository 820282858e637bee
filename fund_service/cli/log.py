"""The log itself: its events, what an aggregate is after all of them, and the screens built anew from the first."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fund_service.cli.options import AsCsv, AsJson, AsOf, AsXlsx, Data, HeldAt, Sort, Store, Where

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from domain.messages import Recorded
    from fund_service.cli.entries import EventEntry
    from fund_service.event_store import EventLog

POLL_SECONDS = 0.1
"""So often `events --follow` looks for new events."""

MOST = 2**62
"""No position of a log is higher."""


def events(
    aggregate: Annotated[
        str | None, typer.Option("--aggregate", metavar="ID", help="Only the events of this stream, such as one call.")
    ] = None,
    since: Annotated[
        int, typer.Option("--since", metavar="POSITION", min=0, max=MOST, help="Only events beyond this position.")
    ] = 0,
    limit: Annotated[
        int, typer.Option("--limit", metavar="NUMBER", min=1, max=MOST, help="At most so many events.")
    ] = 100,
    follow: Annotated[
        bool,
        typer.Option("--follow", help="Go on with each new event until Ctrl-C; with --json one line for each event."),
    ] = False,
    data: Data = None,
    store: Store = None,
    as_of: AsOf = None,
    held_at: HeldAt = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
    where: Where = None,
    sort: Sort = None,
) -> None:
    """Show the log as it is, in its order. Text that is protected in the store is shown in clear.

    Conditions are met by each event that counts for the limit; what is shown is sorted.

    \b
    Example:
      fund events --where topic=account.role-granted --limit 20
    """
    from dataclasses import replace
    from itertools import islice

    from domain.errors import Malformed
    from fund_service.cli.entries import EventEntry, event_entry
    from fund_service.cli.finding import find
    from fund_service.cli.opening import opened, reading
    from fund_service.cli.output import Wanted, choose, conditions, note, print_list
    from fund_service.listing import as_data

    wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
    if follow and (wanted.as_table or where or sort):
        raise Malformed(
            "A log that is followed is shown whole, as it comes.", "Leave --csv, --xlsx, --where, --sort out."
        )
    with reading(data, store, as_of, held_at) as source:
        log = source.parts.log
        stream = find(source, aggregate) if aggregate is not None else None
        found = _after(log, since) if stream is None else _of(log, stream, since)
        met = conditions(wanted, EventEntry)
        entries = (event_entry(recorded) for recorded in (() if follow else found))
        meeting = (entry for entry in entries if not met or all(one(as_data(entry)) for one in met))
        taken = list(islice(meeting, limit + 1))
    if follow:
        with opened(data, store) as parts:
            follow_log(parts.log, stream, since, as_json=as_json)
        return
    shown, wanted = taken[:limit], replace(wanted, where=None)  # each meets the conditions already
    if wanted.to_people:
        for entry in choose(shown, EventEntry, wanted):
            _print_event(entry)
    else:
        print_list(shown, EventEntry, (), wanted, "event")
    if len(taken) > limit:
        note(f"There are more events. Go on with --since {shown[-1].position}.", to_people=wanted.to_people)
    elif not shown:
        note("There are no such events.", to_people=wanted.to_people)


def follow_log(log: "EventLog", stream: "UUID | None", since: int, *, as_json: bool) -> None:
    """Print every event beyond a position, then each new one within a moment, until Ctrl-C."""
    import json
    import time

    from fund_service.cli.entries import event_entry
    from fund_service.listing import as_data

    try:
        while True:
            for recorded in _after(log, since):
                since = recorded.position
                if stream in (None, recorded.stream):
                    entry = event_entry(recorded)
                    if as_json:
                        print(json.dumps(as_data(entry), ensure_ascii=False), flush=True)
                    else:
                        _print_event(entry)
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        return


def _after(log: "EventLog", position: int) -> "Iterator[Recorded]":
    while page := log.read(position, 1000):
        yield from page
        position = page[-1].position


def _of(log: "EventLog", stream: "UUID", since: int) -> "Iterator[Recorded]":
    for header in log.headers(since):
        if str(header.originator_id) == str(stream):
            yield log.recorded(header)


def _print_event(entry: "EventEntry") -> None:
    import json

    from fund_service.cli.output import console
    from fund_service.cli.wording import clean, moment

    out = console()
    out.print(f"{entry.position}  {entry.topic}", style="bold")
    out.print(f"    version {entry.version} of {entry.stream}")
    out.print(f"    holds from {moment(entry.effective_at)}, recorded {moment(entry.recorded_at)} (Brussels time)")
    out.print(f"    by {entry.by}, caused by {entry.caused_by}")
    out.print(f"    {clean(json.dumps(entry.event, ensure_ascii=False))}", soft_wrap=True)


def show(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="What it is, such as partnership or pilot-action.")],
    id: Annotated[str, typer.Argument(metavar="ID", help="The first characters of its id, its edition or its name.")],
    data: Data = None,
    store: Store = None,
    as_of: AsOf = None,
    held_at: HeldAt = None,
    as_json: AsJson = False,
) -> None:
    """Show what one thing is now, or was, from all its events. Text that is protected in the store is shown in clear.

    \b
    Example:
      fund show organisation malaga --as-of 2026-03-20
    """
    from pydantic import TypeAdapter

    from domain.catalogue import AGGREGATES
    from domain.errors import NotFound
    from fund_service.cli.finding import find, kind_of
    from fund_service.cli.opening import reading
    from fund_service.cli.output import print_json, print_outline

    name = kind_of(kind)
    with reading(data, store, as_of, held_at) as source:
        stream = find(source, id, name)
        aggregate = next(aggregate for aggregate in AGGREGATES if aggregate.name == name)
        state, version = source.parts.log.load(aggregate, stream)
        if not version:
            raise NotFound(f"There was no {name.replace('-', ' ')} {stream} yet.", "Name a later moment.")
        adapter = TypeAdapter[Any](type(state))
        folded = adapter.dump_python(state, mode="json", context={"reveal": True})
        told = {"id": str(stream), "kind": name, "version": version, "state": folded}
        if as_json:
            print_json(told)
        else:
            print_outline(told)
        source.say_if_fictitious(to_people=not as_json)


def rebuild(data: Data = None, store: Store = None, as_json: AsJson = False) -> None:
    """Build every screen anew from the log, and compare. Nothing of the log changes.

    \b
    Example:
      fund rebuild
    """
    from fund_service.cli.rebuilding import rebuild_all, report

    report(rebuild_all(data, store), as_json)
