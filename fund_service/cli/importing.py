"""`fund organisations import` and `fund partnerships import`: many at once, from a CSV file, all or none."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fund_service.cli.options import AsJson, Data, Store, Subject, path

if TYPE_CHECKING:
    from fund_service.application import Fund
    from fund_service.importing.plan import Plan

File = Annotated[Path, typer.Argument(metavar="FILE", parser=path, help="The CSV file, in UTF-8.")]
Apply = Annotated[bool, typer.Option("--apply", help="Do it. Without this nothing is recorded: a dry run.")]


def import_organisations(
    file: File, by: Subject, apply: Apply = False, data: Data = None, store: Store = None, as_json: AsJson = False
) -> None:
    """Register cities, areas, regions and agencies from a CSV file. A dry run, unless --apply is given.

    \b
    Columns: name, kind (city, metropolitan_area, functional_area, region, agency), side (EU, non-EU),
    country (two letters); if known population, and strand (AA, LAC) where the programme admitted it.
    One bad row, and nothing is imported. What is registered already stays as it is.

    \b
    Example:
      fund organisations import places.csv --as "Secretariat 1"
    """
    from fund_service.cli.asking import subject
    from fund_service.cli.opening import reading
    from fund_service.importing.organisations import plan_organisations
    from fund_service.importing.plan import Asker

    with reading(data, store) as source:
        fund, asker = source.parts.fund, Asker(subject(source, by), source.parts.clock.now())
        _import(plan_organisations(file, fund, asker), fund, file, apply=apply, as_json=as_json)


def import_partnerships(
    file: File,
    by: Subject,
    call: Annotated[str, typer.Option("--call", metavar="CALL", help="The call: its edition, such as iurc-2026.")],
    apply: Apply = False,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Form partnerships from a CSV file, one row for each member. A dry run, unless --apply is given.

    \b
    Columns: partnership (the same number for all rows of a pair), role (coordinator, member), name, kind,
    country (as registered), geography (Asia, Australasia, Latin America); if known cluster, topic, phase, source.
    One bad row, and nothing is imported. A pair of the same members in the call stays as it is.

    \b
    Example:
      fund partnerships import pairs.csv --call iurc-2026 \\
        --as "Secretariat 1"
    """
    from fund_service.cli.asking import subject
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.importing.partnerships import plan_partnerships
    from fund_service.importing.plan import Asker

    with reading(data, store) as source:
        fund, asker = source.parts.fund, Asker(subject(source, by), source.parts.clock.now())
        plan = plan_partnerships(file, fund, asker, find(source, call, "call"))
        _import(plan, fund, file, apply=apply, as_json=as_json)


def _import(plan: "Plan", fund: "Fund", file: Path, *, apply: bool, as_json: bool) -> None:
    from fund_service.cli.output import note, print_json
    from fund_service.cli.wording import clean, plural
    from fund_service.importing.plan import carry_out, try_out

    try_out(plan, fund, file)
    if apply:
        carry_out(plan, fund)
    if as_json:
        steps = [{"line": step.line, "says": step.says} for step in plan.steps]
        print_json({"applied": apply, "steps": steps, "unchanged": plan.unchanged})
        return
    for step in plan.steps:
        print(clean(f"line {step.line}  {step.says}"))
    print(f"{plural(len(plan.steps), 'thing')} {'imported' if apply else 'to import'}, {plan.unchanged} unchanged.")
    if plan.steps and not apply:
        note("Nothing is recorded yet. Do it with --apply.", to_people=True)
