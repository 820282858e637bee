"""`fund attachments`: the files of pilot actions and grants, seen and given by whoever may."""

from pathlib import Path
from typing import Annotated

import typer

from fund_service.cli.options import (
    AsCsv,
    AsJson,
    AsOf,
    AsXlsx,
    Data,
    DryRun,
    HeldAt,
    Key,
    Sort,
    Store,
    Subject,
    Where,
    path,
)

_Of = Annotated[str, typer.Argument(metavar="ID", help="The pilot action or the grant, by the first characters.")]


def list_attachments(
    of: _Of,
    by: Subject,
    data: Data = None,
    store: Store = None,
    as_of: AsOf = None,
    held_at: HeldAt = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
    where: Where = None,
    sort: Sort = None,
) -> None:
    """List the files of a pilot action or a grant that somebody sees.

    \b
    Example:
      fund attachments list 3f2a9c1d --as "Officer of Vilnius"
    """
    from fund_service.attachments.seen import FileRow
    from fund_service.cli.attaching import rows_of
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, print_list

    columns: list[Column[FileRow]] = [
        Column("Title", lambda row: row.title),
        Column("Kind", lambda row: row.kind),
        Column("Bytes", lambda row: f"{row.size:,}", right=True),
        Column("Scanned", lambda row: row.scan.replace("_", " ")),
    ]
    with reading(data, store, as_of, held_at) as source:
        print_list(rows_of(source, of, by), FileRow, columns, Wanted(as_json, as_csv, where, sort, as_xlsx), "file")


def get(
    of: _Of,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file, by the first characters of its id.")],
    by: Subject,
    to: Annotated[Path, typer.Option("--to", metavar="PATH", parser=path, help="Where it is written; still free.")],
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Write a file that somebody sees to a place of one's own; its content is checked.

    \b
    Example:
      fund attachments get 3f2a9c1d 77aa01bc --as "Officer of Vilnius" \\
        --to plan.pdf
    """
    from hashlib import sha256

    from domain.errors import Malformed
    from fund_service.cli.attaching import content_of
    from fund_service.cli.opening import reading
    from fund_service.cli.output import print_json

    with reading(data, store) as source:
        content = content_of(source, of, file, by)
    try:
        with to.open("xb") as written:
            written.write(content)
    except OSError as trouble:
        raise Malformed(f"{to} cannot be written: {trouble.strerror}.", "Name another place.") from trouble
    if as_json:
        print_json({"path": str(to), "bytes": len(content), "sha256": sha256(content).hexdigest()})


def put(
    file: Annotated[Path, typer.Argument(metavar="FILE", parser=path, help="The file.")],
    of: Annotated[str, typer.Option("--of", metavar="ID", help="The pilot action or the grant that it belongs to.")],
    by: Subject,
    title: Annotated[str | None, typer.Option("--title", help="What it is called; else its own name.")] = None,
    section: Annotated[str | None, typer.Option("--section", help="The section of the form.")] = None,
    member: Annotated[
        str | None, typer.Option("--member", metavar="NAME", help="It proves what was recorded for this member.")
    ] = None,
    order: Annotated[int | None, typer.Option("--order", help="It proves something about this order.")] = None,
    key: Key = None,
    dry_run: DryRun = False,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Attach a file: to a draft, for a member as a proof, to an order as evidence, or to the report of a grant.

    \b
    Example:
      fund attachments put plan.pdf --of 3f2a9c1d \\
        --as "Officer of Vilnius" --title "The plan"
    """
    from domain.errors import Malformed
    from fund_service.attachments.attachments import given_file
    from fund_service.cli.act import carry_out
    from fund_service.cli.attaching import asked_for
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading

    with reading(data, store) as source:
        place = {"section": section, "order": order}
        place["organisation_id"] = str(find(source, member, "organisation")) if member is not None else None
        attach = source.parts.attachments.looked_at if dry_run else source.parts.attachments.keep
        try:
            with file.open("rb") as content:
                asked = attach(asked_for(source, of, by, given_file(content, file.name, title), place, key), content)
        except OSError as trouble:
            raise Malformed(f"{file} cannot be read: {trouble.strerror}.", "Name a file that is there.") from trouble
        carry_out(source, asked, dry_run=dry_run, as_json=as_json)


def verify(data: Data = None, store: Store = None, as_json: AsJson = False) -> None:
    """Read every file that is recorded, and check its content. Ends with 7 where one is lost or altered.

    \b
    Example:
      fund attachments verify
    """
    from domain.errors import Unavailable
    from fund_service.attachments.recorded import altered, recorded_files
    from fund_service.cli.opening import opened
    from fund_service.cli.output import print_json
    from fund_service.cli.wording import plural

    with opened(data, store) as parts:
        files = recorded_files(parts.log)
        wrong = list(altered(parts.attachments, files))
        place = parts.attachments.contents.shown
    if as_json:
        print_json({"place": place, "contents": len(files), "wrong": wrong})
    if wrong:
        raise Unavailable(
            f"{len(wrong)} of {plural(len(files), 'content')} in {place} are missing or altered: {', '.join(wrong)}.",
            "Restore them from a backup; each lies under its digest.",
        )
    if not as_json:
        print(f"{plural(len(files), 'content')} in {place}: each is what was attached.")
