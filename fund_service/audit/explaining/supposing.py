"""A ranking as it would be with another envelope, without an evaluator, by other weights: supposed, never recorded.

It is computed by the domain's own functions from changed inputs: an evaluator who is left out leaves as one who
withdrew does, so that a consensus is void, and scores that lie too far apart then need another one (D02).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from domain.amounts import cents_from
from domain.call.establishing import scored_applications
from domain.call.events import RankingRow
from domain.call.ranking import Scored, rank
from domain.call.rules import CallRules, Criterion, SupportLine
from domain.errors import Malformed, NotFound, RuleViolated
from domain.evaluation.aggregate import EVALUATION, Evaluation
from domain.evaluation.completion import divergence
from domain.evaluation.decisions import committee_is_mixed
from domain.evaluation.events import DivergenceFound, EvaluatorWithdrew, FewerEvaluatorsConfirmed
from domain.ids import evaluation_id
from domain.messages import Aggregate
from domain.people import ENGINE
from domain.values import Cents, ProtectedText, Value, euros
from fund_service.audit.explaining.ranking import OUTCOMES, Ranked, ranked_anew, title_of
from fund_service.audit.explaining.record import Record
from fund_service.audit.explaining.statements import RuleInForce
from fund_service.listing import folded
from fund_service.permissions.views import View
from projections.call_ranking import rounded

S = TypeVar("S")
TOTAL = "total"
"""How the threshold of the total is named beside those of criteria."""


class Supposed(NamedTuple):
    """What is supposed instead of what was: an envelope in cents, evaluators left out, weights and thresholds by
    criterion (`total` for that of the total), and how many evaluators suffice, as a second officer could confirm (D18).
    """

    envelope_cents: Cents | None = None
    without: tuple[UUID, ...] = ()
    weights: Mapping[str, int] = {}
    thresholds: Mapping[str, int] = {}
    evaluators: int | None = None

    def __bool__(self) -> bool:
        """Whether anything is supposed."""
        return any(one not in (None, (), {}) for one in self)


class Typed(NamedTuple):
    """The same as people type it: a sum in euros, labels or ids of evaluators, `criterion=number`."""

    envelope: str = ""
    without: Sequence[str] = ()
    weights: Sequence[str] = ()
    thresholds: Sequence[str] = ()
    evaluators: int | None = None


def read_supposed(record: Record, call_id: UUID, line_id: str, typed: Typed) -> Supposed:
    """Return what somebody supposes of a line. Raises Malformed, NotFound."""
    ranked = ranked_anew(record, call_id, line_id)
    return Supposed(
        envelope_cents=cents_from(typed.envelope) if typed.envelope.strip() else None,
        without=tuple(_evaluator(record, ranked, text) for text in typed.without if text.strip()),
        weights=dict(_number(text) for text in typed.weights if text.strip()),
        thresholds=dict(_number(text) for text in typed.thresholds if text.strip()),
        evaluators=None if typed.evaluators is None else _within(typed.evaluators, 9, 1),
    )


def _number(text: str) -> tuple[str, int]:
    found = re.fullmatch(r"\s*([a-z0-9_]{1,40})\s*=\s*([0-9]{1,3})\s*", text)
    if found is None:
        raise Malformed(f"“{text}” is no criterion with a number.", "Write criterion=number, such as quality=30.")
    return found[1], int(found[2])


def _evaluator(record: Record, ranked: Ranked, text: str) -> UUID:
    """Return the evaluator with this label or id who has a seat in the line and whom the reader may know."""
    for id, evaluation in _evaluations(ranked):
        for who in evaluation.seats if record.reader.sees(View.EVALUATORS, id) else ():
            if folded(text.strip()) in (str(who), folded(record.reader.named(who)[1])):
                return who
    raise _no_such_evaluator()


def _no_such_evaluator() -> NotFound:
    return NotFound("This evaluator scored nothing in this line.", "Look the evaluator up in the evaluations.")


class SupposedRow(Value):
    """An application's place as it was recorded, and as it would be; None where it has or would have none."""

    id: UUID
    title: str
    rank: int | None
    supposed_rank: int | None
    total: str
    supposed_total: str
    awarded_cents: Cents
    supposed_cents: Cents
    outcome: str
    supposed_outcome: str
    supposed_reason: str
    differs: bool


