"""From scores to a ranking in which every point and every place can be explained and computed again (D01, D03, D04)."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from itertools import groupby
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from domain.call.events import CriterionTerm, RankingRow, TieStep
from domain.call.rules import CallRules, Criterion, SupportLine
from domain.people import Geography
from domain.values import Cents, euros

TOP_POINTS: Final = 5
"""The best score for a criterion (D01)."""


class Scored(NamedTuple):
    """An application with the scores that count: for every criterion at least one, from 0 to 5.

    A `consensus` takes the place of the mean of the scores for its criteria (D01, D02).
    """

    pilot_action_id: UUID
    geography: Geography
    requested_cents: Cents
    smallest_useful_cents: Cents
    scores: Mapping[str, tuple[int, ...]]
    consensus: Mapping[str, int] = MappingProxyType({})

    def counting(self, criterion: str) -> Fraction:
        """Return what counts for a criterion: the exact mean of the scores, or the consensus."""
        scores = self.scores[criterion]
        return (
            Fraction(self.consensus[criterion]) if criterion in self.consensus else Fraction(sum(scores), len(scores))
        )

    def word(self, criterion: str) -> str:
        """Return what that is called."""
        return "consensus" if criterion in self.consensus else "mean"


def rank(applications: Sequence[Scored], rules: CallRules, line: SupportLine) -> tuple[RankingRow, ...]:
    """Return the ranking of a line with award, reserve and the rest; the order of `applications` plays no part.

    First those above the thresholds, then the others; the higher exact total first (D01). Equal totals are told apart
    by the published steps (D03). The line stands at the first request that no longer fits into the envelope: it gets
    what is left where that is a useful part of it, and nothing below the line is awarded (D04).
    """
    judged = sorted((_judge(application, rules) for application in applications), key=lambda one: one.order)
    sharing = Counter(one.order[:depth] for one in judged for depth in range(_TOTAL, len(one.order) + 1))
    walk = _Walk(line, passed=sum(one.passed for one in judged))
    for _, equals in groupby(judged, key=lambda one: one.order):
        for one, late_steps in _told_apart(list(equals), walk.awards, rules):
            walk.place(one, (*_criterion_steps(one, sharing, rules), *late_steps))
    return tuple(walk.rows)


def rank_again(rows: Sequence[RankingRow], rules: CallRules, line: SupportLine) -> tuple[RankingRow, ...]:
    """Return the ranking of the same applications from the scores that its rows tell: for the same line the same one.

    Under another envelope it shows what would be; nothing is decided by it.
    """
    return rank([_scored(row) for row in rows], rules, line)


def _scored(row: RankingRow) -> Scored:
    return Scored(
        row.pilot_action_id,
        row.geography,
        row.requested_cents,
        row.smallest_useful_cents,
        {term.criterion: term.scores for term in row.terms},
        {term.criterion: int(Fraction(term.mean)) for term in row.terms if term.consensus},
    )


class _Judged(NamedTuple):
    """An application with its terms and total. What comes first has the lower `order`."""

    application: Scored
    means: Mapping[str, Fraction]
    terms: tuple[CriterionTerm, ...]
    total: Fraction
    shortcomings: tuple[str, ...]
    order: tuple[Fraction, ...]

    @property
    def passed(self) -> bool:
        return not self.shortcomings


_TOTAL: Final = 2
"""So many entries of `_Judged.order` come before the criteria of the tie-break: passed or not, and the total."""


def _judge(application: Scored, rules: CallRules) -> _Judged:
    means, terms, shortcomings = {}, [], []
    total = Fraction(0)
    for criterion in rules.criteria:
        mean = means[criterion.id] = application.counting(criterion.id)
        total += mean / TOP_POINTS * criterion.weight
        if mean < criterion.threshold:
            below = f"{_shown_below(mean, criterion.threshold)} is below the threshold of {criterion.threshold}."
            shortcomings.append(f"{criterion.name}: {application.word(criterion.id)} {below}")
        scores, agreed = application.scores[criterion.id], criterion.id in application.consensus
        terms.append(_term(criterion, scores, mean, consensus=agreed))
    threshold = rules.evaluation.total_threshold
    if total < threshold:
        shortcomings.insert(0, f"Total {_shown_below(total, threshold)} is below the threshold of {threshold}.")
    order = (Fraction(bool(shortcomings)), -total, *(-means[name] for name in rules.tie_break.criteria))
    return _Judged(application, means, tuple(terms), total, tuple(shortcomings), order)


def _term(criterion: Criterion, scores: tuple[int, ...], mean: Fraction, *, consensus: bool) -> CriterionTerm:
    return CriterionTerm(
        criterion=criterion.id,
        scores=scores,
        mean=_exact(mean),
        weight=criterion.weight,
        points=_exact(mean / TOP_POINTS * criterion.weight),
        threshold=criterion.threshold,
        passed=mean >= criterion.threshold,
        consensus=consensus,
    )


class Standing(NamedTuple):
    """What the scores that are there come to, of 100: the criteria that have any, the exact total, and whether that
    reaches what a ranking asks for; None until every criterion has a score (D01, E13).
    """

    terms: Mapping[str, CriterionTerm]
    total: Fraction
    passed: bool | None


def standing(scores: Mapping[str, tuple[int, ...]], consensus: Mapping[str, int], rules: CallRules) -> Standing:
    """Return what scores come to before they are ranked; one evaluator's own, or all that are in."""
    terms, total = {}, Fraction(0)
    for criterion in rules.criteria:
        if given := scores.get(criterion.id, ()):
            agreed = consensus.get(criterion.id)
            mean = Fraction(sum(given), len(given)) if agreed is None else Fraction(agreed)
            terms[criterion.id] = _term(criterion, given, mean, consensus=agreed is not None)
            total += mean / TOP_POINTS * criterion.weight
    whole = len(terms) == len(rules.criteria)
    return Standing(terms, total, total >= rules.evaluation.total_threshold if whole else None)


