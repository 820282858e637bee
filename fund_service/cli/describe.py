"""One call and one applicant's home in words, for people."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from domain.call.rules import CallRules
from domain.values import euros, in_brussels
from fund_service.cli.output import table
from fund_service.cli.wording import clean, moment
from projections.applicant_rows import GrantRow, HomeRow, PilotActionRow

if TYPE_CHECKING:
    from rich.console import Console


def describe_call(console: "Console", rules: CallRules, stage: str) -> None:
    """Print what a call offers, when, and how it judges."""
    console.print(clean(rules.title), style="bold")
    console.print(f"Edition {rules.edition} · {stage}")
    console.print(clean(f"\n{rules.summary}\n\nClosing: {rules.deadline_wording}"))
    lines = table(
        "Support line", "At most", "Envelope", "Reserve places", right=("At most", "Envelope", "Reserve places")
    )
    for line in rules.lines:
        lines.add_row(clean(line.name), euros(line.cap_cents), euros(line.envelope_cents), str(line.reserve_places))
    console.print(lines)
    calendar = table("Step", "Brussels time")
    for step, instant in rules.calendar.points():
        calendar.add_row(step.replace("_", " "), moment(instant))
    console.print(calendar)
    criteria = table("Criterion", "Weight", "Needed of 5", right=("Weight", "Needed of 5"))
    for criterion in rules.criteria:
        criteria.add_row(clean(criterion.name), str(criterion.weight), str(criterion.threshold))
    criteria.add_row("Total", "100", f"{rules.evaluation.total_threshold} of 100")
    console.print(criteria)
    for remark in rules.notes:
        console.print(clean(f"• {remark}"))


def describe_homes(console: "Console", homes: Sequence[HomeRow]) -> None:
    """Print every partnership of a city or region as it sees it, its own next step first."""
    if not homes:
        console.print("No partnership yet. It stands here when the secretariat forms one.")
    for home in homes:
        console.print(clean(home.name), style="bold")
        for line in _partnership(home):
            console.print(clean(f"  {line}"))
        for action in home.pilot_actions:
            console.print(clean(f"  “{action.title}” ({action.id})"))
            for line in _pilot_action(action):
                console.print(clean(f"    {line}"))
        console.print()


def _partnership(home: HomeRow) -> Iterator[str]:
    yield f"Status: {home.status}"
    until = f" Until {in_brussels(home.due)}." if home.due else ""
    yield f"{'Next for you' if home.yours else 'Next'}: {home.next_step.rstrip('.')}.{until}"
    members = ", ".join(f"{member.name}{'' if member.confirmed else ' (not confirmed)'}" for member in home.members)
    yield f"Members: {members}"
    agreed = "agreed" if home.roadmap_agreed else "not agreed"
    yield f"Roadmap: version {home.roadmap_version}, {agreed}" if home.roadmap_version else "Roadmap: not written"
    yield f"Coaching: {home.coaching}, {home.coaching_sessions} held"


def _pilot_action(action: PilotActionRow) -> Iterator[str]:
    yield f"Status: {action.status}"
    if action.receipt is not None:
        yield f"Receipt: version {action.receipt.version} arrived {in_brussels(action.receipt.arrived_at)}"
    if action.requested_cents is not None:
        yield f"Asks for: {euros(action.requested_cents)}"
    if action.outcome is not None:
        yield f"Reason: {action.outcome.reason}"
    if action.grant is not None:
        yield f"Grant: {_grant(action.grant)}"


def _grant(grant: GrantRow) -> str:
    if grant.state == "offered" and grant.accept_by is not None:
        return f"{euros(grant.cents)} offered; answer before {in_brussels(grant.accept_by)}"
    spent = f"{euros(grant.ordered_cents)} ordered, {euros(grant.disbursed_cents)} delivered and certified"
    return f"{euros(grant.cents)}, {grant.state}; {spent}"
