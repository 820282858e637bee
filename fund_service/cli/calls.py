"""`fund call publish`, `correct` and `extend-deadline`: what comes into force for a call, and how it changes."""

from pathlib import Path
from typing import Annotated

import typer

from fund_service.cli.options import AsJson, CallName, Data, DryRun, EditionFile, Key, Store, Subject, path


def publish(
    file: EditionFile,
    by: Subject,
    key: Key = None,
    dry_run: DryRun = False,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Publish a call from an edition file, once. Its rules then stay in force; dates that cannot fit are a warning.

    Rehearse it before: `fund rehearse FILE`.

    \b
    Example:
      fund call publish my-edition.yaml --as "Secretariat 1" --dry-run
    """
    from domain.call.commands import PublishCall
    from domain.ids import call_id
    from fund_service.cli.act import carry_out
    from fund_service.cli.asking import subject, validated
    from fund_service.cli.opening import reading
    from fund_service.cli.warning import warn
    from fund_service.editions.loader import load_edition

    rules = load_edition(file)
    with reading(data, store) as source:
        now = source.parts.clock.now()
        warn(rules, now)
        named = {"call_id": str(call_id(rules.edition)), "rules": rules.model_dump(mode="json")}
        asked = validated(PublishCall, named, subject(source, by), now, key)
        carry_out(source, asked, dry_run=dry_run, as_json=as_json)


Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="The reason, which everybody will read.")]


def correct(
    call: CallName,
    by: Subject,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", parser=path, help="Propose the rules of this edition file.")
    ] = None,
    reason: Reason = "",
    confirm: Annotated[
        int | None, typer.Option("--confirm", metavar="NUMBER", help="Confirm the correction of this number.")
    ] = None,
    key: Key = None,
    dry_run: DryRun = False,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Propose other rules for a published call with --file, or confirm the proposed ones as a second person (D21).

    \b
    Example:
      fund call correct iurc-2026 --as "Secretariat 2" --confirm 1
    """
    from domain.call.commands import ConfirmCorrection, ProposeCorrection
    from domain.errors import Malformed
    from fund_service.cli.act import carry_out
    from fund_service.cli.asking import subject, validated
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.warning import warn
    from fund_service.editions.loader import load_edition

    if (file is None) == (confirm is None):
        raise Malformed("It is not clear what you want.", "Propose with --file and --reason, or --confirm a number.")
    rules = load_edition(file) if file is not None else None
    with reading(data, store) as source:
        now, by_id = source.parts.clock.now(), subject(source, by)
        named = {"call_id": str(find(source, call, "call"))}
        if rules is not None:
            warn(rules, now)
            named |= {"reason": reason}
            asked = validated(ProposeCorrection, {**named, "rules": rules.model_dump(mode="json")}, by_id, now, key)
        else:
            asked = validated(ConfirmCorrection, {**named, "correction": confirm}, by_id, now, key)
        carry_out(source, asked, dry_run=dry_run, as_json=as_json)


def extend_deadline(
    call: CallName,
    by: Subject,
    to: Annotated[
        str, typer.Option("--to", metavar="INSTANT", help="The new closing instant, as in 2026-03-22T17:00:00+01:00.")
    ],
    wording: Annotated[
        str, typer.Option("--wording", metavar="TEXT", help="How the new deadline is published in words.")
    ],
    reason: Reason,
    key: Key = None,
    dry_run: DryRun = False,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Propose a later deadline for a published call; a second person confirms it with `fund call correct` (D07, D21).

    \b
    Example:
      fund call extend-deadline iurc-2026 --as "Secretariat 1" \\
        --to 2026-03-22T17:00:00+01:00 \\
        --wording "22 March 2026, 17:00 Brussels time" \\
        --reason "The service was away for a day."
    """
    from pydantic import ValidationError

    from domain.call.commands import ProposeCorrection
    from domain.call.rules import CallRules
    from domain.errors import Malformed
    from fund_service.cli.act import carry_out
    from fund_service.cli.asking import instant, subject, validated
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.warning import warn
    from fund_service.plain_words import in_plain_words

    closes = instant(to)
    with reading(data, store) as source:
        now, call_id = source.parts.clock.now(), find(source, call, "call")
        try:
            rules = source.parts.fund.rules(call_id).with_deadline(closes, wording)
        except ValidationError as invalid:
            told = in_plain_words(invalid.errors(include_url=False)[0], CallRules)
            raise Malformed(f"With this deadline, {told}.", "Propose all dates with `fund call correct`.") from invalid
        warn(rules, now)
        named = {"call_id": str(call_id), "reason": reason, "rules": rules.model_dump(mode="json")}
        asked = validated(ProposeCorrection, named, subject(source, by), now, key)
        carry_out(source, asked, dry_run=dry_run, as_json=as_json)
