"""`fund audit explain`: why something is as it is, computed anew from the log, each figure down to its events."""

from typing import TYPE_CHECKING, Annotated

import typer

from fund_service.cli.options import AsJson, Data, Store

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
