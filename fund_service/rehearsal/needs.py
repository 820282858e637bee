"""What the script of a rehearsal needs of an edition; dates, form, criteria, thresholds and texts are free."""

from collections.abc import Iterator
from typing import Final

from domain.call.rules import CallRules
from domain.errors import Malformed
from domain.values import euros

_KINDS: Final = ("expert_days", "event_logistics", "prototype_licence")
"""The invented applicants ask for these resources in kind."""

_CAP_CENTS: Final = 1_000_000
"""One of them asks for exactly this sum, and before that for a cent more."""


def checked(rules: CallRules) -> None:
    """Raise Malformed, in one sentence, unless the script can be played with this edition."""
    lacking = list(unmet(rules))
    if lacking:
        raise Malformed(
            f"{rules.title} cannot be rehearsed: the script needs {'; '.join(lacking)}.",
            "It can be published all the same; or rehearse a copy that has it.",
        )


def unmet(rules: CallRules) -> Iterator[str]:
    """Yield what the script needs and the edition does not have, as it would stand in a sentence."""
    if len(rules.lines) != 1:
        yield f"one support line instead of {len(rules.lines)}"
    for line in rules.lines:
        if line.cap_cents != _CAP_CENTS:
            yield f"a cap of {euros(_CAP_CENTS)} instead of {euros(line.cap_cents)}"
    known = {kind.id for kind in rules.resource_kinds}
    missing = [kind for kind in _KINDS if kind not in known]
    if missing:
        yield f"the kinds of resources {', '.join(missing)}"
    if rules.evaluation.evaluators != 3:
        yield f"3 evaluators instead of {rules.evaluation.evaluators}"
    if rules.coaching.sessions < 2:
        yield f"at least 2 sessions of coaching instead of {rules.coaching.sessions}"
