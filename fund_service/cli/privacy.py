"""`fund privacy`: everything about a person, told to them or erased, on the machine itself."""

from pathlib import Path
from typing import Annotated

import typer

from fund_service.cli.options import AsJson, Data, DryRun, Key, Store, Subject, path

Whose = Annotated[str, typer.Argument(metavar="SUBJECT", help="Whose: the label or the id of an account.")]


def export(
    whose: Whose,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", parser=path, help="Write it to this new file, for its owner alone."),
    ] = None,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Write everything that the fund holds about a person as one JSON document.

    What they wrote about themselves, their account with its roles, their tokens without the secrets, and every event
    that they stated or that tells of them. Their own texts are open in it; give it to nobody else.

    \b
    Example:
      fund privacy export "Officer of Vilnius" --out officer.json
    """
    import json
    from datetime import UTC, datetime

    from fund_service.cli.asking import subject
    from fund_service.cli.new_file import writing_new
    from fund_service.cli.opening import reading
    from fund_service.cli.output import print_json
    from fund_service.listing import as_data
    from fund_service.privacy.exporting import export as everything

    with reading(data, store) as source:
        document = as_data(everything(source.parts, subject(source, whose), datetime.now(UTC)))
    if out is None:
        print_json(document)
        return
    with writing_new(out) as file:
        file.write(f"{json.dumps(document, ensure_ascii=False, indent=1)}\n".encode())
    if as_json:
        print_json({"path": str(out), "events": len(document["events"])})
        return
    print(f"{len(document['events'])} events and what the directory holds are written to {out}.")


def erase(
    whose: Whose,
    by: Subject,
    unneeded: Annotated[
        bool, typer.Option("--no-longer-needed", help="The ground is that nobody needs them; else that they asked.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. What is erased never comes back.")] = False,
    key: Key = None,
    dry_run: DryRun = False,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Erase a person's data for good, as an officer of the secretariat.

    The key of their texts is destroyed, their rows in the directory and their tokens go, the log stays as it is. It is
    refused while they have a role, while the records of a call are kept (D16), and while a hold stands (E17):
    `fund act hold-erasure`, `fund act lift-hold`. Backups still hold what they held.

    \b
    Example:
      fund privacy erase "Officer of Vilnius" --as "Secretariat 1" --yes
    """
    from domain.account.commands import DecideErasure
    from domain.account.events import Ground
    from domain.errors import Malformed
    from fund_service.cli.act import carry_out
    from fund_service.cli.asking import ask, subject
    from fund_service.cli.opening import reading

    if not yes and not dry_run:
        raise Malformed("This cannot be undone.", "Look at it with --dry-run, then do it with --yes.")
    with reading(data, store) as source:
        ground = Ground.UNNEEDED if unneeded else Ground.ASKED
        named = {"subject": str(subject(source, whose)), "ground": ground.value}
        asked = ask(source, DecideErasure, named, subject(source, by), key)
        carry_out(source, asked, dry_run=dry_run, as_json=as_json)
