"""`fund demo`: rehearses the 2026 edition on real pairings, shows what happened, and stays up."""

import asyncio
import sys
import time
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from fund_service.cli.options import AsJson, Data, Store
from fund_service.cli.output import console, note, print_json
from fund_service.cli.render_dashboard import render_cases, render_dashboard
from fund_service.cli.render_ranking import render_ranking
from fund_service.cli.up import Port, addresses
from fund_service.cli.wording import moment

if TYPE_CHECKING:
    from pathlib import Path

    from domain.call.rules import CallRules
    from fund_service.cli.running import Stop
    from fund_service.demonstration import Demonstration
    from fund_service.rehearsal.conductor import Conductor
    from fund_service.rehearsal.summary import Summary
    from fund_service.service import Service
    from fund_service.settings import Settings

EDITION = "iurc-2026"


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the summary instead of staying up.")] = False,
    seed: Annotated[
        str,
        typer.Option("--seed", metavar="SEED", help="The seed of everything invented: the same seed, the same story."),
    ] = "2026",
    partnerships: Annotated[
        int,
        typer.Option(
            "--partnerships",
            metavar="NUMBER",
            help="How many pairings take part: 52 real ones, and above them invented ones.",
        ),
    ] = 52,
    by_http: Annotated[
        bool, typer.Option("--over-http", help="Let people ask over HTTP as scripts do, each by an own token.")
    ] = False,
    data: Data = None,
    store: Store = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Play the 2026 edition with invented people.

    From partnership to closed grant, with what happened at the end; then it stays up until Ctrl-C. Interrupted, it
    goes on where it was the next time.

    \b
    Example:
      fund demo --once --json --partnerships 10
    """
    from fund_service.editions.loader import edition
    from fund_service.settings import read_settings

    settings = read_settings(data=data, store=store, port=0 if once and port is None else port)
    play_edition(settings, edition(EDITION), seed, partnerships, once=once, as_json=as_json, by_http=by_http)


def play_edition(
    settings: "Settings",
    rules: "CallRules",
    seed: str,
    partnerships: int,
    *,
    once: bool,
    as_json: bool,
    by_http: bool = False,
) -> None:
    """Rehearse an edition in a place of its own, and show what happened; unless `once`, stay up until Ctrl-C."""
    from fund_service.cli.running import run_service
    from fund_service.data_directory import DataDirectory
    from fund_service.demonstration import Demonstration
    from fund_service.rehearsal.rehearse import check, prepare
    from fund_service.store import open_store

    check(seed, partnerships)
    demonstration = None if once else Demonstration()
    DataDirectory(settings.data)
    with open_store(settings) as opened, opened.exclusive("service"):
        prepare(opened, seed, partnerships, rules)

    async def play(service: "Service", stop: "Stop") -> bool:
        played = await _played(service, stop, rules, by_http)
        if played is None:
            return False
        _show(played.summary, as_json)
        if demonstration is not None:
            await _stay(service, stop, played.conductor, rules, demonstration, as_json)
        return True

    if not run_service(settings, play, demonstration):
        note("Interrupted. Start it again in the same way to go on.", to_people=False)
        raise typer.Exit(130)


class _Played(NamedTuple):
    """A rehearsal at its end: what it led to, and who conducted it."""

    summary: "Summary"
    conductor: "Conductor"


async def _played(service: "Service", stop: "Stop", rules: "CallRules", by_http: bool) -> _Played | None:
    """Rehearse to the end, and return what it led to; None when Ctrl-C came first."""
    from fund_service.cli.progress import RehearsalProgress
    from fund_service.cli.running import unless_stopped
    from fund_service.rehearsal.doors import over_http
    from fund_service.rehearsal.rehearse import rehearse, stage_of
    from fund_service.rehearsal.summary import summarise

    started = time.monotonic()
    with over_http(service.parts, service.addresses["api"]) as http, RehearsalProgress(rules.title) as progress:
        stage = stage_of(service, rules, http if by_http else None)
        rehearsing = asyncio.ensure_future(rehearse(service, stage, progress))
        if not await unless_stopped(rehearsing, stop):
            return None
    summary = await summarise(service, stage, time.monotonic() - started)
    return _Played(summary, rehearsing.result())


async def _stay(
    service: "Service",
    stop: "Stop",
    conductor: "Conductor",
    rules: "CallRules",
    demonstration: "Demonstration",
    as_json: bool,
) -> None:
    """Stay up until Ctrl-C for visitors, and say what can be tried."""
    from fund_service.cli.running import unless_stopped
    from fund_service.rehearsal.rehearse import stage_of
    from fund_service.rehearsal.sequel import open_next_call
    from fund_service.rehearsal.visiting import receive

    opening = asyncio.ensure_future(open_next_call(conductor, stage_of(service, rules)))
    if not await unless_stopped(opening, stop):
        return
    programme = opening.result()
    text = f"The fund stays up; its clock stands at {moment(service.parts.clock.now())} (Brussels time).\n"
    start = f"  Try it as anybody {service.addresses['api']}/demo\n"
    note(text + start + addresses(service) + _next(service.parts.settings.data), to_people=not as_json)
    await unless_stopped(receive(service, conductor, programme, demonstration), stop)


def _show(summary: "Summary", as_json: bool) -> None:
    if as_json:
        print_json(summary.as_json())
        return
    out = console()
    out.print()
    render_dashboard(out, summary.dashboard)
    out.print()
    render_cases(out, summary.cases)
    if summary.ranking is not None:
        out.print()
        render_ranking(out, summary.ranking)
    out.print()
    out.print(f"{summary.events:,} events, {summary.workflows} workflows, {summary.seconds:.1f} seconds.")
    note("People, applications and scores are fictitious.", to_people=True)


def _next(data: "Path") -> str:
    where = "" if str(data) == "fund-data" else f" --data {data}"
    tries = (
        (f"fund ranking {EDITION} --explain 8{where}", "why the eighth has its points"),
        (f"fund home Vilnius{where}", "what a city sees"),
        (f"fund timeline {EDITION}{where}", "what happened to the call, as sentences"),
        (f"fund applications list --sort -requested_cents{where}", "every application"),
        ("fund rules D04", "a rule with its source"),
    )
    lines = "\n".join(f"  {_program()} {command.removeprefix('fund '):<62} {what}" for command, what in tries)
    return f"\nTry in another terminal:\n{lines}"


def _program() -> str:
    program = sys.argv[0]
    return program if "/" in program and not program.startswith("/") else "fund"
