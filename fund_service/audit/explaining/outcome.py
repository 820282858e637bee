"""What became of one application, step by step: arrival, check, evaluation, rank, award list, release, offer.

Each reader is told what the views show of it: an applicant the reasons of the own outcome once it is released (D17),
with the points that count but not who gave them; the offices also how the list came about.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from domain.call.aggregate import CALL, announced
from domain.call.awarding import outcome_of, rows_of_list
from domain.call.events import (
    AwardListAdopted,
    AwardListApproved,
    AwardListProposed,
    AwardListReturned,
    AwardListVoided,
    Departure,
    Outcome,
    OutcomesReleased,
    RankingEstablished,
    ReserveExpired,
    ReserveReviewed,
)
from domain.errors import FundError, NotFound
from domain.evaluation.aggregate import EVALUATION
from domain.grant.aggregate import GRANT
from domain.grant.events import GrantAccepted, GrantDeclined, GrantLapsed, GrantOffered
from domain.ids import evaluation_id, grant_id
from domain.messages import Event, Recorded
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction
from domain.pilot_action.checking import check_eligibility
from domain.pilot_action.commands import CheckEligibility
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ClarificationAnswered,
    ClarificationAsked,
    RemovalConfirmed,
    RemovalProposed,
)
from domain.values import in_brussels
from fund_service.audit.explaining.ranking import OUTCOMES, Ranked, place, ranked_anew, threshold, title_of
from fund_service.audit.explaining.readers import Reader
from fund_service.audit.explaining.record import DecidingWorld, Record
from fund_service.audit.explaining.statements import Compared, Explanation, Statement
from fund_service.audit.explaining.sums import requested
from fund_service.permissions.views import View
from projections.call_ranking import rounded

_FOUND: Final = (ApplicationFoundEligible, ApplicationFoundInadmissible, ApplicationFoundIneligible)
_LIST: Final = (AwardListReturned, AwardListApproved, AwardListAdopted, AwardListVoided)
_ON_THE_WAY: Final = (
    ClarificationAsked,
    ClarificationAnswered,
    ApplicationWithdrawn,
    RemovalProposed,
    RemovalConfirmed,
)
_OF_GRANT: Final = (GrantOffered, GrantAccepted, GrantDeclined, GrantLapsed)


def explain_outcome(record: Record, pilot_action_id: UUID) -> Explanation:
    """Return why an application had its outcome. Raises NotFound for who is not told of it yet."""
    pilot = record.then().get(PILOT_ACTION, pilot_action_id)
    if pilot.call_id is None:
        raise NotFound("This pilot action belongs to no call.", "Look at your home.")
    knows = record.reader.knows_outcome(pilot_action_id, pilot.call_id)
    if not may_be_told(record.reader, pilot_action_id, pilot.call_id):
        raise NotFound("The outcome is not released yet.", "It is told to all applicants at one instant (D17).")
    statements = [
        *_arrival(record, pilot_action_id, pilot.call_id),
        *_told(record, pilot_action_id, _ON_THE_WAY),
        *_check(record, pilot_action_id, pilot.call_id),
    ]
    if knows:
        statements += _decision(record, pilot_action_id, pilot)
    name = title_of(record, pilot_action_id)
    return Explanation.of(pilot_action_id, "The outcome of an application", name, record.position, statements)


def may_be_told(reader: Reader, pilot_action_id: UUID, call_id: UUID) -> bool:
    """Tell whether a reader may be told how an application fares: offices on the way, others after the release."""
    return reader.sees(View.PROCEDURE, pilot_action_id) or reader.knows_outcome(pilot_action_id, call_id)


def _told(record: Record, stream: UUID, kinds: tuple[type[Event], ...]) -> Iterator[Statement]:
    """Yield the events of these kinds that the reader may be told."""
    for recorded in record.of(stream):
        if isinstance(recorded.event, kinds) and record.reader.hears(recorded):
            yield record.told(recorded)


def _arrival(record: Record, pilot_action_id: UUID, call_id: UUID) -> Iterator[Statement]:
    """Yield when the version that counts arrived, against the closing instant in force then (D07)."""
    submitted = list(record.every(pilot_action_id, ApplicationSubmitted))
    for recorded, event in submitted[-1:]:
        closes = announced(record.then(recorded).get(CALL, call_id)).calendar.applications_close
        in_time = event.effective_at < closes
        yield Statement(
            what="The application arrived in time" if in_time else "The application arrived too late",
            value=in_brussels(event.effective_at),
            exact=event.effective_at.isoformat(),
            rule=record.rule("D07", call_id, recorded),
            events=record.cited(recorded),
            parts=(Statement(what="Applications closed", value=in_brussels(closes), exact=closes.isoformat()),),
        )
    if record.reader.sees(View.APPLICATION, pilot_action_id):
        yield from requested(record, pilot_action_id)


def _check(record: Record, pilot_action_id: UUID, call_id: UUID) -> Iterator[Statement]:
    """Yield what was found after closing, decided anew on the world as it was then (D23)."""
    for recorded in record.of(pilot_action_id):
        event = recorded.event
        if not isinstance(event, _FOUND) or not record.reader.hears(recorded):
            continue
        findings = () if isinstance(event, ApplicationFoundEligible) else event.findings
        told = record.told(recorded)
        yield told.model_copy(
            update={
                "rule": record.rule("D23", call_id, recorded),
                "compared": _checked_anew(record, recorded, event, pilot_action_id),
                "parts": tuple(
                    Statement(what=one.detail, rule=record.rule(one.rule, call_id, recorded)) for one in findings
                ),
            }
        )


def _checked_anew(record: Record, recorded: Recorded, event: Any, pilot_action_id: UUID) -> tuple[Compared, ...]:
    """Return whether the check finds the same on the world as it was; nothing where another deed recorded it."""
    command = CheckEligibility(by=event.by, at=event.effective_at, key="explained", pilot_action_id=pilot_action_id)
    try:
        changes = check_eligibility(command, DecidingWorld(record, recorded, lambda *parts: ""))
    except FundError:
        return ()
    same = changes[0].event == event
    return (record.compared(recorded, record.told(recorded).what, same),)


def _decision(record: Record, pilot_action_id: UUID, pilot: PilotAction) -> Iterator[Statement]:
    """Yield what follows from the evaluation: rank, list, release, offer."""
    assert pilot.call_id is not None
    reader, call_id, line = record.reader, pilot.call_id, pilot.line
    ranked = _ranked(record, call_id, line)
    if ranked is not None:
        yield from _evaluated(record, ranked, pilot_action_id)
        if reader.sees(View.RANKING, call_id):
            yield from (place(record, ranked, row) for row in ranked.rows if row.pilot_action_id == pilot_action_id)
            yield from _award_list(record, ranked, pilot_action_id)
        yield from _released(record, ranked, pilot_action_id)
    yield from _afterwards(record, call_id, pilot_action_id)


def _ranked(record: Record, call_id: UUID, line: str) -> Ranked | None:
    ranked = any(event.line == line for _, event in record.every(call_id, RankingEstablished))
    return ranked_anew(record, call_id, line) if ranked else None


def _evaluated(record: Record, ranked: Ranked, pilot_action_id: UUID) -> Iterator[Statement]:
    """Yield who evaluated, where the reader may know it, and to an applicant the points that count."""
    evaluation = ranked.world.find(EVALUATION, evaluation_id(pilot_action_id))
    if evaluation is not None and record.reader.sees(View.EVALUATORS, pilot_action_id):
        names = (record.reader.named(who)[1] for who in evaluation.seats)
        yield Statement(what="Evaluated by", parts=tuple(Statement(what="Evaluator", name=name) for name in names))
    if record.reader.sees(View.RANKING, ranked.call_id) or not record.reader.sees(View.DRAFT, pilot_action_id):
        return
    names_of = {criterion.id: criterion.name for criterion in ranked.rules.criteria}
    for row in ranked.rows:
        for term in row.terms if row.pilot_action_id == pilot_action_id else ():
            yield Statement(
                what=names_of[term.criterion],
                value=rounded(term.mean),
                exact=term.mean,
                rule=record.rule("D02" if term.consensus else "D01", ranked.call_id, ranked.recorded),
                parts=tuple(threshold(record, ranked, term)),
            )


def _award_list(record: Record, ranked: Ranked, pilot_action_id: UUID) -> Iterator[Statement]:
    """Yield each version of the list with its departures and who approved it, the outcome computed anew in each."""
    proposals = [(at, one) for at, one in record.every(ranked.call_id, AwardListProposed) if one.line == ranked.line.id]
    for recorded, event in proposals:
        said = [one for one in event.outcomes if one.pilot_action_id == pilot_action_id]
        moved = [one for one in event.departures if one.pilot_action_id == pilot_action_id]
        acts = [
            one
            for one in record.of(ranked.call_id)
            if isinstance(one.event, _LIST) and (one.event.line, one.event.version) == (event.line, event.version)
        ]
        told = record.told(recorded)
        yield told.model_copy(
            update={
                "rule": record.rule("D05", ranked.call_id, recorded),
                "compared": tuple(_listed_anew(record, ranked, recorded, event.departures, one) for one in said),
                "parts": (
                    *(_departed(record, ranked, recorded, one) for one in moved),
                    *(record.told(one) for one in acts),
                ),
            }
        )


def _departed(record: Record, ranked: Ranked, recorded: Recorded, departure: Departure) -> Statement:
    return Statement(
        what=f"It was moved from rank {departure.rank} to place {departure.place}, for these reasons:",
        name=departure.reason.shown,
        rule=record.rule("E14", ranked.call_id, recorded),
    )


def _listed_anew(
    record: Record, ranked: Ranked, recorded: Recorded, departures: Sequence[Departure], said: Outcome
) -> Compared:
    """Return an outcome of a list, compared with what follows from the ranking that was in force then."""
    before = [
        event
        for at, event in record.every(ranked.call_id, RankingEstablished)
        if event.line == ranked.line.id and at.position < recorded.position
    ]
    known = before[-1].rows if before else ()
    rows = ranked.rows if before[-1:] == [ranked.event] and ranked.refused is None else known
    line = announced(record.then(recorded).get(CALL, ranked.call_id)).line(ranked.line.id) or ranked.line
    listed = rows_of_list(rows, departures, line)
    computed = [outcome_of(row, departures) for row in listed if row.pilot_action_id == said.pilot_action_id]
    return record.compared(recorded, OUTCOMES[said.outcome], computed == [said])


def _released(record: Record, ranked: Ranked, pilot_action_id: UUID) -> Iterator[Statement]:
    """Yield the outcome that was released, compared with the award list that two persons approved (D17, E11)."""
    releases = record.every(ranked.call_id, OutcomesReleased)
    for recorded, event in ((at, one) for at, one in releases if one.line == ranked.line.id):
        for outcome in (one for one in event.outcomes if one.pilot_action_id == pilot_action_id):
            proposed = [
                (at, one)
                for at, one in record.every(ranked.call_id, AwardListProposed)
                if (one.line, one.version) == (event.line, event.version)
            ]
            yield Statement(
                what="The outcome that was released",
                value=OUTCOMES[outcome.outcome],
                exact=outcome.outcome,
                rule=record.rule("D17", ranked.call_id, recorded),
                events=record.cited(recorded),
                compared=tuple(_as_listed(record, ranked, at, one, outcome) for at, one in proposed),
                parts=(Statement(what=outcome.reason),),
            )


def _as_listed(
    record: Record, ranked: Ranked, recorded: Recorded, event: AwardListProposed, released: Outcome
) -> Compared:
    """Return whether what was released stands in the list, and follows from the ranking."""
    anew = _listed_anew(record, ranked, recorded, event.departures, released)
    return anew.model_copy(update={"same": anew.same and released in event.outcomes})


def _afterwards(record: Record, call_id: UUID, pilot_action_id: UUID) -> Iterator[Statement]:
    """Yield what came after the release: a place that moved up or ended, the offer and its answer."""
    for recorded in record.of(call_id):
        match recorded.event:
            case ReserveReviewed(promoted=promoted) if any(one.pilot_action_id == pilot_action_id for one in promoted):
                yield record.told(recorded)
            case ReserveExpired(pilot_action_ids=ended) if pilot_action_id in ended:
                yield record.told(recorded)
            case _:
                pass
    grant = grant_id(pilot_action_id)
    if record.then().find(GRANT, grant) is not None and record.reader.sees(View.GRANT, grant):
        yield from _told(record, grant, _OF_GRANT)
