"""`fund audit`: the log is signed, a call's history exported with its proof, and either verified."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fund_service.cli.options import AsJson, Data, OfCall, Store, path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from fund_service.audit.exporting import Besides
    from fund_service.audit.offline.package import Step
    from fund_service.cli.opening import Reading

_Out = Annotated[Path, typer.Option("--out", metavar="FILE", parser=path, help="Write it to this new file.")]
_Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--key",
        metavar="KEY",
        help="A key that you know from elsewhere: NAME+ID+BASE64; of a witness it says what it saw when.",
    ),
]
_Checkpoints = Annotated[
    list[Path] | None,
    typer.Option("--checkpoint", metavar="FILE", parser=path, help="A checkpoint that you kept earlier."),
]


def checkpoint(data: Data = None, store: Store = None, as_json: AsJson = False) -> None:
    """Sign the log as it is now, and print the checkpoint: keep it somewhere that this machine cannot reach.

    \b
    Example:
      fund audit checkpoint > checkpoint-of-today
    """
    from fund_service.audit.checkpoints import own_key, sign_now, witness_log
    from fund_service.cli.opening import opened
    from fund_service.cli.output import print_json

    with opened(data, store) as parts:
        kept = sign_now(parts, witness_log(parts), own_key(parts))
    if as_json:
        print_json({"size": kept.size, "position": kept.position, "note": str(kept.note)})
    else:
        print(kept.note, end="")


def rotate_key(data: Data = None, store: Store = None, as_json: AsJson = False) -> None:
    """Put a new key in the place of the one that signs the log, and sign with it at once.

    The old one is kept beside it, and goes on proving what it signed. Both stand in the log. Tell whoever verifies.

    \b
    Example:
      fund audit rotate-key
    """
    from fund_service.audit.checkpoints import new_key, own_key, sign_now, witness_log
    from fund_service.cli.opening import opened
    from fund_service.cli.output import print_json

    with opened(data, store) as parts:
        old = own_key(parts)
        new = new_key(parts)
        sign_now(parts, witness_log(parts), new)
    if as_json:
        print_json({"key": str(new.key), "replaces": str(old.key)})
    else:
        print(f"The log is signed by {new.key} from now on.\nBefore it was {old.key}.")


def export(
    call: OfCall,
    out: _Out,
    with_files: Annotated[
        bool, typer.Option("--with-files", help="The attached files too, but of those whose data were erased.")
    ] = False,
    with_names: Annotated[
        bool, typer.Option("--with-names", help="The names behind the ids too: for an auditor, whom --as names.")
    ] = False,
    by: Annotated[
        str | None, typer.Option("--as", metavar="SUBJECT", help="Who takes the names, which is told in the log lines.")
    ] = None,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Write the history of a call with its proof as one ZIP file, which anybody can verify offline.

    It holds every record that is not another call's, and of the others the hash; no name, address or text of a person,
    unless you ask for names or files. Keep such a bundle as you keep personal data.

    \b
    Example:
      fund audit export --call iurc-2026 --out iurc-2026.zip
    """
    from fund_service.audit.exporting import Besides
    from fund_service.audit.exporting import export as write
    from fund_service.cli.finding import find
    from fund_service.cli.new_file import writing_new
    from fund_service.cli.opening import reading
    from fund_service.cli.output import print_json

    with reading(data, store) as source:
        call_id, besides = find(source, call, "call"), Besides(with_files, with_names)
        if with_names:
            _tell_names(source, by, call_id, besides)
        with writing_new(out) as target:
            written = write(source.parts, call_id, target, besides=besides)
    if as_json:
        print_json({"path": str(out), **written._asdict()})
        return
    print(f"{written.records:,} of {written.of:,} records, as of position {written.position:,}, are written to {out}.")
    print(f"SHA-256: {written.digest}")


def _tell_names(source: "Reading", by: str | None, call_id: "UUID", besides: "Besides") -> None:
    """Tell in a line that an auditor takes names away. Raises NotPermitted for who may not, Malformed for nobody."""
    from domain.errors import Malformed, NotPermitted
    from fund_service.audit.exporting import tell_taking
    from fund_service.cli.asking import subject
    from fund_service.permissions.actors import Actor
    from fund_service.permissions.checking import may_see
    from fund_service.permissions.views import View

    if by is None:
        raise Malformed("Nobody is named who takes the names.", "Say who you are: --as AUDITOR.")
    asker = Actor(subject(source, by), now=source.parts.clock.now)
    if not may_see(View.BUNDLE, asker, call_id, source.parts.fund.world()):
        raise NotPermitted("You may not take the names; only an auditor may, after closing.", "Ask an auditor.")
    tell_taking(asker.subject, call_id, besides)


def verify(
    bundle: Annotated[
        Path | None, typer.Argument(metavar="[FILE.zip]", parser=path, help="A bundle or a dossier; else the own log.")
    ] = None,
    key: _Keys = None,
    checkpoint: _Checkpoints = None,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Prove that nothing was altered: of a bundle, without anything of the fund; without one, of the fund's own log.

    It says what was proven and what was not, and ends with 0 only when all holds.

    \b
    Example:
      fund audit verify iurc-2026.zip --checkpoint checkpoint-of-last-year
    """
    from domain.errors import Malformed
    from fund_service.audit.offline.merkle import Unproven
    from fund_service.audit.offline.verifying import trusted

    try:
        known = trusted(key or (), checkpoint or ())
    except (OSError, Unproven) as wrong:
        raise Malformed(f"A key or a checkpoint cannot be read: {wrong}", "Write it as the fund printed it.") from wrong
    if bundle is not None:
        from fund_service.audit.proving import proven

        try:
            _report(proven(bundle, known), as_json)
        except OSError as closed:
            raise Malformed(f"{bundle} cannot be read: {closed.strerror}.", "Name a bundle.") from closed
        return
    from fund_service.audit.checkpoints import witness_log
    from fund_service.audit.live import proven_here
    from fund_service.cli.opening import opened

    with opened(data, store) as parts:
        _report(proven_here(parts, witness_log(parts), known), as_json)


def verifier(out: _Out, as_json: AsJson = False) -> None:
    """Write the verifier of bundles as one Python file, which needs nothing of the fund.

    \b
    Example:
      fund audit verifier --out verify.py
    """
    from hashlib import sha256

    from fund_service.audit.one_file import one_file
    from fund_service.cli.new_file import writing_new
    from fund_service.cli.output import print_json

    program = one_file().encode()
    with writing_new(out) as target:
        target.write(program)
    digest = sha256(program).hexdigest()
    if as_json:
        print_json({"path": str(out), "digest": digest})
    else:
        print(f"The verifier is written to {out}.\nSHA-256: {digest}")


def _report(steps: "Iterable[Step]", as_json: bool) -> None:
    """Print what each step found; end with 1 unless all hold."""
    from fund_service.cli.output import print_json
    from fund_service.cli.wording import clean

    found = []
    for step in steps:
        found.append(step)
        if not as_json:
            print(clean(f"{'ok  ' if step.holds else 'FAIL'} {step.sentence}"), flush=True)
    holds = all(step.holds for step in found)
    if as_json:
        print_json({"holds": holds, "steps": [step._asdict() for step in found]})
    else:
        print("Proven: nothing of it was altered." if holds else "NOT proven: do not rely on it.")
    if not holds:
        raise typer.Exit(1)
