"""The log read again in an empty place, and compared with what is live."""

from typing import TYPE_CHECKING

from fund_service.cli.options import AsJson, Data, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fund_service.audit.replaying import Replayed

FAULT = 1


def replay(data: Data = None, store: Store = None, as_json: AsJson = False) -> None:
    """Read the log again in an empty place, and compare it with what is live. Nothing of the fund changes.

    Every decision is made again at its place in the log, under the rules in force then; every screen is built anew
    from the log alone and compared row by row, every snapshot with what the log says. It ends with 1 when something
    differs or a rule does not hold.

    \b
    Example:
      fund audit replay
    """
    import typer

    from fund_service.audit.replaying import replay as replayed
    from fund_service.cli.bars import progress
    from fund_service.cli.opening import opened
    from fund_service.cli.output import print_json
    from fund_service.listing import as_data

    with opened(data, store) as parts, progress("Replay") as show:
        found = replayed(parts, show)
    if as_json:
        print_json({**as_data(found), "is_well": found.is_well})
    else:
        _print(found)
    if not found.is_well:
        raise typer.Exit(FAULT)


def _print(found: "Replayed") -> None:
    from fund_service.cli.output import console
    from fund_service.cli.wording import clean

    out = console()
    for sentence in _sentences(found):
        out.print(clean(sentence), soft_wrap=True)


def _sentences(found: "Replayed") -> "Iterator[str]":
    from fund_service.cli.wording import plural

    yield (
        f"Read again up to position {found.position:,}: {plural(found.events, 'event')} of "
        f"{plural(found.aggregates, 'aggregate')}."
    )
    yield (
        f"{plural(found.rules_made_again, 'rule')} checked again at every prefix, {found.rules_compared} by what "
        f"follows from them; {found.rules_not_shown} refuse nothing that a log shows, or are not built yet."
    )
    yield (
        f"Compared: {plural(found.rows, 'row')} in {plural(found.tables, 'table')} of "
        f"{plural(found.screens, 'screen')}, and {plural(found.snapshots, 'snapshot')}."
    )
    for one in found.broken:
        yield f"  {one.rule} does not hold at position {one.position} ({one.stream}). {one.detail}"
    if found.breaking > len(found.broken):
        yield f"  … and {found.breaking - len(found.broken)} more."
    for other in found.differences:
        place = f"{other.what}, {other.key}" + (f", {other.column}" if other.column else "")
        yield f"  {place}: it is {other.is_now or 'not there'}; by the log it is {other.log_says or 'not there'}."
    if found.differing > len(found.differences):
        yield f"  … and {found.differing - len(found.differences)} more."
    if found.is_well:
        yield "All is what the log says, and every rule held at every moment of it."
    else:
        yield f"Found: {plural(found.breaking, 'broken rule')}, {plural(found.differing, 'difference')}."
