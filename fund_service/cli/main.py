"""The program `fund`: its commands, and one clear sentence with an exit code for whatever does not work."""

import errno
import io
import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final, TextIO

import typer
from typer.main import get_command

from domain.errors import Conflict, FundError, Malformed, NotFound, NotPermitted, Refused, RuleViolated, Unavailable
from fund_service.cli import (
    act,
    attachments,
    audit,
    audit_diff,
    audit_dossier,
    audit_exceptions,
    audit_explain,
    audit_papers,
    audit_protect,
    audit_replay,
    audit_sample,
    audit_tables,
    audit_totals,
    audit_treatment,
    calls,
    desk,
    doctor,
    identities,
    importing,
    inviting,
    lists,
    log,
    messages,
    mine,
    permissions,
    privacy,
    questions,
    read,
    rehearsing,
    single,
    tokens,
    witness,
)
from fund_service.cli.demo import demo
from fund_service.cli.reconcile import reconcile
from fund_service.cli.up import up
from fund_service.cli.wording import clean, clipped

EXIT_CODES: Final[dict[type[Exception], tuple[int, str]]] = {
    FundError: (1, "an unexpected fault, which is ours"),
    Malformed: (2, "wrong usage, or input that cannot be read"),
    Refused: (3, "refused by a rule, or at this stage"),
    NotPermitted: (4, "not permitted"),
    NotFound: (5, "not found, or nothing recorded yet"),
    Conflict: (6, "somebody else changed it meanwhile"),
    Unavailable: (7, "a part is away: the store, Temporal, a port, the data directory"),
}
"""The code with which the program ends for each error, and what it says."""

FAULT: Final = EXIT_CODES[FundError][0]
USAGE: Final = EXIT_CODES[Malformed][0]
AWAY: Final = EXIT_CODES[Unavailable][0]
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141

_HELP = """The competitive fund of the IURC programme: from partnership to closed grant.

\b
Play a whole call with invented people and applications, then look at it:
  fund demo
  fund ranking iurc-2026 --explain 1
"""
_CODES = "\n".join(
    [
        "\b",
        "Ends with",
        "    0  done",
        *(f"{code:5}  {what}" for code, what in EXIT_CODES.values()),
        "  130  ended by Ctrl-C",
    ]
)

app = typer.Typer(name="fund", help=_HELP, epilog=_CODES, add_completion=False, rich_markup_mode=None)
_call = typer.Typer(help="Calls and their rules.", rich_markup_mode=None)
_partnerships = typer.Typer(help="Partnerships.", rich_markup_mode=None)
_organisations = typer.Typer(help="Cities, areas, regions and agencies.", rich_markup_mode=None)
_tokens = typer.Typer(help="Tokens for scripts.", rich_markup_mode=None)
_identities = typer.Typer(help="Identities of the provider, by which people sign in.", rich_markup_mode=None)
_questions = typer.Typer(help="Questions about a call, and their answers.", rich_markup_mode=None)
_messages = typer.Typer(help="What was told to whom.", rich_markup_mode=None)
_privacy = typer.Typer(help="Personal data: told to whom they belong, or erased.", rich_markup_mode=None)
_applications = typer.Typer(help="Pilot actions and their applications.", rich_markup_mode=None)
_audit = typer.Typer(help="What an auditor asks, looks back at and proves.", rich_markup_mode=None)
_attachments = typer.Typer(help="Files of pilot actions and grants.", rich_markup_mode=None)
_explain = typer.Typer(help="Why something is as it is, computed anew from the log.", rich_markup_mode=None)

_witness = typer.Typer(help="A witness of logs, on a machine of its own.", rich_markup_mode=None)

