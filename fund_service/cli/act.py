"""`fund init` and `fund act`: what people ask of the fund, from the command line, through the fund's own door."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fund_service.cli.options import AsJson, Data, DryRun, Key, Store, path

if TYPE_CHECKING:
    from domain.messages import Command
    from fund_service.cli.opening import Reading


def init(
    label: Annotated[
        str, typer.Option("--label", metavar="LABEL", help="What the officer is called; no name of a person.")
    ] = "Secretariat 1",
    unit: Annotated[str, typer.Option("--unit", metavar="OFFICE", help="The officer's office.")] = "Secretariat",
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Record the first officer of the secretariat.

    In a fund where nothing is recorded; the officer's id is printed. Everybody else then gets an account from
    an officer.

    \b
    Example:
      fund init --label "Secretariat 1"
    """
    from datetime import UTC, datetime
    from uuid import uuid4

    from domain.account.commands import RecordFirstSecretariat
    from domain.people import OPERATOR
    from fund_service.cli.asking import validated
    from fund_service.cli.output import print_json
    from fund_service.composition import open_parts
    from fund_service.settings import read_settings

    settings = read_settings(data=data, store=store)
    officer = uuid4()
    named = {"subject": str(officer), "label": label, "unit": unit}
    asked = validated(RecordFirstSecretariat, named, OPERATOR, datetime.now(UTC), None)
    with open_parts(settings) as parts:
        position = parts.fund.handle(asked.model_copy(update={"at": parts.clock.now()})).position
    if as_json:
        print_json({"id": str(officer), "label": label, "position": position})
    else:
        print(f"The first secretariat is recorded: {officer}")
        print(f"Go on with `fund act --as {str(officer)[:8]} open-account --fields`.")


def act(
    command: Annotated[
        str | None, typer.Argument(metavar="COMMAND", help="What is asked, such as open-account.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--as", metavar="SUBJECT", help="Who asks: the label or the id of an account.")
    ] = None,
    pairs: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="A field's value. Can be given several times."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="JSON", parser=path, help="A file with the fields as one JSON object."),
    ] = None,
    key: Key = None,
    dry_run: DryRun = False,
    show_list: Annotated[bool, typer.Option("--list", help="List the commands with who may ask.")] = False,
    show_fields: Annotated[bool, typer.Option("--fields", help="Show what the command's fields take.")] = False,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Ask the fund for anything, as somebody.

    Also beside a running service. Ids may be given by their first characters or by name; “new” makes one. The
    time is always the fund's.

    \b
    Example:
      fund act --as "Secretariat 1" register-organisation \\
        --set organisation_id=new --set name=Turin --set kind=city \\
        --set side=EU --set country=IT --dry-run
    """
    from domain.errors import Malformed
    from fund_service.cli.asking import ask, command_named, settings_of, subject
    from fund_service.cli.opening import reading

    if show_list:
        _list(as_json)
        return
    if command is None:
        raise Malformed("You name no command.", "List them with `fund act --list`.")
    kind = command_named(command)
    if show_fields:
        _show_fields(kind, as_json)
        return
    if by is None:
        raise Malformed("You do not say who asks.", 'Say it with --as, e.g. --as "Secretariat 1".')
    values = settings_of(pairs, file)
    with reading(data, store) as source:
        asked = ask(source, kind, values, subject(source, by), key)
        carry_out(source, asked, dry_run=dry_run, as_json=as_json)


def carry_out(source: "Reading", asked: "Command", *, dry_run: bool, as_json: bool) -> None:
    """Ask the fund and tell what was recorded; in a dry run tell what would be, and record nothing."""
    from domain.errors import Unavailable
    from fund_service.cli.output import note, print_json
    from fund_service.cli.telling import tell_done, tell_foreseen
    from fund_service.foreseeing import done, foresee
    from fund_service.listing import as_data

    fund = source.parts.fund
    if dry_run:
        foreseen = foresee(fund, asked)
        if as_json:
            print_json({"recorded": False, **as_data(foreseen)})
        else:
            tell_foreseen(foreseen)
        return
    try:
        answered = done(fund, asked)
    except Unavailable:
        note(f"Its key is {asked.key}.", to_people=False)
        raise
    if as_json:
        print_json({"recorded": True, **as_data(answered)})
    else:
        tell_done(answered)


def _list(as_json: bool) -> None:
    from fund_service.cli.asking import CommandRow, command_rows
    from fund_service.cli.output import Column, Wanted, print_list

    columns: list[Column[CommandRow]] = [
        Column("Who may ask", lambda one: one.who),
        Column("What it does", lambda one: one.says),
    ]
    print_list(command_rows(), CommandRow, columns, Wanted(as_json), "command")


def _show_fields(kind: "type[Command]", as_json: bool) -> None:
    from fund_service.cli.asking import FieldRow, field_rows
    from fund_service.cli.output import Column, Wanted, print_list

    columns: list[Column[FieldRow]] = [
        Column("Needed", lambda one: "yes" if one.needed else "no"),
        Column("Takes", lambda one: one.takes),
    ]
    print_list(field_rows(kind), FieldRow, columns, Wanted(as_json), "field")
