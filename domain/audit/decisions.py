"""How it was decided: overrides, decisions without reasons, divergence without a consensus."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final
from uuid import UUID

from domain.audit.findings import Finding
from domain.audit.history import History
from domain.call.events import (
    AwardListProposed,
    AwardListVoided,
    CallCancelled,
    CallCorrected,
    OutcomesReleased,
    RankingEstablished,
)
from domain.evaluation.events import (
    AllegationUpheld,
    ConflictDeclared,
    ConsensusReached,
    DivergenceFound,
    EvaluationCompleted,
    EvaluationReopened,
    EvaluationStopped,
    EvaluatorReplaced,
    EvaluatorWithdrew,
    FewerEvaluatorsConfirmed,
    ScoresGiven,
)
from domain.grant.events import DeliveryReversed
from domain.messages import Event, Recorded
from domain.pilot_action.events import (
    AccessAllowed,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    LetterVerified,
    RemovalConfirmed,
)
from domain.values import ProtectedText

_OVERRIDES: Final[Mapping[type[Event], str]] = {
    FewerEvaluatorsConfirmed: "Fewer evaluators than the call requires were enough.",
    RemovalConfirmed: "An eligible application was taken out of the competition.",
    AccessAllowed: "An officer was allowed to see a draft.",
    LetterVerified: "A letter stands in place of a partner's own confirmation.",
    DeliveryReversed: "A certified or recorded delivery was taken back.",
    CallCorrected: "The published rules were changed.",
    CallCancelled: "The call was cancelled.",
    AwardListVoided: "An award list no longer counts.",
    EvaluationReopened: "A complete evaluation was opened again.",
    AllegationUpheld: "An evaluator was taken off for a conflict of interest.",
}


def overrides(history: History) -> Iterator[Finding]:
    """Yield every decision by which two people went another way than the usual one (D18, E14)."""
    for recorded in history.events:
        event = recorded.event
        if isinstance(event, AwardListProposed) and event.departures:
            yield _found(recorded, "The award list departs from the ranking.")
        elif type(event) in _OVERRIDES:
            yield _found(recorded, _OVERRIDES[type(event)])


def _found(recorded: Recorded, why: str) -> Finding:
    return Finding(about=recorded.stream, why=why, positions=(recorded.position,), people=(recorded.event.by,))


def without_reasons(history: History) -> Iterator[Finding]:
    """Yield every decision whose reason is blank, or whose justification is shorter than the call asks for (E11, D01).

    A text that was erased was there: it is not found.
    """
    for recorded in history.events:
        match recorded.event:
            case ScoresGiven(scores=scores):
                rules = history.rules_at(recorded.position)
                least = rules.evaluation.justification_length if rules is not None else 0
                if any(_is_short(score.justification, least) for score in scores.values()):
                    yield _found(recorded, "A justification is shorter than the call asks for.")
            case ApplicationFoundInadmissible(findings=findings) | ApplicationFoundIneligible(findings=findings):
                if not findings or any(not one.detail.strip() for one in findings):
                    yield _found(recorded, "A finding has no reason.")
            case OutcomesReleased(outcomes=outcomes):
                if any(not one.reason.strip() for one in outcomes):
                    yield _found(recorded, "An outcome has no reason.")
            case event:
                if any(_is_short(text, 1) for text in _reasons(event)):
                    yield _found(recorded, "The reason is blank.")


_REASONS: Final = ("reason", "reasons", "remarks")


def _reasons(event: Event) -> Iterator[ProtectedText | str]:
    for name in _REASONS:
        if isinstance(text := getattr(event, name, None), ProtectedText | str):
            yield text


def _is_short(text: ProtectedText | str, least: int) -> bool:
    said = text.text if isinstance(text, ProtectedText) else text
    return said is not None and len(said.strip()) < least


def without_consensus(history: History) -> Iterator[Finding]:
    """Yield every evaluation that was completed, or ranked, with scores too far apart and without a consensus (D02).

    Whether scores are too far apart is reckoned anew, criterion by criterion, from the scores that count; whether
    totals are is taken from the divergence that was recorded.
    """
    scores: dict[UUID, dict[UUID, ScoresGiven]] = {}
    apart: dict[UUID, int] = {}
    completed: dict[UUID, int] = {}
    for recorded in history.events:
        stream, event = recorded.stream, recorded.event
        match event:
            case ScoresGiven():
                scores.setdefault(stream, {})[event.evaluator] = event
            case ConflictDeclared() | EvaluatorWithdrew() | EvaluatorReplaced() | AllegationUpheld():
                scores.get(stream, {}).pop(event.evaluator, None)
                apart.pop(stream, None)
            case DivergenceFound():
                apart[stream] = recorded.position
            case ConsensusReached():
                apart.pop(stream, None)
                completed[stream] = recorded.position
            case EvaluationReopened() | EvaluationStopped():
                apart.pop(stream, None)
                completed.pop(stream, None)
            case EvaluationCompleted():
                if stream in apart:
                    yield _diverged(recorded, apart.pop(stream))
                elif stream not in completed and _too_far(history, recorded, scores.get(stream, {}).values()):
                    yield _found(recorded, "Scores lie too far apart, and no divergence was recorded.")
            case RankingEstablished():
                for open_stream in [one for one in apart if history.about(one).line == event.line]:
                    yield _diverged(recorded, apart.pop(open_stream))
            case _:
                pass


def _diverged(recorded: Recorded, since: int) -> Finding:
    why = "It went on without a consensus."
    return Finding(about=recorded.stream, why=why, positions=(since, recorded.position), people=())


def _too_far(history: History, recorded: Recorded, given: Collection[ScoresGiven]) -> bool:
    rules = history.rules_at(recorded.position)
    if rules is None:
        return False
    by_criterion: dict[str, list[int]] = {}
    for one in given:
        for criterion, score in one.scores.items():
            by_criterion.setdefault(criterion, []).append(score.points)
    most = rules.evaluation.consensus_above_points
    return any(max(points) - min(points) > most for points in by_criterion.values())
