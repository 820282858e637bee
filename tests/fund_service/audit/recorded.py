"""What the tests of explanations look at: the whole record of an open fund."""

from fund_service.audit.explaining.readers import Everything
from fund_service.audit.explaining.record import Record
from fund_service.audit.explaining.statements import Explanation, Statement
from fund_service.composition import Parts


def everything(parts: Parts) -> Record:
    """Return the whole record, for whoever has the machine."""
    world = parts.fund.world()
    return Record(parts.log, Everything(world), world.at)


def named(explanation: Explanation, what: str) -> list[Statement]:
    """Return all statements that say this, wherever they stand."""
    return [one for root in explanation.statements for one in root.all() if one.what == what]
