"""Builds the screens anew: in this process when nobody keeps them, else by asking whoever does.

Of two that build at once, the second waits for the first. What is interrupted stays under way: the next projector goes
on with it, and the next rebuild begins anew.
"""

import time
from collections.abc import Callable
from contextlib import suppress

from fund_service.composition import Parts
from projections.build import builds_under_way
from projections.read_model import BeingBuilt

POLL_SECONDS = 0.2
Show = Callable[[float, str], None]
"""`show(done, doing)`: which part of all is done, from 0 to 1, and the screen that is built now."""


def rebuild(parts: Parts, show: Show, say_who_builds: Callable[[str], None]) -> None:
    """Build every screen anew, up to the log's end at least.

    Raises Unavailable when another version of the fund keeps the screens, or when another begins at the same instant.
    """
    holder = parts.store.holder("projector")
    if holder is None:
        with parts.exclusive("projector"):
            parts.projector.ask_for_all(anew=True)
            _build(parts, show)
        return
    for follower in parts.projector.followers:
        with suppress(BeingBuilt):
            follower.position()
    parts.projector.ask_for_all(anew=False)
    say_who_builds(holder)
    while not _is_done(parts, show):
        if parts.store.holder("projector") is None:
            with parts.exclusive("projector"):
                _build(parts, show)
        time.sleep(POLL_SECONDS)


def build_missing(parts: Parts, show: Show) -> None:
    """Build the screens that are kept in another version, unless somebody keeps them: then that is for him to do."""
    if parts.store.holder("projector") is None:
        with parts.exclusive("projector"):
            parts.projector.ask_for_missing()
            _build(parts, show)


def _build(parts: Parts, show: Show) -> None:
    while parts.projector.go_on():
        _is_done(parts, show)


def _is_done(parts: Parts, show: Show) -> bool:
    """Show how far the builds are, and tell whether none is left."""
    under_way = builds_under_way(parts.views)
    left = sum(1 - min(1, one.position / max(1, one.goal)) for one in under_way.values())
    doing = next((build.name for build in parts.projector.builds if build.name in under_way), "")
    show(1 - left / len(parts.projector.builds), doing.replace("_", " "))
    return not under_way
