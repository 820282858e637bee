"""An explanation for people: every statement with its value, how it is computed, its rule and its events."""

from typing import TYPE_CHECKING

from fund_service.cli.wording import clean, moment

if TYPE_CHECKING:
    from rich.console import Console

    from fund_service.audit.explaining.statements import CitedEvent, Compared, Explanation, Statement

_STEP = "    "


def render(console: "Console", explanation: "Explanation") -> None:
    """Print an explanation; instants in Brussels time."""
    title = f"{explanation.what}: {explanation.name}" if explanation.name else explanation.what
    console.print(clean(title), style="bold")
    console.print(f"From the log up to position {explanation.position}.", style="dim")
    console.print()
    for statement in explanation.statements:
        _statement(console, statement, 0)
    console.print()
    if explanation.same:
        console.print("All that is computed anew is the same as what was recorded.")
    for one in explanation.differences:
        place = f" at position {one.position}" if one.position is not None else ""
        about = f"{one.what}, {one.name}" if one.name else one.what
        console.print(clean(f"DIFFERENT: {about}: {one.recorded} is recorded{place}, {one.computed} is computed."))


def _statement(console: "Console", statement: "Statement", depth: int) -> None:
    indent = _STEP * depth
    what = f"{statement.what} {statement.name}".strip()
    value = f": {statement.value}" if statement.value else ""
    console.print(clean(f"{indent}{what}{value}"), style="bold" if not depth else None, soft_wrap=True)
    inside = f"{indent}{_STEP}"
    if statement.how:
        console.print(clean(f"{inside}= {statement.how}"), soft_wrap=True)
    if (rule := statement.rule) is not None:
        version = "" if rule.correction is None else f"; {_version(rule.correction)}"
        console.print(
            clean(f"{inside}{rule.id}: {rule.sentence} ({rule.source}{version})"), style="dim", soft_wrap=True
        )
    for event in statement.events:
        console.print(clean(f"{inside}{_cited(event, statement.what)}"), style="dim", soft_wrap=True)
    for compared in statement.compared:
        console.print(clean(f"{inside}{_compared(compared)}"), style="dim" if compared.same else None, soft_wrap=True)
    for part in statement.parts:
        _statement(console, part, depth + 1)


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