app.command()(demo)
app.command()(rehearsing.rehearse)
app.command()(up)
app.command()(single.serve)
app.command()(single.work)
app.command()(single.relay)
app.command()(single.project)
app.command()(single.temporal)
app.command()(reconcile)
app.command()(act.init)
app.command()(act.act)
app.command()(inviting.invite)
app.command()(lists.rules)
app.command()(permissions.permissions)
app.command()(read.dashboard)
app.command()(desk.desk)
app.command("next")(mine.next_deeds)
app.command()(read.ranking)
app.command()(read.timeline)
app.command()(read.home)
app.command()(log.show)
app.command()(log.events)
app.command()(log.rebuild)
app.command()(doctor.doctor)
app.add_typer(_call, name="call")
app.add_typer(_tokens, name="token")
app.add_typer(_identities, name="identity")
app.add_typer(_privacy, name="privacy")
app.add_typer(_organisations, name="organisations")
app.add_typer(_messages, name="messages")
app.add_typer(_questions, name="questions")
app.add_typer(_partnerships, name="partnerships")
app.add_typer(_applications, name="applications")
app.add_typer(_attachments, name="attachments")
app.add_typer(_audit, name="audit")
_audit.add_typer(_explain, name="explain")
app.add_typer(_witness, name="witness")
_call.command("list")(lists.list_calls)
_call.command("show")(read.show_call)
_call.command("publish")(calls.publish)
_call.command("correct")(calls.correct)
_call.command("extend-deadline")(calls.extend_deadline)
_tokens.command("create")(tokens.create)
_tokens.command("list")(tokens.list_tokens)
_tokens.command("end")(tokens.end)
_identities.command("bind")(identities.bind)
_identities.command("list")(identities.list_identities)
_identities.command("end")(identities.end)
_messages.command("list")(messages.list_messages)
_questions.command("list")(questions.list_questions)
_privacy.command("export")(privacy.export)
_privacy.command("erase")(privacy.erase)
_organisations.command("list")(lists.list_organisations)
_organisations.command("import")(importing.import_organisations)
_partnerships.command("import")(importing.import_partnerships)
_partnerships.command("list")(lists.list_partnerships)
_applications.command("list")(lists.list_applications)
_audit.command("exceptions")(audit_exceptions.exceptions)
_audit.command("sample")(audit_sample.sample)
_audit.command("papers")(audit_papers.papers)
_audit.command("paper")(audit_papers.paper)
_audit.command("findings")(audit_papers.findings)
_audit.command("equal-treatment")(audit_treatment.equal_treatment)
_audit.command("totals")(audit_totals.totals)
_audit.command("tables")(audit_tables.tables)
_audit.command("ask")(audit_tables.ask)
_audit.command("diff")(audit_diff.diff)
_attachments.command("list")(attachments.list_attachments)
_attachments.command("get")(attachments.get)
_attachments.command("put")(attachments.put)
_attachments.command("verify")(attachments.verify)
_audit.command("checkpoint")(audit.checkpoint)
_audit.command("rotate-key")(audit.rotate_key)
_audit.command("export")(audit.export)
_audit.command("dossier")(audit_dossier.dossier)
_audit.command("verify")(audit.verify)
_audit.command("verifier")(audit.verifier)
_audit.command("replay")(audit_replay.replay)
_audit.command("protect")(audit_protect.protect)
_explain.command("ranking")(audit_explain.ranking)
_explain.command("outcome")(audit_explain.outcome)
_explain.command("refusal")(audit_explain.refusal)
_explain.command("sum")(audit_explain.sums)
_witness.command("key")(witness.key)
_witness.command("serve")(witness.serve)


def _say_version(asked: bool) -> None:
    if asked:
        print(f"fund {version('iurc-fund')}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Show the version and end.")
    ] = False,
) -> None:
    """Take what stands before any command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with these arguments, or those of the command line, and return its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    return run(app, given or ["--help"])


def run(program: typer.Typer, arguments: Sequence[str]) -> int:
    """Run a program; say every error in one sentence on standard error, and return the exit code."""
    sys.stdout = sys.stdout or _nowhere()  # closed by the shell: >&-
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a name that the terminal cannot show is no reason to fail
    try:
        code = get_command(program).main(list(arguments), prog_name="fund", standalone_mode=False)
        sys.stdout.flush()
    except FundError as error:
        return _say(_told(error), _code_of(error))
    except typer.TyperException as wrong:
        return _say(_usage(wrong), USAGE)
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # typer and rich end with the latter when nobody reads any more
        return _end_quietly()
    except OSError as error:
        if error.errno != errno.ENOSPC:
            return _fault()
        return _say("There is no space left where the output, or the data, should go. Free some.", AWAY)
    except Exception:  # noqa: BLE001 - the last door: whatever comes here is our fault, and is shown whole
        return _fault()
    return code or 0


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _fault() -> int:
    traceback.print_exc()
    return _say("This is a fault of the fund, not yours. Please report it with the lines above.", FAULT)


def _code_of(error: FundError) -> int:
    return next(EXIT_CODES[kind][0] for kind in type(error).__mro__ if kind in EXIT_CODES)


def _told(error: FundError) -> str:
    return f"{error} ({error.code})" if isinstance(error, RuleViolated) else str(error)


def _usage(wrong: typer.TyperException) -> str:
    context = getattr(wrong, "ctx", None)
    command = context.command_path if context is not None else "fund"
    what = wrong.format_message()
    return f"{what}{'' if what.endswith(('.', '?')) else '.'} See `{command} --help`."


def _say(sentence: str, code: int) -> int:
    print(clean(clipped(sentence)), file=sys.stderr)
    return code


def _end_quietly() -> int:
    """End without a word: who reads our output has had enough, as `head` does."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE
