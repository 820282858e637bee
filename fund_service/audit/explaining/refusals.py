"""Why a request was refused: the rule with its source, what was asked, and the state that it met then.

The log keeps of a request its kind, what it was about and its digest alone. Where that is all of it, the request is put
together again (its digest proves it) and decided once more on the state as it was.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.call.aggregate import CALL, announced
from domain.catalogue import COMMANDS, DECIDERS
from domain.errors import FundError, NotFound, Refused
from domain.evaluation.aggregate import EVALUATION
from domain.grant.aggregate import GRANT
from domain.ids import evaluation_id
from domain.messages import Command, Recorded
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction
from domain.receipt import CommandHandled
from domain.values import Instant, Value, euros, in_brussels
from fund_service.application import Fund
from fund_service.audit.explaining.readers import Reader
from fund_service.audit.explaining.record import DecidingWorld, Record
from fund_service.audit.explaining.statements import Compared, Explanation, Statement
from fund_service.audit.explaining.sums import explain_grant, explain_line
from fund_service.permissions.views import View

STAGE: Final = "stage"
_PIECE: Final = 1000
_SUM: Final = re.compile(r"€[0-9,]+\.[0-9]{2}")
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class RefusalRow(Value):
    """A request that was refused: its receipt and position, what was asked about what, the rule (or `stage`), by whom.

    The instant is when it was asked (UTC).
    """

    position: int
    receipt: UUID
    command: str
    about: UUID | None
    rule: str
    detail: str
    by: UUID | None
    by_label: str
    effective_at: Instant


class Refusal(NamedTuple):
    """A refused request as the log holds it."""

    recorded: Recorded
    event: CommandHandled


def refusals(fund: Fund, reader: Reader, position: int, sought: UUID) -> Iterator[RefusalRow]:
    """Yield what was refused about a thing, or to a subject, up to a position, newest first, as far as the reader may
    hear of it. Every receipt is looked through.
    """
    found = [one for one in _receipts(fund, position, sought) if reader.hears(one.recorded)]
    for recorded, event in reversed(found):
        by, label = reader.named(event.by)
        yield RefusalRow(
            position=recorded.position,
            receipt=recorded.stream,
            command=event.command,
            about=event.about,
            rule=event.refused or "",
            detail=event.detail,
            by=by,
            by_label=label,
            effective_at=event.effective_at,
        )


def _receipts(fund: Fund, position: int, sought: UUID) -> Iterator[Refusal]:
    log, after, id = fund.log, 0, str(sought).encode()
    while page := log.recorder.select_notifications(
        after, _PIECE, position, topics=[CommandHandled.TOPIC], inclusive_of_start=False
    ):
        for stored in page:
            recorded = log.recorded(stored) if id in stored.state else None
            event = recorded.event if recorded is not None else None
            if recorded is None or not isinstance(event, CommandHandled):
                continue
            if event.refused and sought in (event.about, event.by):
                yield Refusal(recorded, event)
        after = page[-1].id


def explain_refusal(record: Record, fund: Fund, which: str) -> Explanation:
    """Return why a request was refused, by its receipt or its position. Raises NotFound."""
    refusal = _find(record, fund, which)
    recorded, event = refusal
    then = Record(fund.log, record.reader, recorded.position)
    statements = [
        Statement(
            what="What was asked",
            value=_WORD.sub(" ", event.command).lower(),
            exact=event.command,
            events=record.cited(recorded),
            compared=tuple(_decided_anew(then, fund, refusal)),
        ),
        _why(then, refusal),
        *_met(then, refusal),
    ]
    return Explanation.of(recorded.stream, "A request that was refused", "", record.position, statements)


def _find(record: Record, fund: Fund, which: str) -> Refusal:
    for recorded in _candidates(record, fund, which.strip()):
        event = recorded.event
        if isinstance(event, CommandHandled) and event.refused and record.reader.hears(recorded):
            return Refusal(recorded, event)
    raise NotFound(f"There is no refusal {which}.", "Look it up in a timeline: it has a position there.")


def _candidates(record: Record, fund: Fund, which: str) -> list[Recorded]:
    if re.fullmatch(r"[0-9]{1,12}", which):
        position = int(which)
        found = fund.log.read(position - 1, 1) if 0 < position <= record.position else []
        return [one for one in found if one.position == position]
    try:
        return record.of(UUID(which))
    except ValueError:
        return []


def _why(then: Record, refusal: Refusal) -> Statement:
    event = refusal.event
    call_id = _call_of(then, event.about)
    rule = then.rule(event.refused or "", call_id) if event.refused != STAGE else None
    cure = (Statement(what=event.cure),) if event.cure else ()
    what = "The rule that refused" if rule else "The stage refused"
    return Statement(what=what, value=event.detail, rule=rule, parts=cure)


def _decided_anew(then: Record, fund: Fund, refusal: Refusal) -> Iterator[Compared]:
    """Yield what the same request leads to on the state as it was, where the log holds all of the request."""
    recorded, event = refusal
    command = _put_together(event, fund)
    if command is None:
        return
    try:
        DECIDERS[type(command)](command, DecidingWorld(then, recorded, fund.vault.digest))
    except Refused as refused:
        same = (refused.code, refused.detail, refused.cure) == (event.refused, event.detail, event.cure)
        yield then.compared(recorded, event.detail, same)
    except FundError:
        return  # it asks what cannot be told from a few streams
    else:
        yield then.compared(recorded, event.detail, same=False)


def _put_together(event: CommandHandled, fund: Fund) -> Command | None:
    """Return the request whose digest the log holds, where it says nothing but what it is about."""
    kind = COMMANDS.get(event.command)
    own = [name for name in kind.model_fields if name not in Command.model_fields] if kind is not None else []
    if kind is None or len(own) != 1 or event.about is None:
        return None
    try:
        said = {"by": event.by, "at": event.effective_at, "key": "explained", own[0]: event.about}
        command = kind.model_validate(said)
    except ValueError:
        return None
    return command if fund.fingerprint(command) == event.digest else None


def _call_of(then: Record, about: UUID | None) -> UUID | None:
    """Return the call that a thing belongs to."""
    kind = _kind(then, about)
    world = then.then()
    if about is None or kind == CALL.name:
        return about
    match kind:
        case PILOT_ACTION.name:
            pilot = world.find(PILOT_ACTION, about)
            return pilot.call_id if pilot is not None else None
        case GRANT.name:
            grant = world.find(GRANT, about)
            return grant.call_id if grant is not None else None
        case _:
            return None


def _kind(then: Record, about: UUID | None) -> str:
    events = then.of(about) if about is not None else []
    return events[0].event.TOPIC.partition(".")[0] if events else ""


def _met(then: Record, refusal: Refusal) -> Iterator[Statement]:
    """Yield the state that the request met: the figures that rules compare, as far as the reader may see them."""
    about, kind = refusal.event.about, _kind(then, refusal.event.about)
    if about is None or kind not in _STATES:
        return
    parts = tuple(_STATES[kind](then, about))
    if parts:
        named = dict.fromkeys(_SUM.findall(refusal.event.detail))
        found = {one.value for part in parts for one in part.all()}
        said = tuple(
            Statement(what="Named in the refusal and found here" if one in found else "Named in the refusal", value=one)
            for one in named
        )
        yield Statement(what="The state that it met", parts=(*said, *parts))


def _of_pilot_action(then: Record, about: UUID) -> Iterator[Statement]:
    pilot = then.then().get(PILOT_ACTION, about)
    call = then.then().find(CALL, pilot.call_id) if pilot.call_id is not None else None
    procedure = then.reader.sees(View.PROCEDURE, about)
    if procedure or (pilot.call_id is not None and then.reader.knows_outcome(about, pilot.call_id)):
        yield Statement(what="Stage", value=pilot.stage.replace("_", " "), exact=pilot.stage)
    if then.reader.sees(View.APPLICATION, about):
        yield from _draft(pilot)
    if call is not None and call.rules is not None:
        line = call.rules.line(pilot.line)
        if line is not None:
            rule = then.rule("S01", pilot.call_id)
            yield Statement(what="Cap of the line", value=euros(line.cap_cents), exact=str(line.cap_cents), rule=rule)
        yield _closing(then, pilot.call_id, call.rules.calendar.applications_close)
    yield from _evaluation(then, about)


def _draft(pilot: PilotAction) -> Iterator[Statement]:
    cents = sum(one.cents for one in pilot.resources)
    how = " + ".join(f"{one.quantity} × {euros(one.unit_cents)}" for one in pilot.resources)
    yield Statement(what="Requested in the draft", value=euros(cents), exact=str(cents), how=how)
    yield Statement(what="Versions put forward", value=str(len(pilot.versions)), exact=str(len(pilot.versions)))


def _closing(then: Record, call_id: UUID | None, closes: Any) -> Statement:
    rule = then.rule("D07", call_id)
    return Statement(what="Applications close", value=in_brussels(closes), exact=closes.isoformat(), rule=rule)


def _evaluation(then: Record, pilot_action_id: UUID) -> Iterator[Statement]:
    evaluation = then.then().find(EVALUATION, evaluation_id(pilot_action_id))
    if evaluation is None or not then.reader.sees(View.EVALUATION, pilot_action_id):
        return
    figures = {
        "Evaluators with a seat": len(evaluation.seats),
        "Scores that were in": len(evaluation.sheets()),
        "Allegations without an answer": len(evaluation.allegations),
    }
    if then.reader.sees(View.PROCEDURE, pilot_action_id):
        figures["Criteria that need a consensus"] = len(evaluation.divergent)
    yield from (Statement(what=what, value=str(number), exact=str(number)) for what, number in figures.items())


def _of_grant(then: Record, about: UUID) -> Iterator[Statement]:
    if then.reader.sees(View.GRANT, about):
        stage = then.then().get(GRANT, about).stage
        yield Statement(what="Stage", value=stage.value, exact=stage.value)
        yield from explain_grant(then, about).statements


def _of_call(then: Record, about: UUID) -> Iterator[Statement]:
    call = then.then().get(CALL, about)
    if call.rules is None:
        return
    yield _closing(then, about, call.rules.calendar.applications_close)
    if then.reader.sees(View.RANKING, about):
        for line in announced(call).lines:
            sums = explain_line(then, about, line.id)
            yield Statement(what="Support line", name=line.name, parts=sums.statements)


_STATES: Final[dict[str, Callable[[Record, UUID], Iterator[Statement]]]] = {
    PILOT_ACTION.name: _of_pilot_action,
    GRANT.name: _of_grant,
    CALL.name: _of_call,
}
