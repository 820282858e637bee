"""Options that commands share: each takes --data, --store, --json, every list --where, --sort, --csv, --xlsx."""

import re
from pathlib import Path
from typing import Annotated

import typer


def path(text: str) -> Path:
    """Return what somebody names as a path. Raises BadParameter for an empty one, as of a variable that is not set."""
    if not text or re.search("[\0\ud800-\udfff]", text):
        raise typer.BadParameter("it is no path; write the name of a file or a directory")
    return Path(text)


Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", parser=path, help="The data directory; else FUND_DATA, else ./fund-data."),
]
Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        help="The store: sqlite:///FILE or postgresql://…; else FUND_STORE, else the files of the data directory.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV for a spreadsheet.")]
AsXlsx = Annotated[
    Path | None,
    typer.Option("--xlsx", metavar="FILE", parser=path, help="Write a workbook (XLSX) to this new file."),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="FIELD=VALUE",
        help="Keep the rows whose field is the value; FIELD~PART: contains it. Can be given several times; "
        "case and accents do not matter.",
    ),
]
Sort = Annotated[
    str | None,
    typer.Option("--sort", metavar="FIELD", help="Sort by a field; -FIELD sorts downwards. Else oldest first."),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="POSITION|TIME",
        help="As of a moment of the past: a position of the log, or an instant (Brussels time without a zone; a day is "
        "its end).",
    ),
]
HeldAt = Annotated[
    str | None,
    typer.Option(
        "--held-at", metavar="TIME", help="Of what was known then, only what held at this instant: the second clock."
    ),
]
EditionFile = Annotated[
    Path, typer.Argument(metavar="FILE", parser=path, help="The edition file, such as my-edition.yaml.")
]
CallName = Annotated[
    str,
    typer.Argument(metavar="CALL", help="The call: its edition, such as iurc-2026, or the first characters of its id."),
]
OfCall = Annotated[
    str,
    typer.Option(
        "--call", metavar="CALL", help="The call: its edition, such as iurc-2026, or the first characters of its id."
    ),
]
Subject = Annotated[
    str,
    typer.Option(
        "--as", metavar="SUBJECT", help="Who asks: the label or the first characters of the id of an account."
    ),
]
Key = Annotated[
    str | None,
    typer.Option(
        "--key", metavar="KEY", help="The idempotency key: the same key is carried out once. Else a fresh one, printed."
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Record nothing; tell what would be recorded.")]
