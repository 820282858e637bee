"""An explanation for people: every statement with its value, how it is computed, its rule and its events."""

from typing import TYPE_CHECKING

from fund_service.cli.wording import clean, euros, moment, plural

if TYPE_CHECKING:
    from rich.console import Console

    from fund_service.audit.explaining.statements import CitedEvent, Compared, Explanation, RuleInForce, Statement
    from fund_service.audit.explaining.supposing import Supposition

_STEP = "    "


def render(console: "Console", explanation: "Explanation") -> None:
    """Print an explanation; instants in Brussels time."""
    title = f"{explanation.what}: {explanation.name}" if explanation.name else explanation.what
    console.print(clean(title), style="bold")
    console.print(f"From the log up to position {explanation.position}.", style="dim")
    console.print()
    told: set[RuleInForce] = set()
    for statement in explanation.statements:
        _statement(console, statement, 0, told)
    console.print()
    if explanation.same:
        console.print("All that is computed anew is the same as what was recorded.")
    for one in explanation.differences:
        place = f" at position {one.position}" if one.position is not None else ""
        about = f"{one.what}, {one.name}" if one.name else one.what
        console.print(clean(f"DIFFERENT: {about}: {one.recorded} is recorded{place}, {one.computed} is computed."))


def render_supposition(console: "Console", found: "Supposition") -> None:
    """Print a ranking as it would be, row by row, beside what it is."""
    from fund_service.cli.output import table

    console.print("SUPPOSED. Nothing is recorded.", style="bold")
    for words in found.supposed:
        console.print(clean(words))
    console.print()
    if found.obstacles:
        console.print("There would be no ranking:", style="bold")
    for obstacle in found.obstacles:
        console.print(clean(f"{obstacle.title}: {obstacle.detail} {obstacle.rule.id}: {obstacle.rule.sentence}"))
    if not found.rows:
        return
    shown = table("Rank", "was", "Title", "Total", "was", "Awarded", "was", "Result", "was", right=("Total", "Awarded"))
    for row in found.rows:
        was = ("" if row.rank is None else str(row.rank), row.total, euros(row.awarded_cents), row.outcome)
        now = (str(row.supposed_rank), row.supposed_total, euros(row.supposed_cents), row.supposed_outcome)
        before = ["" if one == other else other for one, other in zip(now, was, strict=True)]
        cells = (now[0], before[0], row.title, now[1], before[1], now[2], before[2], now[3], before[3])
        shown.add_row(*map(clean, cells), style="bold" if row.differs else "dim")
    console.print(shown)
    different = sum(row.differs for row in found.rows)
    console.print(f"{different} of {plural(len(found.rows), 'row')} would be different.")


def _statement(console: "Console", statement: "Statement", depth: int, told: "set[RuleInForce]") -> None:
    """Print a statement and what is below it; a rule is told in full once."""
    indent = _STEP * depth
    what = f"{statement.what} {statement.name}".strip()
    value = f": {statement.value}" if statement.value else ""
    console.print(clean(f"{indent}{what}{value}"), style="bold" if not depth else None, soft_wrap=True)
    inside = f"{indent}{_STEP}"
    if statement.how:
        console.print(clean(f"{inside}= {statement.how}"), soft_wrap=True)
    if (rule := statement.rule) is not None:
        version = "" if rule.correction is None else f"; {_version(rule.correction)}"
        whole = f": {rule.sentence} ({rule.source}{version})"
        console.print(clean(f"{inside}{rule.id}{'' if rule in told else whole}"), style="dim", soft_wrap=True)
        told.add(rule)
    for event in statement.events:
        console.print(clean(f"{inside}{_cited(event, statement.what)}"), style="dim", soft_wrap=True)
    for compared in statement.compared:
        console.print(clean(f"{inside}{_compared(compared)}"), style="dim" if compared.same else None, soft_wrap=True)
    for part in statement.parts:
        _statement(console, part, depth + 1, told)


def _version(correction: int) -> str:
    return f"correction {correction} of the call" if correction else "the call's rules as published"


def _cited(event: "CitedEvent", already: str) -> str:
    said = "" if event.sentence == already else f" “{event.sentence}”"
    recorded = (
        "" if moment(event.recorded_at) == moment(event.effective_at) else f", recorded {moment(event.recorded_at)}"
    )
    return f"[{event.position}]{said} {event.by_label}, {moment(event.effective_at)}{recorded}"


def _compared(compared: "Compared") -> str:
    place = f" at position {compared.event.position}" if compared.event is not None else ""
    return f"{'the same' if compared.same else 'NOT THE SAME'}: {compared.recorded} is recorded{place}"
