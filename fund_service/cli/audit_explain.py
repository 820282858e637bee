"""`fund audit explain`: why something is as it is, computed anew from the log, each figure down to its events."""

from typing import TYPE_CHECKING, Annotated

import typer

from fund_service.cli.options import AsCsv, AsJson, AsXlsx, CallName, Data, Sort, Store, Where

if TYPE_CHECKING:
    from uuid import UUID

    from fund_service.audit.explaining.record import Record
    from fund_service.audit.explaining.statements import Explanation
    from fund_service.cli.opening import Reading

Line = Annotated[
    str | None, typer.Option("--line", metavar="LINE", help="The support line, when the call has several.")
]


def sums(
    about: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="A grant, its pilot action, or a call (its edition): the first characters of the id."
        ),
    ],
    line: Line = None,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Explain each sum of a grant, or of a support line of a call, down to the events that moved it.

    \b
    Example:
      fund audit explain sum iurc-2026
    """
    from domain.grant.aggregate import GRANT
    from domain.ids import grant_id
    from domain.pilot_action.aggregate import PILOT_ACTION
    from fund_service.audit.explaining.sums import explain_grant, explain_line
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading

    with reading(data, store) as source:
        id, record = find(source, about), _record(source)
        kinds = {one.event.TOPIC.partition(".")[0] for one in record.of(id)}
        if kinds <= {GRANT.name}:
            _tell(source, explain_grant(record, id), as_json)
        elif kinds <= {PILOT_ACTION.name}:
            _tell(source, explain_grant(record, grant_id(id)), as_json)
        else:
            _tell(source, explain_line(record, id, _line(record, find(source, about, "call"), line)), as_json)


def ranking(
    call: CallName,
    rank: Annotated[
        int | None, typer.Option("--rank", metavar="RANK", help="This place alone, down to its scores and events.")
    ] = None,
    line: Line = None,
    with_envelope: Annotated[
        str, typer.Option("--with-envelope", metavar="EUROS", help="Suppose this envelope; nothing is recorded.")
    ] = "",
    without_evaluator: Annotated[
        list[str] | None,
        typer.Option("--without-evaluator", metavar="LABEL", help="Suppose that this evaluator had no seat."),
    ] = None,
    with_weight: Annotated[
        list[str] | None,
        typer.Option("--with-weight", metavar="CRITERION=N", help="Suppose this weight of a criterion."),
    ] = None,
    with_threshold: Annotated[
        list[str] | None,
        typer.Option("--with-threshold", metavar="CRITERION=N", help="Suppose this threshold; total=N for the total."),
    ] = None,
    with_evaluators: Annotated[
        int | None,
        typer.Option("--with-evaluators", metavar="N", help="Suppose that the scores of so many suffice (D18)."),
    ] = None,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Explain a ranking: computed anew from the scores, and compared with what was recorded.

    With something supposed it shows instead what would be different; nothing is recorded.

    \b
    Example:
      fund audit explain ranking iurc-2026 --rank 8
      fund audit explain ranking iurc-2026 --with-envelope 150000
    """
    from domain.errors import Malformed
    from fund_service.audit.explaining.ranking import explain_ranking
    from fund_service.audit.explaining.supposing import Typed, read_supposed, suppose
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import console, print_json
    from fund_service.cli.render_explanation import render_supposition
    from fund_service.listing import as_data

    with reading(data, store) as source:
        call_id, record = find(source, call, "call"), _record(source)
        typed = Typed(with_envelope, without_evaluator or (), with_weight or (), with_threshold or (), with_evaluators)
        of_line = _line(record, call_id, line)
        if typed == Typed():
            _tell(source, explain_ranking(record, call_id, of_line, rank), as_json)
            return
        if rank is not None:
            raise Malformed("A supposed ranking is shown whole.", "Leave --rank out.")
        found = suppose(record, call_id, of_line, read_supposed(record, call_id, of_line, typed))
        if as_json:
            print_json(as_data(found))
        else:
            render_supposition(console(), found)
        source.say_if_fictitious(to_people=not as_json)


def outcome(
    about: Annotated[str, typer.Argument(metavar="ID", help="The pilot action: the first characters of its id.")],
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Explain the outcome of one application, step by step from its arrival to the answer to the offer.

    \b
    Example:
      fund applications list
      fund audit explain outcome 1a2b3c4d
    """
    from fund_service.audit.explaining.outcome import explain_outcome
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading

    with reading(data, store) as source:
        _tell(source, explain_outcome(_record(source), find(source, about, "pilot-action")), as_json)


def refusal(
    which: Annotated[
        str | None, typer.Argument(metavar="POSITION", help="Its position in the log, or the id of its receipt.")
    ] = None,
    about: Annotated[
        str | None, typer.Option("--about", metavar="ID", help="List what was refused about this thing, newest first.")
    ] = None,
    data: Data = None,
    store: Store = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_xlsx: AsXlsx = None,
    where: Where = None,
    sort: Sort = None,
) -> None:
    """Explain why a request was refused: the rule with its source, what was asked, and the state that it met.

    \b
    Example:
      fund audit explain refusal --about iurc-2026
      fund audit explain refusal 4711
    """
    from domain.errors import Malformed
    from fund_service.audit.explaining.refusals import explain_refusal, refusals
    from fund_service.cli.entries import RefusalEntry
    from fund_service.cli.finding import find
    from fund_service.cli.opening import reading
    from fund_service.cli.output import Column, Wanted, print_list
    from fund_service.cli.wording import moment

    if (which is None) == (about is None):
        raise Malformed("Name one refusal, or what to list refusals about.", "Write its position, or --about ID.")
    columns: list[Column[RefusalEntry]] = [
        Column("Brussels time", lambda row: moment(row.effective_at)),
        Column("Asked", lambda row: row.command),
        Column("Rule", lambda row: row.rule),
        Column("Why", lambda row: row.detail),
        Column("Who", lambda row: row.by_label),
    ]
    with reading(data, store) as source:
        record = _record(source)
        if which is not None:
            _tell(source, explain_refusal(record, source.parts.fund, which), as_json)
            return
        found = refusals(source.parts.fund, record.reader, record.position, find(source, about or ""))
        rows = [RefusalEntry(id=row.position, **dict(row)) for row in found]
        wanted = Wanted(as_json, as_csv, where, sort, as_xlsx)
        print_list(rows, RefusalEntry, columns, wanted, "refusal")
        source.say_if_fictitious(to_people=wanted.to_people)


def _record(source: "Reading") -> "Record":
    """Return the whole log, for whoever has the machine itself."""
    from fund_service.audit.explaining.readers import Everything
    from fund_service.audit.explaining.record import Record

    world = source.parts.fund.world()
    return Record(source.parts.log, Everything(world), world.at)


def _line(record: "Record", call_id: "UUID", line: str | None) -> str:
    """Return the support line that is meant. Raises Malformed."""
    from domain.call.aggregate import announced
    from domain.errors import Malformed
    from fund_service.audit.explaining.record import published_call

    known = [one.id for one in announced(published_call(record, call_id)).lines]
    if line in known or (line is None and len(known) == 1):
        return line or known[0]
    what = f"The call has no support line “{line}”." if line is not None else "The call has several support lines."
    raise Malformed(what, f"Choose one with --line: {', '.join(known)}.")


def _tell(source: "Reading", explanation: "Explanation", as_json: bool) -> None:
    from fund_service.cli.output import console, print_json
    from fund_service.cli.render_explanation import render
    from fund_service.listing import as_data

    if as_json:
        print_json(as_data(explanation))
    else:
        render(console(), explanation)
    source.say_if_fictitious(to_people=not as_json)
