"""Documents of a grant: evidence of its orders, and what goes with the final report."""

import pytest

from domain.errors import NotFound
from domain.grant.aggregate import GRANT
from domain.grant.commands import AttachEvidence, AttachToReport, CertifyDelivery, OrderResource
from domain.grant.events import EvidenceAttached, ReportFileAttached
from domain.messages import Command
from domain.rulebook.ours.attaching import FILES
from tests.given import CORA, HAMBURG, PLAN, RITA, a_file, ask, fact, named, until

ORDERED, ACKNOWLEDGED, CLOSED = until("ordered"), until("acknowledged"), until("ended")


def test_evidence_is_attached_to_an_order_that_is_there() -> None:
    file = a_file().recorded(RITA)
    ORDERED.when(ask(AttachEvidence)).then(fact(EvidenceAttached, order=1, attachment_id=PLAN, file=file))
    ORDERED.when(ask(AttachEvidence, order=2)).raises(NotFound)
    (attached,) = ORDERED.after(ask(AttachEvidence)).get(GRANT, HAMBURG.grant).files
    assert (attached.id, attached.order) == (PLAN, 1)


def test_a_document_goes_with_the_report() -> None:
    file = a_file().recorded(HAMBURG.officer)
    ORDERED.when(ask(AttachToReport)).then(fact(ReportFileAttached, attachment_id=PLAN, file=file))
    assert [one.id for one in ORDERED.after(ask(AttachToReport)).get(GRANT, HAMBURG.grant).files] == [PLAN]


@pytest.mark.parametrize("kind", [AttachEvidence, AttachToReport])
def test_documents_are_few_and_attached_while_the_grant_is_open(kind: type[Command]) -> None:
    several = (ask(kind, attachment_id=named(f"file {one}"), file=a_file(f"file {one}")) for one in range(FILES))
    ORDERED.after(*several).when(ask(kind)).refused("D30")
    ORDERED.when(ask(kind, file=a_file(size=0))).refused("D30")
    CLOSED.when(ask(kind)).refused("stage", "closed")


def test_one_document_may_prove_something_of_two_orders() -> None:
    two = until("accepted").after(*(ask(OrderResource, cents=1) for _ in range(2)), ask(AttachEvidence))
    assert two.when(ask(AttachEvidence, order=2, attachment_id=named("another id"))).code is None
    two.when(ask(AttachEvidence, attachment_id=named("another id"))).refused("stage", "attached here already")


def test_who_attached_evidence_of_an_order_does_not_certify_its_delivery() -> None:
    assert ACKNOWLEDGED.when(ask(CertifyDelivery)).code is None
    ACKNOWLEDGED.after(ask(AttachEvidence, by=CORA)).when(ask(CertifyDelivery)).refused("D05")
