"""What auditors ask of a call, as rows: each figure with the call that it is of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from domain.audit.history import History
from domain.audit.treatment import TreatmentRow
from domain.evaluation.events import ScoresGiven
from domain.grant.events import OffersCompared
from domain.values import Cents, Instant, Value
from fund_service.audit.exceptions import ExceptionRow, QuestionAbout, exception_rows, question_rows
from fund_service.audit.totals import TotalRow, totals
from fund_service.audit.treatment import treatment_rows
from fund_service.columns import Column, Holds, columns_of
from fund_service.listing import Data, as_data


class LineRow(Value):
    """A support line of a call by the rules in force at the end: its cap and its envelope."""

    id: str
    name: str
    cap_cents: Cents
    envelope_cents: Cents
    reserve_places: int
    reserve_months: int


class ScoreRow(Value):
    """The points that an evaluator gave for a criterion, each time that scores were given; the last ones count."""

    id: str
    position: int
    pilot_action_id: UUID | None
    line: str
    evaluator: UUID
    criterion: str
    points: int
    at: Instant


class OfferRow(Value):
    """What a supplier offered for an order, by its place among the offers that were compared; one was chosen."""

    id: str
    position: int
    grant_id: UUID
    line: str
    order: int
    place: int
    supplier: str
    cents: Cents
    chosen: bool
    at: Instant


class OfCall(NamedTuple):
    """A table about calls: what its rows are, and those of each call."""

    kind: type[Value]
    about: str
    rows: Sequence[Data]

    @property
    def columns(self) -> list[Column]:
        """Its columns, the call first."""
        return [_CALL, *columns_of(self.kind)]


_CALL: Final = Column("call_id", Holds.TEXT)


def tables_about(histories: Iterable[History], connection: Connection) -> Mapping[str, OfCall]:
    """Return the tables about calls by name, with the rows of each call after the other."""
    found: dict[str, list[Data]] = {name: [] for name in _ABOUT}
    for history in histories:
        exceptions = list(exception_rows(history, connection))
        rows: Mapping[str, Iterator[Value] | Sequence[Value]] = {
            "call_lines": _lines(history),
            "control_totals": totals(history, connection),
            "equal_treatment": treatment_rows(history),
            "exception_questions": question_rows(exceptions),
            "exceptions": exceptions,
            "scores": _scores(history),
            "supplier_offers": _offers(history),
        }
        for name, some in rows.items():
            found[name].extend({"call_id": str(history.call_id), **as_data(row)} for row in some)
    return {name: OfCall(kind, about, found[name]) for name, (kind, about) in _ABOUT.items()}


_ABOUT: Final[Mapping[str, tuple[type[Value], str]]] = {
    "call_lines": (LineRow, "The support lines of each call, with the cap of one grant and the envelope of all."),
    "control_totals": (
        TotalRow,
        "What log, ledger and screens add up to, and each grant with a difference. Sums are integer euro cents.",
    ),
    "equal_treatment": (TreatmentRow, "What each applicant was given and waited for, beside its outcome."),
    "exception_questions": (QuestionAbout, "The questions of the exceptions report, and how much each found."),
    "exceptions": (ExceptionRow, "What is worth a look, with its events; none of it is an accusation."),
    "scores": (ScoreRow, "The points of each evaluator by criterion, each time that scores were given."),
    "supplier_offers": (
        OfferRow,
        "The offers that were compared before an order. Sums are integer euro cents.",
    ),
}


def _lines(history: History) -> Iterator[LineRow]:
    rules = history.rules_at(history.at)
    for line in rules.lines if rules is not None else ():
        yield LineRow(**{name: getattr(line, name) for name in LineRow.model_fields})


def _scores(history: History) -> Iterator[ScoreRow]:
    for recorded, given in history.each(ScoresGiven):
        matter = history.about(recorded.stream)
        for criterion, score in given.scores.items():
            yield ScoreRow(
                id=f"{recorded.position}-{criterion}",
                position=recorded.position,
                pilot_action_id=matter.pilot_action_id,
                line=matter.line,
                evaluator=given.evaluator,
                criterion=criterion,
                points=score.points,
                at=given.effective_at,
            )


def _offers(history: History) -> Iterator[OfferRow]:
    for recorded, compared in history.each(OffersCompared):
        for place, offer in enumerate(compared.offers, 1):
            yield OfferRow(
                id=f"{recorded.position}-{place}",
                position=recorded.position,
                grant_id=recorded.stream,
                line=history.about(recorded.stream).line,
                order=compared.order,
                place=place,
                supplier=offer.supplier,
                cents=offer.cents,
                chosen=place == compared.chosen,
                at=compared.effective_at,
            )