def _criterion_steps(one: _Judged, sharing: Counter[tuple[Fraction, ...]], rules: CallRules) -> Iterator[TieStep]:
    """Yield the criteria of the tie-break that were looked at: as long as another application was still equal."""
    names = {criterion.id: criterion.name for criterion in rules.criteria}
    for depth, criterion in enumerate(rules.tie_break.criteria, start=_TOTAL):
        if sharing[one.order[:depth]] == 1:
            return
        yield TieStep(step=names[criterion], value=f"{one.application.word(criterion)} {_shown(one.means[criterion])}")


def _told_apart(
    equals: list[_Judged], awards: Counter[Geography], rules: CallRules
) -> Iterator[tuple[_Judged, tuple[TieStep, ...]]]:
    """Yield, one after another, applications that all criteria of the tie-break leave equal.

    Each place goes to the geography with the fewest awards at that moment, among several to the lowest lot. `awards`
    grows while the caller places what is yielded.
    """
    by_lot = sorted(equals, key=lambda one: _lot(one, rules))
    queues: dict[Geography, deque[_Judged]] = {}
    for one in by_lot:
        queues.setdefault(one.application.geography, deque()).append(one)
    compared: dict[Geography, int] = {}
    drawn: set[Geography] = set()
    while queues:
        level = list(queues)
        if rules.tie_break.fewest_awards_in_geography and _several(queues, level):
            compared = {geography: awards[geography] for geography in queues}
            level = [geography for geography in queues if compared[geography] == min(compared.values())]
        if _several(queues, level):
            drawn.update(level)
        geography = min(level, key=lambda one: _lot(queues[one][0], rules))
        chosen = queues[geography].popleft()
        if not queues[geography]:
            del queues[geography]
        steps = []
        if compared:
            steps.append(TieStep(step="Awards so far in the geography", value=_standing(geography, compared)))
        if geography in drawn:
            steps.append(TieStep(step="Lot", value=_lot(chosen, rules)[:16]))
        yield chosen, tuple(steps)


def _several(queues: Mapping[Geography, deque[_Judged]], among: Sequence[Geography]) -> bool:
    return sum(len(queues[geography]) for geography in among) > 1


def _lot(one: _Judged, rules: CallRules) -> str:
    """Return the lot, which anybody can draw again: SHA-256 of the seed directly followed by the id, in hexadecimal."""
    return sha256(f"{rules.tie_break.lot_seed}{one.application.pilot_action_id}".encode()).hexdigest()


def _standing(own: Geography, compared: Mapping[Geography, int]) -> str:
    others = ", ".join(
        f"{geography} {compared[geography]}" for geography in Geography if geography in compared.keys() - {own}
    )
    return f"{own} {compared[own]} (against {others})" if others else f"{own} {compared[own]}"


