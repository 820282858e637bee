"""Each place in a ranking, computed anew from the scores: terms, thresholds, tie-break, envelope.

The ranking is computed as the domain computes it, in the world as it was when the ranking was recorded.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple
from uuid import UUID

from domain.call.aggregate import CALL, Call, announced
from domain.call.establishing import scored_applications
from domain.call.events import CriterionTerm, RankingEstablished, RankingRow
from domain.call.ranking import rank
from domain.call.rules import CallRules, SupportLine
from domain.errors import NotFound, RuleViolated
from domain.evaluation.aggregate import EVALUATION
from domain.evaluation.events import ConsensusAgreed, ConsensusReached, ScoresGiven
from domain.ids import evaluation_id
from domain.messages import Recorded
from domain.pilot_action.events import PilotActionProposed
from domain.values import Cents, euros
from fund_service.audit.explaining.record import Record, WorldThen
from fund_service.audit.explaining.statements import Compared, Explanation, Statement
from fund_service.permissions.views import View
from projections.call_ranking import rounded

OUTCOMES: Final[Mapping[str, str]] = {"award": "Award", "reserve": "Reserve", "not_selected": "Not selected"}
"""What an outcome is called."""


class Ranked(NamedTuple):
    """A ranking as it was recorded, with what it follows from; its rows computed anew, `refused` where none can be."""

    recorded: Recorded
    event: RankingEstablished
    world: WorldThen
    call_id: UUID
    call: Call
    rules: CallRules
    line: SupportLine
    rows: tuple[RankingRow, ...]
    refused: RuleViolated | None

    def known(self, pilot_action_id: UUID) -> RankingRow | None:
        """Return the row of an application as it was recorded, or None."""
        return next((row for row in self.event.rows if row.pilot_action_id == pilot_action_id), None)


def ranked_anew(record: Record, call_id: UUID, line_id: str) -> Ranked:
    """Return the last ranking of a line, computed anew. Raises NotFound before there is one."""
    established = [one for one in record.every(call_id, RankingEstablished) if one[1].line == line_id]
    if not established:
        raise NotFound("The applications are not ranked yet.", "They are once every evaluator has sent the scores.")
    recorded, event = established[-1]
    world = record.then(recorded)
    call = world.get(CALL, call_id)
    rules = announced(call)
    line = rules.line(line_id)
    assert line is not None
    applied = [id for id, entry in call.register.items() if entry.line == line_id]
    record.fetch([*applied, *map(evaluation_id, applied)])
    rows: tuple[RankingRow, ...] = ()
    refused = None
    try:
        rows = rank(scored_applications(world, call, rules, line), rules, line)
    except RuleViolated as violated:
        refused = violated
    return Ranked(recorded, event, world, call_id, call, rules, line, rows, refused)


def explain_ranking(record: Record, call_id: UUID, line_id: str, wanted: int | None = None) -> Explanation:
    """Return why a ranking is as it is: every place in short, or the one that is wanted whole. Raises NotFound."""
    ranked = ranked_anew(record, call_id, line_id)
    if ranked.refused is not None:
        statements = [_not_computed(record, ranked, ranked.refused)]
    elif wanted is None:
        statements = [
            *_ground(record, ranked),
            *(brief(record, ranked, row) for row in ranked.rows),
            *_gone(record, ranked),
        ]
    else:
        row = next((row for row in ranked.rows if row.rank == wanted), None)
        if row is None:
            raise NotFound(f"The ranking has no rank {wanted}.", "List the ranking of the line.")
        statements = [place(record, ranked, row)]
    return Explanation.of(call_id, "The ranking of a support line", ranked.line.name, record.position, statements)


def _not_computed(record: Record, ranked: Ranked, refused: RuleViolated) -> Statement:
    said = str(ranked.event.ranked)
    return Statement(
        what="The ranking cannot be computed anew",
        value=refused.detail,
        rule=record.rule(refused.code, ranked.call_id, ranked.recorded),
        compared=(record.compared(ranked.recorded, said, same=False),),
    )


def _ground(record: Record, ranked: Ranked) -> Iterator[Statement]:
    """Yield what the whole ranking rests on: the version of the rules, the envelope, the applications."""
    call, event = ranked.call, ranked.event
    yield _compared(record, ranked, "Corrections of the call in force", call.in_force, event.correction, "D21")
    yield _compared_sum(record, ranked, "Envelope", ranked.line.envelope_cents, event.envelope_cents, "D04")
    yield _compared(record, ranked, "Applications in the ranking", len(ranked.rows), event.ranked, "D01")
    above = sum(row.passed for row in ranked.rows)
    yield _compared(record, ranked, "Above all thresholds", above, event.above_thresholds, "E13")


def _compared(record: Record, ranked: Ranked, what: str, found: int, said: int, rule_id: str) -> Statement:
    return Statement(
        what=what,
        value=str(found),
        exact=str(found),
        rule=record.rule(rule_id, ranked.call_id, ranked.recorded),
        compared=(record.compared(ranked.recorded, str(said), found == said),),
    )


def _compared_sum(
    record: Record, ranked: Ranked, what: str, cents: Cents, said: Cents | None, rule_id: str, how: str = ""
) -> Statement:
    return Statement(
        what=what,
        value=euros(cents),
        exact=str(cents),
        how=how,
        rule=record.rule(rule_id, ranked.call_id, ranked.recorded),
        compared=() if said is None else (record.compared(ranked.recorded, euros(said), said == cents),),
    )


def _gone(record: Record, ranked: Ranked) -> Iterator[Statement]:
    """Yield what was ranked and is not when it is computed anew."""
    computed = {row.pilot_action_id for row in ranked.rows}
    for row in ranked.event.rows:
        if row.pilot_action_id not in computed:
            yield Statement(
                what="Rank",
                name=title_of(record, row.pilot_action_id),
                value="none",
                compared=(record.compared(ranked.recorded, str(row.rank), same=False),),
            )


def title_of(record: Record, pilot_action_id: UUID) -> str:
    """Return what a pilot action is called."""
    return next((event.title for _, event in record.every(pilot_action_id, PilotActionProposed)), "")


def brief(record: Record, ranked: Ranked, row: RankingRow) -> Statement:
    """Return a place in short: its total and result, each with what was recorded."""
    return Statement(
        what="Rank",
        name=title_of(record, row.pilot_action_id),
        value=str(row.rank),
        exact=str(row.rank),
        compared=_place_compared(record, ranked, row),
        parts=(_total(record, ranked, row, ()), _result(record, ranked, row)),
    )


def place(record: Record, ranked: Ranked, row: RankingRow) -> Statement:
    """Return a place with all that it follows from, down to the events."""
    return Statement(
        what="Rank",
        name=title_of(record, row.pilot_action_id),
        value=str(row.rank),
        exact=str(row.rank),
        rule=record.rule("D01", ranked.call_id, ranked.recorded),
        events=record.cited(ranked.recorded),
        compared=_place_compared(record, ranked, row),
        parts=(
            _total(record, ranked, row, tuple(_terms(record, ranked, row))),
            *_thresholds(record, ranked, row),
            *_tie(record, ranked, row),
            *_money(record, ranked, row),
            _result(record, ranked, row),
        ),
    )


def _place_compared(record: Record, ranked: Ranked, row: RankingRow) -> tuple[Compared, ...]:
    known = ranked.known(row.pilot_action_id)
    said = str(known.rank) if known is not None else "none"
    return (record.compared(ranked.recorded, said, said == str(row.rank)),)


def _total(record: Record, ranked: Ranked, row: RankingRow, terms: tuple[Statement, ...]) -> Statement:
    known = ranked.known(row.pilot_action_id)
    compared = _fraction_compared(record, ranked, row.total, known.total if known is not None else None)
    return Statement(
        what="Total of 100",
        value=rounded(row.total),
        exact=row.total,
        how=" + ".join(_plain(term.points) for term in row.terms) + f" = {_plain(row.total)}",
        rule=record.rule("D01", ranked.call_id, ranked.recorded),
        compared=compared,
        parts=terms,
    )


def _fraction_compared(record: Record, ranked: Ranked, found: str, said: str | None) -> tuple[Compared, ...]:
    if said is None:
        return ()
    shown = rounded(said) if rounded(said) != rounded(found) else f"{rounded(said)} ({_plain(said)})"
    return (record.compared(ranked.recorded, rounded(said) if said == found else shown, said == found),)


def _plain(fraction: str) -> str:
    """Return an exact fraction as people write it: 84/5, or 26 for 26/1."""
    return str(Fraction(fraction))


def _terms(record: Record, ranked: Ranked, row: RankingRow) -> Iterator[Statement]:
    """Yield each criterion's part of a total, down to each evaluator's score."""
    known = ranked.known(row.pilot_action_id)
    said = {term.criterion: term for term in known.terms} if known is not None else {}
    names = {criterion.id: criterion.name for criterion in ranked.rules.criteria}
    for term in row.terms:
        recorded = said.get(term.criterion)
        yield Statement(
            what=names[term.criterion],
            value=rounded(term.points),
            exact=term.points,
            how=f"{_plain(term.mean)} ÷ 5 × {term.weight} = {_plain(term.points)}",
            rule=record.rule("D01", ranked.call_id, ranked.recorded),
            compared=_fraction_compared(record, ranked, term.points, recorded.points if recorded else None),
            parts=(_counts(record, ranked, row, term), *threshold(record, ranked, term)),
        )


def _counts(record: Record, ranked: Ranked, row: RankingRow, term: CriterionTerm) -> Statement:
    """Return what counts for a criterion: the mean of the scores, or the consensus that took its place."""
    added = " + ".join(map(str, term.scores))
    mean = f"({added}) ÷ {len(term.scores)} = {Fraction(sum(term.scores), len(term.scores))}"
    stream = evaluation_id(row.pilot_action_id)
    agreed = [
        one for one in _by_then(record, ranked, stream) if isinstance(one.event, ConsensusAgreed | ConsensusReached)
    ]
    return Statement(
        what="Consensus in place of the mean" if term.consensus else "Mean of the scores",
        value=rounded(term.mean),
        exact=term.mean,
        how=mean,
        rule=record.rule("D02" if term.consensus else "D01", ranked.call_id, ranked.recorded),
        events=record.cited(*agreed) if term.consensus else (),
        parts=tuple(_scores(record, ranked, row.pilot_action_id, term)),
    )


def _scores(record: Record, ranked: Ranked, pilot_action_id: UUID, term: CriterionTerm) -> Iterator[Statement]:
    """Yield the score of each evaluator, by name where the reader may know it."""
    stream = evaluation_id(pilot_action_id)
    evaluation = ranked.world.get(EVALUATION, stream)
    named = record.reader.sees(View.EVALUATORS, pilot_action_id)
    given = {one.event.evaluator: one for one in _by_then(record, ranked, stream) if isinstance(one.event, ScoresGiven)}
    seated = [(who, seat.points) for who, seat in evaluation.seats.items() if seat.points is not None]
    for number, (who, points) in enumerate(seated, 1):
        score = str(points.get(term.criterion, 0))
        yield Statement(
            what="Score" if named else f"Score of evaluator {number}",
            name=record.reader.named(who)[1] if named else "",
            value=score,
            exact=score,
            events=record.cited(given[who]) if who in given else (),
        )


def _by_then(record: Record, ranked: Ranked, stream: UUID) -> Sequence[Recorded]:
    return [one for one in record.of(stream) if one.position <= ranked.recorded.position]


def threshold(record: Record, ranked: Ranked, term: CriterionTerm) -> Iterator[Statement]:
    """Yield the threshold of a criterion, and whether it is met (E13)."""
    yield Statement(
        what="Threshold of the criterion: met" if term.passed else "Threshold of the criterion: not met",
        value=str(term.threshold),
        exact=str(term.threshold),
        how=f"{_plain(term.mean)} {'≥' if term.passed else '<'} {term.threshold}",
        rule=record.rule("E13", ranked.call_id, ranked.recorded),
    )


def _thresholds(record: Record, ranked: Ranked, row: RankingRow) -> Iterator[Statement]:
    least = ranked.rules.evaluation.total_threshold
    met = Fraction(row.total) >= least
    yield Statement(
        what="Threshold of the total: met" if met else "Threshold of the total: not met",
        value=str(least),
        exact=str(least),
        how=f"{_plain(row.total)} {'≥' if met else '<'} {least}",
        rule=record.rule("E13", ranked.call_id, ranked.recorded),
    )


def _tie(record: Record, ranked: Ranked, row: RankingRow) -> Iterator[Statement]:
    """Yield the steps of the tie-break, each with the others of the same total."""
    equals = [one for one in ranked.rows if (one.total, one.passed) == (row.total, row.passed) and one is not row]
    for number, step in enumerate(row.tie):
        others = tuple(
            Statement(what=f"Rank {one.rank}", name=title_of(record, one.pilot_action_id), value=one.tie[number].value)
            for one in equals
            if number < len(one.tie) and one.tie[number].step == step.step
        )
        rule = record.rule("D03", ranked.call_id, ranked.recorded)
        yield Statement(what=f"Tie-break: {step.step}", value=step.value, exact=step.value, rule=rule, parts=others)


def _money(record: Record, ranked: Ranked, row: RankingRow) -> Iterator[Statement]:
    """Yield how the requests add up down to a row, and what is given to it of the envelope."""
    if not row.passed:
        return
    known = ranked.known(row.pilot_action_id)
    above = [one for one in ranked.rows if one.passed and one.rank <= row.rank]
    said_sum, said_award = (known.adds_up_to_cents, known.awarded_cents) if known is not None else (None, None)
    added = " + ".join(euros(one.requested_cents) for one in above)
    yield _compared_sum(record, ranked, "Requests down to this rank", row.adds_up_to_cents, said_sum, "D04", added)
    given = sum(one.awarded_cents for one in above[:-1])
    left = ranked.line.envelope_cents - given
    how = f"{euros(ranked.line.envelope_cents)} − {euros(given)}"
    yield _compared_sum(record, ranked, "Left of the envelope at this rank", left, None, "D04", how)
    sign = "≤" if row.requested_cents <= left else ">"
    fits = f"{euros(row.requested_cents)} {sign} {euros(left)}"
    yield _compared_sum(record, ranked, "Awarded by rank", row.awarded_cents, said_award, "D04", fits)


def _result(record: Record, ranked: Ranked, row: RankingRow) -> Statement:
    known = ranked.known(row.pilot_action_id)
    said = () if known is None else (_outcome_compared(record, ranked, row, known),)
    return Statement(
        what="Result of the ranking",
        value=OUTCOMES[row.outcome],
        exact=row.outcome,
        rule=record.rule("D04" if row.passed else "E13", ranked.call_id, ranked.recorded),
        compared=said,
        parts=(Statement(what=row.reason),),
    )


def _outcome_compared(record: Record, ranked: Ranked, row: RankingRow, known: RankingRow) -> Compared:
    same = (row.outcome, row.reason) == (known.outcome, known.reason)
    said = OUTCOMES[known.outcome] if row.outcome != known.outcome or same else known.reason
    return record.compared(ranked.recorded, said, same)
