"""What does not fit in an edition, said on standard error: it hinders nobody."""

from datetime import datetime

from domain.call.rules import CallRules
from fund_service.cli.output import note
from fund_service.editions.fitting import misfits


def warn(rules: CallRules, now: datetime) -> None:
    """Say every misfit of the edition, when it is published `now`, in a line of its own."""
    for sentence in misfits(rules, now):
        note(f"Warning: {sentence}", to_people=False)