class _Walk:
    """The way down the ranking, rank by rank."""

    def __init__(self, line: SupportLine, passed: int) -> None:
        self.rows: list[RankingRow] = []
        self.awards: Counter[Geography] = Counter()
        self._drawing = _Drawing(line, passed)

    def place(self, one: _Judged, tie: tuple[TieStep, ...]) -> None:
        """Give the next rank to an application."""
        row = self._drawing.under_the_line(
            RankingRow(
                pilot_action_id=one.application.pilot_action_id,
                rank=len(self.rows) + 1,
                geography=one.application.geography,
                terms=one.terms,
                total=_exact(one.total),
                passed=one.passed,
                tie=tie,
                requested_cents=one.application.requested_cents,
                smallest_useful_cents=one.application.smallest_useful_cents,
                adds_up_to_cents=0,
                awarded_cents=0,
                outcome="not_selected",
                reason=" ".join(one.shortcomings),
            )
        )
        self.rows.append(row)
        self.awards[row.geography] += row.outcome == "award"


def draw_line(rows: Sequence[RankingRow], line: SupportLine) -> tuple[RankingRow, ...]:
    """Return the rows in the order in which they stand, with the line drawn anew (D04)."""
    drawing = _Drawing(line, passed=sum(row.passed for row in rows))
    return tuple(drawing.under_the_line(row) for row in rows)


class Purse:
    """Money that is given away in rank order: whole requests, then perhaps a part of one, then nothing (D04).

    What was given and what is left always add up to what there was.
    """

    def __init__(self, cents: Cents) -> None:
        """Hold so much."""
        self.left_cents = max(cents, 0)
        self._ended = False

    def give(self, requested_cents: Cents, smallest_useful_cents: Cents) -> Cents:
        """Return what the next in rank gets; once a request does not fit whole, nobody after it gets anything."""
        fits = requested_cents <= self.left_cents
        if self._ended or not (fits or smallest_useful_cents <= self.left_cents):
            self._ended = True
            return 0
        self._ended = not fits
        given = min(requested_cents, self.left_cents)
        self.left_cents -= given
        return given


class _Drawing:
    """Draws the line: where the money ends, and then the reserve places."""

    def __init__(self, line: SupportLine, passed: int) -> None:
        self._line = line
        self._passed = passed
        self._purse = Purse(line.envelope_cents)
        self._asked = 0
        self._reserve = 0

    def under_the_line(self, row: RankingRow) -> RankingRow:
        """Return the next row with what the line makes of it; one below a threshold keeps its reason."""
        if not row.passed:
            return row.model_copy(update={"adds_up_to_cents": self._asked})
        self._asked += row.requested_cents
        given = self._purse.give(row.requested_cents, row.smallest_useful_cents)
        outcome, reason = self._award(row, given) if given else self._after_the_money()
        drawn = {"awarded_cents": given, "adds_up_to_cents": self._asked, "outcome": outcome, "reason": reason}
        return row.model_copy(update=drawn)

    def _award(self, row: RankingRow, given: Cents) -> tuple[str, str]:
        above = f"Rank {row.rank} of {self._passed} above the thresholds, and the money"
        if given == row.requested_cents:
            return "award", f"{above} suffices."
        asked = f"{euros(given)} of the {euros(row.requested_cents)} that were asked for"
        return "award", f"{above} that is left suffices for a part: {asked}. It needs the applicant's agreement."

    def _after_the_money(self) -> tuple[str, str]:
        ended = "Above the thresholds, but the money ended above this rank"
        if self._reserve < self._line.reserve_places:
            self._reserve += 1
            return "reserve", f"{ended}: reserve place {self._reserve} of {self._line.reserve_places}."
        return "not_selected", f"{ended} and the reserve places are taken."


def _exact(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _shown(value: Fraction) -> str:
    """Return a number with two decimals, and the exact fraction where they are not all of it."""
    hundredths = round(value * 100)
    text = f"{hundredths // 100}.{hundredths % 100:02}"
    return text if value * 100 == hundredths else f"{text} ({value})"


def _shown_below(value: Fraction, threshold: int) -> str:
    """Return a number below a threshold with two decimals, never rounded up to the threshold itself."""
    hundredths = min(round(value * 100), threshold * 100 - 1)
    return f"{hundredths // 100}.{hundredths % 100:02}"
