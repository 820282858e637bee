"""`fund audit sample`: a sample by a stated method and a published seed."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from domain.errors import Malformed
from fund_service.cli.options import AsCsv, AsJson, AsXlsx, Data, OfCall, Sort, Store, Where, path

if TYPE_CHECKING:
    from domain.audit.history import History
    from fund_service.audit.samples import SampleWanted
    from fund_service.composition import Parts

E = TypeVar("E", bound=StrEnum)


def _one_of(text: str, kinds: type[E]) -> E:
    if text not in list(kinds):
        raise Malformed(f"There is no “{text}” here.", f"Use one of: {', '.join(kinds)}.")
    return kinds(text)


def _write(parts: "Parts", told: "History", asked: "SampleWanted", file: Path) -> None:
    """Write the dossier as an auditor may read it, whoever runs the machine. Raises Malformed, Unavailable."""
    from domain.account.aggregate import Account
    from domain.people import OPERATOR, Role
    from fund_service.audit.sample_dossier import Dossier
    from fund_service.cli.new_file import writing_new
    from fund_service.permissions.actors import Actor

    then = parts.moment(str(told.at), None)
    assert then is not None
    reader = Actor(OPERATOR, account=Account(label="The operator", roles={Role.AUDITOR: None}))
    with writing_new(file) as target:
        Dossier(parts.as_of(then), told, asked, reader).write(target)


def sample(
    call: OfCall,
    size: Annotated[int, typer.Option("--size", metavar="NUMBER", help="How many are drawn.")],
    seed: Annotated[str, typer.Option("--seed", metavar="SEED", help="What the draw follows from.")],
    of: Annotated[
        str,
        typer.Option("--of", metavar="WHAT", help="applications, grants, orders, deliveries or decisions."),
    ] = "applications",
    method: Annotated[
        str, typer.Option("--method", metavar="METHOD", help="random, stratified or monetary-unit.")
    ] = "random",
    by: Annotated[
        str, typer.Option("--by", metavar="WHAT", help="Of a stratified sample: line, cluster, outcome or country.")
    ] = "outcome",
    at: Annotated[
        int | None,
        typer.Option("--at", metavar="POSITION", help="The position of the log as of which it is drawn; else its end."),
    ] = None,
    dossier: Annotated[
        Path | None,
        typer.Option(
            "--dossier", metavar="FILE", parser=path, help="Write all about each item into this new ZIP file."
        ),
    ] = None,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
    where: Where = None,
    sort: Sort = None,
) -> None:
    """Draw a sample. The same population, method, size, seed and position give the same one for ever.

    Random draws the lowest SHA-256 of seed, line feed and id; stratified the same in each stratum, in proportion and
    at least one; monetary-unit every item in which one of the cents lies that are chosen at equal distances.

    \b
    Example:
      fund audit sample --call iurc-2026 --of orders --method monetary-unit \\
        --size 10 --seed "Brussels, 1 October 2027"
    """
    from domain.audit.populations import PopulationOf, Stratum
    from domain.audit.sampling import Method
    from fund_service.audit.reading import history_of
    from fund_service.audit.samples import SampledRow, SampleWanted, basis, items_of, sampled
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, note, print_list
    from fund_service.cli.wording import euros

    columns: list[Column[SampledRow]] = [
        Column("Stratum", lambda row: row.stratum),
        Column("Of", lambda row: row.partnership),
        Column("Sum", lambda row: euros(row.cents) if row.cents is not None else "", right=True),
        Column("Drawn by", lambda row: row.drawn_by[:16]),
        Column("Events", lambda row: ", ".join(map(str, row.positions)), right=True),
    ]
    wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
    asked = SampleWanted(
        of=_one_of(of, PopulationOf), method=_one_of(method, Method), size=size, seed=seed, by=_one_of(by, Stratum)
    )
    with reading(data, store) as source:
        end = source.parts.log.end()
        told = history_of(source.parts.log, find(source, call, "call"), min(at or end, end))
        items = items_of(told, asked.of, source.connection)
        rows = list(sampled(told, items, asked, source.connection))
        print_list(rows, SampledRow, columns, wanted, "item")
        from_what = basis(told, items, asked)
        said = f"Drawn from {from_what.items} {asked.of} of {euros(from_what.cents)}, as of position {from_what.at}"
        if from_what.interval_cents is not None:
            said += f"; interval {from_what.interval_cents} cents, first chosen cent {from_what.start_cents}"
        note(f"{said}; method {asked.method}, seed “{seed}”.", to_people=wanted.to_people)
        if dossier is not None:
            _write(source.parts, told, asked, dossier)
            note(f"The dossier is written to {dossier}.", to_people=wanted.to_people)
        source.say_if_fictitious(to_people=wanted.to_people)
