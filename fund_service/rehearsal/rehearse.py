"""Plays a whole call: moves the clock from scene to scene and lets the people of each act. Goes on where it was."""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256

from domain.call.rules import CallRules
from domain.errors import Malformed
from fund_service.clock import RehearsalClock
from fund_service.facts import Facts
from fund_service.rehearsal.cast import Cast
from fund_service.rehearsal.conductor import Conductor, Rehearsed
from fund_service.rehearsal.doors import Door, InProcess
from fund_service.rehearsal.pairings import LARGEST, pairings
from fund_service.rehearsal.plans import plans
from fund_service.rehearsal.script import Scene, script
from fund_service.rehearsal.stage import NOTES, Interrupted, Stage
from fund_service.store import Store

Progress = Callable[[int, int, Scene], None]
"""Told before each scene: its number from 0, how many there are, and the scene."""


def check(seed: str, number: int) -> None:
    """Raise Malformed unless a rehearsal can have this seed and so many partnerships."""
    if not 1 <= number <= LARGEST:
        raise Malformed(f"{number} partnerships cannot be rehearsed.", f"Choose a number from 1 to {LARGEST:,}.")
    if not re.fullmatch(r"[\w.-]{1,40}", seed):
        raise Malformed("This seed cannot be used.", "Write at most 40 letters, digits, hyphens and dots.")


def prepare(store: Store, seed: str, number: int, rules: CallRules) -> None:
    """Make a store the place of this rehearsal. Raises Malformed when it is the place of something else."""
    wanted = {"seed": seed, "partnerships": str(number), "edition": rules.edition}
    read = sha256(rules.model_dump_json().encode()).hexdigest()
    cure = "Rehearse with the same --seed and --partnerships, or in another place with --data or --store."
    begun, facts = store.begun(), Facts(store.engine("facts"))
    if begun and facts.find("seed") is None:
        raise Malformed(f"{store.shown} holds a live fund, which is never mixed with a rehearsal.", cure)
    for name, value in wanted.items():
        found = facts.find(name)
        if found not in (None, value):
            raise Malformed(f"{store.shown} holds a rehearsal with {name} {found}, not {value}.", cure)
    if facts.find("rules") not in (None, read):
        raise Malformed(f"The rehearsal in {store.shown} began with other rules of this edition.", cure)
    for name, value in {**wanted, "rules": read}.items():
        facts.put(name, value)
    if facts.find("clock") is None:
        RehearsalClock(facts).move(rules.calendar.published - timedelta(days=1))


def stage_of(service: Rehearsed, rules: CallRules, door: Door | None = None) -> Stage:
    """Return the stage of this store's rehearsal, where people ask at this door, else at the fund's own."""
    facts = service.parts.facts
    cast = Cast(facts.get("seed"))
    played = plans(cast, pairings(int(facts.get("partnerships"))))

    def note(case: str, key: str) -> None:
        facts.put(f"{NOTES}{case}/{key}", "played")

    return Stage(service.parts.fund, cast, played, rules, note, door or InProcess(service.parts.fund))


async def rehearse(service: Rehearsed, stage: Stage, progress: Progress) -> Conductor:
    """Play every scene that is not over yet, and return who conducted it.

    What was done already is done again to no effect: keys repeat.
    """
    conductor = Conductor(service, RehearsalClock(service.parts.facts))
    scenes: Sequence[Scene] = list(script(stage))
    for number, scene in enumerate(scenes):
        if scene.at < conductor.now:
            continue
        progress(number, len(scenes), scene)
        await conductor.move(scene.at)
        await play(scene, stage)
        await conductor.quiet()
    return conductor


async def play(scene: Scene, stage: Stage) -> None:
    """Let the people of a scene act in a thread; when cancelled, end after the command under way."""
    acting = asyncio.ensure_future(asyncio.to_thread(scene.play, stage))
    try:
        await asyncio.shield(acting)
    except asyncio.CancelledError:
        stage.stop.set()
        with suppress(Interrupted):
            await acting
        raise
