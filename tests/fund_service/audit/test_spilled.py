"""States are the same whether they are in memory or were written to the disk meanwhile."""

from domain.prefixes.prefixes import Held, Prefixes
from fund_service.audit.spilled import spilled_states
from tests.domain.prefixes.retelling import as_recorded
from tests.given import HAMBURG, Pair, until


def test_states_on_the_disk_are_those_that_were_kept() -> None:
    log = list(as_recorded(until("ended", HAMBURG._replace(cents=600_000), Pair("Lisbon", "Lima", 400_000)).log))
    in_memory: dict[object, Held] = {}
    with spilled_states(limit=2) as states:
        assert list(Prefixes(states).violations(log)) == list(Prefixes(in_memory).violations(log)) == []
        assert len(states) == len(in_memory)
        assert {stream: states.get(stream) for stream in in_memory} == in_memory
