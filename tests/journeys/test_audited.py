"""What an auditor finds in a call that was rehearsed to its end: the awkward cases of its story, and nothing else."""

import re
from collections import Counter

from fund_service.audit.exceptions import exception_rows
from fund_service.audit.reading import history_of
from fund_service.audit.totals import screens_position, totals
from fund_service.composition import open_parts
from fund_service.settings import read_settings
from projections import lists
from projections.database import one_moment
from tests.journeys.demo import Rehearsed

DAY = "Fri 20 March 2026"
ANY_ORDER = re.compile(r"Order \d+ of €[\d,.]+: ")
FOUND = {
    ("overrides", "A letter stands in place of a partner's own confirmation."): 1,
    ("overrides", "The published rules were changed."): 2,
    ("overrides", "An evaluator was taken off for a conflict of interest."): 1,
    ("overrides", "Fewer evaluators than the call requires were enough."): 1,
    ("overrides", "A certified or recorded delivery was taken back."): 1,
    ("late", "It was refused as too late."): 1,
    ("late", "It was due Fri 27 March 2026, 12:00 Brussels, and was not there."): 1,
    ("late", "It was due Mon 27 July 2026, 00:00 Brussels, and came Wed 30 September 2026, 10:00 Brussels."): 1,
    ("late", "It was due Wed 21 October 2026, 00:00 Brussels, and came Fri 23 October 2026, 10:00 Brussels."): 2,
    ("late", "It was due Fri 14 May 2027, 00:00 Brussels, and came Tue 18 May 2027, 10:00 Brussels."): 2,
    ("late", "It was due Sun 1 August 2027, 00:00 Brussels, and was not there."): 1,
    ("offers", "no two offers were compared."): 11,
    ("offers", "€1.00 above the lowest of 3 offers."): 1,
    ("changed-role", "The role coach was given 5 days before."): 1,
    ("deadlines", f"The step “applications close” moved from {DAY}, 17:00 Brussels to {DAY}, 19:00 Brussels."): 1,
    ("deadlines", f"The step “applications close” moved from {DAY}, 19:00 Brussels to {DAY}, 20:00 Brussels."): 1,
    ("unused-roles", "The role evaluator was not used in this call."): 1,
    ("unused-roles", "The role approver was not used in this call."): 1,
}


def found(undisturbed: Rehearsed, edition: str) -> Counter[tuple[str, str]]:
    with open_parts(read_settings(data=undisturbed.place)) as parts, one_moment(parts.views) as connection:
        (id,) = (call.id for call in lists.calls(connection) if call.edition == edition)
        rows = exception_rows(history_of(parts.log, id, parts.log.end()), connection)
        return Counter((row.question, ANY_ORDER.sub("", row.why)) for row in rows)


def test_in_a_rehearsed_call_the_awkward_cases_are_found_and_nothing_else(undisturbed: Rehearsed) -> None:
    assert found(undisturbed, "iurc-2026") == FOUND


def test_a_call_that_was_cancelled_and_a_list_that_departs_are_found(undisturbed: Rehearsed) -> None:
    for edition, why in (
        ("side-cancelled", "The call was cancelled."),
        ("side-awards", "The award list departs from the ranking."),
    ):
        used = {key for key in found(undisturbed, edition) if key[0] != "unused-roles"}
        assert used == {("overrides", why)}


def test_in_every_rehearsed_call_log_ledger_and_screens_agree_to_the_cent(undisturbed: Rehearsed) -> None:
    with open_parts(read_settings(data=undisturbed.place)) as parts, one_moment(parts.views) as connection:
        for call in lists.calls(connection):
            rows = totals(history_of(parts.log, call.id, screens_position(connection)), connection)
            assert [row for row in rows if row.difference] == [], call.edition
