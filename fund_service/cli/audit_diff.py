"""`fund audit diff`: what changed between two moments, as sentences with their events."""

from typing import TYPE_CHECKING, Annotated

import typer

from fund_service.cli.options import AsCsv, AsJson, AsXlsx, Data, Sort, Store, Where

if TYPE_CHECKING:
    from fund_service.audit.differing import ThingChanged


def diff(
    earlier: Annotated[str, typer.Argument(metavar="A", help="The earlier moment: a position, a day or an instant.")],
    later: Annotated[str | None, typer.Argument(metavar="B", help="The later moment; without it what is now.")] = None,
    about: Annotated[
        str | None, typer.Option("--about", metavar="ID", help="Only events that mention this thing.")
    ] = None,
    call: Annotated[
        str | None, typer.Option("--call", metavar="CALL", help="Only what belongs to this call, and the call itself.")
    ] = None,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
    where: Where = None,
    sort: Sort = None,
) -> None:
    """Tell what changed between two moments. Each thing with its events, and what it was before and after.

    Text that is protected in the store is shown in clear.

    \b
    Example:
      fund audit diff 2026-03-31 2026-04-30 --call iurc-2026
    """
    from fund_service.audit.differing import Asked, ThingChanged, differences
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Wanted, choose, note, print_list
    from fund_service.cli.wording import plural

    wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
    with reading(data, store) as source:
        begin, end = source.parts.moment(earlier, None), source.parts.moment(later, None)
        assert begin is not None
        asked = Asked(
            find(source, about) if about is not None else None,
            find(source, call, "call") if call is not None else None,
            reveals=True,
        )
        after = source.parts.as_of(end) if end is not None else source.parts
        rows = differences(source.parts.as_of(begin), after, asked)
        if wanted.to_people:
            shown = choose(rows, ThingChanged, wanted)
            for row in shown:
                _print(row)
            many = sum(len(row.events) for row in shown)
            between = f"between positions {begin.position} and {after.log.end()}"
            note(f"{plural(len(shown), 'thing')} changed by {plural(many, 'event')} {between}.", to_people=True)
        else:
            print_list(rows, ThingChanged, (), wanted, "thing")
        source.say_if_fictitious(to_people=wanted.to_people)


def _print(row: "ThingChanged") -> None:
    from fund_service.cli.output import console
    from fund_service.cli.wording import clean, moment

    out = console()
    out.print(clean(row.change), style="bold")
    for event in row.events:
        out.print(f"    {event.position}  {clean(event.sentence)}")
        held = f"holds from {moment(event.effective_at)}, recorded {moment(event.recorded_at)} (Brussels time)"
        out.print(f"        by {clean(event.by_label)}; {held}")
    for field in row.fields:
        out.print(f"    {clean(field.field)}: {clean(field.before) or '–'} → {clean(field.after) or '–'}")
    out.print()
