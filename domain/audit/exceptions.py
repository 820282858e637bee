"""The questions of the exceptions report, in one table: what each looks for, under which rule, with which limit."""

from collections.abc import Iterator
from typing import Final

from domain.audit.decisions import overrides, without_consensus, without_reasons
from domain.audit.findings import AuditQuestion, Finding
from domain.audit.history import History
from domain.audit.orders import COMPARED, LIMIT_CENTS, NEAR_PERCENT, TOGETHER, chosen_offers, split_orders
from domain.audit.people import SOON, changed_roles, two_stages, unused_roles
from domain.audit.times import TOLERANCE, clocks, late_acts, moved_deadlines
from domain.values import euros

QUESTIONS: Final[tuple[AuditQuestion, ...]] = (
    AuditQuestion(
        id="overrides",
        title="Decisions against the usual way",
        query="Every event by which two people decided by way of exception: fewer evaluators, an application taken "
        "out, a draft opened, a letter in place of a confirmation, a delivery reversed, a correction, a cancellation, "
        "an award list that was voided or departs from the ranking, an evaluation opened again, an evaluator who was "
        "taken off.",
        rule="D18",
        limit="",
        ask=overrides,
    ),
    AuditQuestion(
        id="late",
        title="Acts after they were due",
        query="An answer, a delivery or a city's word on it whose instant is at or after the one by which the event "
        "before says it was due; every event that says that something is overdue; every request refused under D07.",
        rule="D07",
        limit="",
        ask=late_acts,
    ),
    AuditQuestion(
        id="two-stages",
        title="One person in two stages",
        query="Of one partnership with its application and grant, or of one award list: a person who did two of "
        "writing or coaching, judging, proposing, approving, ordering, certifying. And every event whose first and "
        "second person are the same.",
        rule="D05",
        limit="",
        ask=two_stages,
    ),
    AuditQuestion(
        id="split-orders",
        title="Orders just under a limit, or split",
        query="Orders that stand: one from the given part of the limit up to below it; and two or more, each below it, "
        "of one grant from one supplier within the given days of the first, that together reach it.",
        rule="D12",
        limit=f"Our default: a limit of {euros(LIMIT_CENTS)}, from {NEAR_PERCENT} % of it on, {TOGETHER.days} days.",
        ask=split_orders,
    ),
    AuditQuestion(
        id="offers",
        title="Orders without compared offers, or not the lowest",
        query="Orders that stand: one beside which fewer offers than the given number are recorded; and one whose own "
        "offer is above the lowest that was compared. The programme asks for no offers: what is found breaks no rule.",
        rule="D38",
        limit=f"Our default: {COMPARED} offers.",
        ask=chosen_offers,
    ),
    AuditQuestion(
        id="no-consensus",
        title="Divergence without consensus",
        query="An evaluation that was completed, or ranked, after a recorded divergence without a consensus; or "
        "completed with scores of one criterion further apart than the call allows and no divergence recorded.",
        rule="D02",
        limit="",
        ask=without_consensus,
    ),
    AuditQuestion(
        id="changed-role",
        title="A role that changed shortly before a deed",
        query="The first deed of a person in a role, less than the given days after the role, or a deputyship in it, "
        "was given.",
        rule="D05",
        limit=f"Our default: {SOON.days} days.",
        ask=changed_roles,
    ),
    AuditQuestion(
        id="no-reasons",
        title="Decisions without reasons",
        query="A reason or remark that is blank; a justification of scores shorter than the call asks for; an "
        "application found inadmissible or ineligible, or an outcome released, without a reason.",
        rule="E11",
        limit="",
        ask=without_reasons,
    ),
    AuditQuestion(
        id="deadlines",
        title="Deadlines that were moved",
        query="Every step of the calendar that is another instant in the rules of a correction than in those before.",
        rule="D21",
        limit="",
        ask=moved_deadlines,
    ),
    AuditQuestion(
        id="unused-roles",
        title="Roles that nobody used",
        query="A role of coach, evaluator, approver, resource manager or certifier that was granted and not revoked, "
        "whose holder stated nothing in this call that only such a holder states.",
        rule="D05",
        limit="",
        ask=unused_roles,
    ),
    AuditQuestion(
        id="clocks",
        title="Clocks that went back",
        query="Two events of the call, one after the other, of which the later was recorded earlier; and two requests "
        "of people on one stream of which the later arrived earlier; each by more than the given time.",
        rule="D07",
        limit=f"Our default: {TOLERANCE.seconds} seconds.",
        ask=clocks,
    ),
)
"""Every question, in the order in which it is asked."""


def exceptions(history: History) -> Iterator[tuple[AuditQuestion, Finding]]:
    """Yield what is worth a look, question by question."""
    for question in QUESTIONS:
        for finding in question.ask(history):
            yield question, finding
