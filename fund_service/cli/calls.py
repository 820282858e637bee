"""`fund call publish`: a call comes into force from its edition file."""

from pathlib import Path
from typing import Annotated

import typer

from fund_service.cli.options import AsJson, Data, DryRun, Key, Subject


def publish(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The edition file, such as my-edition.yaml.")],
    by: Subject,
    key: Key = None,
    dry_run: DryRun = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Publish a call from an edition file, once. Its rules then stay in force; dates that cannot fit are a warning.

    Rehearse it before: `fund rehearse FILE`.
    Example: fund call publish my-edition.yaml --as "Secretariat 1" --dry-run
    """
    from domain.call.commands import PublishCall
    from domain.ids import call_id
    from fund_service.cli.act import carry_out
    from fund_service.cli.asking import subject, validated
    from fund_service.cli.opening import reading
    from fund_service.cli.warning import warn
    from fund_service.editions.loader import load_edition

    rules = load_edition(file)
    with reading(data) as source:
        now = source.parts.clock.now()
        warn(rules, now)
        named = {"call_id": str(call_id(rules.edition)), "rules": rules.model_dump(mode="json")}
        asked = validated(PublishCall, named, subject(source, by), now, key)
        carry_out(source, asked, dry_run=dry_run, as_json=as_json)