class Obstacle(Value):
    """Why an application could not be ranked then, and by which rule."""

    id: UUID
    title: str
    detail: str
    rule: RuleInForce


class Supposition(Value):
    """A ranking as it would be. Nothing is recorded. With `obstacles` there would be none, and `rows` are empty."""

    id: UUID
    line: str
    position: int
    supposed: tuple[str, ...]
    obstacles: tuple[Obstacle, ...]
    rows: tuple[SupposedRow, ...]


def suppose(record: Record, call_id: UUID, line_id: str, supposed: Supposed) -> Supposition:
    """Return the ranking of a line as it would be. Raises NotFound before it is ranked, Malformed."""
    ranked = ranked_anew(record, call_id, line_id)
    rules, line = _rules(ranked.rules, supposed), _line(ranked.line, supposed)
    said = tuple(_said(record, ranked, supposed))
    world = _SupposedWorld(ranked, supposed, rules)
    scored: list[Scored] = []
    obstacles = []
    for id, entry in ranked.call.register.items():
        alone = replace(ranked.call, register={id: entry})
        try:
            scored += scored_applications(world, alone, rules, line)
        except RuleViolated as violated:
            rule = record.rule(violated.code, call_id, ranked.recorded)
            obstacles.append(Obstacle(id=id, title=title_of(record, id), detail=violated.detail, rule=rule))
    rows = () if obstacles else tuple(_rows(record, ranked, rank(scored, rules, line)))
    return Supposition(
        id=call_id, line=line_id, position=record.position, supposed=said, obstacles=tuple(obstacles), rows=rows
    )


def _rows(record: Record, ranked: Ranked, supposed: tuple[RankingRow, ...]) -> Iterator[SupposedRow]:
    for row in supposed:
        known = ranked.known(row.pilot_action_id)
        was = (known.rank, known.total, known.awarded_cents, known.outcome) if known is not None else None
        yield SupposedRow(
            id=row.pilot_action_id,
            title=title_of(record, row.pilot_action_id),
            rank=known.rank if known is not None else None,
            supposed_rank=row.rank,
            total=rounded(known.total) if known is not None else "",
            supposed_total=rounded(row.total),
            awarded_cents=known.awarded_cents if known is not None else 0,
            supposed_cents=row.awarded_cents,
            outcome=OUTCOMES[known.outcome] if known is not None else "",
            supposed_outcome=OUTCOMES[row.outcome],
            supposed_reason=row.reason,
            differs=was != (row.rank, row.total, row.awarded_cents, row.outcome),
        )


class _SupposedWorld:
    """The world in which a ranking was made, with committees as they are supposed."""

    def __init__(self, ranked: Ranked, supposed: Supposed, rules: CallRules) -> None:
        self._ranked, self._supposed, self._rules = ranked, supposed, rules

    def find(self, kind: Aggregate[S], stream: UUID) -> S | None:
        """Return the state of an aggregate, supposed where it is an evaluation."""
        state = self._ranked.world.find(kind, stream)
        if not isinstance(state, Evaluation):
            return state
        supposed: S = _judged(state, self._supposed, self._rules)  # type: ignore[assignment]
        return supposed

    def get(self, kind: Aggregate[S], stream: UUID) -> S:
        """Return the state of an aggregate that existed. Raises NotFound."""
        return self._ranked.world.get(kind, stream)


