"""`fund audit dossier`: the verifiable history of one application, as its own city or region may read it."""

from pathlib import Path
from typing import Annotated

import typer

from fund_service.cli.options import AsJson, Data, Store, Subject, path


def dossier(
    application: Annotated[
        str, typer.Argument(metavar="APPLICATION", help="The pilot action, by the first characters of its id.")
    ],
    by: Subject,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", parser=path, help="Write it to this new file.")],
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Write the history of an application as one ZIP file, as one of its own officers may read it.

    Each record is in it with the proof that it stands in the signed log; `fund audit verify` or the verifier in it
    checks them offline. Until the outcomes are released it ends with the closing of the call.

    \b
    Example:
      fund audit dossier 3f2a9c1d --as "Officer of Vilnius" --out our-history.zip
    """
    from fund_service.audit.dossier import dossier as write
    from fund_service.cli.asking import subject
    from fund_service.cli.finding import find
    from fund_service.cli.new_file import writing_new
    from fund_service.cli.opening import reading
    from fund_service.cli.output import print_json
    from fund_service.permissions.actors import Actor

    with reading(data, store) as source:
        asker = Actor(subject(source, by), now=source.parts.clock.now)
        action = find(source, application, "pilot-action")
        with writing_new(out) as target:
            written = write(source.parts, asker, action, target)
    if as_json:
        print_json({"path": str(out), **written._asdict()})
        return
    print(f"{written.records:,} records, as of position {written.position:,}, are written to {out}.")
    print(f"SHA-256: {written.digest}")
