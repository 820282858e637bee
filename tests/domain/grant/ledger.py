"""Stories of a grant's ledger that several tests tell."""

from domain.grant.commands import AcknowledgeDelivery, CertifyDelivery, OrderResource, RecordDelivery
from tests.given import Story, ask, until


def certified(*pairs: tuple[int, int]) -> Story:
    """The story after orders, each with what was ordered and what was delivered, in cents."""
    story = until("accepted")
    for number, (ordered, delivered) in enumerate(pairs, start=1):
        story = story.after(
            ask(OrderResource, cents=ordered),
            ask(RecordDelivery, order=number, cents=delivered),
            ask(AcknowledgeDelivery, order=number),
            ask(CertifyDelivery, order=number),
        )
    return story