def _judged(evaluation: Evaluation, supposed: Supposed, rules: CallRules) -> Evaluation:
    """Return an evaluation as it would have been. Raises RuleViolated for a committee that could not be (E07)."""
    stamp: dict[str, Any] = {"by": ENGINE, "effective_at": rules.calendar.scores_due}
    evolve, before = EVALUATION.evolve, len(evaluation.seats)
    for who in supposed.without:
        if who in evaluation.seats:
            reason = ProtectedText(subject=who, text="")
            evaluation = evolve(evaluation, EvaluatorWithdrew(**stamp, evaluator=who, reason=reason))
    if supposed.evaluators is not None:
        fewer = FewerEvaluatorsConfirmed(**stamp, evaluators=supposed.evaluators, proposed_by=ENGINE)
        evaluation = evolve(evaluation, fewer)
        if len(evaluation.seats) < before:
            committee_is_mixed(list(evaluation.seats.values()))  # as who confirms that fewer suffice is asked
    sheets = evaluation.sheets()
    if sheets and not evaluation.consensus and (supposed.without or supposed.weights):
        apart = divergence(sheets, rules)
        evaluation = evolve(evaluation, DivergenceFound(**stamp, criteria=apart.criteria, totals_apart=""))
    return evaluation


def _line(line: SupportLine, supposed: Supposed) -> SupportLine:
    if supposed.envelope_cents is None:
        return line
    return line.model_copy(update={"envelope_cents": supposed.envelope_cents})


def _rules(rules: CallRules, supposed: Supposed) -> CallRules:
    """Return the call's rules with the supposed weights and thresholds. Raises Malformed."""
    known = [criterion.id for criterion in rules.criteria]
    for name in (*supposed.weights, *(name for name in supposed.thresholds if name != TOTAL)):
        if name not in known:
            raise Malformed(f"There is no criterion “{name}”.", f"Use one of: {', '.join(known)}.")
    criteria = tuple(_criterion(criterion, supposed) for criterion in rules.criteria)
    weights = sum(criterion.weight for criterion in criteria)
    if weights != sum(criterion.weight for criterion in rules.criteria):
        raise Malformed(f"The supposed weights add up to {weights}.", "Suppose weights that add up to 100 (D01).")
    total = _within(supposed.thresholds.get(TOTAL, rules.evaluation.total_threshold), 100)
    evaluation = rules.evaluation.model_copy(update={"total_threshold": total})
    return rules.model_copy(update={"criteria": criteria, "evaluation": evaluation})


def _criterion(criterion: Criterion, supposed: Supposed) -> Criterion:
    weight = _within(supposed.weights.get(criterion.id, criterion.weight), 100, 1)
    threshold = _within(supposed.thresholds.get(criterion.id, criterion.threshold), 5)
    return criterion.model_copy(update={"weight": weight, "threshold": threshold})


def _within(number: int, most: int, least: int = 0) -> int:
    if not least <= number <= most:
        raise Malformed(f"{number} cannot be supposed here.", f"Suppose a number from {least} to {most}.")
    return number


def _said(record: Record, ranked: Ranked, supposed: Supposed) -> Iterator[str]:
    """Yield in words what is supposed. Raises NotFound for an evaluator who has no seat in this line."""
    names = {criterion.id: criterion.name for criterion in ranked.rules.criteria}
    if supposed.envelope_cents is not None:
        own = euros(ranked.line.envelope_cents)
        yield f"The envelope is {euros(supposed.envelope_cents)} instead of {own}."
    for who in supposed.without:
        seats = [id for id, evaluation in _evaluations(ranked) if who in evaluation.seats]
        if not seats or not all(record.reader.sees(View.EVALUATORS, id) for id in seats):
            raise _no_such_evaluator()
        yield f"{record.reader.named(who)[1]} is left out."
    for name, weight in supposed.weights.items():
        yield f"{names[name]}: the weight is {weight}."
    for name, threshold in supposed.thresholds.items():
        yield (
            f"The threshold of the total is {threshold}."
            if name == TOTAL
            else f"{names[name]}: the threshold is {threshold}."
        )
    if supposed.evaluators is not None:
        yield f"The scores of {supposed.evaluators} evaluators suffice."


def _evaluations(ranked: Ranked) -> Iterator[tuple[UUID, Evaluation]]:
    for id in ranked.call.register:
        found = ranked.world.find(EVALUATION, evaluation_id(id))
        if found is not None:
            yield id, found
