"""`fund rehearse`: plays any edition before it is published, in a place of its own."""

from pathlib import Path
from typing import Annotated

import typer

from fund_service.cli.options import AsJson, Data, EditionFile, Store


def rehearse(
    file: EditionFile,
    seed: Annotated[
        str,
        typer.Option("--seed", metavar="SEED", help="The seed of everything invented: the same seed, the same story."),
    ] = "2026",
    partnerships: Annotated[
        int, typer.Option("--partnerships", metavar="NUMBER", help="How many pairings take part.")
    ] = 10,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Rehearse an edition file before it is published.

    Dates that cannot fit are a warning. Without --data it is played beside the live fund, in a directory that bears
    the edition's name too.

    \b
    Example:
      fund rehearse my-edition.yaml --partnerships 5
    """
    from domain.errors import Malformed
    from fund_service.cli.demo import play_edition
    from fund_service.cli.warning import warn
    from fund_service.editions.loader import load_edition
    from fund_service.rehearsal.needs import checked
    from fund_service.rehearsal.stage import NotAsWritten
    from fund_service.settings import read_settings

    rules = load_edition(file)
    warn(rules, rules.calendar.published)
    checked(rules)
    beside = Path(f"{read_settings().data}-rehearsal-{rules.edition}")
    settings = read_settings(data=data or beside, store=store, port=0)
    try:
        play_edition(settings, rules, seed, partnerships, once=True, as_json=as_json)
    except NotAsWritten as otherwise:
        raise Malformed(
            f"The script of the rehearsal does not fit this edition: {otherwise.detail}",
            "Rehearse a copy that is closer to a shipped edition.",
        ) from otherwise
