"""`fund next`: what waits for me."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fund_service.cli.options import AsCsv, AsJson, AsOf, AsXlsx, Data, HeldAt, Sort, Store, Subject, Where

if TYPE_CHECKING:
    from fund_service.cli.next_rows import NextRow
    from projections.desk_view import CalendarPoint


def next_deeds(
    by: Subject,
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
    """Show what waits for somebody: each deed, until when, under which rule, and the command that does it.

    The first due stands first.

    \b
    Example:
      fund next --as "Secretariat 1" --where late=true
    """
    from fund_service.cli.asking import subject
    from fund_service.cli.next_rows import NextRow, next_rows
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Wanted, choose, note, print_list
    from fund_service.cli.wording import plural
    from projections.desk_view import next_point

    wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
    with reading(data, store, as_of, held_at) as source:
        rows = next_rows(source, subject(source, by), by)
        if wanted.to_people:
            chosen = choose(rows, NextRow, wanted)
            _print(chosen)
            if rows:
                left_out = f"{len(chosen):,} of " if len(chosen) < len(rows) else ""
                print(f"{left_out}{plural(len(rows), 'deed')}")
        else:
            print_list(rows, NextRow, (), wanted, "deed")
        if not rows:
            note(_nothing(by, next_point(source.connection, source.parts.clock.now())), to_people=wanted.to_people)
        source.say_if_fictitious(to_people=wanted.to_people)


def _print(rows: Sequence["NextRow"]) -> None:
    """Print each deed with what it is about and the command, each on a line of its own, so that it can be copied."""
    from fund_service.cli.output import console
    from fund_service.cli.wording import clean, moment

    page = console()
    for row in rows:
        due = f"Until {moment(row.due)} Brussels" if row.due is not None else "Without a date"
        page.print(f"{due}{' · LATE' if row.late else ''}", style="bold")
        partnership = f", {row.partnership}" if row.partnership not in ("", row.title) else ""
        page.print(clean(f"  {row.deed} ({row.rule})"))
        page.print(clean(f"  {row.kind.capitalize()} “{row.title}”{partnership}"))
        print(clean(f"  {row.command}"))
        page.print()


def _nothing(name: str, coming: "CalendarPoint | None") -> str:
    from domain.values import in_brussels

    if coming is None:
        return f"Nothing waits for {name} now, and nothing more stands in a calendar."
    return (
        f"Nothing waits for {name} now. Next in the calendar: {coming.point}, {in_brussels(coming.at)} ({coming.call})."
    )
